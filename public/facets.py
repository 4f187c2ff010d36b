"""The left column of the directory: what can be chosen, and how many products each choice would give."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.templatetags.ui import in_language
from reference.models import Sector, Ward
from registry.filters import YES, ProductFilter
from registry.models import Recognition, Status

VISIBLE = 8


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Facet:
    """`options` are shown, `more` open on demand."""

    name: str
    title: str
    options: tuple[Option, ...]
    more: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Chip:
    """A filter in use, with the address of the same page without it."""

    label: str
    url: str


def facets_of(filters: ProductFilter) -> list[Facet]:
    """A fixed number of questions to the database, however many products there are."""
    found = [_sectors(filters), _years(filters), _top10(filters), _status(filters), _wards(filters)]
    return [facet for facet in found if facet.options]


def _chosen(filters: ProductFilter, name: str) -> set[str]:
    return {str(value) for value in filters.wanted(name) or []}


def _sectors(filters: ProductFilter) -> Facet:
    found = filters.narrowed(filters.queryset, leave_out="sector").order_by()
    counts = dict(found.values_list("sector").annotate(number=Count("pk")))
    chosen = _chosen(filters, "sector")
    options = tuple(
        Option(sector.pk, in_language(sector, "name"), counts.get(sector.pk, 0), sector.pk in chosen)
        for sector in Sector.objects.all()
        if counts.get(sector.pk) or sector.pk in chosen
    )
    return Facet("sector", _("Sector"), options)


def _years(filters: ProductFilter) -> Facet:
    found = filters.narrowed(filters.queryset, leave_out="year").order_by().values("pk")
    rows = Recognition.objects.filter(product__in=found)
    if filters.wanted("top10") == YES:
        rows = rows.filter(is_top10=True, revoked_at=None)
    counts = dict(rows.order_by().values_list("season_year").annotate(number=Count("product", distinct=True)))
    chosen = _chosen(filters, "year")
    years = sorted(set(counts) | {int(year) for year in chosen}, reverse=True)
    options = tuple(Option(str(y), str(y), counts.get(y, 0), str(y) in chosen) for y in years)
    return Facet("year", _("Year of recognition"), options[:VISIBLE], options[VISIBLE:])


def _top10(filters: ProductFilter) -> Facet:
    titles = Recognition.objects.filter(product=OuterRef("pk"), is_top10=True, revoked_at=None)
    if years := filters.wanted("year"):
        titles = titles.filter(season_year__in=years)
    number = filters.narrowed(filters.queryset, leave_out="top10").filter(Exists(titles)).count()
    checked = filters.wanted("top10") == YES
    options = (Option(YES, _("Top 10"), number, checked),) if number or checked else ()
    return Facet("top10", pgettext("award", "Title"), options)


def _status(filters: ProductFilter) -> Facet:
    found = filters.narrowed(filters.queryset, leave_out="status").order_by()
    counts = dict(found.values_list("standing").annotate(number=Count("pk")))
    chosen = _chosen(filters, "status")
    options = tuple(
        Option(status.value, str(status.label), counts.get(status.value, 0), status.value in chosen)
        for status in Status
        if counts.get(status.value) or status.value in chosen
    )
    return Facet("status", pgettext("recognition", "Status"), options)


def _wards(filters: ProductFilter) -> Facet:
    found = filters.narrowed(filters.queryset, leave_out="ward").order_by()
    counts = dict(found.values_list("enterprise__ward").annotate(number=Count("pk")))
    chosen = _chosen(filters, "ward")
    wards = Ward.objects.filter(pk__in=set(counts) | chosen)
    options = sorted(
        (Option(w.pk, in_language(w, "full_name"), counts.get(w.pk, 0), w.pk in chosen) for w in wards),
        key=lambda option: (not option.checked, -option.count),
    )
    return Facet("ward", _("Ward or commune of the maker"), tuple(options[:VISIBLE]), tuple(options[VISIBLE:]))


def without(query: QueryDict, name: str, value: str = "") -> str:
    """The query without one filter, or without one of its values; page 1 again."""
    left = query.copy()
    left.pop("page", None)
    values = [v for v in left.getlist(name) if value and v != value]
    if values:
        left.setlist(name, values)
    else:
        left.pop(name, None)
    return "?" + left.urlencode()


def chips_of(query: QueryDict, facets: list[Facet], filters: ProductFilter) -> list[Chip]:
    """One per filter in use, in the order of the page."""
    chips = []
    if text := filters.wanted("q"):
        chips.append(Chip(f"“{text}”", without(query, "q")))
    for facet in facets:
        chips += [
            Chip(option.label, without(query, facet.name, option.value))
            for option in (*facet.options, *facet.more)
            if option.checked
        ]
    return chips
