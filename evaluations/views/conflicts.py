"""The secretary's page of a season: who stands apart from what, and what the machine noticed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import require
from accounts.models import User
from core.errors import Refused
from dossiers import actions as dossiers
from evaluations import actions, queries
from evaluations.views.common import page, season_of
from evaluations.views.likeness_words import explained
from evaluations.wall_forms import CONFLICT, LikelyForm, ReasonForm

PER_PAGE = 50


@never_cache
@require_safe
def conflicts(request: HttpRequest, year: int) -> HttpResponse:
    """Standing conflicts: the type of the ground, never its words."""
    season = season_of(year)
    require(request.user, "evaluations.see_conflicts", season)
    found = Paginator(queries.standing_conflicts(season, request.user), PER_PAGE)
    context = {"season": season, "page_obj": found.get_page(request.GET.get("page"))}
    return page(request, "walls/conflicts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_lift(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "evaluations.see_conflicts", season)
    conflict = get_object_or_404(queries.standing_conflicts(season, request.user), pk=pk)
    require(request.user, "dossiers.ask_to_lift", conflict)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    reasons: list[str] = []
    if form.is_bound and form.is_valid():
        try:
            dossiers.ask_to_lift(
                conflict=conflict, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("A second person of the Department has to confirm it."))
            return redirect("evaluations:conflicts", year=season.year)
    return page(request, "walls/lift.html", {"season": season, "conflict": conflict, "form": form}, reasons=reasons)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def likely(request: HttpRequest, year: int) -> HttpResponse:
    """What was noticed; POST looks again. `person` looks at one candidate before the invitation."""
    season = season_of(year)
    require(request.user, "evaluations.see_conflicts", season)
    person = _person(request)
    if request.method == "POST":
        users = [person] if person else None
        new = actions.find_likely(season=season, users=users, by=request.user, at=timezone.now())
        told = ngettext("%(n)s new notice.", "%(n)s new notices.", new) % {"n": new}
        messages.success(request, told if new else _("Nothing new was noticed."))
        query = f"?person={person.pk}" if person else ""
        return redirect(f"{reverse('evaluations:likely', args=[season.year])}{query}")
    rows = queries.likely_conflicts(season, request.user)
    if person is not None:
        rows = rows.filter(user=person)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "season": season,
        "person": person,
        "page_obj": found,
        "rows": [{"likely": row, "why": explained(row)} for row in found],
        "waiting": rows.filter(answer="").count(),
        "candidates": queries.candidates(season),
    }
    return page(request, "walls/likely.html", context)


def _person(request: HttpRequest) -> User | None:
    wanted = (request.POST or request.GET).get("person", "")
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
        raise Http404
    return get_object_or_404(User, pk=int(wanted), is_active=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def judge_likely(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Both sides, what is alike, and the judgement."""
    season = season_of(year)
    require(request.user, "evaluations.see_conflicts", season)
    row = get_object_or_404(queries.likely_conflicts(season, request.user), pk=pk)
    require(request.user, "evaluations.judge_likely", row)
    form = LikelyForm(request.POST if request.method == "POST" else None)
    reasons: list[str] = []
    if form.is_bound and form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        try:
            actions.answer_likely(
                likely=row,
                is_conflict=said["answer"] == CONFLICT,
                reason=said["reason"],
                kind=said["kind"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("The answer is recorded."))
            return redirect("evaluations:likely", year=season.year)
    context = {"season": season, "likely": row, "why": explained(row), "form": form}
    return page(request, "walls/judge.html", context, reasons=reasons)
