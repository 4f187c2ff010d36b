"""The certificates of the invented seasons. Their drafts are made by the workers after the load; a job then approves
them in the signatory's name. The newest Top 10 is left for whoever signs in as the signatory."""

from datetime import datetime
from typing import Any

from accounts.models import User
from certificates import batches
from certificates.models import Batch, Certificate
from core import jobs
from demo import people

JOB = "demo.approve"
LEFT_TO_THE_SIGNATORY = 2025


def order(secretary: User, at: datetime) -> None:
    """One batch for each season and kind. The job of the approval waits until every draft is there."""
    found = Certificate.objects.filter(recognition__is_demo=True)
    for year in sorted(set(found.values_list("recognition__season_year", flat=True))):
        for kind in Certificate.Kind:
            chosen = found.filter(recognition__season_year=year, recognition__revoked_at=None, kind=kind)
            if not chosen:
                continue
            batch = batches.start_batch(season_year=year, certificates=list(chosen), by=secretary, at=at)
            if not (year == LEFT_TO_THE_SIGNATORY and kind == Certificate.Kind.TOP10):
                jobs.enqueue(JOB, key=str(batch.pk), payload={"batch": batch.pk})


def _wait_for_drafts(payload: dict[str, Any]) -> None:
    batch = Batch.objects.get(pk=payload["batch"])
    if batch.certificates.filter(draft=None).exists():
        raise jobs.Postponed("The drafts are being made.", seconds=5)


def _approve(payload: dict[str, Any], produced: None, at: datetime) -> None:
    batch = Batch.objects.get(pk=payload["batch"])
    if batch.state != Batch.State.DRAFTING:
        return
    signatory = User.objects.get(email=people.SIGNATORY.email)
    batches.approve(batch=batch, seen_digest=batches.list_digest(list(batch.certificates.all())), by=signatory, at=at)


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=_wait_for_drafts, finish=_approve))
