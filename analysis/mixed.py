"""The additive model dossier + member + chance, its variances estimated by REML.

    total of the sheet = level + dossier + member + chance,   chance of variance s2 / weight

Member effects are always random (that is what shrinks them). Dossiers are fixed where a severity is asked for, and
random where a dossier's place is asked for. Restricted likelihood after Patterson & Thompson (1971), with the
random effects in units of their own deviation and the residual variance profiled out, as Bates et al. (2015,
Fitting linear mixed-effects models using lme4) lay it out. Dossiers make a diagonal block that is absorbed, so the
cost grows with the number of sheets and never squares.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.absent import NotComputable, Reason
from analysis.table import Floats, SheetTotals

LARGEST = 1e3  # of a deviation relative to that of chance: beyond it chance is as good as none
STARTS = ((1.0, 0.5), (3.0, 1.0), (0.3, 0.1), (3.0, 0.0), (0.0, 1.0))


@dataclass(frozen=True)
class Fit:
    """Variances and effects. `dossier_variance` is None where dossiers were fixed. A dossier's value is uncertain by
    its own part (`_own`) and by what it shares with the others (`_shared` of `_dense`); the variances themselves are
    taken as known in it, as is usual."""

    dossier_variance: float | None
    member_variance: float
    residual_variance: float
    sheets: int
    member_effects: Floats
    member_errors: Floats
    values: Floats
    _own: Floats
    _shared: Floats
    _dense: Floats

    @property
    def value_errors(self) -> Floats:
        """Standard error of each dossier's value."""
        shared = np.einsum("di,ij,dj->d", self._shared, self._dense, self._shared)
        return np.sqrt(np.maximum(self._own + shared, 0.0))

    def draws(self, number: int, generator: np.random.Generator) -> Floats:
        """Values of all dossiers as the model holds them possible: draws x dossiers."""
        roots, vectors = np.linalg.eigh(self._dense)
        root = vectors * np.sqrt(np.maximum(roots, 0.0))
        common = generator.standard_normal((number, root.shape[1])) @ (self._shared @ root).T
        own = generator.standard_normal((number, len(self.values))) * np.sqrt(self._own)
        return np.asarray(self.values + common + own)


