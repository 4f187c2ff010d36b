"""How strict is each member, and where would each dossier stand if all members were equally strict?

A check beside the official mean, never instead of it. Dossiers are fixed, members random with REML-estimated
variance (analysis.mixed), so a member's deviation is pulled towards zero the more, the fewer sheets stand behind it.
Where members and dossiers fall into groups without a common sheet, nothing can be compared across them: this is
said, and nothing is invented.
"""

from dataclasses import dataclass

import numpy as np

from analysis.absent import NotComputable
from analysis.mixed import fit
from analysis.table import Floats, SheetTotals

NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class MemberSeverity:
    """Points of a full sheet by which this member lies above (lenient) or below (strict) the council's level."""

    member: str
    sheets: int
    raw: float
    effect: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Does the 95 % interval leave zero out?"""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Adjusted:
    """A dossier with the members' severity taken out. `rank` is 1-2-2-4, by this mean alone."""

    dossier: str
    mean: float
    error: float
    rank: int


@dataclass(frozen=True)
class Severity:
    members: tuple[MemberSeverity, ...]
    dossiers: tuple[Adjusted, ...]
    member_variance: float
    residual_variance: float


def severity(totals: SheetTotals | NotComputable) -> Severity | NotComputable:
    """The additive model of the season."""
    if isinstance(totals, NotComputable):
        return totals
    found = fit(totals, dossiers_random=False)
    if isinstance(found, NotComputable):
        return found
    ranks, errors = shared_ranks(found.values), found.value_errors
    sheets = totals.known.sum(axis=1)
    # the deviation as it is seen, before shrinking: over the member's sheets, from the adjusted dossiers
    gaps = np.where(totals.known, totals.values - found.values, 0.0) * totals.weights
    raw = gaps.sum(axis=1) / np.maximum(totals.weights.sum(axis=1), 1e-12)
    return Severity(
        members=tuple(
            MemberSeverity(
                name,
                int(sheets[i]),
                float(raw[i]),
                float(found.member_effects[i]),
                float(found.member_effects[i] - NORMAL_95 * found.member_errors[i]),
                float(found.member_effects[i] + NORMAL_95 * found.member_errors[i]),
            )
            for i, name in enumerate(totals.members)
            if sheets[i]
        ),
        dossiers=tuple(
            Adjusted(name, float(found.values[i]), float(errors[i]), int(ranks[i]))
            for i, name in enumerate(totals.dossiers)
        ),
        member_variance=found.member_variance,
        residual_variance=found.residual_variance,
    )


def shared_ranks(values: Floats, step: float = 1e-7) -> Floats:
    """1-2-2-4, the highest first; values nearer than `step` are equal."""
    steps = np.round(values / step)
    ordered = np.sort(-steps)
    return np.asarray(np.searchsorted(ordered, -steps, side="left") + 1, dtype=np.float64)
