"""The charts of the statistics page. What press and enterprises reported and what the registry itself holds
never stand in one chart; nor do real and invented products."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.templatetags.ui import in_language
from registry import queries
from registry.models import ReportedRecognition, SeasonFigure, SectorFigure

FIRST_YEARLY_SEASON = 2018  # earlier seasons are known as single decisions only
COUNTED_PERIOD = "2022"  # the one season whose sectors a source counts in full

_HIGH, _LOW = 46.0, 200.0  # top and foot of the columns
_WIDTH = 560.0


@dataclass(frozen=True)
class Column:
    """One column of the season chart; `value` None stands for "no source tells it"."""

    kind: str
    x: str
    y: str
    width: str
    height: str
    middle: str
    value: int | None


@dataclass(frozen=True)
class SeasonColumns:
    year: int
    middle: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class SeasonChart:
    title: str
    spoken: str
    groups: tuple[SeasonColumns, ...]
    figures: tuple[SeasonFigure, ...]


@dataclass(frozen=True)
class SectorChart:
    """`rows` as `hbars` takes them."""

    title: str
    rows: list[tuple[str, int]]
    total: int
    source: str = ""
    is_demo: bool = False


def season_chart(figures: Sequence[SeasonFigure]) -> SeasonChart | None:
    """Products that applied and products recognised, season by season; None while nothing is loaded."""
    shown = sorted((f for f in figures if f.year >= FIRST_YEARLY_SEASON), key=lambda f: f.year)
    known = [f.recognised_products for f in shown if f.recognised_products is not None]
    if not known:
        return None
    top = max([f.applied_products or 0 for f in shown] + known)
    step = _WIDTH / len(shown)
    groups = tuple(_group(figure, step * (i + 0.5), step, top) for i, figure in enumerate(shown))
    title = _("Every season since %(first)s recognised between %(low)s and %(high)s products") % {
        "first": shown[0].year,
        "low": min(known),
        "high": max(known),
    }
    spoken = "; ".join(
        _("%(year)s: %(applied)s applied, %(recognised)s recognised")
        % {"year": f.year, "applied": _told(f.applied_products), "recognised": _told(f.recognised_products)}
        for f in shown
    )
    return SeasonChart(title, spoken, groups, tuple(reversed(shown)))


def _told(number: int | None) -> str:
    return _("not known") if number is None else str(number)


def _group(figure: SeasonFigure, middle: float, step: float, top: int) -> SeasonColumns:
    width = min(26.0, step * 0.36)
    columns = (
        _column("applied", figure.applied_products, middle - width - 1.5, width, top),
        _column("recognised", figure.recognised_products, middle + 1.5, width, top),
    )
    return SeasonColumns(figure.year, f"{middle:.1f}", columns)


def _column(kind: str, value: int | None, x: float, width: float, top: int) -> Column:
    height = (value or 0) / top * (_LOW - _HIGH)
    return Column(
        kind=kind,
        x=f"{x:.1f}",
        y=f"{_LOW - height:.1f}",
        width=f"{width:.1f}",
        height=f"{height:.1f}",
        middle=f"{x + width / 2:.1f}",
        value=value,
    )


def reported_sectors() -> SectorChart | None:
    figures = list(queries.sector_figures(COUNTED_PERIOD))
    if not figures:
        return None
    total = sum(f.recognised_products for f in figures)
    first = figures[0]
    title = _("In %(year)s the largest sector was “%(sector)s”: %(number)s of %(total)s products") % {
        "year": COUNTED_PERIOD,
        "sector": in_language(first, "sector"),
        "number": first.recognised_products,
        "total": total,
    }
    rows = [(in_language(f, "sector"), f.recognised_products) for f in figures]
    return SectorChart(title, rows, total, source=first.source_url)


def registry_sectors(on: date) -> list[SectorChart]:
    """Products in force by sector: one chart of real products, one of invented ones; empty ones left out."""
    found = []
    for is_demo in (False, True):
        rows = [(in_language(s, "name"), n) for s, n in queries.in_force_by_sector(on, is_demo=is_demo) if n]
        if rows:
            rows.sort(key=lambda row: -row[1])
            total = sum(number for _name, number in rows)
            title = _("“%(sector)s” leads the registry: %(number)s of %(total)s products in force") % {
                "sector": rows[0][0],
                "number": number_format(rows[0][1], 0),
                "total": number_format(total, 0),
            }
            found.append(SectorChart(title, rows, total, is_demo=is_demo))
    return found


# --- the same as tables --------------------------------------------------------------------------------
Table = tuple[list[str], list[list[Any]]]


def tables(on: date) -> dict[str, Any]:
    """Every table that can be downloaded, by its name in the address."""
    return {
        "seasons": _season_table,
        "sectors": _sector_table,
        "reported": _reported_table,
        "registry": lambda: _registry_table(on),
    }


def _season_table() -> Table:
    names = [
        "year",
        "applied_products",
        "applied_enterprises",
        "recognised_products",
        "recognised_enterprises",
        "top10_products",
        "revenue_vnd_billion",
        "export_usd_million",
        "enterprises_over_1000bn",
        "vnr500_count",
        "first_time_applicants",
        "decision_number",
        "decision_date",
        "source_url",
    ]
    return names, [[getattr(figure, name) for name in names] for figure in queries.told_seasons()]


def _sector_table() -> Table:
    names = ["period", "sector_vi", "sector_en", "recognised_products", "source_url"]
    return names, [[getattr(figure, name) for name in names] for figure in SectorFigure.objects.all()]


def _reported_table() -> Table:
    names = ["period", "year", "product_name", "enterprise_name", "is_top10", "source_url", "note"]
    return names, [[getattr(row, name) for name in names] for row in ReportedRecognition.objects.all()]


def _registry_table(on: date) -> Table:
    rows = [
        [sector.pk, sector.name_vi, sector.name_en, number, is_demo]
        for is_demo in (False, True)
        for sector, number in queries.in_force_by_sector(on, is_demo=is_demo)
    ]
    return ["sector", "sector_vi", "sector_en", "products_in_force", "is_demo"], rows
