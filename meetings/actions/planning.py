"""A session is planned: when, where, in which order."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.permissions import is_secretary
from core import audit
from core.errors import Refused
from dossiers.models import Dossier
from evaluations.models import Seat
from evaluations.queries import council_of, seats_of
from meetings import agenda, queries
from meetings.actions.common import changed, locked, locked_item, name_of
from meetings.models import AgendaItem, Meeting
from programme.models import Season


@transaction.atomic
def plan_meeting(*, season: Season, opens_at: datetime, place: str, ballot: str, by: Any, at: datetime) -> Meeting:
    """A session with every dossier that was not finished with, in the order with the fewest exits and entries.

    Raises Refused without a council or its chair.
    """
    require(by, "meetings.run", season)
    Season.objects.select_for_update().get(pk=season.pk)
    chair = seats_of(season).filter(position=Seat.Position.CHAIR).first()
    if council_of(season) is None or chair is None:
        raise Refused(_("The council has no chair yet. Seat the council first."))
    if Meeting.objects.filter(season=season, opened_at=None, opens_at=opens_at).exists():
        raise Refused(_("A meeting at this hour is planned already."))
    last = Meeting.objects.filter(season=season).aggregate(last=Max("number"))["last"] or 0
    meeting = Meeting.objects.create(
        season=season,
        number=last + 1,
        opens_at=opens_at,
        place=place,
        ballot=ballot,
        chair=chair,
        secretary=by,
        changed_by_name=str(by)[:200],
        planned_at=at,
    )
    walks = _lay_out(meeting)
    audit.record("meeting.planned", meeting, by=by, at=at, opens_at=opens_at, place=place, walks=walks)
    return meeting


@transaction.atomic
def change_meeting(
    *,
    meeting: Meeting,
    opens_at: datetime,
    place: str,
    ballot: str,
    chair: Seat,
    secretary: Any,
    seen: int,
    by: Any,
    at: datetime,
) -> Meeting:
    """Other facts of a session that has not begun; chair and secretary may change while it runs."""
    meeting = locked(meeting, by=by, seen=seen)
    if meeting.closed_at is not None:
        raise Refused(_("The meeting is closed."))
    if chair.council.season_id != meeting.season_id or chair.vacated_at is not None or chair.is_alternate:
        raise Refused(_("Choose a member of this council to chair the meeting."))
    if not is_secretary(secretary):
        raise Refused(_("Choose a council secretary."))
    if meeting.opened_at is None:
        meeting.opens_at = opens_at
        meeting.place, meeting.ballot = place, ballot
    meeting.chair, meeting.secretary = chair, secretary
    meeting.save(update_fields=["opens_at", "place", "ballot", "chair", "secretary"])
    changed("meeting.changed", meeting, by=by, at=at, place=meeting.place, chair=chair.pk, secretary=secretary.pk)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, seen: int, by: Any, at: datetime) -> None:
    """A planned meeting that nobody has come to goes, with its agenda; the log keeps that it was cancelled.

    Raises Refused once somebody was ticked as present or a paper cites it.
    """
    meeting = locked(meeting, by=by, seen=seen)
    if meeting.opened_at is not None:
        raise Refused(_("The meeting was opened; it stays on record."))
    audit.record("meeting.cancelled", meeting, by=by, at=at, number=meeting.number, opens_at=meeting.opens_at)
    try:
        meeting.delete()
    except ProtectedError as error:
        raise Refused(_("Attendance or papers cite this meeting; change its date instead.")) from error


@transaction.atomic
def propose_order(*, meeting: Meeting, seen: int, by: Any, at: datetime) -> int:
    """Dossiers that became due join, and those not yet called are ordered anew. Points of business keep their place.
    Returns the exits and entries of the whole agenda."""
    meeting = locked(meeting, by=by, seen=seen)
    if meeting.closed_at is not None:
        raise Refused(_("The meeting is closed."))
    walks = _lay_out(meeting)
    changed("meeting.order_proposed", meeting, by=by, at=at, walks=walks)
    return walks


def _lay_out(meeting: Meeting) -> int:
    """Write the proposed order: called items stay in front, dossiers fill the places of dossiers."""
    items = list(queries.items_of(meeting))
    room = queries.room_of(meeting)
    known = {item.dossier_id for item in items}
    referred = queries.referred_ids(meeting.season)
    fresh = [
        AgendaItem(meeting=meeting, kind=AgendaItem.Kind.DOSSIER, dossier=d, asks_vote=d.pk in referred)
        for d in queries.not_taken_up(meeting.season)
        if d.pk not in known
    ]
    taken = [item for item in items if item.called_at is not None]
    waiting = [item for item in items if item.called_at is None]
    dossiers = {item.dossier.number or "": item for item in [*waiting, *fresh] if item.dossier is not None}
    found = agenda.plan([agenda.Case(number, room.barred_from(item)) for number, item in dossiers.items()])
    ordered = [dossiers[number] for number in found.order]
    places = [item if item.dossier_id is None else None for item in waiting]
    queue = iter(ordered)
    laid = [place if place is not None else next(queue) for place in places]
    _number(meeting, [*taken, *laid, *queue])
    meeting.walks, meeting.walks_bound = found.walks, found.lower_bound
    meeting.save(update_fields=["walks", "walks_bound"])
    return found.walks


def _number(meeting: Meeting, items: list[AgendaItem]) -> None:
    for position, item in enumerate(items, start=1):
        item.position = position
    AgendaItem.objects.bulk_create([item for item in items if item.pk is None])
    AgendaItem.objects.bulk_update(items, ["position"])


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool, all_the_way: bool = False, seen: int, by: Any, at: datetime) -> None:
    """One place up or down, or to the first place, among the items that were not called yet."""
    meeting = locked(item.meeting, by=by, seen=seen)
    items = list(queries.items_of(meeting))
    here = next(place for place, one in enumerate(items) if one.pk == item.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(items):
        raise Refused(_("The item stands at the end of the agenda already."))
    if items[here].called_at is not None or items[there].called_at is not None:
        raise Refused(_("What was called already keeps its place."))
    if all_the_way and up:
        there = next(place for place, one in enumerate(items) if one.called_at is None)
    items.insert(there, items.pop(here))
    _number(meeting, items)
    changed("meeting.item_moved", meeting, by=by, at=at, item=item.pk, to=there + 1)


@transaction.atomic
def add_business(
    *, meeting: Meeting, title: str, asks_vote: bool = False, seen: int, by: Any, at: datetime
) -> AgendaItem:
    """A point of business at the end of the agenda."""
    meeting = locked(meeting, by=by, seen=seen)
    if meeting.closed_at is not None:
        raise Refused(_("The meeting is closed."))
    if not title.strip():
        raise Refused(_("Write what the point of business is."))
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting, position=last + 1, kind=AgendaItem.Kind.BUSINESS, title=title, asks_vote=asks_vote
    )
    changed("meeting.item_added", meeting, by=by, at=at, item=item.pk, title=title)
    return item


@transaction.atomic
def add_dossier(*, meeting: Meeting, dossier: Dossier, seen: int, by: Any, at: datetime) -> AgendaItem:
    """A dossier at the end of the agenda, also one that an earlier session was finished with."""
    meeting = locked(meeting, by=by, seen=seen)
    if meeting.closed_at is not None:
        raise Refused(_("The meeting is closed."))
    if dossier.season_id != meeting.season_id or dossier.stage not in queries.TAKEN_UP:
        raise Refused(_("This dossier is not with the council."))
    if meeting.items.filter(dossier=dossier).exists():
        raise Refused(_("This dossier is on the agenda already."))
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting,
        position=last + 1,
        kind=AgendaItem.Kind.DOSSIER,
        dossier=dossier,
        asks_vote=dossier.pk in queries.referred_ids(meeting.season),
    )
    changed("meeting.item_added", meeting, by=by, at=at, item=item.pk, dossier=dossier.number)
    return item


@transaction.atomic
def remove_item(*, item: AgendaItem, seen: int, by: Any, at: datetime) -> None:
    """Take an item off the agenda before it is called."""
    meeting, row = locked_item(item, by=by, seen=seen)
    if row.called_at is not None:
        raise Refused(_("What was called already stays on the agenda."))
    if row.exits.exists():
        raise Refused(_("Members have left the room for this item; it stays on the agenda."))
    name = name_of(row)
    row.delete()
    _number(meeting, list(queries.items_of(meeting)))
    changed("meeting.item_removed", meeting, by=by, at=at, item=name)


@transaction.atomic
def ask_vote(*, item: AgendaItem, asks_vote: bool, seen: int, by: Any, at: datetime) -> None:
    """Whether the council votes on the item. A dossier that shares the last place is always voted on."""
    meeting, row = locked_item(item, by=by, seen=seen)
    if row.is_over or row.vote_opened_at is not None:
        raise Refused(_("The vote on this item has begun already."))
    if not asks_vote and row.dossier_id in queries.referred_ids(meeting.season):
        raise Refused(_("This dossier shares the last place; the criteria leave the choice to the council's vote."))
    row.asks_vote = asks_vote
    row.save(update_fields=["asks_vote"])
    changed("meeting.vote_asked", meeting, by=by, at=at, item=name_of(row), asks_vote=asks_vote)
