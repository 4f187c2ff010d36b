"""What the officer does with a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from dossiers import workflow
from dossiers.models import Defect, Dossier, Stage, SupplementRequest


@dataclass(frozen=True)
class Asked:
    """One defect as the officer ticks it."""

    part: str
    reason: str
    words: str


@transaction.atomic
def start_check(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    """The officer takes the dossier in hand."""
    workflow.take("start_check", dossier, by=by, at=at)
    Dossier.objects.filter(pk=dossier.pk).update(officer=by)
    dossier.officer = by
    return dossier


@transaction.atomic
def request_supplement(
    *, dossier: Dossier, defects: Sequence[Asked], message: str = "", by: Any, at: datetime
) -> SupplementRequest:
    """Ask the enterprise to mend what is listed. Raises Refused without a single defect."""
    if not defects:
        raise Refused(_("List at least one thing to mend."))
    if dossier.stage == Stage.SUBMITTED:
        start_check(dossier=dossier, by=by, at=at)
    workflow.take("request_supplement", dossier, by=by, at=at, note=message)
    request = SupplementRequest.objects.create(
        dossier=dossier,
        asked_at=at,
        asked_by_name=str(by),
        due_date=timezone.localdate(at) + timedelta(days=dossier.season.supplement_days),
        message=message,
    )
    Defect.objects.bulk_create(Defect(request=request, part=d.part, reason=d.reason, words=d.words) for d in defects)
    return request


@transaction.atomic
def admit(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    """The dossier is eligible and goes to the council."""
    if dossier.stage == Stage.SUBMITTED:
        start_check(dossier=dossier, by=by, at=at)
    workflow.take("admit", dossier, by=by, at=at)
    return dossier


@transaction.atomic
def refuse(*, dossier: Dossier, reason: str, by: Any, at: datetime) -> Dossier:
    """Refuse the dossier for a stated reason, which the applicant reads."""
    if not reason.strip():
        raise Refused(_("Give the reason for the refusal."))
    workflow.take("refuse", dossier, by=by, at=at, note=reason)
    Dossier.objects.filter(pk=dossier.pk).update(refusal_reason=reason)
    dossier.refusal_reason = reason
    close_requests(dossier, at)
    return dossier


def close_requests(dossier: Dossier, at: datetime) -> None:
    dossier.supplements.filter(answered_at=None).update(answered_at=at)
