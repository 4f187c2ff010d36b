"""What a viewer sees of a session. Everything about a dossier from which the viewer is barred is left out here, so
that no page can show it: the item is a bare line, and while it is being discussed the viewer is told to wait."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dossiers.models import Dossier
from dossiers.wall import barred_ids
from evaluations.models import Result, ResultRun, Seat
from evaluations.queries import latest_run
from evaluations.scoring import rounded
from meetings import queries
from meetings.models import AgendaItem, Ballot, Meeting, Vote
from programme.actions import rules_of
from programme.rubric_file import CriterionRule

WIDTH = 200  # of the drawing of a spread, in its own units


@dataclass(frozen=True)
class Spread:
    """The mean of one criterion with its lowest and highest mark, without a name; places are on the drawing."""

    criterion: CriterionRule
    mean: Decimal
    lowest: Decimal
    highest: Decimal
    scorers: int

    def _place(self, points: Decimal) -> int:
        return int(WIDTH * points / self.criterion.max_points)

    @property
    def at_mean(self) -> int:
        return self._place(self.mean)

    @property
    def at_lowest(self) -> int:
        return self._place(self.lowest)

    @property
    def at_highest(self) -> int:
        return self._place(self.highest)


@dataclass(frozen=True)
class Facts:
    """What is shown of a dossier while its item is up. No rank: a rank depends on other dossiers, and whoever is
    barred from one of those sits in the room too."""

    dossier: Dossier
    total: Decimal | None = None
    passes: bool | None = None
    is_referred: bool = False
    spreads: tuple[Spread, ...] = ()


@dataclass(frozen=True)
class Line:
    """One item of the agenda as the viewer may see it."""

    item: AgendaItem
    is_hidden: bool
    barred: tuple[Seat, ...] = ()
    count: queries.Count | None = None
    out: tuple[Any, ...] = ()

    @property
    def state(self) -> str:
        if self.item.is_over:
            return "over"
        if self.item.votes_now:
            return "voting"
        if self.item.started_at is not None:
            return "on"
        return "called" if self.item.called_at is not None else "waiting"


@dataclass(frozen=True)
class Voter:
    """A member who may vote on the item, and the vote if there is one. Of a secret one only that it was cast."""

    seat: Seat
    vote: Vote | None


@dataclass(frozen=True)
class Board:
    """The session at this moment for one viewer."""

    meeting: Meeting
    room: queries.Room
    lines: tuple[Line, ...]
    current: Line | None = None
    facts: Facts | None = None
    quorum: queries.Quorum | None = None
    must_leave: tuple[Seat, ...] = ()
    may_return: tuple[Seat, ...] = ()
    voters: tuple[Voter, ...] = ()
    leads: Seat | None = None
    next_line: Line | None = None
    walks: int = 0
    own_vote: Vote | None = field(default=None)

    @property
    def cast(self) -> int:
        return sum(voter.vote is not None for voter in self.voters)

    @property
    def is_secret(self) -> bool:
        return self.meeting.ballot == Ballot.SECRET

    @property
    def ended(self) -> int:
        return sum(line.state == "over" for line in self.lines if not line.is_hidden)

    @property
    def shown(self) -> int:
        """How many items this viewer may know the state of."""
        return sum(not line.is_hidden for line in self.lines)

    @property
    def state_of_seats(self) -> list[tuple[Seat, str, Any]]:
        """Every seat: inside, out, away; with the moment since when."""
        found: list[tuple[Seat, str, Any]] = []
        for seat in self.room.seats:
            here, out = self.room.here.get(seat.pk), self.room.out.get(seat.pk)
            if here is None:
                found.append((seat, "left" if seat.pk in self.room.came else "away", None))
            elif out is not None:
                found.append((seat, "out", out.out_at))
            else:
                found.append((seat, "inside", here.came_at))
        return found


def board_of(meeting: Meeting, viewer: Any) -> Board:
    """The whole session for this viewer."""
    room = queries.room_of(meeting)
    items = list(queries.items_of(meeting))
    lines = lines_of(items, room, viewer, meeting)
    current = next((line for line in lines if line.item.is_called), None)
    following = next((line for line in lines if line.state == "waiting"), None)
    walks = queries.walks_of([item for item in items if item.called_at is None], room)
    if current is not None and current.is_hidden:
        return Board(meeting, room, lines, current, next_line=following, walks=walks)
    item = current.item if current else None
    votes = {vote.seat_id: vote for vote in item.votes.all()} if item else {}
    voters = tuple(Voter(seat, votes.get(seat.pk)) for seat in room.voters(item)) if item else ()
    return Board(
        meeting=meeting,
        room=room,
        lines=lines,
        current=current,
        facts=facts_of(item, latest_run(meeting.season)) if item and item.started_at else None,
        quorum=room.quorum(item),
        must_leave=tuple(room.must_leave(item)) if item else (),
        may_return=tuple(room.may_return(item)),
        voters=voters,
        leads=(item.led_by or room.leader(item, meeting.chair)) if item else None,
        next_line=following,
        walks=walks,
        own_vote=next((voter.vote for voter in voters if voter.seat.user_id == viewer.pk), None),
    )


def lines_of(items: Sequence[AgendaItem], room: queries.Room, viewer: Any, meeting: Meeting) -> tuple[Line, ...]:
    """The agenda for this viewer."""
    hidden = barred_ids(viewer, meeting.season)
    found = []
    for item in items:
        if item.dossier_id in hidden:
            found.append(Line(item, is_hidden=True))
            continue
        barred = room.barred_from(item)
        found.append(
            Line(
                item,
                is_hidden=False,
                barred=tuple(seat for seat in room.seats if seat.pk in barred),
                count=queries.count_of(item) if item.vote_closed_at is not None else None,
            )
        )
    return tuple(found)


def facts_of(item: AgendaItem, run: ResultRun | None) -> Facts | None:
    """The dossier with its means, when there is a result."""
    if item.dossier is None:
        return None
    result = Result.objects.filter(run=run, dossier=item.dossier).select_related("run__season__rubric").first()
    if result is None or result.run.season.rubric is None:
        return Facts(item.dossier)
    rules = rules_of(result.run.season.rubric)
    spreads = []
    cells = zip(rules.all_leaves, result.sums, result.counts, result.lowest, result.highest, strict=True)
    for criterion, points, scorers, lowest, highest in cells:
        if scorers:
            mean = rounded(Fraction(points, 100 * scorers), rules.decimals)
            low, high = (rounded(Fraction(mark or 0, 100), 2) for mark in (lowest, highest))
            spreads.append(Spread(criterion, mean, low, high, scorers))
    total = rounded(result.total_exact, rules.decimals)
    return Facts(item.dossier, total, result.passes, result.is_referred, tuple(spreads))