def groups_of(totals: SheetTotals) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Members and dossiers that hang together through sheets; more than one group cannot be compared."""
    members, dossiers = np.nonzero(totals.known)
    m, d = totals.known.shape
    links = coo_array((np.ones(len(members)), (members, dossiers + m)), shape=(m + d, m + d))
    _, labels = connected_components(links, directed=False)
    scored = np.asarray(totals.known.any(axis=1))
    found = []
    for label in dict.fromkeys(labels[m:]):
        inside = labels == label
        found.append(
            (
                tuple(n for i, n in enumerate(totals.members) if inside[i] and scored[i]),
                tuple(n for i, n in enumerate(totals.dossiers) if inside[m + i]),
            )
        )
    return sorted(found, key=lambda group: (-len(group[1]), group))


def fit(totals: SheetTotals, *, dossiers_random: bool) -> Fit | NotComputable:
    """The model, or why there is none. Members without a sheet get an effect of zero."""
    known = totals.known
    count, n_dossiers = int(known.sum()), len(totals.dossiers)
    active = int(known.any(axis=1).sum())
    if count == 0:
        return NotComputable(Reason.NO_POINTS)
    if active < 2:
        return NotComputable(Reason.ONE_MEMBER)
    if n_dossiers < 2:
        return NotComputable(Reason.ONE_DOSSIER)
    groups = groups_of(totals)
    if len(groups) > 1:
        return NotComputable(Reason.DISCONNECTED, tuple(members for members, _ in groups))
    if count - n_dossiers - active + 1 < 1:
        return NotComputable(Reason.TOO_FEW_SHEETS)
    values = totals.values[known]
    centre, scale = float(values.mean()), float(values.std())
    if scale < 1e-9:
        return NotComputable(Reason.ALL_EQUAL)
    problem = _Problem.of((totals.values - centre) / scale, totals.weights, dossiers_random)
    return problem.solved(problem.best(), centre, scale)


@dataclass(frozen=True)
class _Problem:
    """Sufficient sums of the sheets, members x dossiers."""

    weights: Floats
    weighted: Floats
    square: float
    count: int
    random: bool

    @classmethod
    def of(cls, values: Floats, weights: Floats, random: bool) -> "_Problem":
        there = np.where(np.isnan(values), 0.0, values)
        return cls(weights, weights * there, float((weights * there**2).sum()), int((weights > 0).sum()), random)

    @property
    def fixed_effects(self) -> int:
        return 1 if self.random else self.weights.shape[1]

    def best(self) -> tuple[float, float]:
        """The relative deviations (dossier, member) of highest restricted likelihood."""
        if not self.random:
            starts = [np.array([s]) for s in (1.0, 0.3, 0.0)]
        else:
            starts = [np.array(s) for s in STARTS]
        bounds = [(0.0, LARGEST)] * len(starts[0])
        found = [
            minimize(self._deviance, s, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13}) for s in starts
        ]
        best = min(found, key=lambda r: float(r.fun))
        polished = minimize(
            self._deviance, best.x, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-7, "fatol": 1e-11}
        )
        x = polished.x if polished.fun <= best.fun else best.x
        return (float(x[0]), float(x[1])) if self.random else (1.0, float(x[0]))

    def _deviance(self, x: NDArray[np.float64]) -> float:
        dossier, member = (float(x[0]), float(x[1])) if self.random else (1.0, float(x[0]))
        own, dense, cross, own_side, dense_side = self._equations(dossier, member)
        rest, logs = self._rest(own, dense, cross, own_side, dense_side)
        free = self.count - self.fixed_effects
        return float(logs + free * np.log(rest / free))

    def _rest(
        self, own: Floats, dense: Floats, cross: Floats, own_side: Floats, dense_side: Floats
    ) -> tuple[float, float]:
        """What stays unexplained, and the logarithm of the determinant."""
        absorbed = dense - cross.T @ (cross / own[:, None])
        side = dense_side - cross.T @ (own_side / own)
        _, log = np.linalg.slogdet(absorbed)
        rest = self.square - float((own_side**2 / own).sum()) - float(side @ np.linalg.solve(absorbed, side))
        return max(rest, 1e-13 * self.count), float(np.log(own).sum() + log)

    def _equations(self, dossier: float, member: float) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """The mixed model equations: the diagonal block of the dossiers, the dense block, what joins them, and the
        right-hand sides. The dense block holds the level (only where dossiers are random) and the members."""
        by_dossier, by_member = self.weights.sum(axis=0), self.weights.sum(axis=1)
        own = by_dossier * dossier**2 + 1.0 if self.random else by_dossier
        own_side = dossier * self.weighted.sum(axis=0)
        cross = dossier * member * self.weights.T
        dense = np.diag(member**2 * by_member + 1.0)
        dense_side = member * self.weighted.sum(axis=1)
        if self.random:
            cross = np.column_stack([dossier * by_dossier, cross])
            edge = member * by_member
            dense = np.block([[np.array([[by_dossier.sum()]]), edge[None, :]], [edge[:, None], dense]])
            dense_side = np.concatenate([[self.weighted.sum()], dense_side])
        return own, dense, cross, own_side, dense_side

    def solved(self, ratios: tuple[float, float], centre: float, scale: float) -> Fit:
        dossier, member = ratios
        own, dense, cross, own_side, dense_side = self._equations(dossier, member)
        rest, _ = self._rest(own, dense, cross, own_side, dense_side)
        residual = rest / (self.count - self.fixed_effects) * scale**2
        inverse = np.linalg.inv(dense - cross.T @ (cross / own[:, None]))
        solution = inverse @ (dense_side - cross.T @ (own_side / own))
        # the value of a dossier: as this council measures it, every member of it having scored the dossier
        members = self.weights.sum(axis=1) > 0
        whole = np.where(members, member / members.sum(), 0.0)
        if self.random:
            whole = np.concatenate([[1.0], whole])
        shared = whole - dossier * cross / own[:, None]
        values = dossier * own_side / own + shared @ solution
        first = 1 if self.random else 0
        # a member's effect is meant against the mean of this council, not of all who could ever sit in one
        apart = np.eye(len(members)) - np.where(members, 1.0 / members.sum(), 0.0)
        return Fit(
            dossier_variance=dossier**2 * residual if self.random else None,
            member_variance=member**2 * residual,
            residual_variance=residual,
            sheets=self.count,
            member_effects=member * solution[first:] * scale,
            member_errors=member
            * np.sqrt(np.maximum(np.diag(apart @ inverse[first:, first:] @ apart.T) * residual, 0.0)),
            values=centre + values * scale,
            _own=dossier**2 / own * residual,
            _shared=shared,
            _dense=np.asarray(inverse * residual, dtype=np.float64),
        )
