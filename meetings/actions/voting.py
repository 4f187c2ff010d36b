"""The council votes on an item, openly or in secret."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from evaluations.actions.session import record_cut_vote
from evaluations.models import Seat
from evaluations.queries import seat_of
from meetings import queries
from meetings.actions.common import changed, locked_item, name_of, running
from meetings.actions.room import quorum_words
from meetings.models import AgendaItem, Ballot, Meeting, SecretTally, Vote

COLUMN = {Vote.Choice.FOR: "in_favour", Vote.Choice.AGAINST: "against", Vote.Choice.ABSTAIN: "abstained"}


@transaction.atomic
def open_vote(*, item: AgendaItem, seen: int, by: Any, at: datetime) -> None:
    """The members in the room may vote from now on."""
    meeting, row = locked_item(item, by=by, seen=seen)
    running(meeting)
    if row.started_at is None or row.is_over or row.vote_opened_at is not None:
        raise Refused(_("The vote on this item cannot be opened now."))
    quorum = queries.room_of(meeting).quorum(row)
    if not quorum.holds:
        raise Refused(quorum_words(quorum))
    row.vote_opened_at, row.asks_vote = at, True
    row.save(update_fields=["vote_opened_at", "asks_vote"])
    if meeting.ballot == Ballot.SECRET:
        SecretTally.objects.create(item=row)
    changed("meeting.vote_opened", meeting, by=by, at=at, item=name_of(row), ballot=meeting.ballot)


@transaction.atomic
def cast_vote(*, item: AgendaItem, choice: str, by: Any, at: datetime) -> None:
    """The own vote. An open one may be changed until the vote ends; a secret one leaves the hand once.

    Raises Refused for whoever is not in the room, 404 for a member with a conflict.
    """
    require(by, "meetings.vote", item)
    seat = seat_of(by, item.meeting.season)
    assert seat is not None
    meeting, row, room = _locked_vote(item)
    _may_vote(room, row, seat, choice)
    if meeting.ballot == Ballot.SECRET:
        _cast_in_secret(row, seat, choice, by, at)
        return
    vote, _new = Vote.objects.update_or_create(
        item=row,
        seat=seat,
        defaults={"is_secret": False, "choice": choice, "entered_by_name": "", "cast_at": at},
    )
    audit.record("vote.cast", vote, by=by, at=at, item=row.pk, choice=choice)


def _locked_vote(item: AgendaItem) -> tuple[Meeting, AgendaItem, queries.Room]:
    """Votes of two members go side by side; the end of the vote waits for both."""
    rows = AgendaItem.objects.select_for_update(of=("self",)).select_related("meeting__season", "dossier")
    row = rows.get(pk=item.pk)
    meeting = row.meeting
    running(meeting)
    if not row.votes_now:
        raise Refused(_("There is no vote on this item now."))
    return meeting, row, queries.room_of(meeting)


def _may_vote(room: queries.Room, item: AgendaItem, seat: Seat, choice: str) -> None:
    if choice not in Vote.Choice.values:
        raise Refused(_("Choose for, against or abstain."))
    if seat not in room.voters(item):
        if seat.is_alternate:
            raise Refused(_("An alternate votes only in the place of a member who is away."))
        raise Refused(_("Only members in the room vote. The secretary has not ticked %(name)s.") % {"name": seat})


def _cast_in_secret(item: AgendaItem, seat: Seat, choice: str, by: Any, at: datetime) -> None:
    """Who has voted is one row, what was voted is added to a sum: nothing joins them."""
    if Vote.objects.filter(item=item, seat=seat).exists():
        raise Refused(_("Your vote was counted already; a secret vote cannot be taken back."))
    vote = Vote.objects.create(item=item, seat=seat, is_secret=True, cast_at=at)
    column = COLUMN[Vote.Choice(choice)]
    SecretTally.objects.filter(item=item).update(**{column: F(column) + 1})
    audit.record("vote.cast", vote, by=by, at=at, item=item.pk, secret=True)


@transaction.atomic
def enter_vote(*, item: AgendaItem, seat: Seat, choice: str, by: Any, at: datetime) -> None:
    """The secretary counts a raised hand. Only in an open vote, only for a member in the room who has not voted; the
    minutes say for ever that the secretary entered it."""
    meeting, _row = locked_item(item, by=by)
    meeting, row, room = _locked_vote(item)
    if meeting.ballot == Ballot.SECRET:
        raise Refused(_("In a secret vote every member votes alone."))
    _may_vote(room, row, seat, choice)
    known = Vote.objects.filter(item=row, seat=seat).first()
    if known is not None and not known.entered_by_name:
        raise Refused(_("%(name)s has voted already.") % {"name": seat})
    vote, _new = Vote.objects.update_or_create(
        item=row,
        seat=seat,
        defaults={"is_secret": False, "choice": choice, "entered_by_name": str(by)[:200], "cast_at": at},
    )
    changed("vote.entered", meeting, by=by, at=at, item=name_of(row), seat=seat.pk, choice=vote.choice)


@transaction.atomic
def close_vote(*, item: AgendaItem, seen: int, by: Any, at: datetime) -> None:
    """The vote ends. Raises Refused while fewer members have voted than make a quorum. A vote on a dossier that shares
    the last place is recorded for the tie rule "vote"."""
    meeting, row = locked_item(item, by=by, seen=seen)
    running(meeting)
    row = AgendaItem.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=row.pk)
    if not row.votes_now:
        raise Refused(_("There is no vote on this item now."))
    quorum = queries.room_of(meeting).quorum(row)
    count = queries.count_of(queries.items_of(meeting).get(pk=row.pk))
    if count.cast < quorum.needed:
        raise Refused(
            _("Only %(cast)s members have voted; at least %(needed)s are needed (rule: %(rule)s).")
            % {"cast": count.cast, "needed": quorum.needed, "rule": quorum.rule}
        )
    row.vote_closed_at = at
    row.save(update_fields=["vote_closed_at"])
    if row.dossier is not None and row.dossier_id in queries.referred_ids(meeting.season):
        record_cut_vote(dossier=row.dossier, in_favour=count.in_favour, against=count.against, by=by, at=at)
    changed(
        "meeting.vote_closed",
        meeting,
        by=by,
        at=at,
        item=name_of(row),
        in_favour=count.in_favour,
        against=count.against,
        abstained=count.abstained,
    )
