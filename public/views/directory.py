from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from public.addresses import product_url
from public.downloads import csv_response
from public.facets import chips_of, facets_of, without
from registry import queries
from registry.filters import ProductFilter
from registry.queries import Listing

PAGE = 24
SORTS = {"relevance": _("Best match"), "newest": _("Newest first"), "name": _("Name A–Z")}
API_ORDER = {"newest": "-season", "name": "name"}
CSV_HEADER = [
    "id",
    "name_vi",
    "name_en",
    "enterprise_vi",
    "enterprise_en",
    "sector",
    "seasons",
    "top10_season",
    "status",
    "valid_from",
    "valid_to",
    "decision",
    "hs_code",
    "is_demo",
    "url",
]


@login_not_required
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Search and filter; the same result as cards, as a table, as CSV, and (linked) as JSON."""
    today = timezone.localdate()
    filters = ProductFilter(request.GET, queryset=queries.products(today), on=today)
    text = filters.wanted("q") or ""
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else ("relevance" if text else "newest")
    found = queries.ordered(filters.qs, sort, text).select_related("enterprise__ward", "sector")
    if request.GET.get("format") == "csv":
        return csv_response(f"kip-{today:%Y-%m-%d}", CSV_HEADER, _csv_rows(list(found), today))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    facets = facets_of(filters)
    chips = chips_of(request.GET, facets, filters)
    context = {
        "numbers": queries.live_numbers(today),
        "text": text,
        "page_obj": page,
        "listings": queries.listings(page.object_list, today),
        "facets": facets,
        "chips": chips,
        "misunderstood": [name for name in filters.errors if name in filters.filters],
        "sort": sort,
        "sorts": [(code, words) for code, words in SORTS.items() if code != "relevance" or text],
        "as_table": request.GET.get("view") == "table",
        "kept": _kept(request.GET, leave_out=("page", "sort")),
        "kept_by_search": _kept(request.GET, leave_out=("page", "q", "sort")),
        "cards_url": without(request.GET, "view"),
        "table_url": _with(request.GET, view="table"),
        "csv_url": _with(request.GET, format="csv"),
        "json_url": _json_url(request.GET, sort),
        "nearest": queries.nearest(text, today) if text and not page.paginator.count else [],
    }
    return render(request, "public/directory.html", context)


def _with(query: QueryDict, **values: str) -> str:
    changed = query.copy()
    changed.pop("page", None)
    for name, value in values.items():
        changed[name] = value
    return "?" + changed.urlencode()


def _kept(query: QueryDict, leave_out: Sequence[str]) -> list[tuple[str, str]]:
    """What a form of the page must send along so that the other choices stay."""
    return [(name, value) for name, values in query.lists() if name not in leave_out for value in values]


def _json_url(query: QueryDict, sort: str) -> str:
    """The API with exactly these filters."""
    wanted = QueryDict(mutable=True)
    for name in ProductFilter.base_filters:
        if values := [value for value in query.getlist(name) if value]:
            wanted.setlist(name, values)
    if sort in API_ORDER:
        wanted["ordering"] = API_ORDER[sort]
    return reverse("api:products") + (f"?{wanted.urlencode()}" if wanted else "")


def _csv_rows(found: list[Any], today: date) -> list[list[Any]]:
    return [_csv_row(listing) for listing in queries.listings(found, today)]


def _csv_row(listing: Listing) -> list[Any]:
    product, recognition = listing.product, listing.recognition
    return [
        product.pk,
        product.name_vi,
        product.name_en,
        product.enterprise.name_vi,
        product.enterprise.name_en,
        product.sector_id,
        " ".join(str(year) for year in listing.years),
        listing.top10_year,
        listing.status.value,
        recognition.valid_from,
        recognition.valid_to,
        recognition.decision.number,
        product.hs_code,
        product.is_demo,
        product_url(product),
    ]
