"""Where a value stands on a drawing: percent of the width, ready for SVG without a view box, so that words keep their
size on a narrow screen. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500)


@dataclass(frozen=True)
class Scale:
    low: float
    high: float

    def at(self, value: float) -> str:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return f"{100 * min(max(share, 0.0), 1.0):.2f}%"

    def width(self, first: float, second: float) -> str:
        return f"{float(self.at(second)[:-1]) - float(self.at(first)[:-1]):.2f}%"

    @property
    def step(self) -> float:
        return next((s for s in STEPS if (self.high - self.low) / s <= 6), (self.high - self.low) or 1.0)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """From three to seven round values with their places."""
        first = ceil(self.low / self.step - 1e-9)
        last = floor(self.high / self.step + 1e-9)
        values = [round(k * self.step, 6) for k in range(first, last + 1)]
        return [(v, self.at(v)) for v in values]


def points_scale(values: Sequence[float], most: float) -> Scale:
    """From a round value below everything shown to the full points; never less than the upper half."""
    step = 10.0 if most >= 50 else 1.0
    below = floor((min(values, default=0.0) - step / 4) / step) * step
    return Scale(max(0.0, min(below, most - 3 * step, most / 2 if not values else below)), most)


def around_zero(values: Sequence[float]) -> Scale:
    """As far to the left as to the right."""
    reach = max((abs(v) for v in values), default=1.0) or 1.0
    step = next((s for s in STEPS if reach / s <= 4), reach)
    edge = ceil(reach / step - 1e-9) * step
    return Scale(-edge, edge)


@dataclass(frozen=True)
class Bin:
    """Values from `low` up to, not including, `high`; the last one includes it."""

    low: float
    high: float
    count: int


def bins(values: Sequence[float], most: float) -> list[Bin]:
    """Columns of a round width, at most twelve, from the lowest value to the highest; empty ones between stay."""
    if not values:
        return []
    low, high = min(values), max(values)
    step = next((s for s in STEPS if s >= 1 and (high - low) / s <= 10), most)
    first, last = floor(low / step + 1e-9), floor(high / step + 1e-9)
    if last > first and last * step >= most - 1e-9:
        last -= 1  # full points belong to the last column, not to one of their own
    counts = [0] * (last - first + 1)
    for value in values:
        counts[min(floor(value / step + 1e-9), last) - first] += 1
    return [Bin(k * step, (k + 1) * step, counts[k - first]) for k in range(first, last + 1)]
