"""Invented figures and marks. Pure and repeatable: the same random source gives the same numbers."""

import random
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from demo.enterprises import Ware

VND_BILLION_PER_USD_MILLION = Decimal("25.4")
PASS_MARK = Decimal(70)
# The most that the proposed criteria give for what no table of figures decides.
JUDGED = {"3": Decimal(10), "5": Decimal(15), "6": Decimal(15), "7": Decimal(5), "8": Decimal(5)}
HALF = Decimal("0.5")


def of_years(ware: Ware, season: int) -> dict[int, dict[str, Decimal | int | None]]:
    """Three reported years before the season, growing towards the figures of the file."""
    revenue, share, workers, growth = _revenue(ware, season), ware.export, ware.workers, ware.growth
    found: dict[int, dict[str, Decimal | int | None]] = {}
    for year in (season - 1, season - 2, season - 3):
        found[year] = {
            "revenue_vnd_billion": revenue.quantize(Decimal("0.1"), ROUND_HALF_UP),
            "export_usd_million": (revenue * share / 100 / VND_BILLION_PER_USD_MILLION).quantize(
                Decimal("0.01"), ROUND_HALF_UP
            ),
            "budget_vnd_billion": (revenue * Decimal("0.045")).quantize(Decimal("0.1"), ROUND_HALF_UP),
            "workers": workers,
        }
        revenue = revenue / (1 + growth / 100)
        growth = growth * Decimal("0.8")
        share = share * Decimal("0.93")
        workers = round(workers * 0.97)
    return found


def base_marks(ware: Ware, season: int, *, outcome: str, source: random.Random) -> dict[str, Decimal]:
    """What a sober member would give: growth, scale and exports by the figures, the rest by judgement.

    `outcome` is "strong" for a product that is meant to pass, or the way in which it fails: "weak" in the sum,
    "growth" or "export" in one criterion.
    """
    marks = own_marks(ware, season)
    counted = sum(marks.values(), Decimal(0))
    if outcome == "weak":
        judged = Decimal(source.randint(26, 32))
    else:
        least = PASS_MARK + Decimal("2.5") - counted + Decimal(source.randint(0, 4)) * HALF
        judged = min(max(Decimal(source.randint(34, 48)), least), Decimal(49))
    marks.update(_spread(judged, source))
    return marks


def own_marks(ware: Ware, season: int) -> dict[str, Decimal]:
    """What the enterprise gives its own product where the figures decide."""
    return {"1": _growth(ware.growth), "2": _scale(ware, _revenue(ware, season)), "4": _exports(ware.export)}


def by_member(base: Mapping[str, Decimal], most: Mapping[str, Decimal], source: random.Random) -> dict[str, Decimal]:
    """One member's view: the figures as they are, half a point more or less where judgement decides."""
    seen = {}
    for code, points in base.items():
        step = HALF * source.choice((-2, -1, 0, 0, 0, 1, 2)) if code in JUDGED else Decimal(0)
        seen[code] = min(max(points + step, Decimal(0)), most[code])
    return seen


def _spread(total: Decimal, source: random.Random) -> dict[str, Decimal]:
    """Shares of the judged points in half points; none falls below half of its maximum by accident."""
    ratio = total / sum(JUDGED.values())
    marks = {}
    for code, most in JUDGED.items():
        wobble = Decimal(source.randint(-4, 4)) / 100 if ratio < Decimal("0.95") else Decimal(0)
        marks[code] = min((most * (ratio + wobble) / HALF).quantize(Decimal(1), ROUND_HALF_UP) * HALF, most)
    return marks


def _growth(percent: Decimal) -> Decimal:
    levels = ((15, 15), (10, 12), (5, 9))
    return next((Decimal(p) for least, p in levels if percent >= least), Decimal(5 if percent > 0 else 0))


def _exports(percent: Decimal) -> Decimal:
    levels = ((50, 15), (30, 12), (10, 9))
    return next((Decimal(p) for least, p in levels if percent >= least), Decimal(5 if percent > 0 else 0))


def _revenue(ware: Ware, season: int) -> Decimal:
    """A product that comes back after years sold less when it came first."""
    returned = season < max(entry.season for entry in ware.entries)
    return ware.revenue * Decimal("0.6") if returned else ware.revenue


def _scale(ware: Ware, revenue: Decimal) -> Decimal:
    if ware.track == "startup":
        return Decimal(20 if ware.export > 0 else 14)
    size, levels = revenue, ((1000, 20), (500, 16), (300, 12))
    if ware.track == "hi_tech":
        levels = ((300, 20), (100, 16), (30, 12))
    if ware.track == "handicraft":
        size, levels = revenue * ware.export / 100 / VND_BILLION_PER_USD_MILLION, ((5, 20), (3, 16), (2, 12))
    return next((Decimal(p) for least, p in levels if size >= least), Decimal(8))
