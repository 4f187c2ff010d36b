"""Would the selection be another one, had one member been absent, one criterion not been asked, the weights been a
little different, or the points been rounded otherwise?

No model is behind this: the same sheets, counted anew under another rule. For each dossier the share of scenarios
in which it changes its side of the pass line or of the top line.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.absent import NotComputable, Reason
from analysis.cut import Cut, Sides, sides
from analysis.table import Floats, MarkTable, Mask

MEMBER, CRITERION, WEIGHTS, ROUNDING = "member", "criterion", "weights", "rounding"
TOLERANCE = 0.10  # each weight up to this much larger or smaller
SAMPLES = 1000
SEED = 20260101
CHUNK = 4_000_000  # scenarios x dossiers held at once


@dataclass(frozen=True)
class Changes:
    """One kind of scenario: for each dossier in how many it could be judged, and in how many its side changed."""

    kind: str
    scenarios: int
    judged: tuple[int, ...]
    passing: tuple[int, ...]
    top: tuple[int, ...]


@dataclass(frozen=True)
class Stability:
    dossiers: tuple[str, ...]
    tolerance: float
    changes: tuple[Changes | NotComputable, ...]

    def kind(self, name: str) -> Changes | NotComputable:
        return self.changes[(MEMBER, CRITERION, WEIGHTS, ROUNDING).index(name)]

    def worst(self, place: int) -> float:
        """The largest share of changed sides of one dossier, over the kinds and both lines."""
        shares = [0.0]
        for found in self.changes:
            if isinstance(found, Changes) and found.judged[place]:
                shares.append(max(found.passing[place], found.top[place]) / found.judged[place])
        return max(shares)


def stability(
    table: MarkTable, cut: Cut, *, tolerance: float = TOLERANCE, samples: int = SAMPLES, seed: int = SEED
) -> Stability | NotComputable:
    """All kinds of scenarios of a season."""
    if not table.known.any():
        return NotComputable(Reason.NO_POINTS)
    if len(table.dossiers) < 2:
        return NotComputable(Reason.ONE_DOSSIER)
    base = sides(table, cut, table.totals()[None])
    return Stability(
        table.dossiers,
        tolerance,
        (
            _without_a_member(table, cut, base),
            _without_a_criterion(table, cut, base),
            _other_weights(table, cut, base, tolerance, samples, seed),
            _other_rounding(table, cut, base),
        ),
    )


def _compared(kind: str, base: Sides, pieces: Iterator[tuple[Sides, Mask]]) -> Changes:
    """Adds up the changes; a dossier that a scenario cannot judge is neither stable nor unstable in it."""
    scenarios = 0
    judged = passing = top = np.zeros(base.passes.shape[1], dtype=np.int64)
    for found, may in pieces:
        scenarios += len(found.passes)
        judged = judged + may.sum(axis=0)
        passing = passing + (may & (found.passes != base.passes)).sum(axis=0)
        top = top + (may & (found.top != base.top)).sum(axis=0)
    return Changes(kind, scenarios, *(tuple(int(n) for n in row) for row in (judged, passing, top)))


def _without_a_member(table: MarkTable, cut: Cut, base: Sides) -> Changes | NotComputable:
    known = table.known
    active = np.nonzero(known.any(axis=(1, 2)))[0]
    if len(active) < 2:
        return NotComputable(Reason.ONE_MEMBER)
    sums, counts = np.where(known, table.points, 0.0).sum(axis=0), table.counts

    def scenarios() -> Iterator[tuple[Sides, Mask]]:
        for member in active:
            left = counts - known[member]
            orphaned = table.applies & (left == 0)  # this member alone scored it: the mark stays, nothing is judged
            less = sums - np.where(known[member], table.points[member], 0.0)
            means = np.where(orphaned, table.means(), less / np.maximum(left, 1))
            means = np.where(table.applies, means, np.nan)
            totals = np.where(table.applies.any(axis=1), np.where(table.applies, means, 0.0).sum(axis=1), np.nan)
            may = ~orphaned.any(axis=1) & table.applies.any(axis=1)
            yield sides(table, cut, totals[None], means[None]), may[None]

    return _compared(MEMBER, base, scenarios())


def _without_a_criterion(table: MarkTable, cut: Cut, base: Sides) -> Changes | NotComputable:
    """What is left is stretched to the full points, so that the threshold and the other sets stay comparable."""
    asked = np.nonzero(table.applies.any(axis=0))[0]
    if len(asked) < 2:
        return NotComputable(Reason.ONE_CRITERION)
    means, totals, full = table.means(), table.totals(), table.full()

    def scenarios() -> Iterator[tuple[Sides, Mask]]:
        for criterion in asked:
            has = table.applies[:, criterion]
            left = full - np.where(has, table.maxima[criterion], 0.0)
            may = (left > 0) & (full > 0)
            less = totals - np.where(has, np.nan_to_num(means[:, criterion]), 0.0)
            stretched = np.where(may, less * full / np.where(left > 0, left, 1.0), totals)
            fewer = means.copy()
            fewer[:, criterion] = np.nan
            yield sides(table, cut, stretched[None], fewer[None]), may[None]

    return _compared(CRITERION, base, scenarios())


def _other_weights(
    table: MarkTable, cut: Cut, base: Sides, tolerance: float, samples: int, seed: int
) -> Changes | NotComputable:
    """Every weight drawn anew, evenly within the tolerance, then scaled so that the full points stay the same."""
    asked = table.applies.any(axis=0)
    if int(asked.sum()) < 2:
        return NotComputable(Reason.ONE_CRITERION)
    generator = np.random.default_rng(seed)
    means, full = np.where(table.applies, np.nan_to_num(table.means()), 0.0), table.full()
    may = full > 0

    def scenarios() -> Iterator[tuple[Sides, Mask]]:
        step, done = max(1, CHUNK // len(table.dossiers)), 0
        while done < samples:
            number = min(step, samples - done)
            factors = generator.uniform(1 - tolerance, 1 + tolerance, (number, len(table.criteria)))
            totals = factors @ means.T
            reach = (factors * table.maxima) @ table.applies.T
            totals = np.where(may, totals * full / np.where(may, reach, 1.0), np.nan)
            yield sides(table, cut, totals), np.broadcast_to(may, totals.shape)
            done += number

    return _compared(WEIGHTS, base, scenarios())


def _other_rounding(table: MarkTable, cut: Cut, base: Sides) -> Changes:
    """Marks to whole points; criterion means to two, one and no decimals; the total to two, one and no decimals."""
    means, totals = table.means(), table.totals()
    may = (table.full() > 0)[None]

    def scenarios() -> Iterator[tuple[Sides, Mask]]:
        whole = MarkTable(
            table.dossiers, table.members, table.criteria, table.maxima, half_up(table.points, 0), table.order
        )
        yield sides(whole, cut, whole.totals()[None]), may
        for decimals in (2, 1, 0):
            rounded = half_up(means, decimals)
            sums = np.where(table.applies, np.nan_to_num(rounded), 0.0).sum(axis=1)
            yield sides(table, cut, np.where(may[0], sums, np.nan)[None], rounded[None]), may
            yield sides(table, cut, half_up(totals, decimals)[None]), may

    return _compared(ROUNDING, base, scenarios())


def half_up(values: Floats, decimals: int) -> Floats:
    """As the rubric rounds; a hair is added so that 2.5 stored as 2.4999999 rises as well."""
    scale = 10.0**decimals
    return np.floor(values * scale + 0.5 + 1e-9) / scale
