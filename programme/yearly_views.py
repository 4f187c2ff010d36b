"""A season is planned from last year's, made public, its scoring moved, and removed again while nobody has used it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require
from core import clock
from core.canonical import digest
from core.errors import Refused
from programme import actions, comparing
from programme.forms import NewSeasonForm, ScoringForm
from programme.models import Season

REFUSED = 409


@require_http_methods(["GET", "HEAD", "POST"])
def season_new(request: HttpRequest) -> HttpResponse:
    """Set up from last year's: what would change is shown first and saved by the second press."""
    require(request.user, "programme.plan")
    year = _asked_year(request)
    last = comparing.before(year)
    initial: dict[str, Any] = comparing.proposed_terms(last, year) if last else NewSeasonForm.usual_terms()
    form = NewSeasonForm(request.POST or None, last=last, initial=initial | {"year": year})
    left = actions.texts_left_over(last) if last else []
    kept = [one.key for one in left if one.key in request.POST.getlist("kept")]
    reasons: Sequence[str] = ()
    stamp, shown = "", request.POST.get("shown", "")
    if request.method == "POST" and form.is_valid():
        stamp = digest({name: str(value) for name, value in form.cleaned_data.items()})
        if last is None or shown == stamp:
            try:
                season = actions.plan_season(
                    by=request.user, at=timezone.now(), last=last, kept=kept, **form.cleaned_data
                )
            except Refused as refusal:
                reasons = refusal.reasons
            else:
                messages.success(request, _("The season of %(year)s is planned.") % {"year": season.year})
                return redirect("programme:season_desk", season.year)
    now = form.cleaned_data if form.is_bound and form.is_valid() else initial
    context = {
        "form": form,
        "reasons": reasons,
        "last": last,
        "year": str(year),
        "rows": comparing.term_rows(last, year, now) if last and not form.errors else [],
        "left": left,
        "kept": kept,
        "stamp": stamp,
    }
    return render(request, "programme/season_new.html", context, status=REFUSED if reasons else 200)


def _asked_year(request: HttpRequest) -> int:
    """The year that was typed, else the one after the newest season."""
    typed = request.POST.get("year", "")
    if typed.isascii() and typed.isdecimal() and len(typed) == 4 and 2005 <= int(typed) <= 2100:
        return int(typed)
    newest = Season.objects.order_by("-year").first()
    return newest.year + 1 if newest else timezone.localdate().year


@require_POST
def publish_plan(request: HttpRequest, year: int) -> HttpResponse:
    """Visitors may read of the season from now on."""
    require(request.user, "programme.publish_plan")
    season = get_object_or_404(Season, year=year)
    try:
        actions.publish_season(season=season, by=request.user, at=clock.database_now())
    except Refused as refusal:
        return _refused(request, refusal, year)
    messages.success(request, _("The season of %(year)s is public.") % {"year": year})
    return redirect("programme:season_desk", year)


@require_POST
def season_delete(request: HttpRequest, year: int) -> HttpResponse:
    require(request.user, "programme.plan")
    season = get_object_or_404(Season, year=year)
    try:
        actions.delete_season(season=season, by=request.user, at=clock.database_now())
    except Refused as refusal:
        return _refused(request, refusal, year)
    messages.success(request, _("The season of %(year)s is removed.") % {"year": year})
    return redirect("programme:season_new")


@require_http_methods(["GET", "HEAD", "POST"])
def scoring_window(request: HttpRequest, year: int) -> HttpResponse:
    """The secretary moves the window of scoring; the reason stays in the record."""
    require(request.user, "programme.move_scoring")
    season = get_object_or_404(Season, year=year)
    initial = {"scoring_opens_at": season.scoring_begins_at, "scoring_closes_at": season.scoring_closes_at}
    form = ScoringForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_season(season=season, by=request.user, at=clock.database_now(), **form.cleaned_data)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("The window of scoring is moved."))
            return redirect("programme:season_desk", year)
    context = {"season": season, "form": form}
    return render(request, "programme/scoring_window.html", context, status=REFUSED if form.errors else 200)


def _refused(request: HttpRequest, refusal: Refused, year: int) -> HttpResponse:
    context = {"reasons": refusal.reasons, "back": reverse("programme:season_desk", args=[year])}
    return render(request, "ui/refused.html", context, status=REFUSED)
