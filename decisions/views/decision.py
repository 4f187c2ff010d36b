"""The signed decision: entered and checked, then confirmed by a second person, then released at its hour."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import can, require
from certificates.paper import office_lines
from core.clock import database_now
from core.errors import Refused
from decisions import preparing, queries, release
from decisions.forms import NUMBER, ConfirmForm, DecisionForm
from decisions.models import CommentReport, PreparedDecision
from decisions.views.common import page, public_url, season_of, typed
from evaluations import guards
from programme.models import Season


@never_cache
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "decisions.see")
    if request.method == "POST":
        return _enter(request, season)
    return _show(request, season)


def _show(
    request: HttpRequest, season: Season, reasons: list[str] | None = None, confirm: ConfirmForm | None = None
) -> HttpResponse:
    """Released, prepared, or still to be entered."""
    prepared = queries.prepared_of(season)
    if prepared is not None:
        return _show_prepared(request, season, prepared, reasons, confirm)
    found = queries.decision_of(season)
    if found is None:
        return _show_form(request, season, reasons=reasons)
    left = list(queries.not_recognised(season, request.user))
    context = {
        "decision": found,
        "left": left,
        "corrections": list(found.corrections.order_by("signed_date", "pk")),
        "public_url": public_url("season", season.year),
    }
    return page(request, "decided.html", season, context, reasons=reasons)


def _enter(request: HttpRequest, season: Season) -> HttpResponse:
    require(request.user, "decisions.decide")
    if closed := guards.sees_the_whole_season(request.user, season):
        return _show_form(request, season, reasons=closed)
    results = queries.awaiting_decision(season, request.user)
    form = DecisionForm(request.POST, passing=[result for result in results if result.passes])
    if not form.is_valid() or request.POST.get("do") == "edit":
        return _show_form(request, season, form)
    if request.POST.get("do") != "prepare":
        return _show_effects(request, season, form, len(results))
    try:
        preparing.prepare_decision(season=season, by=request.user, at=database_now(), **form.cleaned_data)
    except Refused as refusal:
        return _show_form(request, season, form, refusal.reasons)
    messages.success(
        request, _("The decision is prepared. Another person confirms it; until its release nothing of it is public.")
    )
    return redirect("decisions:decision", year=season.year)


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
        "is_open": season.comment_closes_at is not None and database_now() < season.comment_closes_at,
        "is_reported": CommentReport.objects.filter(season=season).exists(),
        "withdrawn": PreparedDecision.objects.filter(
            season=season, corrects=None, state=PreparedDecision.State.WITHDRAWN
        ).first(),
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


# --- prepared ---------------------------------------------------------------------------------------------
def _show_prepared(
    request: HttpRequest,
    season: Season,
    prepared: PreparedDecision,
    reasons: list[str] | None = None,
    confirm: ConfirmForm | None = None,
) -> HttpResponse:
    results = [] if prepared.corrects else queries.awaiting_decision(season, request.user)
    left_out = set(prepared.said.get("left_out", []))
    passing = [result for result in results if result.passes]
    job = queries.release_job(prepared)
    context = {
        "prepared": prepared,
        "job": job,
        "changes": preparing.changes_of(prepared),
        "named": [result for result in passing if result.dossier_id not in left_out],
        "left_out": [result for result in passing if result.dossier_id in left_out],
        "failing": [result for result in results if not result.passes],
        "office": office_lines(prepared.signer_position),
        "confirm": confirm or ConfirmForm(),
        "may_confirm": can(request.user, "decisions.confirm", prepared),
        "may_withdraw": can(request.user, "decisions.withdraw", prepared),
        "is_unusual": not NUMBER.match(prepared.number),
        "now": database_now(),
        "typed_reason": typed(request, "reason", at_most=2000),
    }
    return page(request, "prepared.html", season, context, reasons=reasons)


@require_POST
def confirm(request: HttpRequest, year: int) -> HttpResponse:
    """The second person: confirm by the digest, or take it back."""
    season = season_of(year)
    require(request.user, "decisions.see")
    prepared = queries.prepared_of(season)
    if prepared is None:
        messages.warning(request, _("Nothing was done: the decision has been released or withdrawn meanwhile."))
        return redirect("decisions:decision", year=season.year)
    seen = typed(request, "seen", at_most=64)
    withdraws = request.POST.get("do") == "withdraw"
    require(request.user, "decisions.withdraw" if withdraws else "decisions.confirm", prepared)
    form = None if withdraws else ConfirmForm(request.POST)
    try:
        if form is None:
            reason, by, at = typed(request, "reason", at_most=2000), request.user, database_now()
            preparing.withdraw_decision(prepared=prepared, seen=seen, reason=reason, by=by, at=at)
            messages.info(request, _("The decision is withdrawn; nothing of it was public."))
        elif not form.is_valid():
            return _show_prepared(request, season, prepared, confirm=form)
        else:
            digest, by, at = form.cleaned_data["typed"], request.user, database_now()
            release.confirm_decision(prepared=prepared, seen=seen, typed=digest, by=by, at=at)
            messages.success(request, _("Confirmed. It is released at its hour."))
    except Refused as refusal:
        return _show(request, season, refusal.reasons, form)
    return redirect("decisions:decision", year=season.year)


@require_POST
def retry_release(request: HttpRequest, year: int) -> HttpResponse:
    """A release that failed is tried once more."""
    season = season_of(year)
    require(request.user, "decisions.see")
    prepared = queries.prepared_of(season)
    if prepared is None:
        return redirect("decisions:decision", year=season.year)
    try:
        release.retry_release(prepared=prepared, by=request.user, at=database_now())
    except Refused as refusal:
        return _show(request, season, refusal.reasons)
    return redirect("decisions:decision", year=season.year)
