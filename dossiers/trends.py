"""What three years of figures say: growth, the share that is exported, and what looks unusual. Pure.

Money is in billion VND and million USD, exact; the exchange rate is that of the season and only compares. An unusual
figure is a question to whoever typed it, never a refusal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from programme import tracks

# Ten times as much within a year is more often a wrong unit than a success.
JUMP = 10
STEEP_FALL = Decimal("0.5")
MEASURES = (
    "revenue_vnd_billion",
    "enterprise_revenue_vnd_billion",
    "export_usd_million",
    "budget_vnd_billion",
    "workers",
)


@dataclass(frozen=True)
class Year:
    """One reported year; None where the cell is empty."""

    year: int
    revenue_vnd_billion: Decimal | None = None
    enterprise_revenue_vnd_billion: Decimal | None = None
    export_usd_million: Decimal | None = None
    budget_vnd_billion: Decimal | None = None
    workers: int | None = None


@dataclass(frozen=True)
class Doubt:
    """Something unusual. `key` names it together with its values, so that a confirmation ends when they change."""

    code: str
    year: int
    measure: str = ""
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        values = ":".join(f"{name}={_plain(value)}" for name, value in sorted(self.about.items()))
        return f"{self.code}:{self.measure}:{self.year}:{values}"


def growth(before: Decimal | int | None, after: Decimal | int | None) -> Decimal | None:
    """Per cent over the year before; None when it cannot be said."""
    if not before or after is None:
        return None
    return (Decimal(after) / Decimal(before) - 1) * 100


def export_share(year: Year, usd_rate_vnd: Decimal | None) -> Decimal | None:
    """Per cent of the product's revenue that is exported, at the season's rate (VND per USD)."""
    if not usd_rate_vnd or not year.revenue_vnd_billion or year.export_usd_million is None:
        return None
    in_vnd_billion = year.export_usd_million * usd_rate_vnd / 1000
    return in_vnd_billion / year.revenue_vnd_billion * 100


def doubts(years: Sequence[Year], *, track: str, usd_rate_vnd: Decimal | None = None) -> list[Doubt]:
    """Every question, year by year."""
    found = [doubt for pair in pairwise(years) for doubt in _between(*pair)]
    found += [doubt for year in years for doubt in _within(year, usd_rate_vnd)]
    last = years[-1] if years else None
    if last and None not in (last.revenue_vnd_billion, last.export_usd_million, last.workers):
        revenue, export = last.revenue_vnd_billion, last.export_usd_million
        if tracks.below_threshold(track, revenue=revenue, export=export):
            found.append(Doubt("below_track", last.year, about={"revenue": revenue, "export": export, "track": track}))
    return found


def _between(earlier: Year, later: Year) -> Iterable[Doubt]:
    for measure in MEASURES:
        before, after = getattr(earlier, measure), getattr(later, measure)
        if not before or after is None:
            continue
        about = {"before": before, "after": after, "year_before": earlier.year}
        if after >= before * JUMP or (after and before >= after * JUMP):
            yield Doubt("jump", later.year, measure, about)
        elif after < before * STEEP_FALL:
            yield Doubt("fall", later.year, measure, about)


def _within(year: Year, usd_rate_vnd: Decimal | None) -> Iterable[Doubt]:
    product, enterprise = year.revenue_vnd_billion, year.enterprise_revenue_vnd_billion
    if product is not None and enterprise is not None and product > enterprise:
        yield Doubt("more_than_enterprise", year.year, "revenue_vnd_billion", {"product": product, "all": enterprise})
    share = export_share(year, usd_rate_vnd)
    if share is not None and share > 100:
        yield Doubt(
            "more_than_sold",
            year.year,
            "export_usd_million",
            {"export": year.export_usd_million, "revenue": product, "rate": usd_rate_vnd},
        )


def _plain(value: Any) -> str:
    """The same text for 150 and 150.000: the database pads what people typed."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
