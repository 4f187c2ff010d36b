"""How fast is a result? `make bench` measures ours beside other ways, on generated seasons, in one run.

Nothing of this is needed to run the site, and nothing of it touches its data: it starts a PostgreSQL of its own.
"""
