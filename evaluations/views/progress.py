"""How far the council is, and the closing of the session."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require
from core import jobs
from core.errors import Refused
from core.models import Job
from dossiers.models import Dossier, Stage
from evaluations import actions, queries
from evaluations.views.common import page, season_of
from programme.models import Season


@never_cache
@require_GET
def progress(request: HttpRequest, year: int) -> HttpResponse:
    """The page; with the header `X-Partial` only the state of the computation, for the script that waits."""
    season = season_of(year)
    require(request.user, "evaluations.see_progress")
    if request.headers.get("X-Partial"):
        return render(request, "evaluations/session/_job.html", _job_facts(season))
    return page(request, "session/progress.html", _facts(season) | _job_facts(season))


def _job_facts(season: Season) -> dict[str, Any]:
    job = queries.closing_job(season)
    return {
        "season": season,
        "job": job,
        "waiting": job is not None and job.state in (Job.State.READY, Job.State.RUNNING),
        "run": queries.latest_run(season),
    }


def _facts(season: Season) -> dict[str, Any]:
    members = queries.progress(season)
    asked, signed = sum(m.asked for m in members), sum(m.signed for m in members)
    return {
        "season": season,
        "council": queries.council_of(season),
        "members": members,
        "asked": asked,
        "signed": signed,
        "percent": signed * 100 // asked if asked else 0,
        "finished": sum(m.asked > 0 and m.outstanding == 0 for m in members),
        "scoring": Dossier.objects.filter(season=season, stage=Stage.SCORING).count(),
        "eligible": Dossier.objects.filter(season=season, stage=Stage.ELIGIBLE).count(),
        "outstanding": queries.outstanding_sheets(season),
        "late": season.scoring_closes_at < timezone.now(),
    }


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, year: int) -> HttpResponse:
    """Says what will happen; then closes and writes down the computation."""
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    if request.method == "GET":
        return page(request, "session/close.html", _facts(season))
    try:
        actions.close_session(season=season, by=request.user, at=timezone.now())
    except Refused as refusal:
        return page(request, "session/close.html", _facts(season), reasons=refusal.reasons)
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
