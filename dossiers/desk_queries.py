"""What the pages of the Department's desk need."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from dossiers import automatic
from dossiers.models import Document, Dossier, Stage, StageChange
from dossiers.queries import clock_from, facts_of
from programme.models import Season


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
    clock: automatic.Clock


def desk_lines(season: Season | None, *, for_user: Any) -> list[DeskLine]:
    """Every filed dossier of the season but those of enterprises that the person represents. One query."""
    if season is None:
        return []
    own = for_user.representations.filter(ended_at=None).values("enterprise_id")
    ended = StageChange.objects.filter(dossier=OuterRef("pk"), step__in=["admit", "refuse", "withdraw"])
    rows = (
        Dossier.objects.filed()
        .filter(season=season, number__isnull=False)
        .exclude(enterprise_id__in=own)
        .annotate(
            asked=ArrayAgg("supplements__asked_at", order_by="supplements__asked_at"),
            answered=ArrayAgg("supplements__answered_at", order_by="supplements__asked_at"),
            supplement_due=Min("supplements__due_date", filter=Q(supplements__answered_at=None)),
            ended_at=Subquery(ended.order_by("taken_at").values("taken_at")[:1]),
        )
        .order_by("submitted_at", "pk")
        .values_list(
            "pk", "number", "stage", "product__sector_id", "officer_id", "submitted_at",
            "supplement_due", "asked", "answered", "ended_at",
        )
    )  # fmt: skip
    lines = []
    for row in cast("QuerySet[Any, tuple[Any, ...]]", rows):
        pk, number, stage, sector, officer, submitted_at, due, asked, answered, ended_at = row
        clock = clock_from(season, submitted_at, list(zip(asked, answered, strict=True)), ended_at)
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


def automatic_facts(dossier: Dossier) -> automatic.Facts:
    """The facts of the automatic checks; one query beyond `whole()`."""
    same_name = Q(season_id=dossier.season_id) & Q(product__name_vi__unaccent__iexact=dossier.product.name_vi)
    rows = (
        Dossier.objects.filed()
        .filter(Q(enterprise_id=dossier.enterprise_id) | same_name, number__isnull=False)
        .exclude(pk=dossier.pk)
        .exclude(stage=Stage.WITHDRAWN)
        .annotate(is_same_name=Q(same_name))
        .order_by("-season__year", "number")
        .values_list(
            "pk", "number", "season__year", "product__name_vi", "enterprise__name_vi",
            "enterprise_id", "is_same_name",
        )
    )  # fmt: skip
    others = [(automatic.Other(*row[:5]), row[5], row[6]) for row in cast("QuerySet[Any, tuple[Any, ...]]", rows)]
    return automatic.Facts(
        tax_code=dossier.enterprise.tax_code,
        dossier=facts_of(dossier),
        same_name=tuple(o for o, _, is_same in others if is_same),
        of_enterprise=tuple(o for o, enterprise, _ in others if enterprise == dossier.enterprise_id),
    )
