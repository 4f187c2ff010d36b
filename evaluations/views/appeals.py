"""Appeals of a season: written down, tried, decided."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import can, require
from core.errors import Refused
from dossiers.models import Dossier
from evaluations import actions, queries, wording
from evaluations.actions.appeals import Correction
from evaluations.appeal_forms import DecideForm, LodgeForm, TryForm
from evaluations.models import ABSTAINED, Appeal, ResultRun, StandingSheet
from evaluations.queries.appeals import ANSWER_DAYS, LODGE_DAYS
from evaluations.views.common import page, season_of
from programme.actions import rules_of
from programme.models import Season


@require_http_methods(["GET", "POST"])
def appeals(request: HttpRequest, year: int) -> HttpResponse:
    """The list, and the form for one that came in."""
    season = season_of(year)
    require(request.user, "evaluations.see_ranking")
    run = queries.latest_run(season)
    ranked = queries.visible_results(run, request.user)
    form = LodgeForm(request.POST or None, dossiers=[row.dossier for row in ranked])
    reasons: list[str] = []
    if request.method == "POST":
        if form.is_valid():
            dossier = get_object_or_404(Dossier.objects.open_to(request.user), pk=form.cleaned_data["dossier"])
            try:
                appeal = actions.lodge_appeal(
                    dossier=dossier,
                    received_on=form.cleaned_data["received_on"],
                    grounds=form.cleaned_data["grounds"],
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                reasons = refusal.reasons
            else:
                messages.success(request, _("The appeal is written down."))
                return redirect("evaluations:appeal", year=year, pk=appeal.pk)
        else:
            # Somebody without the right must not learn from the form which dossiers there are.
            require(request.user, "accounts.staff")
    context = {
        "season": season,
        "run": run,
        "form": form,
        "appeals": list(queries.appeals_of(season, request.user)),
        "lodge_days": LODGE_DAYS,
        "answer_days": ANSWER_DAYS,
    }
    return page(request, "session/appeals.html", context, reasons=reasons)


@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """One appeal. A POST tries a changed input; nothing but the trial is kept."""
    season, found = _found(request, year, pk)
    form = TryForm(request.POST or None, sheets=_sheets(season, found))
    if request.method != "POST":
        return _answer(request, season, found, form)
    require(request.user, "evaluations.handle_appeal", found)
    if not form.is_valid():
        return _answer(request, season, found, form)
    new = form.correction()
    corrections = [*_kept(found), new] if form.cleaned_data["keeps"] else [new]
    try:
        actions.try_corrections(appeal=found, corrections=corrections, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _answer(request, season, found, form, reasons=refusal.reasons)
    messages.success(request, _("Tried. No sheet was touched."))
    return redirect("evaluations:appeal", year=year, pk=pk)


@require_POST
def decide_appeal(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    season, found = _found(request, year, pk)
    require(request.user, "evaluations.handle_appeal", found)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _answer(request, season, found, decide=form)
    try:
        actions.decide_appeal(
            appeal=found,
            uphold=form.cleaned_data["outcome"] == Appeal.Outcome.UPHELD,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        found.refresh_from_db()
        return _answer(request, season, found, decide=form, reasons=refusal.reasons)
    messages.success(request, _("The appeal is decided."))
    return redirect("evaluations:appeal", year=year, pk=pk)


def _found(request: HttpRequest, year: int, pk: int) -> tuple[Season, Appeal]:
    season = season_of(year)
    require(request.user, "evaluations.see_ranking")
    found: Appeal = get_object_or_404(queries.appeals_of(season, request.user), pk=pk)
    return season, found


def _kept(found: Appeal) -> list[Correction]:
    return [Correction(one["member"], one["criterion"], TryForm.points_of(one["new"])) for one in found.changes]


def _sheets(season: Season, found: Appeal) -> list[tuple[str, dict[str, Decimal | None]]]:
    """The sheets that count for the dossier, under their aliases: what each answers, None for an abstention."""
    assert season.rubric is not None
    leaves = rules_of(season.rubric).all_leaves
    rows = StandingSheet.objects.filter(dossier=found.dossier_id).order_by("seat__alias")
    return [
        (
            alias,
            {
                leaf.code: None if given == ABSTAINED else queries.trim(Decimal(given).scaleb(-2))
                for leaf, given in zip(leaves, points, strict=True)
                if given is not None
            },
        )
        for alias, points in rows.values_list("seat__alias", "points")
    ]


def _grid(season: Season, sheets: list[tuple[str, dict[str, Decimal | None]]]) -> list[dict[str, Any]]:
    """One row per criterion that is answered, one cell per sheet."""
    labels = wording.leaf_labels(season)
    return [
        {
            "code": code,
            "label": label,
            "cells": [{"asked": code in held, "points": held.get(code)} for _alias, held in sheets],
        }
        for code, label in labels.items()
        if any(code in held for _alias, held in sheets)
    ]


def _answer(
    request: HttpRequest,
    season: Season,
    found: Appeal,
    form: TryForm | None = None,
    decide: DecideForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    whole = queries.is_whole(request.user, season)
    may = found.is_open and whole and can(request.user, "evaluations.handle_appeal", found)
    names = dict(
        Dossier.objects.filter(number__in=[move["dossier"] for move in found.moves]).values_list(
            "number", "product__name_vi"
        )
    )
    sheets = _sheets(season, found)
    context: dict[str, Any] = {
        "season": season,
        "appeal": found,
        "is_whole": whole,
        "may_handle": may,
        "is_recused": found.is_open and queries.has_scored(request.user, found.dossier),
        "form": form or TryForm(sheets=sheets),
        "aliases": [alias for alias, _held in sheets],
        "grid": _grid(season, sheets) if may else [],
        "changes": [one | {name: TryForm.points_of(one[name]) for name in ("old", "new")} for one in found.changes],
        "decide": decide or DecideForm(),
        # The moves name other dossiers: only for whom nothing of the season is closed.
        "moves": [
            move | {"name": names.get(move["dossier"], ""), "total": [Decimal(t) for t in move["total"]]}
            for move in found.moves
            if whole
        ],
        "is_newest": found.tried_on_id is not None and found.tried_on == queries.latest_run(season),
        "runs_after": ResultRun.objects.filter(season=season, result_digest=found.result_digest).first()
        if found.outcome == Appeal.Outcome.UPHELD
        else None,
    }
    return page(request, "session/appeal.html", context, reasons=reasons)
