"""Does a member give one impression to all criteria, and does the hand change while it scores?

Small hints, not proof: a real quality may run through all criteria, and dossiers are not scored in random order.
"""

from dataclasses import dataclass

import numpy as np

from analysis.absent import NotComputable, Reason
from analysis.agreement import correlation
from analysis.severity import NORMAL_95
from analysis.table import Floats, MarkTable, SheetTotals

LEAST_SHEETS = 5


@dataclass(frozen=True)
class Habit:
    """`halo` is the mean correlation between the criteria of this member over dossiers; `panel_halo` what the other
    members have on average, each alone: means of several hands would look more alike than any one hand. `drift` is
    the change of points over ten sheets, in the order of signing, measured against the dossier's official total; with
    its 95 % interval."""

    member: str
    halo: float | NotComputable
    panel_halo: float | NotComputable
    drift: float | NotComputable
    drift_low: float
    drift_high: float

    @property
    def drifts(self) -> bool:
        return not isinstance(self.drift, NotComputable) and (self.drift_low > 0 or self.drift_high < 0)


def habits(table: MarkTable, totals: SheetTotals | NotComputable) -> tuple[Habit, ...]:
    """One line for every member who scored anything."""
    own = [halo(table.points[i]) for i in range(len(table.members))]
    found = []
    for i, name in enumerate(table.members):
        if not table.known[i].any():
            continue
        others = [h for j, h in enumerate(own) if j != i and not isinstance(h, NotComputable)]
        panel = float(np.mean(others)) if others else NotComputable(Reason.ONE_MEMBER)
        drift = _drift(table, totals, i)
        slope, low, high = drift if isinstance(drift, tuple) else (drift, 0.0, 0.0)
        found.append(Habit(name, own[i], panel, slope, low, high))
    return tuple(found)


def halo(marks: Floats) -> float | NotComputable:
    """Mean correlation over all pairs of criteria (dossiers x criteria) that allow one."""
    if marks.shape[1] < 2:
        return NotComputable(Reason.ONE_CRITERION)
    there = ~np.isnan(marks)
    found = []
    few = True
    for a in range(marks.shape[1]):
        for b in range(a + 1, marks.shape[1]):
            both = there[:, a] & there[:, b]
            value = correlation(marks[both, a], marks[both, b])
            if not isinstance(value, NotComputable):
                found.append(value)
            few = few and isinstance(value, NotComputable) and value.reason == Reason.TOO_FEW_COMMON
    if not found:
        return NotComputable(Reason.TOO_FEW_COMMON if few else Reason.ALL_EQUAL)
    return float(np.mean(found))


def _drift(
    table: MarkTable, totals: SheetTotals | NotComputable, member: int
) -> tuple[float, float, float] | NotComputable:
    if isinstance(totals, NotComputable):
        return totals
    if not table.order.size:
        return NotComputable(Reason.TOO_FEW_SHEETS)
    places = {name: i for i, name in enumerate(table.dossiers)}
    columns = [places[name] for name in totals.dossiers]
    official = table.totals()[columns]
    gap, order = totals.values[member] - official, table.order[member, columns]
    use = ~np.isnan(gap) & ~np.isnan(order)
    n = int(use.sum())
    if n < LEAST_SHEETS:
        return NotComputable(Reason.TOO_FEW_SHEETS)
    x, y = order[use] - order[use].mean(), gap[use] - gap[use].mean()
    square = float(x @ x)
    if square < 1e-9:
        return NotComputable(Reason.ALL_EQUAL)
    slope = float(x @ y) / square
    rest = float(((y - slope * x) ** 2).sum()) / (n - 2)
    reach = NORMAL_95 * float(np.sqrt(rest / square))
    return 10 * slope, 10 * (slope - reach), 10 * (slope + reach)
