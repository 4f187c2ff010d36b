"""How far the council is: states of sheets, never points."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from dossiers.models import Dossier, Stage
from evaluations.models import Assignment, ScoreSheet, Seat, StandingSheet
from evaluations.queries.council import JUDGED, seats_of
from programme.models import Season


@dataclass(frozen=True)
class Progress:
    """One member's work: sheets asked, begun and signed, corrections in hand, entries that wait for confirmation."""

    seat: Seat
    asked: int
    begun: int
    signed: int
    corrections: int = 0
    entered: int = 0
    last_saved_at: datetime | None = None

    @property
    def outstanding(self) -> int:
        return self.asked - self.signed


@dataclass(frozen=True)
class Day:
    """One day of the session: sheets signed on it, and until its end."""

    day: date
    signed: int
    so_far: int


def progress(season: Season, without: Collection[int] = ()) -> list[Progress]:
    """How far each member is, in four queries, leaving out the dossiers `without` (those behind the reader's wall)."""
    with_council = Q(dossier__season=season, dossier__stage__in=[Stage.SCORING, *JUDGED]) & ~Q(dossier__in=without)
    asked: dict[int, set[int]] = defaultdict(set)
    for seat_id, dossier_id in Assignment.objects.filter(with_council).values_list("seat_id", "dossier_id").distinct():
        asked[seat_id].add(dossier_id)
    signed: dict[int, set[int]] = defaultdict(set)
    for seat_id, dossier_id in StandingSheet.objects.filter(with_council).values_list("seat_id", "dossier_id"):
        if dossier_id in asked[seat_id]:
            signed[seat_id].add(dossier_id)
    in_hand: dict[int, set[int]] = defaultdict(set)
    corrections: Counter[int] = Counter()
    entered: Counter[int] = Counter()
    last: dict[int, datetime] = {}
    for seat_id, dossier_id, version, typed_by, saved_at in ScoreSheet.objects.filter(
        with_council, signed_at=None
    ).values_list("seat_id", "dossier_id", "version", "entered_by_name", "saved_at"):
        if dossier_id not in asked[seat_id]:
            continue
        in_hand[seat_id].add(dossier_id)
        corrections[seat_id] += version > 1
        entered[seat_id] += bool(typed_by)
        last[seat_id] = max(saved_at, last.get(seat_id, saved_at))
    return [
        Progress(
            seat,
            len(asked[seat.pk]),
            len(in_hand[seat.pk] | signed[seat.pk]),
            len(signed[seat.pk]),
            corrections[seat.pk],
            entered[seat.pk],
            last.get(seat.pk),
        )
        for seat in seats_of(season)
    ]


def burn_up(season: Season, without: Collection[int] = ()) -> list[Day]:
    """How many sheets were first signed on each day, from the first to the last on which one was; one query."""
    first: dict[tuple[int, int], datetime] = {}
    rows = ScoreSheet.objects.filter(dossier__season=season, signed_at__isnull=False, void=None)
    for seat_id, dossier_id, signed_at in (
        rows.exclude(dossier__in=without).order_by("signed_at").values_list("seat_id", "dossier_id", "signed_at")
    ):
        assert signed_at is not None
        first.setdefault((seat_id, dossier_id), signed_at)
    by_day = Counter(timezone.localdate(at) for at in first.values())
    found, so_far = [], 0
    for ordinal in range(min(by_day).toordinal(), max(by_day).toordinal() + 1) if by_day else ():
        day = date.fromordinal(ordinal)
        so_far += by_day[day]
        found.append(Day(day, by_day[day], so_far))
    return found


def outstanding(dossier: Dossier) -> list[Seat]:
    """Members who were assigned to the dossier and whose sheet does not stand."""
    signed = StandingSheet.objects.filter(dossier=dossier).values("seat_id")
    asked = Assignment.objects.filter(dossier=dossier).exclude(seat_id__in=signed).values("seat_id")
    return list(Seat.objects.filter(pk__in=asked).select_related("user"))


@dataclass(frozen=True)
class Open:
    """One sheet that is not signed yet. `entry` is the version that was typed in and waits for a second person."""

    seat: Seat
    begun: bool
    entry: int | None = None

    def __str__(self) -> str:
        return str(self.seat)


def outstanding_sheets(season: Season, without: Collection[int] = ()) -> list[tuple[Dossier, list[Open]]]:
    """Dossiers with the council that lack signatures, and whose they are; five queries."""
    dossiers = Dossier.objects.filter(season=season, stage=Stage.SCORING).exclude(pk__in=without)
    dossiers = dossiers.select_related("product", "enterprise")
    signed = set(StandingSheet.objects.filter(dossier__in=dossiers).values_list("dossier_id", "seat_id"))
    in_hand = {
        (dossier_id, seat_id): (pk, bool(typed_by))
        for pk, dossier_id, seat_id, typed_by in ScoreSheet.objects.filter(
            dossier__in=dossiers, signed_at=None
        ).values_list("pk", "dossier_id", "seat_id", "entered_by_name")
    }
    seats = {seat.pk: seat for seat in Seat.objects.filter(council__season=season).select_related("user")}
    missing: dict[int, list[Open]] = defaultdict(list)
    pairs = Assignment.objects.filter(dossier__in=dossiers).values_list("dossier_id", "seat_id").distinct()
    for dossier_id, seat_id in pairs.order_by("seat_id"):
        if (dossier_id, seat_id) not in signed:
            pk, typed = in_hand.get((dossier_id, seat_id), (None, False))
            missing[dossier_id].append(Open(seats[seat_id], pk is not None, pk if typed else None))
    return [(d, missing[d.pk]) for d in dossiers.order_by("number") if missing[d.pk]]


def trim(value: Decimal) -> Decimal:
    """Without idle zeros: 15.00 is 15, 7.50 is 7.5."""
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()
