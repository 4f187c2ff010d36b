"""What the pages of a dossier need."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from core.workdays import Calendar
from dossiers import completeness, eligibility, trends
from dossiers.clock import Clock, DaysLeft, clock_from_events
from dossiers.models import Document, Dossier, DossierQuerySet, Stage, SupplementRequest
from products.models import Product
from programme.models import Season
from reference.queries import holidays


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
        photos=sum(d.paper == "photos" and d.removed_at is None for d in dossier.documents.all()),
        product_summary=product.summary_vi,
        description=dossier.description,
        technology=dossier.technology,
        track_basis=dossier.track_basis,
        contact_name=dossier.contact_name,
        contact_phone=dossier.contact_phone,
        contact_email=dossier.contact_email,
        undertaken=dossier.undertakings_at is not None,
        obstacles=eligibility.obstacles(dossier.track, eligibility.answers_of(dossier.eligibility)),
    )


def whole() -> DossierQuerySet:
    """Dossiers with all that their pages print."""
    documents = Document.objects.select_related("file").order_by("paper", "uploaded_at")
    supplements = SupplementRequest.objects.prefetch_related("defects")
    return Dossier.objects.select_related(
        "season", "enterprise__ward", "product__sector", "product__industry", "officer"
    ).prefetch_related(
        "figures",
        "self_marks",
        "changes",
        Prefetch("documents", documents),
        Prefetch("supplements", supplements),
    )


def mine(user: Any) -> QuerySet[Dossier]:
    """The dossiers of the enterprises that this person represents."""
    return whole().of_representative(user)


def work_list(
    *, season: Season | None, for_user: Any, search: str = "", stage: str = "", officer: Any = None
) -> QuerySet[Dossier]:
    """The Department's list: filed dossiers of a season that the person may see, oldest submission first."""
    found = (
        Dossier.objects.filed()
        .open_to(for_user)
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


def products_without_dossier(user: Any, season: Season) -> QuerySet[Product]:
    """Products of the person's enterprises that have no dossier in this season yet."""
    enterprises = user.representations.filter(ended_at=None).values("enterprise_id")
    taken = Dossier.objects.filter(season=season).holding_their_place().values("product_id")
    return Product.objects.filter(enterprise_id__in=enterprises).exclude(pk__in=taken).select_related("enterprise")


def tracked() -> DossierQuerySet:
    """Filed dossiers with what the page without an account prints."""
    return Dossier.objects.filed().select_related("season").prefetch_related("changes", "supplements")


def by_number_and_tax_code(number: str, tax_code: str) -> Dossier | None:
    """The look-up without an account: number and whole tax code, both right."""
    return tracked().filter(number__iexact=number.strip(), enterprise__tax_code=tax_code).first()


def by_track_code(code: str) -> Dossier | None:
    """The look-up by the random code of the receipt."""
    return tracked().filter(track_code=code).first() if code else None


def due_date(dossier: Dossier, calendar: Calendar | None = None) -> date | None:
    """Until when the next act is due: the applicant's answer, else the Department's check in working days, whose
    clock stands still while a supplement is awaited."""
    if dossier.stage == Stage.SUPPLEMENT:
        request = dossier.open_supplement
        return request.due_date if request else None
    clock = clock_of(dossier, calendar) if dossier.stage in (Stage.SUBMITTED, Stage.CHECKING) else None
    return clock.due if clock else None


# The steps that end the Department's check; `check_again` takes it up once more.
ENDING_STEPS = ("admit", "refuse", "withdraw", "withdraw_on_paper")


def clock_from(
    season: Season,
    submitted_at: datetime,
    pauses: Sequence[tuple[datetime | None, datetime | None]],
    ended: Sequence[datetime],
    reopened: Sequence[datetime],
    calendar: Calendar,
) -> Clock:
    local = timezone.localtime
    return clock_from_events(
        submitted_at=local(submitted_at),
        days=season.check_days,
        supplements=[(local(asked), local(end) if end else None) for asked, end in pauses if asked is not None],
        ended=[local(moment) for moment in ended],
        reopened=[local(moment) for moment in reopened],
        calendar=calendar,
    )


def clock_of(dossier: Dossier, calendar: Calendar | None = None) -> Clock | None:
    """The clock of one dossier from `whole()`; None before it was filed. Lists hand in `reference.queries.holidays()`
    once for all rows."""
    if dossier.submitted_at is None:
        return None
    changes = list(dossier.changes.all())
    pauses = [
        (request.asked_at, request.answered_at)
        for request in sorted(dossier.supplements.all(), key=lambda r: r.asked_at)
    ]
    return clock_from(
        dossier.season,
        dossier.submitted_at,
        pauses,
        [change.taken_at for change in changes if change.step in ENDING_STEPS],
        [change.taken_at for change in changes if change.step == "check_again"],
        holidays() if calendar is None else calendar,
    )


def days_left_of(dossier: Dossier, today: date, calendar: Calendar | None = None) -> DaysLeft | None:
    """The number of days that applicant, worklist, check screen and tracking page print."""
    clock = clock_of(dossier, calendar)
    return clock.days_left(today) if clock else None


def reported_years(dossier: Dossier) -> list[trends.Year]:
    """The figures of a dossier in the order of their years. No query when prefetched."""
    rows = sorted(dossier.figures.all(), key=lambda row: row.year)
    return [trends.Year(row.year, **{name: getattr(row, name) for name in trends.MEASURES}) for row in rows]


def doubts_of(dossier: Dossier) -> list[trends.Doubt]:
    """What looks unusual in the reported figures, confirmed or not."""
    rate = dossier.season.usd_rate_vnd
    return trends.doubts(reported_years(dossier), track=dossier.track, usd_rate_vnd=rate)
