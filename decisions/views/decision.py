"""Entering the signed decision: a form, a page that says what follows, then the act."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import require
from certificates.paper import office_lines
from core.errors import Refused
from decisions import actions, queries
from decisions.forms import DecisionForm
from decisions.views.common import page, public_url, season_of
from evaluations import guards
from programme.models import Season


@never_cache
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "evaluations.see_ranking")
    if request.method == "POST":
        return _enter(request, season)
    found = queries.decision_of(season)
    if found is None:
        return _show_form(request, season)
    left = list(queries.not_recognised(season, request.user))
    context = {"decision": found, "left": left, "public_url": public_url("season", season.year)}
    return page(request, "decided.html", season, context)


def _enter(request: HttpRequest, season: Season) -> HttpResponse:
    require(request.user, "decisions.decide")
    if closed := guards.sees_the_whole_season(request.user, season):
        return _show_form(request, season, reasons=closed)
    results = queries.awaiting_decision(season, request.user)
    form = DecisionForm(request.POST, passing=[result for result in results if result.passes])
    if not form.is_valid() or request.POST.get("do") == "edit":
        return _show_form(request, season, form)
    if request.POST.get("do") != "record":
        return _show_effects(request, season, form, len(results))
    try:
        recognitions = actions.record_decision(season=season, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _show_form(request, season, form, refusal.reasons)
    messages.success(
        request,
        ngettext(
            "The decision is recorded: %(n)s product is recognised. The certificates are being made.",
            "The decision is recorded: %(n)s products are recognised. The certificates are being made.",
            len(recognitions),
        )
        % {"n": len(recognitions)},
    )
    return redirect("decisions:certificates", year=season.year)


def _show_form(
    request: HttpRequest, season: Season, form: DecisionForm | None = None, reasons: list[str] | None = None
) -> HttpResponse:
    results = queries.awaiting_decision(season, request.user)
    passing = [result for result in results if result.passes]
    form = form or DecisionForm(passing=passing)
    ticked = form.ticked()
    context = {
        "form": form,
        "passing": [(result, str(result.dossier_id) in ticked) for result in passing],
        "failing": [result for result in results if not result.passes],
        "is_published": season.comment_closes_at is not None,
        "is_open": season.comment_closes_at is not None and timezone.now() < season.comment_closes_at,
    }
    return page(request, "decision.html", season, context, reasons=reasons)


def _show_effects(request: HttpRequest, season: Season, form: DecisionForm, judged: int) -> HttpResponse:
    """What recording will do, before it is done."""
    left_out = form.cleaned_data["left_out"]
    named = [result for result in form.passing if result.dossier_id not in left_out]
    top10 = sum(result.is_top10 for result in named)
    context = {
        "form": form,
        "said": form.cleaned_data,
        "office": office_lines(form.cleaned_data["signer_position"]),
        "named": named,
        "left_out": [result for result in form.passing if result.dossier_id in left_out],
        "recognised": len(named),
        "not_recognised": judged - len(named),
        "top10": top10,
        "papers": len(named) + top10,
        "years": season.validity_months / 12,
        "is_unusual": form.number_is_unusual(),
    }
    return page(request, "decision_confirm.html", season, context)
