"""The input of every statistic: points by member, dossier and criterion, and sheet totals that can be compared.

Only for statistics: binary floating point is used here, so no official number ever passes through this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.absent import NotComputable, Reason

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class MarkTable:
    """`points[m, d, c]` is NaN where the member gave none: not asked, abstained, conflicted, or the criterion does
    not apply to the dossier. `order[m, d]` is the place of the sheet among those that the member signed."""

    dossiers: tuple[str, ...]
    members: tuple[str, ...]
    criteria: tuple[str, ...]
    maxima: Floats
    points: Floats
    order: Floats = field(default_factory=lambda: np.empty((0, 0)))

    def __post_init__(self) -> None:
        wanted = (len(self.members), len(self.dossiers), len(self.criteria))
        if self.points.shape != wanted or self.maxima.shape != (len(self.criteria),):
            raise ValueError(f"points are {self.points.shape}, not members x dossiers x criteria {wanted}")

    @property
    def known(self) -> Mask:
        return ~np.isnan(self.points)

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many members gave points: dossiers x criteria."""
        return np.asarray(self.known.sum(axis=0), dtype=np.int64)

    @property
    def applies(self) -> Mask:
        """Criteria that somebody gave points for: dossiers x criteria."""
        return np.asarray(self.counts > 0)

    def means(self) -> Floats:
        """Mean of each criterion over the members who gave points: dossiers x criteria, NaN where nobody did."""
        return mean_over(self.points)

    def totals(self) -> Floats:
        """Sum of the criterion means, by dossier; NaN where nobody gave any points."""
        means = self.means()
        found = np.where(self.applies, np.nan_to_num(means), 0.0).sum(axis=1)
        return np.where(self.applies.any(axis=1), found, np.nan)

    def full(self) -> Floats:
        """The most points a dossier could reach, over the criteria that apply to it."""
        return np.asarray(self.applies @ self.maxima, dtype=np.float64)

    def without(self, dossiers: Sequence[str]) -> "MarkTable":
        """The same table as if these dossiers had never been."""
        gone = set(dossiers)
        keep = [i for i, name in enumerate(self.dossiers) if name not in gone]
        return MarkTable(
            tuple(self.dossiers[i] for i in keep),
            self.members,
            self.criteria,
            self.maxima,
            self.points[:, keep, :],
            self.order[:, keep] if self.order.size else self.order,
        )


@dataclass(frozen=True)
class SheetTotals:
    """Sheet totals on the scale of a full sheet, members x dossiers. `weights` is the share of the full points that
    the member judged together with others; both are 0 weight / NaN value where there is no sheet."""

    dossiers: tuple[str, ...]
    members: tuple[str, ...]
    values: Floats
    weights: Floats

    @property
    def known(self) -> Mask:
        return ~np.isnan(self.values)


def mean_over(values: Floats, axis: int = 0) -> Floats:
    """Mean of what is there; NaN, without a warning, where nothing is."""
    there = ~np.isnan(values)
    number = there.sum(axis=axis)
    sums = np.where(there, values, 0.0).sum(axis=axis)
    return np.where(number > 0, sums / np.maximum(number, 1), np.nan)


def sheet_totals(table: MarkTable) -> SheetTotals | NotComputable:
    """Totals of single sheets that can be compared although members may have scored different criteria.

    A member who scored every criterion of a dossier keeps the plain total of the sheet. For a partial sheet the
    plain sum says nothing, and points per maximum would call a member strict who was given the hard criteria. So
    the deviation from the other members is taken *within* each criterion of the same dossier, added up, and
    stretched to the full scale; the sheet total is the dossier's official total plus this deviation. A criterion
    that one member alone scored says nothing about deviation and is left out of the stretch. If severity is
    proportional to the points at stake and criteria err independently, the stretched deviation has the variance of
    a full sheet divided by the share judged: that share is the weight.

    Weaknesses, stated: the member's own points are in the criterion mean (with two scorers half of a difference
    is seen), and a member strict in one criterion only is stretched to strict in all.
    """
    if not table.known.any():
        return NotComputable(Reason.NO_POINTS)
    means, full = table.means(), table.full()
    applies, shared = table.applies, table.counts >= 2
    deviation = np.where(table.known & shared, table.points - means, 0.0).sum(axis=2)
    judged = (table.known & shared) @ table.maxima
    share = judged / np.where(full > 0, full, 1.0)
    complete = (table.known == applies).all(axis=2) & applies.any(axis=1)
    plain = np.where(table.known, table.points, 0.0).sum(axis=2)
    stretched = table.totals() + deviation / np.where(share > 0, share, 1.0)
    values = np.where(complete, plain, np.where(share > 0, stretched, np.nan))
    weights = np.where(complete, 1.0, share)
    kept = np.asarray(~np.isnan(values).all(axis=0))
    if not kept.any():
        return NotComputable(Reason.NOTHING_TWICE)
    names = tuple(name for name, keep in zip(table.dossiers, kept, strict=True) if keep)
    return SheetTotals(names, table.members, values[:, kept], np.where(np.isnan(values), 0.0, weights)[:, kept])
