"""What public pages and the API read about recognitions. `on` is the day that decides what is in force."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from core import vietnamese
from reference.models import Sector
from registry.models import (
    Decision,
    ProcessCount,
    PublishedEnterprise,
    PublishedList,
    PublishedProduct,
    Recognition,
    ReportedRecognition,
    SeasonFigure,
    SectorFigure,
    Status,
)

MAX_WORDS = 10


# --- searching -----------------------------------------------------------------------------------------
def search_words(text: str) -> list[str]:
    """The folded words of a search; a customs code may be typed with dots."""
    words = [word.strip("\"'“”‘’.,;:!?()[]{}") for word in vietnamese.fold(text).split(" ")]
    return [re.sub(r"(?<=\d)\.(?=\d)", "", word) for word in words if word][:MAX_WORDS]


def matching(words: Iterable[str], field: str = "search_text") -> Q:
    """Every word somewhere in the folded text."""
    found = Q()
    for word in words:
        found &= Q(**{f"{field}__contains": word})
    return found


def nearest(text: str, on: date, limit: int = 5) -> list[PublishedProduct]:
    """Products whose text looks like what was typed, the most similar first."""
    likeness = TrigramWordSimilarity(vietnamese.fold(text)[:200], "search_text")
    found = products(on).annotate(likeness=likeness).filter(likeness__gt=0.3)
    return list(found.select_related("enterprise").order_by("-likeness", "sort_key")[:limit])


# --- products ------------------------------------------------------------------------------------------
def _own_recognitions(on: date) -> QuerySet[Recognition]:
    """The recognitions of the product at hand: one in force first, then the newest."""
    in_force = Case(
        When(revoked_at=None, valid_from__lte=on, valid_to__gte=on, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return Recognition.objects.filter(product=OuterRef("pk")).order_by(in_force.desc(), "-season_year")


def published() -> QuerySet[PublishedProduct]:
    """Only what a decision names: a row without a recognition is nobody's business."""
    return PublishedProduct.objects.filter(Exists(Recognition.objects.filter(product=OuterRef("pk"))))


def products(on: date) -> QuerySet[PublishedProduct]:
    """Every published product, with `standing` (a Status) and `season` (the newest year it was recognised)."""
    standing = Case(
        When(~Q(revoked_at=None), then=Value(Status.REVOKED.value)),
        When(valid_to__lt=on, then=Value(Status.EXPIRED.value)),
        default=Value(Status.VALID.value),
        output_field=CharField(),
    )
    newest = Recognition.objects.filter(product=OuterRef("pk")).order_by("-season_year")
    return published().annotate(
        standing=Subquery(_own_recognitions(on).values(word=standing)[:1], output_field=CharField()),
        season=Subquery(newest.values("season_year")[:1]),
    )


def ordered(found: QuerySet[Any], sort: str, text: str = "") -> QuerySet[Any]:
    """By name, by newest season, or by likeness to the search; always a total order."""
    if sort == "name":
        return found.order_by("sort_key", "pk")
    if sort == "relevance" and text:
        likeness = TrigramWordSimilarity(vietnamese.fold(text)[:200], "search_text")
        return found.annotate(likeness=likeness).order_by("-likeness", "-season", "sort_key", "pk")
    return found.order_by("-season", "sort_key", "pk")


@dataclass(frozen=True)
class Listing:
    """A product as lists show it: `recognition` is the one that counts today, `history` the newest first."""

    product: PublishedProduct
    recognition: Recognition
    history: tuple[Recognition, ...]
    status: Status

    @property
    def years(self) -> list[int]:
        return [recognition.season_year for recognition in self.history]

    @property
    def top10_year(self) -> int | None:
        """The newest year of the title, unless it was revoked."""
        return next((r.season_year for r in self.history if r.is_top10 and r.revoked_at is None), None)

    @property
    def revoked(self) -> Recognition | None:
        """A revocation that a visitor must hear of although another recognition may stand."""
        return next((r for r in self.history if r.revoked_at is not None), None)


def listings(products_: Iterable[PublishedProduct], on: date) -> list[Listing]:
    """The listings of these products, in their order; one more query, however many they are."""
    found = list(products_)
    rows = Recognition.objects.filter(product__in=[p.pk for p in found]).select_related("decision")
    histories: dict[int, list[Recognition]] = defaultdict(list)
    for row in rows.order_by("-season_year"):
        histories[row.product_id].append(row)
    return [listing(product, histories[product.pk], on) for product in found]


def listing(product: PublishedProduct, history: Sequence[Recognition], on: date) -> Listing:
    in_force = (r for r in history if r.status(on) == Status.VALID and r.valid_from <= on)
    current = next(in_force, history[0])
    return Listing(product, current, tuple(history), current.status(on))


def history_of(product: PublishedProduct) -> list[Recognition]:
    """All recognitions of a product, the newest first."""
    return list(product.recognitions.select_related("decision").order_by("-season_year"))


# --- enterprises ---------------------------------------------------------------------------------------
def enterprises() -> QuerySet[PublishedEnterprise]:
    """Makers of published products, with `product_count` and `latest` (the newest season)."""
    return makers().filter(Exists(published().filter(enterprise=OuterRef("pk"))))


