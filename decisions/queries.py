"""What the pages from result to certificates need."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from core import vietnamese
from core.models import Job
from decisions.models import PreparedDecision
from dossiers import wall
from dossiers.models import Dossier, Stage
from evaluations.models import Result, ResultRun
from evaluations.queries import latest_run, visible_results
from programme.models import Season
from registry.models import Comment, Decision, PublishedList

DAYS_IN_CHART = 12
RELEASE = "decision.release"


# --- seasons ------------------------------------------------------------------------------------------
def season_at_recognition() -> Season | None:
    """The season whose result waits for its decision; else the latest decided one; else the newest."""
    runs = ResultRun.objects.filter(season=OuterRef("pk"))
    newest = list(Season.objects.annotate(has_run=Exists(runs)).order_by("-year")[:6])
    waiting = (s for s in newest if s.decided_at is None and s.has_run)
    decided = (s for s in newest if s.decided_at is not None)
    return next(waiting, None) or next(decided, None) or next(iter(newest), None)


# --- from result to decision --------------------------------------------------------------------------
def to_publish(run: ResultRun) -> list[Result]:
    """The passing results in the order of publication: by enterprise, so that no rank shows through."""
    results = Result.objects.filter(run=run, passes=True).select_related(
        "dossier__product__enterprise", "dossier__product__sector"
    )
    return sorted(results, key=_by_enterprise)


def _by_enterprise(result: Result) -> tuple[str, str]:
    product = result.dossier.product
    return product.enterprise.sort_key, vietnamese.sort_key(product.name_vi)


def shown_to_publish(run: ResultRun, user: Any) -> tuple[list[Result], int]:
    """Of what would be published the part that is open to the person, and how many of it do not pass."""
    found = visible_results(run, user)
    passing = [result for result in found if result.passes]
    return sorted(passing, key=_by_enterprise), len(found) - len(passing)


def awaiting_decision(season: Season, user: Any) -> list[Result]:
    """The results of the dossiers that a decision would recognise or not, best first, as far as they are open to the
    person."""
    found = visible_results(latest_run(season), user)
    return [result for result in found if result.dossier.stage == Stage.PUBLIC_COMMENT]


def decision_of(season: Season) -> Decision | None:
    """The decision with the number of its recognitions as `recognised`, of which `top10`."""
    counted = Decision.objects.annotate(
        recognised=Count("recognitions"), top10=Count("recognitions", filter=Q(recognitions__is_top10=True))
    )
    return counted.filter(season_year=season.year, corrects=None).first()


def prepared_of(season: Season) -> PreparedDecision | None:
    """The decision of this season that waits for its confirmation or its hour."""
    found = PreparedDecision.objects.filter(season=season, state__in=PreparedDecision.OPEN)
    return found.select_related("season", "run", "corrects", "prepared_by", "confirmed_by").first()


def release_job(prepared: PreparedDecision) -> Job | None:
    """What became of the release: waiting for its hour, or failed with a reason."""
    return Job.objects.filter(kind=RELEASE, key=str(prepared.pk)).first()


def to_confirm(user: Any) -> list[PreparedDecision]:
    """The prepared decisions that wait for this person."""
    found = PreparedDecision.objects.filter(state=PreparedDecision.State.PREPARED).exclude(prepared_by=user)
    return [prepared for prepared in found.select_related("season") if not wall.barred_ids(user, prepared.season)]


def not_recognised(season: Season, user: Any) -> QuerySet[Dossier]:
    return (
        Dossier.objects.open_to(user)
        .filter(season=season, stage=Stage.NOT_RECOGNISED)
        .select_related("product__enterprise")
        .order_by("number")
    )


# --- comments -----------------------------------------------------------------------------------------
def list_of(season: Season) -> PublishedList | None:
    return PublishedList.objects.filter(season_year=season.year).first()


def comments_to(user: Any, season_year: int) -> QuerySet[Comment]:
    """The comments of a season, but those about a product whose dossier is closed to the person."""
    closed = Dossier.objects.filter(pk__in=wall.barred_ids(user), season__year=season_year).values("product_id")
    return Comment.objects.filter(list__season_year=season_year).exclude(item__source_id__in=closed)


def comments_on(published: PublishedList, user: Any, *, unanswered: bool = False) -> QuerySet[Comment]:
    found = comments_to(user, published.season_year).select_related("item").order_by("-received_at", "-pk")
    return found.filter(replied_at=None) if unanswered else found


def count_unanswered(season: Season, user: Any) -> int:
    return comments_to(user, season.year).filter(replied_at=None).count()


def comments_by_day(published: PublishedList, user: Any, now: datetime) -> list[tuple[date, int]]:
    """One count for each day of the window so far; for a long window only the days that have comments."""
    rows = (
        comments_to(user, published.season_year)
        .annotate(day=TruncDate("received_at"))
        .values("day")
        .annotate(n=Count("pk"))
        .order_by("day")
    )
    counts: dict[date, int] = {row["day"]: row["n"] for row in rows}
    first = timezone.localdate(published.comment_opens_at)
    last = max(first, timezone.localdate(min(now, published.comment_closes_at)))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if len(days) > DAYS_IN_CHART:
        return sorted(counts.items())
    return sorted((dict.fromkeys(days, 0) | counts).items())
