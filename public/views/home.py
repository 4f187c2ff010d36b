from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.queries import public_season
from public.forms import SerialForm
from public.seasons import Standing
from registry import queries


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the registry is, what it holds, what runs now."""
    today, now = timezone.localdate(), timezone.now()
    decision = queries.latest_decision()
    season = public_season(now)
    context = {
        "numbers": queries.live_numbers(today),
        "sectors": queries.in_force_by_sector(today),
        "decision": decision,
        "top_ten": queries.top_list(decision.season_year) if decision else [],
        "season": season,
        "standing": Standing.of(season, now) if season else None,
        "told": queries.told_seasons()[:1],
        "serial_form": SerialForm(auto_id="home_%s"),
    }
    return render(request, "public/home.html", context)
