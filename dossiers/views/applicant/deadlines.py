"""Until when the applicant can act, and how much is left of it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dossiers.models import Dossier, Stage
from dossiers.views.applicant.stages import open_request


@dataclass(frozen=True)
class Deadline:
    """Until when the applicant can act; `words` says how much is left of it."""

    at: str
    words: str
    is_soon: bool
    is_past: bool


def deadline_of(dossier: Dossier, at: datetime) -> Deadline | None:
    request = open_request(dossier)
    if request is not None:
        left = request.days_left(timezone.localdate(at))
        day = date_format(request.due_date, "SHORT_DATE_FORMAT")
        return Deadline(day, days_in_words(left), 0 <= left <= 3, left < 0)
    if dossier.stage != Stage.DRAFT:
        return None
    closes = timezone.localtime(dossier.season.registration_closes_at)
    past = not dossier.season.is_open(at) or dossier.season.decided_at is not None
    left = (closes.date() - timezone.localdate(at)).days
    text = _("closed") if past else days_in_words(left)
    return Deadline(date_format(closes, "SHORT_DATETIME_FORMAT"), text, not past and left <= 3, past)


def days_in_words(left: int) -> str:
    if left < 0:
        return _("overdue")
    if left == 0:
        return _("today is the last day")
    return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}
