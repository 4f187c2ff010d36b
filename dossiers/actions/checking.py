"""What the officer does with a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from dossiers import post, reminders, workflow
from dossiers.actions.desk import still_as_seen
from dossiers.actions.transcribing import keep_transcript
from dossiers.models import Defect, Dossier, Stage, SupplementRequest
from mail.actions import cancel
from mail.models import Letter
from mail.queries import letters_about

TOLD = "dossier_eligible"
# A letter that is with the mail server, or may be, has told the enterprise.
GONE = (Letter.State.SENT, Letter.State.SENDING, Letter.State.UNSURE)


@dataclass(frozen=True)
class Asked:
    """One defect as the officer ticks it."""

    part: str
    reason: str
    words: str


# In each act `seen` is the stamp of the page it was taken from: whoever was overtaken by a colleague hears of it
# (dossiers.actions.desk.Overtaken) and changes nothing.
@transaction.atomic
def start_check(*, dossier: Dossier, seen: str = "", by: Any, at: datetime) -> Dossier:
    """The officer takes the dossier in hand."""
    still_as_seen(dossier, seen)
    workflow.take("start_check", dossier, by=by, at=at)
    Dossier.objects.filter(pk=dossier.pk).update(officer=by)
    dossier.officer = by
    return dossier


@transaction.atomic
def request_supplement(
    *, dossier: Dossier, defects: Sequence[Asked], message: str = "", seen: str = "", by: Any, at: datetime
) -> SupplementRequest:
    """Ask the enterprise to mend what is listed. Raises Refused without a single defect."""
    if not defects:
        raise Refused(_("List at least one thing to mend."))
    still_as_seen(dossier, seen)
    if dossier.stage == Stage.SUBMITTED:
        start_check(dossier=dossier, by=by, at=at)
    workflow.take("request_supplement", dossier, by=by, at=at, note=message)
    keep_transcript(dossier=dossier, by=by, at=at)
    request = SupplementRequest.objects.create(
        dossier=dossier,
        asked_at=at,
        asked_by_name=str(by),
        due_date=timezone.localdate(at) + timedelta(days=dossier.season.supplement_days),
        message=message,
    )
    Defect.objects.bulk_create(Defect(request=request, part=d.part, reason=d.reason, words=d.words) for d in defects)
    reminders.tell_asked(request, by=by, at=at)
    return request


@transaction.atomic
def admit(*, dossier: Dossier, seen: str = "", by: Any, at: datetime) -> Dossier:
    """The dossier is eligible and goes to the council."""
    still_as_seen(dossier, seen)
    if dossier.stage == Stage.SUBMITTED:
        start_check(dossier=dossier, by=by, at=at)
    taken = workflow.take("admit", dossier, by=by, at=at)
    keep_transcript(dossier=dossier, by=by, at=at)
    # The check may be taken up again: each time it ends, the enterprise is told once.
    post.tell_enterprise(TOLD, dossier, key=f"{TOLD}:{taken.pk}", page="dossiers:follow", by=by, at=at)
    return dossier


@transaction.atomic
def check_again(*, dossier: Dossier, reason: str = "", seen: str = "", by: Any, at: datetime) -> Dossier:
    """Take up the check of an eligible dossier again, before the council has begun. The letter that tells the
    enterprise does not go out; raises Refused when it did. The reason is the Department's own."""
    locked = still_as_seen(dossier, seen)
    letters = [letter for letter in letters_about(locked) if letter.kind == TOLD]
    told = sorted({letter.to_name or letter.to_email for letter in letters if letter.state in GONE})
    reasons = workflow.blockers(locked, "check_again", by=by, at=at)
    if told and not reasons:
        reasons = [
            _("The letter that the dossier is eligible went out already: %(names)s. It cannot be unsaid here.")
            % {"names": ", ".join(told)}
        ]
    if reasons:
        raise Refused(reasons)
    workflow.take("check_again", dossier, by=by, at=at, note=reason.strip())
    for letter in letters:
        if letter.state != Letter.State.CANCELLED:
            words = reason.strip() or _("The check of the dossier is taken up again.")
            cancel(letter=letter, reason=words, by=by, at=at)
    return dossier


@transaction.atomic
def refuse(*, dossier: Dossier, reason: str, seen: str = "", by: Any, at: datetime) -> Dossier:
    """Refuse the dossier for a stated reason, which the applicant reads."""
    if not reason.strip():
        raise Refused(_("Give the reason for the refusal."))
    still_as_seen(dossier, seen)
    workflow.take("refuse", dossier, by=by, at=at, note=reason)
    Dossier.objects.filter(pk=dossier.pk).update(refusal_reason=reason)
    dossier.refusal_reason = reason
    close_requests(dossier, at)
    post.tell_enterprise(
        "dossier_refused",
        dossier,
        key=f"dossier_refused:{dossier.pk}",
        page="dossiers:follow",
        values=lambda: {"reason": reason},
        by=by,
        at=at,
    )
    return dossier


def close_requests(dossier: Dossier, at: datetime) -> None:
    dossier.supplements.filter(answered_at=None).update(answered_at=at)
