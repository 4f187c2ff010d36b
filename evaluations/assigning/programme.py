"""An integer programme: variables, rows, and HiGHS to solve it. Pure.

Every coefficient is a whole number, so an optimum is proven exactly: it is a whole number, too.
"""

import time
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Any

# Seeds and threads of the solver are fixed: the same programme takes the same way on every machine.
_FIXED = {"mip_rel_gap": 0.0, "threads": 1, "random_seed": 0}
_OPTIMAL, _STOPPED, _INFEASIBLE = 0, 1, 2


class Undecided(RuntimeError):
    """Neither an assignment nor a proof that there is none within the limits of time and steps."""


@dataclass
class Clock:
    """`seconds` for all solving together. `nodes` ends one search after so many steps, alike on every machine."""

    seconds: float = 60.0
    nodes: int = 20_000
    started: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        return max(0.1, self.seconds - (time.monotonic() - self.started))


@dataclass(frozen=True)
class Answer:
    """Values of the variables; the objective value reached, and the bound below which none can be."""

    values: tuple[int, ...]
    value: int
    bound: int

    @property
    def is_proven(self) -> bool:
        return self.value == self.bound


def solver_name() -> str:
    """The solver and the library that carries it."""
    import scipy

    return f"HiGHS, scipy {scipy.__version__}"


def solver_version() -> str:
    try:
        from scipy.optimize._highspy import _core
    except ImportError:  # an internal module of scipy: it may move
        return "?"
    return f"{_core.HIGHS_VERSION_MAJOR}.{_core.HIGHS_VERSION_MINOR}.{_core.HIGHS_VERSION_PATCH}"


class Programme:
    """Variables and rows being written down; rows can be tightened between two solutions."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.rows: list[dict[int, int]] = []
        self.at_least: list[float] = []
        self.at_most: list[float] = []

    def variable(self, upper: float = 1, lower: float = 0) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def row(self, terms: Iterable[tuple[int, int]], *, at_least: float = -inf, at_most: float = inf) -> int:
        found: dict[int, int] = {}
        for variable, factor in terms:
            found[variable] = found.get(variable, 0) + factor
        self.rows.append(found)
        self.at_least.append(at_least)
        self.at_most.append(at_most)
        return len(self.rows) - 1

    def least(self, cost: Mapping[int, int]) -> Answer | None:
        """The solution of least cost; None when the rows contradict each other. Raises Undecided."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        if any(not r and (lo > 0 or hi < 0) for r, lo, hi in self._limits()):
            return None
        count = len(self.lower)
        if count == 0:
            return Answer((), 0, 0)
        objective = np.zeros(count)
        for variable, price in cost.items():
            objective[variable] = price
        filled = [(r, lo, hi) for r, lo, hi in self._limits() if r]
        constraints: Any = ()
        if filled:
            starts = np.cumsum([0, *(len(r) for r, _lo, _hi in filled)])
            columns = [variable for r, _lo, _hi in filled for variable in r]
            factors = [float(factor) for r, _lo, _hi in filled for factor in r.values()]
            matrix = csr_array((factors, columns, starts), shape=(len(filled), count))
            constraints = LinearConstraint(matrix, [lo for _r, lo, _hi in filled], [hi for _r, _lo, hi in filled])
        options = _FIXED | {"time_limit": self.clock.left, "node_limit": self.clock.nodes}
        with warnings.catch_warnings():
            # scipy hands threads and seed to HiGHS, and warns that it does not know them itself
            warnings.simplefilter("ignore", RuntimeWarning)
            found = milp(
                objective,
                integrality=np.ones(count),
                bounds=Bounds(np.array(self.lower), np.array(self.upper)),
                constraints=constraints,
                options=options,
            )
        if found.status == _INFEASIBLE:
            return None
        if found.x is None or found.status not in (_OPTIMAL, _STOPPED):
            raise Undecided(found.message)
        values = tuple(round(v) for v in found.x)
        value = sum(price * values[variable] for variable, price in cost.items())
        bound = value if found.status == _OPTIMAL else ceil(round(found.mip_dual_bound, 6))
        return Answer(values, value, min(value, bound))

    def _limits(self) -> list[tuple[dict[int, int], float, float]]:
        return list(zip(self.rows, self.at_least, self.at_most, strict=True))
