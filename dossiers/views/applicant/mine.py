"""The home of an enterprise: its dossiers, and the start of a new one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.queries import with_serials
from dossiers import queries, talk
from dossiers.models import Dossier
from dossiers.views.applicant.deadlines import Deadline, days_in_words, deadline_of
from dossiers.views.applicant.next_step import NextStep, next_step
from dossiers.views.applicant.stages import StageTag, stage_line, stage_tag
from enterprises.models import Enterprise, RepresentativeRole
from programme.queries import open_season, public_season
from public.addresses import product_path
from reference.queries import holidays
from registry.models import Recognition


@dataclass(frozen=True)
class Card:
    """One dossier on the home page."""

    dossier: Dossier
    tag: StageTag
    line: list[tuple[str, str, str]]
    deadline: Deadline | None
    step: NextStep
    recognition: "Shown | None"
    unread: int = 0


@dataclass(frozen=True)
class House:
    """One enterprise with its dossiers, and the doors that this person has there."""

    enterprise: Enterprise
    role: str
    is_consultant: bool
    cards: list[Card]
    may_start: bool
    may_correct: bool
    people_url: str
    wallet_url: str


@dataclass(frozen=True)
class Shown:
    """Where the public sees what was recognised."""

    product_url: str
    serials: list[str]


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Every dossier of the enterprises one acts for, newest season first."""
    at = timezone.now()
    dossiers = list(queries.mine(request.user).order_by("-season__year", "-created_at"))
    shown, calendar = recognitions_of(dossiers), holidays()
    unread = talk.unread_by_dossier(dossiers, for_department=False)
    cards = [
        Card(
            dossier=dossier,
            tag=stage_tag(dossier, timezone.localdate(at)),
            line=stage_line(dossier),
            deadline=deadline_of(dossier, at),
            step=next_step(dossier, at, calendar=calendar),
            recognition=shown.get(dossier.pk),
            unread=unread.get(dossier.pk, 0),
        )
        for dossier in dossiers
    ]
    first = ("supplement", "draft")
    cards.sort(
        key=lambda card: (-card.dossier.season.year, first.index(s) if (s := card.dossier.stage) in first else 2)
    )
    season = open_season(at)
    houses = houses_of(request.user, cards)
    context = {
        "cards": cards,
        "houses": houses,
        "may_start": any(house.may_start for house in houses),
        "urgent": [card for card in cards if card.step.is_urgent and card.dossier.stage == "supplement"],
        "season": season,
        "closing": days_until(season.registration_closes_at, at) if season else "",
        "next_season": None if season else public_season(at),
        "now": at,
    }
    return render(request, "dossiers/mine.html", context)


def days_until(moment: datetime, at: datetime) -> str:
    return days_in_words((timezone.localdate(moment) - timezone.localdate(at)).days)


def houses_of(user: Any, cards: list[Card]) -> list[House]:
    """Every enterprise one acts for, those with something urgent first."""
    rows = user.representations.filter(ended_at=None).select_related("enterprise__ward", "enterprise__zone")
    houses = []
    for row in rows.order_by("enterprise__sort_key"):
        enterprise, fills_in = row.enterprise, row.role != RepresentativeRole.READS
        houses.append(
            House(
                enterprise=enterprise,
                role=row.get_role_display(),
                is_consultant=row.is_consultant,
                cards=[card for card in cards if card.dossier.enterprise_id == enterprise.pk],
                may_start=fills_in,
                may_correct=fills_in,
                people_url=url_or_nothing("enterprises:people", pk=enterprise.pk),
                wallet_url=url_or_nothing("dossiers:wallet", pk=enterprise.pk),
            )
        )
    return sorted(houses, key=lambda house: not any(card.step.is_urgent for card in house.cards))


def url_or_nothing(name: str, **kwargs: Any) -> str:
    """The address of a page, empty while this site does not have it."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def enterprises_of(user: Any) -> list[Enterprise]:
    return list(Enterprise.objects.represented_by(user).select_related("ward", "zone"))


def recognitions_of(dossiers: Iterable[Dossier]) -> dict[int, Shown]:
    """Public page and certificates of every recognised dossier. Two queries, none without a recognised one."""
    recognised = {(d.product_id, d.season.year): d.pk for d in dossiers if d.stage == "recognised"}
    if not recognised:
        return {}
    rows = Recognition.objects.filter(product__source_id__in=[product for product, _year in recognised])
    shown = {}
    for row in with_serials(rows.select_related("product")):
        dossier = recognised.get((row.product.source_id, row.season_year))
        if dossier is not None:
            papers = row.papers  # type: ignore[attr-defined]
            shown[dossier] = Shown(product_path(row.product), [paper.serial for paper in papers])
    return shown
