"""Scoring is opened and closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit, jobs
from core.errors import Refused
from core.models import Job
from dossiers import workflow
from dossiers.models import Dossier, Stage
from evaluations import closing, guards, queries
from evaluations.closing import JOB
from evaluations.models import CutVote, Result, ResultRun
from programme.actions import end_scoring
from programme.models import Season


@transaction.atomic
def open_session(*, season: Season, by: Any, at: datetime) -> int:
    """All eligible dossiers go to the council. Raises Refused with the reasons of every dossier together."""
    require(by, "evaluations.run_session")
    dossiers = list(
        Dossier.objects.filter(season=season, stage=Stage.ELIGIBLE).select_related("season__rubric").order_by("number")
    )
    if closed := guards.sees_the_whole_season(by, season):
        raise Refused(closed)
    if not dossiers:
        raise Refused(_("No dossier is eligible yet."))
    season.refresh_from_db()
    also = guards.scoring_has_begun(season, at) or guards.scoring_has_not_ended(season, at)
    _take_all("open_scoring", dossiers, by=by, at=at, also=[*guards.result_is_not_public(season), *also])
    return len(dossiers)


@transaction.atomic
def close_session(*, season: Season, by: Any, at: datetime) -> jobs.Job:
    """Close scoring of all dossiers with the council and write down the computation of the result.

    Raises Refused with every unsigned sheet, with criteria that lost their scorer, and without quorum.
    """
    require(by, "evaluations.run_session")
    dossiers = list(
        Dossier.objects.filter(season=season, stage=Stage.SCORING).select_related("season__rubric").order_by("number")
    )
    if closed := guards.sees_the_whole_season(by, season):
        raise Refused(closed)
    council = queries.council_of(season)
    if not dossiers or council is None:
        raise Refused(_("No dossier is with the council."))
    seats = queries.serving_seats(season).count()
    reasons = guards.quorum_is_met(season.pk, council.quorum_numerator, council.quorum_denominator, seats)
    reasons += guards.result_is_not_public(season)
    _take_all("close_scoring", dossiers, by=by, at=at, also=reasons)
    end_scoring(season=season, by=by, at=at)
    audit.record("session.closed", season, by=by, at=at, dossiers=len(dossiers))
    return enqueue_run(season)


@transaction.atomic
def order_run(*, season: Season, reason: str, by: Any, at: datetime) -> jobs.Job:
    """A new computation, because sheets or votes changed since the last one, or because that one failed.

    Raises Refused without a reason, before the first closing, and when the inputs are still those of the last run.
    A second click gives the computation that is under way.
    """
    require(by, "evaluations.run_session")
    season = Season.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=season.pk)
    if closed := guards.sees_the_whole_season(by, season):
        raise Refused(closed)
    running = Job.objects.filter(
        kind=JOB, payload__season_id=season.pk, state__in=[Job.State.READY, Job.State.RUNNING]
    )
    if under_way := running.first():
        return under_way
    if public := guards.result_is_not_public(season):
        raise Refused(public)
    if not Dossier.objects.filter(season=season, stage=Stage.SCORED).exists():
        raise Refused(_("Close the session first; a published result is not computed again."))
    if not reason.strip():
        raise Refused(_("Say why the result is computed again."))
    last = queries.latest_run(season)
    if last is not None and closing.current_inputs(season) == last.input_digest:
        raise Refused(_("Nothing has changed since the last computation; the result would be the same."))
    audit.record("result.ordered", season, by=by, at=at, reason=reason.strip())
    return enqueue_run(season)


def enqueue_run(season: Season) -> jobs.Job:
    """Numbered after the runs there are; the key counts the attempts too, because one may have failed for good."""
    run = ResultRun.objects.filter(season=season).count() + 1
    attempt = Job.objects.filter(kind=JOB, payload__season_id=season.pk).count() + 1
    key = f"{season.year}-{run}-{attempt}"
    return jobs.enqueue(JOB, key=key, payload={"season_id": season.pk, "run": run}, batch=f"result-{season.pk}")


@transaction.atomic
def record_cut_vote(*, dossier: Dossier, in_favour: int, against: int, by: Any, at: datetime) -> CutVote:
    """The council's vote on a dossier that shares the last place (tie rule "vote").

    Raises Refused when the dossier does not share it in the newest result, and for votes that nobody can have cast.
    """
    require(by, "evaluations.run_session", dossier)
    run = queries.latest_run(dossier.season)
    result = Result.objects.filter(run=run, dossier=dossier).first()
    names = {"dossier": dossier.number}
    if dossier.stage != Stage.SCORED or result is None:
        raise Refused(_("%(dossier)s has no result that is still open.") % names)
    if not _shares_its_place(result):
        raise Refused(_("%(dossier)s does not share its place; there is nothing to vote on.") % names)
    seats = queries.serving_seats(dossier.season).count()
    if in_favour < 0 or against < 0 or in_favour + against > seats:
        raise Refused(
            _("%(n)s votes were counted, but the council has %(seats)s members.")
            % {"n": in_favour + against, "seats": seats}
        )
    vote, _new = CutVote.objects.update_or_create(
        dossier=dossier, defaults={"in_favour": in_favour, "against": against, "voted_at": at}
    )
    audit.record("cut.voted", dossier, by=by, at=at, in_favour=in_favour, against=against)
    return vote


def _shares_its_place(result: Result) -> bool:
    """At the cut, or parted from equals by an earlier vote: a vote may be corrected before publication."""
    if result.is_referred or result.tie_rule == "vote":
        return True
    equals = Result.objects.filter(run=result.run_id, rank=result.rank).exclude(pk=result.pk)
    return equals.exists()


def _take_all(step: str, dossiers: Sequence[Dossier], *, by: Any, at: datetime, also: Sequence[str] = ()) -> None:
    """One step for many dossiers, all or none; the reasons of all come together."""
    reasons = list(also)
    for dossier in dossiers:
        reasons += workflow.blockers(dossier, step, by=by, at=at)
    if reasons:
        raise Refused(dict.fromkeys(reasons))
    for dossier in dossiers:
        workflow.take(step, dossier, by=by, at=at)
