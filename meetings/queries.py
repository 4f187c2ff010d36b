"""Who is in the room, who must not be, and what a viewer may see of an item."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from dossiers.models import Conflict, Dossier, Stage
from evaluations.models import Council, Interest, Result, Seat
from evaluations.queries import council_of, latest_run, serving_seats
from meetings import agenda
from meetings.models import AgendaItem, Attendance, Exit, Meeting
from programme.models import Season

TAKEN_UP = (Stage.ELIGIBLE, Stage.SCORING, Stage.SCORED, Stage.PUBLIC_COMMENT)


def meetings_of(season: Season) -> QuerySet[Meeting]:
    return Meeting.objects.filter(season=season).select_related("season", "chair__user", "secretary")


def meeting_numbered(season: Season | None, number: int) -> Meeting | None:
    return meetings_of(season).filter(number=number).first() if season else None


def items_of(meeting: Meeting) -> QuerySet[AgendaItem]:
    return (
        meeting.items.select_related("dossier__product__sector", "dossier__enterprise", "led_by__user", "secret_tally")
        .prefetch_related("votes")
        .order_by("position")
    )


def agenda_dossiers(season: Season) -> QuerySet[Dossier]:
    """Dossiers that a session can take up."""
    found = Dossier.objects.filter(season=season, stage__in=TAKEN_UP)
    return found.select_related("product", "enterprise").order_by("number")


def not_taken_up(season: Season) -> list[Dossier]:
    """Those that no session has finished with, and those that the newest result refers to the council's vote."""
    done = set(
        AgendaItem.objects.filter(meeting__season=season, ended_at__isnull=False, dossier__isnull=False).values_list(
            "dossier_id", flat=True
        )
    )
    referred = referred_ids(season)
    voted = set(
        AgendaItem.objects.filter(
            meeting__season=season, vote_closed_at__isnull=False, dossier__isnull=False
        ).values_list("dossier_id", flat=True)
    )
    return [d for d in agenda_dossiers(season) if d.pk not in done or (d.pk in referred and d.pk not in voted)]


def referred_ids(season: Season) -> frozenset[int]:
    """Dossiers that share the last place in the newest result, where the rubric leaves the choice to the council."""
    run = latest_run(season)
    if run is None:
        return frozenset()
    return frozenset(Result.objects.filter(run=run, is_referred=True).values_list("dossier_id", flat=True))


# --- the room -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Quorum:
    """Members in the room who may judge, of those who are not barred, and how many the rule asks for."""

    present: int
    entitled: int
    needed: int
    rule: str

    @property
    def holds(self) -> bool:
        return self.entitled > 0 and self.present >= self.needed


@dataclass(frozen=True)
class Room:
    """The seats of a meeting, who attends, who is out because of a conflict, and whom each dossier bars."""

    council: Council
    seats: tuple[Seat, ...]
    here: dict[int, Attendance]
    out: dict[int, Exit]
    barred: dict[int, frozenset[int]]
    came: frozenset[int]

    def seat(self, pk: int) -> Seat | None:
        return next((seat for seat in self.seats if seat.pk == pk), None)

    @property
    def inside(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.pk in self.here and seat.pk not in self.out]

    def barred_from(self, item: AgendaItem | None) -> frozenset[int]:
        if item is None or item.dossier_id is None:
            return frozenset()
        return self.barred.get(item.dossier_id, frozenset())

    def must_leave(self, item: AgendaItem) -> list[Seat]:
        barred = self.barred_from(item)
        return [seat for seat in self.inside if seat.pk in barred]

    def may_return(self, item: AgendaItem | None) -> list[Seat]:
        barred = self.barred_from(item)
        return [seat for seat in self.seats if seat.pk in self.out and seat.pk not in barred]

    def voters(self, item: AgendaItem | None) -> list[Seat]:
        """Members in the room who are not barred. An alternate counts only in the place of a member who is away."""
        barred = self.barred_from(item)
        free = [seat for seat in self.inside if seat.pk not in barred]
        members = [seat for seat in free if not seat.is_alternate]
        places = self.entitled(item) - len(members)
        return members + [seat for seat in free if seat.is_alternate][: max(0, places)]

    def entitled(self, item: AgendaItem | None) -> int:
        barred = self.barred_from(item)
        return sum(not seat.is_alternate and seat.pk not in barred for seat in self.seats)

    def quorum(self, item: AgendaItem | None = None) -> Quorum:
        entitled = self.entitled(item)
        rule = f"{self.council.quorum_numerator}/{self.council.quorum_denominator}"
        return Quorum(len(self.voters(item)), entitled, self.council.quorum_of(entitled), rule)

    def leader(self, item: AgendaItem, chair: Seat) -> Seat | None:
        """Who leads the item: the chair, or the vice chair while the chair is barred or away."""
        free = self.voters(item)
        if chair in free:
            return chair
        return next((seat for seat in free if seat.position == Seat.Position.VICE_CHAIR), None)


