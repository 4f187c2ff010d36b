"""The session of the council of a decided season, held as a secretary would hold it; the worker makes its papers."""

from datetime import datetime, timedelta
from functools import partial

from demo.cases import World
from meetings import actions, queries
from meetings.models import AgendaItem, Meeting

PLACE = "Phòng họp tầng 3, Sở Công Thương (minh họa)"
MINUTES_PER_ITEM = 7


def note_meeting(world: World, year: int, *, planned: datetime, opens: datetime) -> None:
    """Planned some days before the result is there, held after it."""
    world.diary.note(planned, partial(_plan, world, year, opens))
    world.diary.note(opens, partial(_hold, world, year))


def _plan(world: World, year: int, opens: datetime, at: datetime) -> None:
    actions.plan_meeting(
        season=world.seasons[year], opens_at=opens, place=PLACE, ballot="open", by=world.secretary, at=at
    )


def _hold(world: World, year: int, at: datetime) -> None:
    """Everybody came; each dossier is called, whoever is barred walks out, and the next one follows."""
    meeting, by = Meeting.objects.get(season=world.seasons[year]), world.secretary
    seats = queries.room_of(meeting).seats
    for seat in seats:
        actions.tick_attendance(meeting=meeting, seat=seat, present=True, by=by, at=at)
    actions.open_meeting(meeting=meeting, seen=_version(meeting), by=by, at=at)
    for place, item in enumerate(queries.items_of(meeting)):
        _treat(item, by, at + timedelta(minutes=MINUTES_PER_ITEM * place + 5))
    end = at + timedelta(minutes=MINUTES_PER_ITEM * meeting.items.count() + 10)
    actions.close_meeting(meeting=meeting, seen=_version(meeting), by=by, at=end)
    for number, (person, _seat) in enumerate(queries.signers_of(meeting)):
        said = end + timedelta(minutes=number + 1)
        actions.state_before_signing(meeting=meeting, has_conflict=False, by=person, at=said)


def _treat(item: AgendaItem, by: object, at: datetime) -> None:
    meeting = item.meeting
    actions.let_in(meeting=meeting, by=by, at=at)
    actions.call_item(item=item, seen=_version(meeting), by=by, at=at)
    actions.let_in(meeting=meeting, by=by, at=at)
    actions.let_out(item=item, by=by, at=at)
    actions.start_item(item=item, seen=_version(meeting), by=by, at=at + timedelta(minutes=1))
    actions.end_item(item=item, seen=_version(meeting), by=by, at=at + timedelta(minutes=MINUTES_PER_ITEM - 1))


def _version(meeting: Meeting) -> int:
    return Meeting.objects.values_list("version", flat=True).get(pk=meeting.pk)
