"""What the pages of the Department's desk need."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Min, OuterRef, Prefetch, Q, QuerySet

from dossiers.clock import Clock
from dossiers.models import Document, Dossier, StageChange
from dossiers.queries import ENDING_STEPS, clock_from
from programme.models import Season
from reference.queries import holidays


@dataclass(frozen=True)
class DeskLine:
    """What the worklist sorts, filters and counts by; `clock` is the Department's time for the check."""

    pk: int
    number: str
    stage: str
    sector: str
    officer_id: int | None
    submitted_at: datetime
    supplement_due: date | None
    clock: Clock


def desk_lines(season: Season | None, *, for_user: Any) -> list[DeskLine]:
    """Every filed dossier of the season that is open to the person."""
    if season is None:
        return []
    calendar = holidays()
    steps = StageChange.objects.filter(dossier=OuterRef("pk")).order_by("taken_at").values("taken_at")
    rows = (
        Dossier.objects.filed()
        .filter(season=season, number__isnull=False)
        .open_to(for_user)
        .annotate(
            asked=ArrayAgg("supplements__asked_at", order_by="supplements__asked_at"),
            answered=ArrayAgg("supplements__answered_at", order_by="supplements__asked_at"),
            supplement_due=Min("supplements__due_date", filter=Q(supplements__answered_at=None)),
            ended=ArraySubquery(steps.filter(step__in=ENDING_STEPS)),
            reopened=ArraySubquery(steps.filter(step="check_again")),
        )
        .order_by("submitted_at", "pk")
        .values_list(
            "pk", "number", "stage", "product__sector_id", "officer_id", "submitted_at",
            "supplement_due", "asked", "answered", "ended", "reopened",
        )
    )  # fmt: skip
    lines = []
    for row in cast("QuerySet[Any, tuple[Any, ...]]", rows):
        pk, number, stage, sector, officer, submitted_at, due, asked, answered, ended, reopened = row
        pauses = list(zip(asked, answered, strict=True))
        clock = clock_from(season, submitted_at, pauses, ended, reopened, calendar)
        lines.append(DeskLine(pk, number, stage, sector, officer, submitted_at, due, clock))
    return lines


def desk_page(pks: list[int]) -> list[Dossier]:
    """One page of the worklist, in the order of `pks`. Two queries."""
    held = Document.objects.filter(removed_at=None).only("dossier", "paper")
    found = (
        Dossier.objects.filter(pk__in=pks)
        .select_related("season", "enterprise", "product__sector", "officer")
        .prefetch_related(Prefetch("documents", held))
        .in_bulk()
    )
    return [found[pk] for pk in pks if pk in found]


def changed_since(moment: datetime, *, for_user: Any) -> int:
    """How many filed dossiers that are open to the person have changed since then."""
    return Dossier.objects.filed().open_to(for_user).filter(changed_at__gt=moment).count()
