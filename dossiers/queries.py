"""What the pages of a dossier need."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from dossiers import automatic, completeness
from dossiers.models import Document, Dossier, DossierQuerySet, Stage, SupplementRequest
from products.models import Product
from programme.models import Season


def years_asked(season_year: int) -> tuple[int, ...]:
    """The three full years before the season."""
    return (season_year - 3, season_year - 2, season_year - 1)


def facts_of(dossier: Dossier) -> completeness.DossierFacts:
    """The facts that completeness depends on. Three queries, fewer when prefetched."""
    product = dossier.product
    return completeness.DossierFacts(
        track=dossier.track,
        years_asked=years_asked(dossier.season.year),
        figures=tuple(
            completeness.YearFacts(f.year, f.revenue_vnd_billion, f.export_usd_million, f.workers)
            for f in dossier.figures.all()
        ),
        papers=frozenset(d.paper for d in dossier.documents.all() if d.removed_at is None),
        product_summary=product.summary_vi,
        description=dossier.description,
        technology=dossier.technology,
        track_basis=dossier.track_basis,
        contact_name=dossier.contact_name,
        contact_phone=dossier.contact_phone,
        contact_email=dossier.contact_email,
        undertaken=dossier.undertakings_at is not None,
    )


def whole() -> DossierQuerySet:
    """Dossiers with all that their pages print."""
    documents = Document.objects.select_related("file").order_by("paper", "uploaded_at")
    supplements = SupplementRequest.objects.prefetch_related("defects")
    return Dossier.objects.select_related(
        "season", "enterprise__ward", "product__sector", "product__industry", "officer"
    ).prefetch_related(
        "figures",
        "changes",
        Prefetch("documents", documents),
        Prefetch("supplements", supplements),
    )


def mine(user: Any) -> QuerySet[Dossier]:
    """The dossiers of the enterprises that this person represents."""
    return whole().of_representative(user)


def work_list(*, season: Season | None, search: str = "", stage: str = "", officer: Any = None) -> QuerySet[Dossier]:
    """The Department's list: filed dossiers of a season, oldest submission first."""
    found = (
        Dossier.objects.filed()
        .select_related("season", "enterprise", "product__sector", "officer")
        .prefetch_related("documents", "supplements", "figures")
        .order_by("submitted_at")
    )
    if season is not None:
        found = found.filter(season=season)
    if stage:
        found = found.in_stage(*stage.split(","))
    if officer is not None:
        found = found.filter(officer=officer)
    for word in search.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(product__name_vi__unaccent__icontains=word)
            | Q(enterprise__name_vi__unaccent__icontains=word)
            | Q(enterprise__tax_code__startswith=word)
        )
    return found


def stage_counts(season: Season | None) -> dict[str, int]:
    """How many filed dossiers of the season stand at each stage; every stage is named."""
    counts = dict.fromkeys(Stage.values, 0)
    rows = Dossier.objects.filed().filter(season=season).values("stage").annotate(n=Count("id"))
    counts.update({row["stage"]: row["n"] for row in rows.order_by()})
    return counts


def last_change_at(dossier: Dossier) -> datetime:
    """When something that the applicant can change changed last."""
    uploaded: datetime | None = dossier.documents.aggregate(last=Max("uploaded_at"))["last"]
    return max(filter(None, [dossier.changed_at, uploaded]))


def products_without_dossier(user: Any, season: Season) -> QuerySet[Product]:
    """Products of the person's enterprises that have no dossier in this season yet."""
    enterprises = user.representations.filter(ended_at=None).values("enterprise_id")
    taken = Dossier.objects.filter(season=season).exclude(stage=Stage.WITHDRAWN).values("product_id")
    return Product.objects.filter(enterprise_id__in=enterprises).exclude(pk__in=taken).select_related("enterprise")


def by_number_and_tax_code(number: str, tax_code_end: str) -> Dossier | None:
    """The look-up without an account: number and last four digits of the tax code, both right."""
    if len(tax_code_end) < 4:
        return None
    found = Dossier.objects.filed().filter(number__iexact=number.strip(), enterprise__tax_code__endswith=tax_code_end)
    return found.prefetch_related("changes").select_related("season").first()


def due_date(dossier: Dossier) -> date | None:
    """Until when the next act is due: the applicant's answer, else the Department's check in working days, whose
    clock stands still while a supplement is awaited."""
    if dossier.stage == Stage.SUPPLEMENT:
        request = dossier.open_supplement
        return request.due_date if request else None
    clock = clock_of(dossier) if dossier.stage in (Stage.SUBMITTED, Stage.CHECKING) else None
    return clock.due if clock else None


def clock_from(
    season: Season,
    submitted_at: datetime,
    pauses: list[tuple[datetime | None, datetime | None]],
    ended_at: datetime | None,
) -> automatic.Clock:
    day = timezone.localdate
    return automatic.Clock(
        start=day(submitted_at),
        days=season.check_days,
        pauses=tuple((day(a), day(b) if b else None) for a, b in pauses if a is not None),
        stopped=day(ended_at) if ended_at else None,
    )


def clock_of(dossier: Dossier) -> automatic.Clock | None:
    """The clock of one dossier from `whole()`; None before it was filed."""
    if dossier.submitted_at is None:
        return None
    ends = [c.taken_at for c in dossier.changes.all() if c.step in ("admit", "refuse", "withdraw")]
    pauses: list[tuple[datetime | None, datetime | None]] = [
        (request.asked_at, request.answered_at)
        for request in sorted(dossier.supplements.all(), key=lambda r: r.asked_at)
    ]
    return clock_from(dossier.season, dossier.submitted_at, pauses, min(ends) if ends else None)
