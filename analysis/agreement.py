"""Do the members agree? Krippendorff's alpha by criterion, variance components, and member beside member.

Agreement is computed over all judged dossiers: on the finalists alone the restricted range would make it look near
zero (Erosheva, Martinková & Lee 2021, When zero may not be zero).
"""

from dataclasses import dataclass

import numpy as np

from analysis.absent import NotComputable, Reason
from analysis.mixed import fit
from analysis.table import Floats, MarkTable, SheetTotals

LEAST_COMMON = 3  # dossiers that two members must share before a correlation says anything


@dataclass(frozen=True)
class CriterionAgreement:
    criterion: str
    alpha: float | NotComputable
    dossiers: int
    marks: int


@dataclass(frozen=True)
class Components:
    """What the differences between sheet totals consist of, and the intraclass correlations that follow.

    Two-way random effects. `icc_1` is ICC(2,1) and `icc_k` ICC(2,k) of Shrout & Fleiss (1979), the absolute agreement
    of one member and of the mean of k; `consistency_k` is ICC(C,k) of McGraw & Wong (1996), which leaves the members'
    general level out and is what a ranking rests on when all members score every dossier. `k` is the harmonic mean
    of the number of sheets per dossier (of their weights), so unequal panels count as what they are worth.
    """

    dossier: float
    member: float
    residual: float
    k: float
    is_whole: bool

    @property
    def total(self) -> float:
        return self.dossier + self.member + self.residual

    @property
    def icc_1(self) -> float:
        return self.dossier / self.total

    @property
    def icc_k(self) -> float:
        return self.dossier / (self.dossier + (self.member + self.residual) / self.k)

    @property
    def consistency_k(self) -> float:
        below = self.dossier + self.residual / self.k
        return self.dossier / below if below else 0.0

    @property
    def reliability(self) -> float:
        """Of the ranking as it was made: a member's level shifts all dossiers alike only where all were scored."""
        return self.consistency_k if self.is_whole else self.icc_k


@dataclass(frozen=True)
class Pair:
    """Two members over the dossiers that both scored."""

    first: str
    second: str
    common: int
    correlation: float | NotComputable
    difference: float | NotComputable


def alpha(marks: Floats) -> float | NotComputable:
    """Krippendorff's alpha with the interval metric; `marks` is members x dossiers, NaN where there is none.

    1 - observed / expected disagreement over the values that can be paired (Krippendorff 2011, Computing
    Krippendorff's alpha-reliability). Missing marks are left out, never filled in.
    """
    there = ~np.isnan(marks)
    if not there.any():
        return NotComputable(Reason.NO_POINTS)
    if int(there.any(axis=1).sum()) < 2:
        return NotComputable(Reason.ONE_MEMBER)
    number = there.sum(axis=0)
    paired = number >= 2
    if not paired.any():
        return NotComputable(Reason.NOTHING_TWICE)
    if int(paired.sum()) < 2:
        return NotComputable(Reason.ONE_DOSSIER)
    kept = there & paired
    n = int(kept.sum())
    centred = np.where(kept, marks - marks[kept].mean(), 0.0)
    sums, squares = centred.sum(axis=0)[paired], (centred**2).sum(axis=0)[paired]
    within = 2 * (number[paired] * squares - sums**2)  # squared differences over all ordered pairs of a dossier
    observed = float((within / (number[paired] - 1)).sum()) / n
    expected = 2 * (n * float(squares.sum()) - float(sums.sum()) ** 2) / (n * (n - 1))
    if expected < 1e-12:
        return NotComputable(Reason.ALL_EQUAL)
    return 1 - observed / expected


def by_criterion(table: MarkTable) -> tuple[CriterionAgreement, ...]:
    known = table.known
    return tuple(
        CriterionAgreement(
            code,
            alpha(table.points[:, :, i]),
            int(known[:, :, i].any(axis=0).sum()),
            int(known[:, :, i].sum()),
        )
        for i, code in enumerate(table.criteria)
    )


def components(totals: SheetTotals | NotComputable) -> Components | NotComputable:
    """Variances of dossier, member and chance by REML."""
    if isinstance(totals, NotComputable):
        return totals
    found = fit(totals, dossiers_random=True)
    if isinstance(found, NotComputable):
        return found
    assert found.dossier_variance is not None
    per_dossier = totals.weights.sum(axis=0)
    active = totals.known.any(axis=1)
    return Components(
        dossier=found.dossier_variance,
        member=found.member_variance,
        residual=found.residual_variance,
        k=float(len(per_dossier) / (1 / per_dossier).sum()),
        is_whole=bool((totals.weights[active] == 1.0).all()),
    )


def pairs(totals: SheetTotals | NotComputable) -> tuple[Pair, ...]:
    """Every two members who scored anything, in the order of the council."""
    if isinstance(totals, NotComputable):
        return ()
    known = totals.known
    active = [i for i in range(len(totals.members)) if known[i].any()]
    found = []
    for place, i in enumerate(active):
        for j in active[place + 1 :]:
            both = known[i] & known[j]
            first, second = totals.values[i, both], totals.values[j, both]
            common = int(both.sum())
            gap: float | NotComputable = NotComputable(Reason.TOO_FEW_COMMON)
            if common:
                gap = float(np.abs(first - second).mean())
            found.append(Pair(totals.members[i], totals.members[j], common, correlation(first, second), gap))
    return tuple(found)


def correlation(first: Floats, second: Floats) -> float | NotComputable:
    """Pearson's; not for fewer than three pairs, nor where one side never varies."""
    if len(first) < LEAST_COMMON:
        return NotComputable(Reason.TOO_FEW_COMMON)
    a, b = first - first.mean(), second - second.mean()
    length = float(np.sqrt((a @ a) * (b @ b)))
    if length < 1e-9:
        return NotComputable(Reason.ALL_EQUAL)
    return float(np.clip(a @ b / length, -1.0, 1.0))
