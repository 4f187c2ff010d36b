"""The secretary runs the session, members attend it, staff read about it. Who is barred from a dossier by a conflict
does nothing and sees nothing about it, whatever the role (dossiers.wall)."""

from typing import Any

from accounts.permissions import is_secretary, is_staff
from dossiers.wall import barred_ids, is_barred
from evaluations.permissions import has_seat
from meetings.models import AgendaItem, Meeting, PaperKind, SessionDocument
from programme.models import Season


def sees_meetings(user: Any, season: Season | None = None) -> bool:
    return is_staff(user)


def runs_meetings(user: Any, season: Season | None = None) -> bool:
    """The secretary, who has no vote."""
    return is_secretary(user) and not has_seat(user, season)


def runs_item(user: Any, item: AgendaItem) -> bool:
    if not runs_meetings(user, item.meeting.season):
        return False
    return item.dossier is None or not is_barred(user, item.dossier)


def attends(user: Any, meeting: Meeting) -> bool:
    return has_seat(user, meeting.season)


def votes_on(user: Any, item: AgendaItem) -> bool:
    return attends(user, item.meeting) and (item.dossier is None or not is_barred(user, item.dossier))


def signs_minutes(user: Any, meeting: Meeting) -> bool:
    """Whoever attended, and the secretary of the meeting."""
    return meeting.secretary_id == getattr(user, "pk", None) or (
        has_seat(user, meeting.season) and meeting.attendances.filter(seat__user=user).exists()
    )


def reads_paper(user: Any, document: SessionDocument) -> bool:
    """Staff, and the minutes whoever signs them; nobody who is barred from a dossier that stands in it."""
    own = (
        document.kind == PaperKind.MINUTES
        and document.meeting is not None
        and (signs_minutes(user, document.meeting) or attends(user, document.meeting))
    )
    if not own and not is_staff(user):
        return False
    return not barred_ids(user, document.season) & set(document.dossiers)


RULES = {
    "see": sees_meetings,
    "run": runs_meetings,
    "run_item": runs_item,
    "attend": attends,
    "vote": votes_on,
    "sign_minutes": signs_minutes,
    "read_paper": reads_paper,
}
