"""What an enterprise brings to the counter after its dossier was received there: an answer, or a withdrawal."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access import require
from core import audit
from core.canonical import digest
from core.errors import Refused
from dossiers import post, versions, workflow
from dossiers.actions.checking import close_requests
from dossiers.actions.row import touch
from dossiers.models import Dossier, SupplementRequest

MAX_STATEMENT = 2000


def something_came(dossier: Dossier, request: SupplementRequest) -> bool:
    """Does the dossier say anything else than when the supplement was asked for: a scan, a text, a figure?"""
    asked_about = dossier.versions.filter(taken_at__lte=request.asked_at).order_by("-number").first()
    fresh = Dossier.objects.select_related("enterprise", "product").get(pk=dossier.pk)
    return asked_about is None or asked_about.digest != digest(versions.content_of(fresh))


@transaction.atomic
def answer_on_paper(*, dossier: Dossier, received_at: datetime, statement: str = "", by: Any, at: datetime) -> Dossier:
    """The answer to a supplement came on paper. The clock goes on from `received_at`, the hour at the counter,
    however late it is typed. What came is scanned or typed in before, or said in `statement`. Raises Refused."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    require(by, "dossiers.check", locked)
    if received_at > at:
        raise Refused(_("The time of receipt lies in the future."))
    request, statement = locked.open_supplement, statement.strip()[:MAX_STATEMENT]
    if request is not None:
        if received_at >= request.asked_at.replace(second=0, microsecond=0):
            received_at = max(received_at, request.asked_at)  # the page knows minutes only
        if locked.is_on_paper and not statement and not something_came(locked, request):
            raise Refused(
                _("Nothing has changed since the supplement was asked for. Scan or type in what came, or say it.")
            )
    workflow.take("answer_on_paper", locked, by=by, at=received_at, note=statement)
    assert request is not None  # a guard of the step
    request.answered_at = received_at
    request.save(update_fields=["answered_at"])
    versions.keep(dossier=locked, by=by, at=at)
    _tell(locked, "paper_answer_received", f"paper_answer:{request.pk}", {"day": received_at}, by, at)
    touch(locked, at)
    audit.record("dossier.paper_answer_recorded", locked, by=by, at=at, received_at=received_at, request=request.pk)
    return locked


@transaction.atomic
def withdraw_on_paper(*, dossier: Dossier, letter_on: date, reason: str, by: Any, at: datetime) -> Dossier:
    """The enterprise withdrew by a letter of that day. Raises Refused with every reason."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    require(by, "dossiers.check", locked)
    reasons, reason = [], reason.strip()
    if letter_on > timezone.localdate(at):
        reasons.append(_("The day of the letter lies in the future."))
    if locked.submitted_at is not None and letter_on < timezone.localdate(locked.submitted_at):
        reasons.append(_("The letter is older than the dossier. Check its day."))
    if not reason:
        reasons.append(_("Give the reason that the letter states."))
    if reasons:
        raise Refused(reasons)
    with override("vi"):  # the files of the Department are kept in Vietnamese
        note = _("Letter of %(date)s: %(reason)s") % {"date": _day(letter_on), "reason": reason}
    workflow.take("withdraw_on_paper", locked, by=by, at=at, note=note)
    close_requests(locked, at)
    _tell(locked, "paper_withdrawal_received", f"paper_withdrawal:{locked.pk}", {"day": letter_on}, by, at)
    return locked


def _tell(dossier: Dossier, kind: str, key: str, days: dict[str, datetime | date], by: Any, at: datetime) -> None:
    """Whoever acts for the enterprise hears what was brought in its name."""
    post.tell_enterprise(
        kind,
        dossier,
        key=key,
        page="dossiers:follow",
        values=lambda: {name: _day(value) for name, value in days.items()},
        by=by,
        at=at,
    )


def _day(value: datetime | date) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return date_format(value, "SHORT_DATE_FORMAT")
