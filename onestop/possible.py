"""Which form can be made now, and why the others cannot. One sentence each, in the reader's language."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.workdays import Calendar
from dossiers import queries
from dossiers.clock import Running
from dossiers.models import Dossier, Stage
from onestop.collecting import latest_request
from onestop.kinds import FormKind


def obstacles(kind: FormKind, dossier: Dossier, at: datetime, calendar: Calendar | None = None) -> list[str]:
    """Empty when the form can be made at this stage."""
    if dossier.number is None:
        return [_("The dossier was not filed yet.")]
    if kind.code == "02" and latest_request(dossier) is None:
        return [_("No supplement was asked for.")]
    if kind.code == "03" and dossier.stage != Stage.REFUSED:
        return [_("The dossier is not refused. Refuse it first; the reason stands on the form.")]
    if kind.code == "04":
        return _of_apology(dossier, at, calendar)
    if kind.code == "05":
        return _of_stop(dossier, at)
    return []


def _of_apology(dossier: Dossier, at: datetime, calendar: Calendar | None) -> list[str]:
    clock = queries.clock_of(dossier, calendar)
    state = clock.days_left(timezone.localdate(at)).state if clock else Running.ENDED
    if state == Running.PAUSED:
        return [_("The clock stands still while a supplement is awaited; nothing is late.")]
    if state == Running.ENDED:
        return [_("The check of this dossier is over.")]
    return []


def _of_stop(dossier: Dossier, at: datetime) -> list[str]:
    if dossier.stage == Stage.WITHDRAWN:
        return []
    asked = dossier.open_supplement
    if asked is not None and asked.due_date < timezone.localdate(at):
        return []
    return [_("The procedure ends when the enterprise withdraws or lets the term of a supplement pass.")]


def stop_reason(dossier: Dossier) -> str:
    """What the officer finds written already, in the language of the paper."""
    if dossier.stage == Stage.WITHDRAWN:
        return "tổ chức đề nghị rút hồ sơ."
    return "hết thời hạn bổ sung mà tổ chức chưa nộp bổ sung hồ sơ."


def is_proposed(kind: FormKind, dossier: Dossier, at: datetime, calendar: Calendar | None = None) -> bool:
    """The form that this stage asks for; a person makes it."""
    if obstacles(kind, dossier, at, calendar):
        return False
    if kind.code == "04":
        clock = queries.clock_of(dossier, calendar)
        return clock is not None and clock.is_late(timezone.localdate(at))
    if kind.code == "02":
        return dossier.stage == Stage.SUPPLEMENT
    return kind.code in ("01", "03", "05")


def where_words(where: str) -> str:
    """The page at which a missing value is filled in."""
    return {
        "enterprise": pgettext("where", "the record of the enterprise"),
        "check": pgettext("where", "the check screen"),
        "intake": pgettext("where", "papers and scans"),
        "supplement": pgettext("where", "the request for a supplement"),
        "typed": pgettext("where", "the fields of this form"),
    }[where]
