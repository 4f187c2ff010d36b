"""A prepared decision is confirmed by another person and released at its hour, all of it together.

The only place that joins evaluations with the registry. Until the release nothing of the decision stands in any table
that the public, the API or an enterprise reads.
"""

import hmac
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import require
from certificates.actions import order_certificates
from core import audit, jobs
from core.clock import database_now
from core.errors import Refused
from core.models import Job
from decisions import preparing
from decisions.models import PreparedDecision
from decisions.preparing import changes_of, note, waiting
from decisions.queries import RELEASE as JOB
from dossiers import workflow
from evaluations import closing, guards, queries, tally
from evaluations.models import Result
from programme.actions import close_season
from programme.models import Season
from registry import actions as registry
from registry import corrections
from registry.models import Recognition

State = PreparedDecision.State
# So much of the digest is typed from the signed minutes: what was confirmed was also looked at.
TYPED = 8


@transaction.atomic
def confirm_decision(*, prepared: PreparedDecision, seen: str, typed: str, by: Any, at: datetime) -> PreparedDecision:
    """A second person confirms: the very decision whose digest was on the page (`seen`), on the result whose digest
    the signed minutes bear (`typed`). The release is ordered for its hour.

    Raises Refused for the person who prepared it, when a digest differs or the sheets no longer give the result.
    """
    prepared = (
        PreparedDecision.objects.select_for_update(of=("self",)).select_related("season", "run").get(pk=prepared.pk)
    )
    require(by, "decisions.confirm", prepared)
    reasons = guards.sees_the_whole_season(by, prepared.season) + preparing.against_unseen(prepared, seen)
    if prepared.state != State.PREPARED:
        reasons.append(_("This decision is %(state)s already.") % {"state": prepared.get_state_display().lower()})
    if prepared.prepared_by_id == by.pk:
        reasons.append(_("Another person than the one who prepared it confirms the decision."))
    wanted = prepared.result_digest[:TYPED]
    if not hmac.compare_digest(typed.strip().lower().encode(), wanted.encode()):
        reasons.append(
            _("The digest does not begin like that. Type the first %(n)s characters as the signed minutes show them.")
            % {"n": TYPED}
        )
    reasons += result_still_stands(prepared)
    if prepared.release_at is not None and prepared.release_at <= at:
        reasons.append(_("The hour of the release has passed. Withdraw the decision and prepare it with a new hour."))
    if reasons:
        raise Refused(reasons)
    prepared.state, prepared.confirmed_at, prepared.confirmed_by = State.CONFIRMED, at, by
    prepared.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    payload = {"prepared": prepared.pk}
    jobs.enqueue(JOB, key=str(prepared.pk), payload=payload, not_before=prepared.release_at)
    return note("decision.confirmed", prepared, by, at, result_digest=prepared.result_digest)


def result_still_stands(prepared: PreparedDecision) -> list[str]:
    """The newest result is the one that was prepared, and the signed sheets still give it."""
    season, newest = prepared.season, queries.latest_run(prepared.season)
    if newest is None or newest.result_digest != prepared.result_digest:
        return [_("There is a newer result than the one this decision stands on. Withdraw it and prepare it anew.")]
    if closing.current_inputs(season) != newest.input_digest or tally.drifted(season.pk):
        return [_("The signed sheets have changed since the result was computed. Compute it again.")]
    return []


@transaction.atomic
def release_decision(*, prepared: PreparedDecision, at: datetime) -> list[Recognition]:
    """Everything at once: stages, registry, numbers, the end of the season. Called by the job at the hour.

    A decision that was withdrawn or is released already gives nothing. Raises Refused when the hour has not come, or
    when the result no longer stands.
    """
    prepared = PreparedDecision.objects.select_for_update(of=("self",)).select_related("season").get(pk=prepared.pk)
    if prepared.state != State.CONFIRMED:
        return []
    if prepared.release_at is not None and at < prepared.release_at:
        when = date_format(timezone.localtime(prepared.release_at), "DATETIME_FORMAT")
        raise Refused(_("The decision is released at %(time)s.") % {"time": when})
    recognitions = _release_correction(prepared, at) if prepared.corrects else _release_decision(prepared, at)
    order_certificates(recognitions=recognitions, by=prepared.prepared_by, at=at)
    prepared.state, prepared.released_as = State.RELEASED, recognitions[0].decision
    prepared.save(update_fields=["state", "released_as"])
    return recognitions


def _release_decision(prepared: PreparedDecision, at: datetime) -> list[Recognition]:
    season, by = Season.objects.select_for_update(of=("self",)).get(pk=prepared.season_id), prepared.prepared_by
    if reasons := result_still_stands(prepared):
        raise Refused(reasons)
    results = {r.dossier_id: r for r in Result.objects.filter(run_id=prepared.run_id)}
    left_out, named = set(prepared.said["left_out"]), []
    for dossier in sorted(waiting(season), key=lambda d: (results[d.pk].rank or 0, d.number or "")):
        result = results[dossier.pk]
        if result.passes and dossier.pk not in left_out:
            workflow.take("recognise", dossier, by=by, at=at, note=prepared.number)
            named.append(registry.Recognised(dossier.product, result.is_top10))
        else:
            workflow.take("do_not_recognise", dossier, by=by, at=at, note=prepared.number)
    recognitions = registry.publish_decision(
        season_year=season.year,
        number=prepared.number,
        signed_date=prepared.signed_date,
        signer_name=prepared.signer_name,
        signer_position=prepared.signer_position,
        products=named,
        validity_months=season.validity_months,
        is_demo=season.is_demo,
        by=by,
        at=at,
    )
    close_season(season=season, by=by, at=at)
    return recognitions


def _release_correction(prepared: PreparedDecision, at: datetime) -> list[Recognition]:
    assert prepared.corrects is not None
    return corrections.correct_decision(
        corrects=prepared.corrects,
        number=prepared.number,
        signed_date=prepared.signed_date,
        signer_name=prepared.signer_name,
        signer_position=prepared.signer_position,
        reason=prepared.said["reason"],
        corrections=changes_of(prepared),
        by=prepared.prepared_by,
        at=at,
    )


@transaction.atomic
def retry_release(*, prepared: PreparedDecision, by: Any, at: datetime) -> None:
    """Try a failed release again. Raises Refused when none has failed."""
    require(by, "decisions.withdraw", prepared)
    failed = Job.objects.select_for_update().filter(kind=JOB, key=str(prepared.pk), state=Job.State.FAILED).first()
    if failed is None:
        raise Refused(_("The release has not failed; nothing is to be tried again."))
    jobs.retry(job=failed)
    audit.record("release.retried", prepared, by=by, at=at, last_error=failed.last_error)


# --- the job ------------------------------------------------------------------------------------------
def _nothing_beforehand(payload: dict[str, Any]) -> None:
    """All the work of a release is its effect."""


def _finish(payload: dict[str, Any], produced: None, at: datetime) -> None:
    release_decision(prepared=PreparedDecision.objects.get(pk=payload["prepared"]), at=database_now())


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=_nothing_beforehand, finish=_finish))