def makers() -> QuerySet[PublishedEnterprise]:
    """Every enterprise that a decision names, those too whose products another one has taken over since."""
    own = published().filter(enterprise=OuterRef("pk")).order_by()
    named = Recognition.ever.filter(enterprise=OuterRef("pk")).order_by("-season_year")
    count = own.values("enterprise").annotate(number=Count("pk")).values("number")
    return (
        PublishedEnterprise.objects.filter(Exists(named))
        .annotate(
            product_count=Coalesce(Subquery(count), 0),
            latest=Subquery(named.values("season_year")[:1]),
        )
        .select_related("ward")
        .order_by("sort_key", "pk")
    )


def named_in(maker: PublishedEnterprise) -> list[tuple[int, list[Recognition]]]:
    """What decisions recognised of this maker, season by season, the newest first: of each chain the newest row that
    names it, so that a correction is told once and a product that was passed on stays in the history."""
    rows = Recognition.ever.filter(enterprise=maker).exclude(replaced_by__enterprise=maker)
    years: dict[int, list[Recognition]] = defaultdict(list)
    for row in rows.select_related("product").order_by("-season_year", "product__sort_key"):
        years[row.season_year].append(row)
    return sorted(years.items(), reverse=True)


# --- the whole registry --------------------------------------------------------------------------------
@dataclass(frozen=True)
class LiveNumbers:
    """The registry in five numbers."""

    products: int
    enterprises: int
    sectors: int
    top10: int
    top10_since: int | None
    updated: date | None


def live_numbers(on: date) -> LiveNumbers:
    counts = Recognition.objects.in_force(on).aggregate(
        products=Count("product", distinct=True),
        enterprises=Count("enterprise", distinct=True),
        sectors=Count("product__sector", distinct=True),
    )
    titles = Recognition.objects.filter(is_top10=True, revoked_at=None).aggregate(
        number=Count("pk"), since=Min("season_year")
    )
    changes = Recognition.objects.aggregate(decided=Max("decision__recorded_at"), revoked=Max("revoked_at"))
    last = max((moment for moment in changes.values() if moment), default=None)
    updated = timezone.localdate(last) if last else None
    return LiveNumbers(**counts, top10=titles["number"], top10_since=titles["since"], updated=updated)


def latest_decision() -> Decision | None:
    return decisions().first()


def decisions() -> QuerySet[Decision]:
    """Those that recognise, the newest season first; their corrections hang from them."""
    return Decision.objects.filter(corrects=None).order_by("-season_year")


def top_list(year: int) -> QuerySet[Recognition]:
    """The Top 10 of a season by name: the decision names ten, it does not rank them."""
    found = Recognition.objects.filter(season_year=year, is_top10=True, revoked_at=None)
    return found.select_related("product__enterprise", "product__sector").order_by("product__sort_key")


def recognised_in(year: int) -> QuerySet[Recognition]:
    found = Recognition.objects.filter(season_year=year)
    return found.select_related("product__enterprise", "product__sector", "decision").order_by("product__sort_key")


def in_force_by_sector(on: date, *, is_demo: bool | None = None) -> list[tuple[Sector, int]]:
    """The sectors in their own order with the products in force; real, invented, or all."""
    rows = Recognition.objects.in_force(on)
    if is_demo is not None:
        rows = rows.filter(is_demo=is_demo)
    counts = dict(rows.order_by().values_list("product__sector").annotate(number=Count("product", distinct=True)))
    return [(sector, counts.get(sector.pk, 0)) for sector in Sector.objects.all()]


# --- seasons -------------------------------------------------------------------------------------------
def published_list(year: int) -> PublishedList | None:
    return PublishedList.objects.filter(season_year=year).first()


def decision_of(year: int) -> Decision | None:
    """The decision that recognised the products of a season."""
    return decisions().filter(season_year=year).first()


def told_seasons() -> list[SeasonFigure]:
    """The seasons about which a source tells anything at all, the newest first."""
    nothing = Q(recognised_products=None, applied_products=None, applied_enterprises=None, decision_number="")
    return list(SeasonFigure.objects.exclude(nothing))


def reported_in(year: int) -> QuerySet[ReportedRecognition]:
    return ReportedRecognition.objects.filter(year=year)


def decided_seasons() -> list[dict[str, Any]]:
    """One row per season that the registry holds: year, products, enterprises, top10."""
    found = (
        Recognition.objects.order_by()
        .values("season_year")
        .annotate(
            products=Count("product", distinct=True),
            enterprises=Count("enterprise", distinct=True),
            top10=Count("pk", filter=Q(is_top10=True)),
        )
    )
    return [dict(row) for row in found.order_by("-season_year")]


def sector_figures(period: str) -> QuerySet[SectorFigure]:
    return SectorFigure.objects.filter(period=period).order_by("-recognised_products", "sector_vi")


# --- the procedure ---------------------------------------------------------------------------------------
def count_of(kind: str, season_year: int) -> int:
    """How often something that is counted in public has happened in a season."""
    found = ProcessCount.objects.filter(kind=kind, season_year=season_year).aggregate(last=Max("count"))
    return found["last"] or 0