def room_of(meeting: Meeting) -> Room:
    """In seven queries, however many seats and dossiers there are."""
    council = council_of(meeting.season)
    assert council is not None  # a meeting has a chair, a chair a council
    day = timezone.localdate(meeting.opens_at)
    seats = tuple(seat for seat in serving_seats(meeting.season) if seat.serves_on(day))
    came = list(Attendance.objects.filter(meeting=meeting))
    here = {one.seat_id: one for one in came if one.left_at is None}
    out = {one.seat_id: one for one in Exit.objects.filter(item__meeting=meeting, back_at=None)}
    return Room(council, seats, here, out, barred_seats(meeting.season, seats), frozenset(a.seat_id for a in came))


def barred_seats(season: Season, seats: Sequence[Seat]) -> dict[int, frozenset[int]]:
    """Whom each dossier bars: what the member stated, a conflict of the person that was not lifted, or an enterprise
    that the person ever represented. An opened break-glass lets a person read, not judge. In three queries."""
    of_user = {seat.user_id: seat.pk for seat in seats}
    found: dict[int, set[int]] = defaultdict(set)
    said = Interest.objects.filter(seat__in=[seat.pk for seat in seats], dossier__season=season, has_conflict=True)
    for dossier_id, seat_id in said.values_list("dossier_id", "seat_id"):
        found[dossier_id].add(seat_id)
    standing = Conflict.objects.filter(user__in=of_user, dossier__season=season, lifted_at=None)
    for dossier_id, user_id in standing.values_list("dossier_id", "user_id"):
        found[dossier_id].add(of_user[user_id])
    own = Dossier.objects.filter(season=season, enterprise__representatives__user__in=of_user)
    for dossier_id, user_id in own.order_by().values_list("pk", "enterprise__representatives__user"):
        if user_id in of_user:
            found[dossier_id].add(of_user[user_id])
    return {dossier_id: frozenset(barred) for dossier_id, barred in found.items()}


def walks_of(items: Sequence[AgendaItem], room: Room) -> int:
    """Exits and entries in the order of the agenda; a point of business lets everybody back in."""
    return agenda.walks(room.barred_from(item) for item in items)


# --- what was counted ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Count:
    """A vote in sums."""

    in_favour: int
    against: int
    abstained: int
    cast: int
    entered: int

    @property
    def passes(self) -> bool:
        return self.in_favour > self.against


def count_of(item: AgendaItem) -> Count:
    """The sums of a vote; of a secret one only the tally knows them."""
    votes = list(item.votes.all())
    tally = getattr(item, "secret_tally", None)
    if tally is not None:
        return Count(tally.in_favour, tally.against, tally.abstained, len(votes), 0)
    said = [vote.choice for vote in votes]
    entered = sum(bool(vote.entered_by_name) for vote in votes)
    return Count(said.count("for"), said.count("against"), said.count("abstain"), len(votes), entered)


def current_item(meeting: Meeting) -> AgendaItem | None:
    return items_of(meeting).filter(called_at__isnull=False, ended_at=None).first()


def running_meeting(season: Season | None) -> Meeting | None:
    if season is None:
        return None
    return meetings_of(season).filter(opened_at__isnull=False, closed_at=None).order_by("-number").first()


def meetings_for_member(season: Season) -> QuerySet[Meeting]:
    return meetings_of(season).order_by("-number")


def newest_meeting(season: Season) -> Meeting | None:
    """The meeting that the papers speak of: the last that was opened, else the last that is planned."""
    found = meetings_of(season).order_by("-number")
    return found.filter(opened_at__isnull=False).first() or found.first()


def signers_of(meeting: Meeting) -> list[tuple[Any, Seat | None]]:
    """Who states and signs: everybody who attended, by the order of the seats, and the secretary."""
    came = Seat.objects.filter(Q(attendances__meeting=meeting)).distinct().select_related("user").order_by("id")
    return [*((seat.user, seat) for seat in came), (meeting.secretary, None)]


def exits_during(item: AgendaItem) -> list[Exit]:
    """Who was out of the room because of a conflict while the item was discussed, whenever they had walked out."""
    if item.started_at is None:
        return []
    found = Exit.objects.filter(item__meeting_id=item.meeting_id, out_at__lte=item.started_at)
    found = found.filter(Q(back_at=None) | Q(back_at__gt=item.started_at))
    return list(found.select_related("seat__user").order_by("seat_id"))
