"""Who scores what: the problem, its exact solution, why there is none, and what an assignment amounts to. Pure."""
