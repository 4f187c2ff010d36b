"""A supplement cannot be forgotten: letters 7, 3 and 1 days before it is due, and one when it is late.

The run is hourly and may be repeated, late or missed for days: each letter has its own key, and of the reminders
whose day has come only the most urgent one is written.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dossiers import post, supplements
from dossiers.models import Dossier, Stage, SupplementRequest
from mail.kinds import CalendarEntry

DAYS_BEFORE = (7, 3, 1)


def reminder_due(left: int, asked_days_ago: int) -> int | None:
    """Which reminder a request with `left` days needs. None before the first, after the term, and for a reminder
    whose day was the day of the request itself or before it: the request said the same."""
    if left < 0:
        return None
    passed = [days for days in DAYS_BEFORE if left <= days]
    if not passed or passed[-1] >= left + asked_days_ago:
        return None
    return passed[-1]


def send_due(*, at: datetime) -> int:
    """Write every reminder whose day has come. Returns how many requests were written about."""
    today = timezone.localdate(at)
    requests = (
        SupplementRequest.objects.filter(answered_at=None, dossier__stage=Stage.SUPPLEMENT)
        .select_related("dossier__season", "dossier__enterprise", "dossier__product")
        .prefetch_related("defects")
        .order_by("due_date", "pk")
    )
    told = 0
    for request in requests:
        with transaction.atomic():  # one dossier whose letter fails does not hold up the others
            told += _remind(request, today, at)
    return told


def _remind(request: SupplementRequest, today: date, at: datetime) -> bool:
    dossier, left = request.dossier, request.days_left(today)
    if left < 0:
        post.tell_enterprise(
            "supplement_late",
            dossier,
            key=f"supplement_late:{request.pk}:{request.due_date:%Y%m%d}",
            page="dossiers:supplement",
            values=lambda: {"due": post.day(request.due_date)},
            at=at,
        )
        return True
    asked_from = request.extended_at or request.asked_at
    days = reminder_due(left, (today - timezone.localdate(asked_from)).days)
    if days is None:
        return False

    def values() -> dict[str, str]:
        waiting = supplements.unanswered(dossier)
        return {
            "due": post.day(request.due_date),
            "days": str(left),
            "items": listed(request, {item.code for item in waiting})
            or _("Everything is mended; it only has to be sent."),
        }

    # The day belongs to the key: an extended term begins its own row of reminders.
    post.tell_enterprise(
        "supplement_reminder",
        dossier,
        key=f"supplement_reminder:{request.pk}:{request.due_date:%Y%m%d}:{days}",
        page="dossiers:supplement",
        values=values,
        calendar=lambda: calendar_entry(dossier, request),
        at=at,
    )
    return True


def calendar_entry(dossier: Dossier, request: SupplementRequest) -> CalendarEntry:
    """The same entry in every letter about this request; an extension moves it."""
    return CalendarEntry(
        title=_("Supplement of dossier %(number)s is due") % {"number": dossier.number},
        on=request.due_date,
        details=listed(request),
        uid=f"supplement-{request.pk}",
    )


def listed(request: SupplementRequest, only: set[str] | None = None) -> str:
    """The defects as numbered lines."""
    defects = [defect for defect in request.defects.all() if only is None or defect.part in only]
    return "\n".join(
        f"{number}. {supplements.name_of(defect.part)} ({defect.get_reason_display()}): {defect.words}"
        for number, defect in enumerate(defects, start=1)
    )


def tell_asked(request: SupplementRequest, *, by: Any, at: datetime) -> None:
    """The letter that goes with the request itself."""
    dossier = request.dossier
    post.tell_enterprise(
        "supplement_asked",
        dossier,
        key=f"supplement_asked:{request.pk}",
        page="dossiers:supplement",
        values=lambda: {"due": post.day(request.due_date), "items": listed(request), "message": request.message},
        calendar=lambda: calendar_entry(dossier, request),
        by=by,
        at=at,
    )
