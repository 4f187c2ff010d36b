"""The council of a season: its decision and its seats."""

import secrets

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.access import require
from accounts.actions import open_account
from accounts.models import User
from core.errors import Refused
from evaluations import actions, queries
from evaluations.forms import CouncilForm, KnownMemberForm, NewMemberForm
from evaluations.models import Council, Seat
from evaluations.views.common import page, season_of
from programme.models import Season

# Without letters and digits that look alike on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Sixteen letters in four groups, easy to copy from paper."""
    return "-".join("".join(secrets.choice(ALPHABET) for _n in range(4)) for _g in range(4))


@never_cache
@require_http_methods(["GET", "POST"])
def council(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    acts = {"decision": _record_decision, "known": _seat_known, "new": _seat_new}
    act = acts.get(request.POST.get("do", ""))
    if request.method == "POST" and act is not None:
        return act(request, season)
    return _show(request, season)


def _show(
    request: HttpRequest,
    season: Season,
    *,
    decision: CouncilForm | None = None,
    known: KnownMemberForm | None = None,
    new: NewMemberForm | None = None,
    reasons: list[str] | None = None,
    opened: tuple[User, str] | None = None,
) -> HttpResponse:
    found, rows = queries.council_of(season), queries.seat_rows(season, request.user)
    facts = {"decision_number": found.decision_number, "decision_date": found.decision_date} if found else {}
    context = {
        "season": season,
        "council": found,
        "rows": rows,
        "quorums": queries.quorums(found, for_user=request.user) if found and rows else [],
        "has_chair": any(row.seat.position == Seat.Position.CHAIR for row in rows),
        "decision_form": decision or CouncilForm(initial=facts),
        "known_form": known or KnownMemberForm(season=season),
        "new_form": new or NewMemberForm(),
        "open_decision": decision is not None,
        "bad_form": next((f for f in (decision, known, new) if f is not None and f.errors), None),
        "opened": opened,
    }
    return page(request, "session/council.html", context, reasons=reasons)


def _record_decision(request: HttpRequest, season: Season) -> HttpResponse:
    form = CouncilForm(request.POST)
    if not form.is_valid():
        return _show(request, season, decision=form)
    actions.set_up_council(season=season, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("The decision is recorded."))
    return redirect("evaluations:council", year=season.year)


def _council(season: Season) -> Council:
    return get_object_or_404(Council, season=season)


def _seat_known(request: HttpRequest, season: Season) -> HttpResponse:
    form = KnownMemberForm(request.POST, season=season)
    if not form.is_valid():
        return _show(request, season, known=form)
    try:
        seat = actions.seat_member(council=_council(season), by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _show(request, season, known=form, reasons=refusal.reasons)
    messages.success(request, _("%(name)s has taken a seat.") % {"name": seat})
    return redirect("evaluations:council", year=season.year)


@sensitive_variables("password")
def _seat_new(request: HttpRequest, season: Season) -> HttpResponse:
    form = NewMemberForm(request.POST)
    if not form.is_valid():
        return _show(request, season, new=form)
    said, at, password = form.cleaned_data, timezone.now(), ""
    user = User.objects.filter(email=said["email"].strip().lower(), is_active=True).first()
    try:
        with transaction.atomic():
            if user is None:
                password = new_password()
                user = open_account(
                    email=said["email"],
                    full_name=said["full_name"],
                    title=said["title"],
                    password=password,
                    by=request.user,
                    at=at,
                )
            seat = actions.seat_member(
                council=_council(season),
                user=user,
                position=said["position"],
                unit=said["unit"],
                by=request.user,
                at=at,
            )
    except Refused as refusal:
        return _show(request, season, new=form, reasons=refusal.reasons)
    if password:
        # the password is shown by this answer and kept nowhere: no redirect, no session
        return _show(request, season, opened=(user, password))
    messages.success(request, _("%(name)s has taken a seat.") % {"name": seat})
    return redirect("evaluations:council", year=season.year)


@require_http_methods(["GET", "POST"])
def vacate(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Asks first; then the seat is empty and its unsigned work gone."""
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    seat = get_object_or_404(queries.seats_of(season), pk=pk)
    context = {
        "season": season,
        "seat": seat,
        "assignments": seat.assignments.count(),
        "begun": seat.sheets.filter(signed_at=None).count(),
    }
    if request.method == "POST":
        try:
            actions.vacate_seat(seat=seat, by=request.user, at=timezone.now())
        except Refused as refusal:
            return page(request, "session/vacate.html", context, reasons=refusal.reasons)
        messages.success(request, _("%(name)s has left the council.") % {"name": seat})
        return redirect("evaluations:council", year=season.year)
    return page(request, "session/vacate.html", context)
