"""How far the council is: states of sheets, never points; reminders; the closing of the session."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require
from core import clock, jobs
from core.errors import Refused
from core.models import Job
from dossiers import wall
from dossiers.models import Dossier, Stage
from evaluations import actions, queries
from evaluations.actions.reminding import reminder_key
from evaluations.queries import Progress
from evaluations.views.common import page, season_of
from mail.models import Letter
from programme.models import Season


@never_cache
@require_GET
def progress(request: HttpRequest, year: int) -> HttpResponse:
    """The page; with the header `X-Partial` only its living part, for the script that asks again and again."""
    season = season_of(year)
    require(request.user, "evaluations.see_progress")
    context = facts_of(season, request) | _job_facts(season)
    if request.headers.get("X-Partial"):
        return render(request, "evaluations/session/_live.html", context)
    return page(request, "session/progress.html", context)


def _job_facts(season: Season) -> dict[str, Any]:
    job = queries.closing_job(season)
    return {
        "season": season,
        "job": job,
        "waiting": job is not None and job.state in (Job.State.READY, Job.State.RUNNING),
        "run": queries.latest_run(season),
    }


def facts_of(season: Season, request: HttpRequest) -> dict[str, Any]:
    """Counts leave out what stands behind the reader's own wall."""
    without = wall.barred_ids(request.user, season)
    members = queries.progress(season, without)
    asked, signed = sum(m.asked for m in members), sum(m.signed for m in members)
    at_council = Dossier.objects.filter(season=season).exclude(pk__in=without)
    days = queries.burn_up(season, without)
    return {
        "season": season,
        "council": queries.council_of(season),
        "members": members,
        "asked": asked,
        "signed": signed,
        "percent": signed * 100 // asked if asked else 0,
        "finished": sum(m.asked > 0 and m.outstanding == 0 for m in members),
        "scoring": at_council.filter(stage=Stage.SCORING).count(),
        "eligible": at_council.filter(stage=Stage.ELIGIBLE).count(),
        "outstanding": queries.outstanding_sheets(season, without),
        "reminded": _reminded(members),
        "days": days,
        "burn_up": _burn_up(days, asked),
        "late": season.scoring_closes_at < timezone.now(),
    }


def _reminded(members: list[Progress]) -> set[int]:
    """Seats that had their letter of today."""
    now = timezone.now()
    keys = {reminder_key(member.seat.pk, now): member.seat.pk for member in members}
    return {keys[key] for key in Letter.objects.filter(key__in=keys).values_list("key", flat=True)}


def _burn_up(days: list[queries.Day], asked: int) -> list[dict[str, Any]]:
    """Two lines over the days: signed so far, and all that are asked."""
    if len(days) < 2:
        return []
    label = [f"{day.day:%d/%m}" for day in days]
    return [
        {"name": pgettext("burn-up", "signed"), "points": list(zip(label, [day.so_far for day in days], strict=True))},
        {"name": pgettext("burn-up", "asked"), "points": [(words, asked) for words in label]},
    ]


@require_POST
def remind(request: HttpRequest, year: int) -> HttpResponse:
    """A letter to everybody with open sheets (`seat=all`), or to one member."""
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    seat = request.POST.get("seat", "")
    seats = None if seat == "all" else {int(seat)} if seat.isdecimal() and len(seat) < 10 else set()
    told = actions.remind(season=season, seats=seats, by=request.user, at=timezone.now())
    if told:
        messages.success(request, _("Reminded by letter: %(names)s.") % {"names": ", ".join(told)})
    else:
        messages.info(request, _("Nobody was written to: whoever has open sheets had a letter today already."))
    return redirect("evaluations:progress", year=season.year)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, year: int) -> HttpResponse:
    """Says what will happen; then closes and writes down the computation."""
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    if request.method == "GET":
        return page(request, "session/close.html", facts_of(season, request))
    try:
        actions.close_session(season=season, by=request.user, at=clock.database_now())
    except Refused as refusal:
        return page(request, "session/close.html", facts_of(season, request), reasons=refusal.reasons)
    messages.success(request, _("The session is closed. The result is being computed."))
    return redirect("evaluations:progress", year=season.year)


@require_POST
def compute_again(request: HttpRequest, year: int) -> HttpResponse:
    """A failed computation, once more."""
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    job = queries.closing_job(season)
    if job is not None and job.state == Job.State.FAILED:
        jobs.retry(job=job)
        messages.info(request, _("The computation starts again."))
    return redirect("evaluations:progress", year=season.year)
