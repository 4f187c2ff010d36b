"""Does a member agree with himself or herself? Marks far from the own habit on the same criterion. Pure.

A mark is compared with the median of the member's own marks on that criterion. It is told when it lies more than three
robust standard deviations (1.4826 x median absolute deviation) away, and at least a fifth of the maximum: a small step
of somebody who always gives the same is no slip. Told to the member alone; nothing is computed from it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

FEWEST = 5
SPREADS = Decimal(3)
TO_SIGMA = Decimal("1.4826")
LEAST_SHARE = Decimal("0.2")


@dataclass(frozen=True)
class Given:
    """One mark of the member. `scale` parts criteria that share a code but not their maximum or their levels."""

    dossier: int
    scale: str
    points: Decimal
    most: Decimal


@dataclass(frozen=True)
class Slip:
    """A mark far from the member's own median."""

    dossier: int
    scale: str
    points: Decimal
    median: Decimal


def slips(marks: Iterable[Given]) -> list[Slip]:
    by_scale: dict[str, list[Given]] = defaultdict(list)
    for mark in marks:
        by_scale[mark.scale].append(mark)
    found = []
    for scale, own in by_scale.items():
        if len(own) < FEWEST:
            continue
        middle = median(mark.points for mark in own)
        spread = median(abs(mark.points - middle) for mark in own) * TO_SIGMA
        for mark in own:
            distance = abs(mark.points - middle)
            if distance > SPREADS * spread and distance >= LEAST_SHARE * mark.most:
                found.append(Slip(mark.dossier, scale, mark.points, middle))
    return found


@dataclass(frozen=True)
class Bin:
    """Totals from `low` per cent up, the last one with 100."""

    low: int
    high: int
    count: int


def histogram(shares: Sequence[Decimal], width: int = 10) -> list[Bin]:
    """How many totals, as per cent of what was asked, fall into each tenth."""
    counts = Counter(min(int(share) // width * width, 100 - width) for share in shares)
    return [Bin(low, low + width, counts[low]) for low in range(0, 100, width)]
