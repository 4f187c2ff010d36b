"""The home of an enterprise: its dossiers, its record, and the start of a new dossier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import can, require
from certificates.queries import with_serials
from core.errors import Refused
from dossiers import actions, queries
from dossiers.forms import StartForm, threshold_in_words
from dossiers.models import Dossier
from dossiers.views.applicant.deadlines import Deadline, days_in_words, deadline_of
from dossiers.views.applicant.next_step import NextStep, next_step
from dossiers.views.applicant.stages import StageTag, stage_line, stage_tag
from enterprises.forms import RecordForm
from enterprises.models import Enterprise
from products.actions import add_product
from programme import tracks
from programme.models import Season, TrackName
from programme.queries import open_season, running_season
from public.addresses import product_path
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
    shown = recognitions_of(dossiers)
    cards = [
        Card(
            dossier=dossier,
            tag=stage_tag(dossier, timezone.localdate(at)),
            line=stage_line(dossier),
            deadline=deadline_of(dossier, at),
            step=next_step(dossier, at),
            recognition=shown.get(dossier.pk),
        )
        for dossier in dossiers
    ]
    first = ("supplement", "draft")
    cards.sort(
        key=lambda card: (-card.dossier.season.year, first.index(s) if (s := card.dossier.stage) in first else 2)
    )
    season = open_season(at)
    context = {
        "cards": cards,
        "urgent": [card for card in cards if card.step.is_urgent and card.dossier.stage == "supplement"],
        "enterprises": enterprises_of(request.user),
        "season": season,
        "closing": days_until(season.registration_closes_at, at) if season else "",
        "next_season": None if season else running_season(),
        "now": at,
    }
    return render(request, "dossiers/mine.html", context)


def days_until(moment: datetime, at: datetime) -> str:
    return days_in_words((timezone.localdate(moment) - timezone.localdate(at)).days)


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


# --- a new dossier ------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Which product, which track, may it take part? A "no" explains itself and starts nothing."""
    at = timezone.now()
    enterprises = enterprises_of(request.user)
    if not enterprises:
        return redirect("dossiers:mine")
    season = open_season(at)
    if season is None:
        return render(request, "dossiers/closed.html", {"season": running_season(), "now": at})
    form = StartForm(
        request.POST if request.method == "POST" else None,
        enterprises=enterprises,
        products=list(queries.products_without_dossier(request.user, season).order_by("name_vi")),
    )
    obstacles: list[str] = []
    if form.is_bound and form.is_valid():
        obstacles = form.obstacles()
        if not obstacles:
            try:
                dossier = _start(form, season, request.user, at)
            except Refused as refused:
                begun = _begun_a_moment_ago(form, season)
                if begun is not None:
                    return redirect("dossiers:dossier", pk=begun.pk)
                form.add_error(None, refused.reasons)
            except IntegrityError:  # a second press of the same button
                return redirect("dossiers:mine")
            else:
                messages.success(request, _("The draft is begun. You can leave and come back at any time."))
                return redirect("dossiers:dossier", pk=dossier.pk)
    context = {
        "form": form,
        "season": season,
        "closing": days_until(season.registration_closes_at, at),
        "obstacles": obstacles,
        "tracks": [(code, label, threshold_in_words(code)) for code, label in TrackName.choices],
        "source": tracks.SOURCE,
        "several": len(enterprises) > 1,
    }
    return render(request, "dossiers/new.html", context)


@transaction.atomic
def _start(form: StartForm, season: Season, user: Any, at: datetime) -> Dossier:
    """The product, when it is new, and its dossier: both or neither."""
    values = form.cleaned_data
    if form.wants_new:
        enterprise = _enterprise(form)
        require(user, "enterprises.represent", enterprise)
        names = {name: values[name] for name in ("name_vi", "name_en", "sector", "industry")}
        product = add_product(enterprise=enterprise, by=user, at=at, **names)
    else:
        product = form.products[values["product"]]
    return actions.start(season=season, product=product, track=values["track"], by=user, at=at)


def _enterprise(form: StartForm) -> Enterprise:
    chosen: Enterprise = form.cleaned_data.get("enterprise") or form.enterprises[0]
    return chosen


def _begun_a_moment_ago(form: StartForm, season: Season) -> Dossier | None:
    """The draft that the first of two presses made."""
    if form.wants_new:
        wanted = {"product__name_vi": form.cleaned_data["name_vi"], "enterprise": _enterprise(form)}
    else:
        wanted = {"product_id": form.cleaned_data["product"]}
    return Dossier.objects.filter(season=season, stage="draft", **wanted).first()


# --- the record ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The facts of the own enterprise. The tax code stays."""
    enterprise = Enterprise.objects.filter(pk=pk).select_related("ward").first()
    if enterprise is None:
        raise Http404
    require(request.user, "enterprises.correct", enterprise)
    dossier = _coming_from(request)
    form = RecordForm(request.POST if request.method == "POST" else None, initial=RecordForm.facts_of(enterprise))
    if form.is_bound and form.is_valid():
        actions.correct_enterprise(enterprise=enterprise, by=request.user, at=timezone.now(), **form.facts())
        messages.success(request, _("The record of the enterprise is saved."))
        if dossier is not None:
            return redirect("dossiers:enterprise_part", pk=dossier.pk)
        return redirect("dossiers:mine")
    context = {"form": form, "enterprise": enterprise, "dossier": dossier}
    return render(request, "dossiers/record.html", context)


def _coming_from(request: HttpRequest) -> Dossier | None:
    """The dossier from which the record was opened, to go back to."""
    number = request.GET.get("dossier", "")
    if not number.isascii() or not number.isdigit():
        return None
    found = Dossier.objects.filter(pk=int(number[:18])).select_related("enterprise").first()
    return found if found is not None and can(request.user, "dossiers.edit", found) else None
