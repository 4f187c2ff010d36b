"""The session goes on: people come, an item is called, whoever is barred walks out, the item ends."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import Refused
from evaluations.models import Seat
from meetings import queries
from meetings.actions.common import changed, locked, locked_item, name_of, running
from meetings.actions.papers import order_after_meeting
from meetings.models import AgendaItem, Attendance, Exit, Meeting, SecretTally, Vote


def quorum_words(quorum: queries.Quorum) -> str:
    """The rule, and how far the room is from it."""
    if quorum.entitled == 0:
        return _("Every member of the council is barred from this item; nobody can judge it.")
    return _(
        "No quorum: %(present)s of %(entitled)s members who are not barred are in the room, at least %(needed)s are "
        "needed (rule: %(rule)s)."
    ) % {
        "present": quorum.present,
        "entitled": quorum.entitled,
        "needed": quorum.needed,
        "rule": quorum.rule,
    }


@transaction.atomic
def open_meeting(*, meeting: Meeting, seen: int, by: Any, at: datetime) -> None:
    """Raises Refused while the members ticked as present do not make a quorum."""
    meeting = locked(meeting, by=by, seen=seen)
    if meeting.opened_at is not None:
        raise Refused(_("The meeting is open already."))
    if queries.running_meeting(meeting.season) is not None:
        raise Refused(_("Another meeting of the season is open. Close it first."))
    quorum = queries.room_of(meeting).quorum()
    if not quorum.holds:
        raise Refused(quorum_words(quorum))
    meeting.opened_at = at
    meeting.save(update_fields=["opened_at"])
    changed("meeting.opened", meeting, by=by, at=at, present=quorum.present, needed=quorum.needed)


# --- people -------------------------------------------------------------------------------------------
@transaction.atomic
def tick_attendance(*, meeting: Meeting, seat: Seat, present: bool, by: Any, at: datetime) -> None:
    """The member came, or left for good or for a while. Ticked twice, it changes nothing."""
    meeting = locked(meeting, by=by)
    if meeting.closed_at is not None:
        raise Refused(_("The meeting is closed."))
    room = queries.room_of(meeting)
    if room.seat(seat.pk) is None:
        raise Refused(_("%(name)s does not sit in this council on this day.") % {"name": seat})
    here = room.here.get(seat.pk)
    if present == (here is not None):
        return
    if here is None:
        Attendance.objects.create(meeting=meeting, seat=seat, came_at=at)
    elif meeting.opened_at is None:
        here.delete()
    else:
        _close_exit(room, seat.pk, at)
        here.left_at = at
        here.save(update_fields=["left_at"])
    changed("meeting.member_came" if present else "meeting.member_left", meeting, by=by, at=at, seat=seat.pk)


def _close_exit(room: queries.Room, seat_id: int, at: datetime) -> None:
    if seat_id in room.out:
        room.out[seat_id].back_at = at
        room.out[seat_id].save(update_fields=["back_at"])


@transaction.atomic
def let_out(*, item: AgendaItem, seat: Seat | None = None, by: Any, at: datetime) -> int:
    """A member with a conflict, or all of them, left the room before the item. Returns how many walked now."""
    meeting, row = locked_item(item, by=by)
    running(meeting)
    if not row.is_called:
        raise Refused(_("Call the item first."))
    room = queries.room_of(meeting)
    leaving = [one for one in room.must_leave(row) if seat is None or one.pk == seat.pk]
    if seat is not None and not leaving and seat.pk not in room.barred_from(row):
        raise Refused(_("%(name)s has no conflict with this item.") % {"name": seat})
    Exit.objects.bulk_create(Exit(item=row, seat=one, out_at=at) for one in leaving)
    if leaving:
        changed("meeting.members_out", meeting, by=by, at=at, item=name_of(row), seats=[s.pk for s in leaving])
    return len(leaving)


@transaction.atomic
def let_in(*, meeting: Meeting, seat: Seat | None = None, by: Any, at: datetime) -> int:
    """A member, or all who are not barred from what is being discussed, came back. Returns how many walked now."""
    meeting = locked(meeting, by=by)
    running(meeting)
    room, current = queries.room_of(meeting), queries.current_item(meeting)
    coming = [one for one in room.may_return(current) if seat is None or one.pk == seat.pk]
    if seat is not None and not coming and seat.pk in room.out:
        raise Refused(_("%(name)s has a conflict with the item that is being discussed.") % {"name": seat})
    for one in coming:
        _close_exit(room, one.pk, at)
    if coming:
        changed("meeting.members_in", meeting, by=by, at=at, seats=[s.pk for s in coming])
    return len(coming)


# --- an item ------------------------------------------------------------------------------------------
@transaction.atomic
def call_item(*, item: AgendaItem, seen: int, by: Any, at: datetime) -> None:
    """The next item: nothing of it is shown yet, first whoever is barred leaves."""
    meeting, row = locked_item(item, by=by, seen=seen)
    running(meeting)
    if row.called_at is not None:
        raise Refused(_("This item was called already."))
    if queries.current_item(meeting) is not None:
        raise Refused(_("End the item that is being discussed first."))
    leader = queries.room_of(meeting).leader(row, meeting.chair)
    row.called_at, row.led_by = at, leader
    row.save(update_fields=["called_at", "led_by"])
    changed("meeting.item_called", meeting, by=by, at=at, item=name_of(row))


@transaction.atomic
def start_item(*, item: AgendaItem, led_by: Seat | None = None, seen: int, by: Any, at: datetime) -> None:
    """The discussion begins. Raises Refused while somebody barred is in the room, without a quorum of the others,
    and when nobody leads: the chair, else the vice chair, else whom the secretary names."""
    meeting, row = locked_item(item, by=by, seen=seen)
    running(meeting)
    if not row.is_called or row.started_at is not None:
        raise Refused(_("This item is not waiting to begin."))
    room = queries.room_of(meeting)
    reasons = _obstacles(room, row)
    leader = led_by if led_by in room.voters(row) else room.leader(row, meeting.chair)
    if leader is None:
        reasons.append(_("Chair and vice chair are barred or away. Choose the member who leads this item."))
    if reasons:
        raise Refused(reasons)
    row.started_at, row.led_by = at, leader
    row.save(update_fields=["started_at", "led_by"])
    quorum = room.quorum(row)
    changed("meeting.item_started", meeting, by=by, at=at, item=name_of(row), present=quorum.present)


def _obstacles(room: queries.Room, item: AgendaItem) -> list[str]:
    """Why the item cannot go on in this room."""
    inside = room.must_leave(item)
    reasons = []
    if inside:
        names = ", ".join(str(seat) for seat in inside)
        reasons.append(
            ngettext(
                "%(names)s has a conflict with this item and must leave the room first.",
                "%(names)s have a conflict with this item and must leave the room first.",
                len(inside),
            )
            % {"names": names}
        )
    quorum = room.quorum(item)
    if not quorum.holds:
        reasons.append(quorum_words(quorum))
    return reasons


@transaction.atomic
def end_item(*, item: AgendaItem, conclusion: str = "", seen: int, by: Any, at: datetime) -> None:
    """The item ends with its conclusion and the quorum of this moment. Raises Refused when the quorum broke, and
    while a vote that the item asks for is not over."""
    meeting, row = locked_item(item, by=by, seen=seen)
    running(meeting)
    if row.started_at is None or row.is_over:
        raise Refused(_("This item is not being discussed."))
    room = queries.room_of(meeting)
    reasons = _obstacles(room, row)
    if row.votes_now:
        reasons.append(_("The vote on this item is still open."))
    elif row.asks_vote and row.vote_opened_at is None:
        reasons.append(_("This item asks for a vote of the council."))
    if reasons:
        raise Refused(reasons)
    quorum = room.quorum(row)
    row.ended_at, row.conclusion = at, conclusion
    row.present, row.entitled, row.needed = quorum.present, quorum.entitled, quorum.needed
    row.save(update_fields=["ended_at", "conclusion", "present", "entitled", "needed"])
    changed("meeting.item_ended", meeting, by=by, at=at, item=name_of(row), present=quorum.present)


@transaction.atomic
def put_off_item(*, item: AgendaItem, seen: int, by: Any, at: datetime) -> None:
    """Back to the end of the agenda, for example because the quorum broke. A vote that was under way is void."""
    meeting, row = locked_item(item, by=by, seen=seen)
    running(meeting)
    if not row.is_called:
        raise Refused(_("This item is not being discussed."))
    if row.vote_closed_at is not None:
        raise Refused(_("The council has voted on this item; end it."))
    Vote.objects.filter(item=row).delete()
    SecretTally.objects.filter(item=row).delete()
    row.called_at = row.started_at = row.vote_opened_at = row.led_by = None
    row.save(update_fields=["called_at", "started_at", "vote_opened_at", "led_by"])
    rest = [one for one in queries.items_of(meeting) if one.pk != row.pk]
    for position, one in enumerate([*rest, row], start=1):
        if one.position != position:
            AgendaItem.objects.filter(pk=one.pk).update(position=position)
    changed("meeting.item_put_off", meeting, by=by, at=at, item=name_of(row))


@transaction.atomic
def word_conclusion(*, item: AgendaItem, conclusion: str, by: Any, at: datetime) -> None:
    """Word the conclusion of an item anew, until the first signature under the minutes."""
    meeting, row = locked_item(item, by=by)
    if not row.is_over:
        raise Refused(_("This item has not ended."))
    if any(document.signatures.exists() for document in meeting.documents.all()):
        raise Refused(_("The minutes are being signed; their words stay."))
    if row.conclusion == conclusion:
        return
    row.conclusion = conclusion
    row.save(update_fields=["conclusion"])
    changed("meeting.conclusion_worded", meeting, by=by, at=at, item=name_of(row))


@transaction.atomic
def close_meeting(*, meeting: Meeting, seen: int, leaves_items: bool = False, by: Any, at: datetime) -> None:
    """Everybody leaves; the papers are ordered. Items that were not called stay untreated, and the minutes say so:
    only when `leaves_items` says that this is meant."""
    meeting = locked(meeting, by=by, seen=seen)
    running(meeting)
    if queries.current_item(meeting) is not None:
        raise Refused(_("End the item that is being discussed, or put it off."))
    left = meeting.items.filter(called_at=None).count()
    if left and not leaves_items:
        raise Refused(
            ngettext(
                "One item was not taken up. Tick that it is left to another meeting, or call it.",
                "%(n)s items were not taken up. Tick that they are left to another meeting, or call them.",
                left,
            )
            % {"n": left}
        )
    Exit.objects.filter(item__meeting=meeting, back_at=None).update(back_at=at)
    Attendance.objects.filter(meeting=meeting, left_at=None).update(left_at=at)
    meeting.closed_at = at
    meeting.save(update_fields=["closed_at"])
    order_after_meeting(meeting, by=by, at=at)
    treated = meeting.items.filter(ended_at__isnull=False).count()
    changed("meeting.closed", meeting, by=by, at=at, treated=treated)
