"""What every act of a session begins with: the meeting is locked, and is as it was when it was looked at."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from meetings.models import AgendaItem, Meeting


def locked(meeting: Meeting, *, by: Any, seen: int | None = None, rule: str = "meetings.run") -> Meeting:
    """The row, locked. Raises Refused when somebody has changed the meeting since version `seen`."""
    require(by, rule, meeting.season)
    row = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("season", "chair__user", "secretary")
        .get(pk=meeting.pk)
    )
    if seen is not None and seen != row.version:
        raise Refused(
            _("%(name)s changed this meeting meanwhile. Look at the new state and do it again if it still holds.")
            % {"name": row.changed_by_name}
        )
    return row


def locked_item(item: AgendaItem, *, by: Any, seen: int | None = None) -> tuple[Meeting, AgendaItem]:
    """The meeting locked and the item as it is now; 404 for whoever is barred from its dossier."""
    meeting = locked(item.meeting, by=by, seen=seen)
    row = AgendaItem.objects.select_related("dossier__product", "dossier__enterprise", "meeting__season").get(
        pk=item.pk, meeting=meeting
    )
    require(by, "meetings.run_item", row)
    return meeting, row


def running(meeting: Meeting) -> None:
    if meeting.opened_at is None:
        raise Refused(_("The meeting has not been opened."))
    if meeting.closed_at is not None:
        raise Refused(_("The meeting is closed."))


def changed(act: str, meeting: Meeting, *, by: Any, at: datetime, **detail: Any) -> None:
    """Count the change and write it down. The last statement of an act."""
    meeting.version += 1
    meeting.changed_by_name = str(by)[:200]
    meeting.save(update_fields=["version", "changed_by_name"])
    audit.record(act, meeting, by=by, at=at, **detail)


def name_of(item: AgendaItem) -> str:
    """How the log and refusals call an item."""
    return (item.dossier.number or "") if item.dossier is not None else item.title
