"""On which side of the pass line and of the top line does a dossier stand? For many scenarios at once.

The same rules as the official ranking, in floats and for what-if only: total at least, minimum per group of
criteria, places of the top list among those that pass, equal ones at the cut all in, ties broken by the given order.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.table import Floats, MarkTable, Mask

NEAR = 1e-6  # of a point: sums of points are equal when they differ by less


@dataclass(frozen=True)
class Minimum:
    """The criteria of these positions together must reach this share of what they can give."""

    positions: tuple[int, ...]
    share: float


@dataclass(frozen=True)
class Cut:
    """`threshold` is in points of the full scale, None where no total is asked. `barred` dossiers cannot pass,
    whatever their points (an eliminating condition, too few ballots). `tie_order` breaks equal totals, lower first."""

    places: int
    threshold: float | None = None
    minima: tuple[Minimum, ...] = ()
    barred: frozenset[str] = frozenset()
    tie_order: tuple[int, ...] = field(default=())


@dataclass(frozen=True)
class Sides:
    """Scenarios x dossiers."""

    passes: Mask
    top: Mask


def sides(table: MarkTable, cut: Cut, totals: Floats, means: Floats | None = None) -> Sides:
    """Which side each total stands on. `totals` is scenarios x dossiers; `means` scenarios x dossiers x criteria where
    the minima are to be judged anew, NaN where a criterion was not asked."""
    there = ~np.isnan(totals)
    passes = there & ~np.array([name in cut.barred for name in table.dossiers], dtype=bool)
    if cut.threshold is not None:
        passes &= np.where(there, totals, -np.inf) >= cut.threshold - NEAR
    base = table.means()[None] if means is None else means
    for minimum in cut.minima:
        passes &= _reaches(table, minimum, base)
    return Sides(passes, _top(cut, totals, passes))


def _reaches(table: MarkTable, minimum: Minimum, means: Floats) -> Mask:
    where = list(minimum.positions)
    asked = ~np.isnan(means[:, :, where])
    given = np.where(asked, means[:, :, where], 0.0).sum(axis=2)
    return np.asarray(given >= minimum.share * (asked @ table.maxima[where]) - NEAR)


def _top(cut: Cut, totals: Floats, passes: Mask) -> Mask:
    """The best passing ones, as many as there are places; equal ones at the cut are all in."""
    dossiers = totals.shape[1]
    if not dossiers or not cut.places:
        return np.zeros_like(passes)
    tie = np.asarray(cut.tie_order if cut.tie_order else np.zeros(dossiers), dtype=np.float64)
    steps = np.round(np.where(passes, totals, 0.0) / NEAR) - tie / (2 * dossiers + 2)
    keys = np.where(passes, steps, -np.inf)
    if dossiers <= cut.places:
        return passes
    last: NDArray[np.float64] = np.partition(keys, dossiers - cut.places, axis=1)[:, dossiers - cut.places]
    return np.asarray(passes & (keys >= last[:, None]))
