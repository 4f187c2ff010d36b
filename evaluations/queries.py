"""What the council's and the secretary's pages need."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import Role, RoleGrant, User
from core.models import Job
from dossiers.models import Dossier, Stage
from evaluations import scoring
from evaluations.models import Assignment, Council, Interest, Mark, Result, ResultRun, ScoreSheet, Seat
from programme.actions import rules_of
from programme.models import Season

JUDGED = (Stage.SCORED, Stage.PUBLIC_COMMENT, Stage.RECOGNISED, Stage.NOT_RECOGNISED)


@dataclass(frozen=True)
class Progress:
    """One member's work: sheets asked, begun and signed."""

    seat: Seat
    asked: int
    begun: int
    signed: int

    @property
    def outstanding(self) -> int:
        return self.asked - self.signed


def council_of(season: Season | None) -> Council | None:
    return Council.objects.filter(season=season).first() if season else None


def seats_of(season: Season | None) -> QuerySet[Seat]:
    """The seats that are taken now."""
    return Seat.objects.filter(council__season=season, vacated_at=None).select_related("user", "council")


def seat_of(user: Any, season: Season | None) -> Seat | None:
    return seats_of(season).filter(user=user).first() if season else None


def dossiers_before_council(season: Season) -> QuerySet[Dossier]:
    """Those that members declare interests about and score: eligible or with the council."""
    return (
        Dossier.objects.filter(season=season, stage__in=[Stage.ELIGIBLE, Stage.SCORING])
        .select_related("season", "enterprise", "product__sector")
        .order_by("number")
    )


def undeclared(seat: Seat) -> QuerySet[Dossier]:
    """Dossiers about which this member has not yet said whether there is a conflict."""
    said = Interest.objects.filter(seat=seat, dossier=OuterRef("pk"))
    return dossiers_before_council(seat.council.season).exclude(Exists(said))


def my_dossiers(seat: Seat) -> QuerySet[Dossier]:
    """The dossiers this member has to score, those with the council only."""
    mine = Assignment.objects.filter(seat=seat, dossier=OuterRef("pk"))
    return (
        Dossier.objects.filter(Exists(mine), season=seat.council.season)
        .filter(stage__in=[Stage.SCORING, *JUDGED])
        .select_related("season", "enterprise", "product__sector")
        .order_by("number")
    )


def sheet_states(seat: Seat) -> dict[int, ScoreSheet]:
    """The member's sheets by dossier, with the number of marks as `marked`."""
    sheets = ScoreSheet.objects.filter(seat=seat).annotate(marked=Count("marks"))
    return {sheet.dossier_id: sheet for sheet in sheets}


def assigned_codes(seat: Seat, dossier: Dossier) -> list[str]:
    """The codes of the criteria that this member scores, in the order of the rubric."""
    rows = Assignment.objects.filter(seat=seat, dossier=dossier).order_by("criterion__position")
    return list(rows.values_list("criterion__code", flat=True))


def progress(season: Season) -> list[Progress]:
    """How far each member is, in two queries."""
    with_council = Q(dossier__season=season, dossier__stage__in=[Stage.SCORING, *JUDGED])
    asked: dict[int, set[int]] = defaultdict(set)
    for seat_id, dossier_id in Assignment.objects.filter(with_council).values_list("seat_id", "dossier_id").distinct():
        asked[seat_id].add(dossier_id)
    begun: dict[int, int] = defaultdict(int)
    signed: dict[int, int] = defaultdict(int)
    for seat_id, dossier_id, signed_at in ScoreSheet.objects.filter(with_council).values_list(
        "seat_id", "dossier_id", "signed_at"
    ):
        if dossier_id in asked[seat_id]:
            begun[seat_id] += 1
            signed[seat_id] += signed_at is not None
    return [Progress(s, len(asked[s.pk]), begun[s.pk], signed[s.pk]) for s in seats_of(season)]


def outstanding(dossier: Dossier) -> list[Seat]:
    """Members who were assigned to the dossier and have not signed their sheet."""
    signed = ScoreSheet.objects.filter(dossier=dossier, signed_at__isnull=False).values("seat_id")
    asked = Assignment.objects.filter(dossier=dossier).exclude(seat_id__in=signed).values("seat_id")
    return list(Seat.objects.filter(pk__in=asked).select_related("user"))


def entries(season: Season, dossier_ids: list[int] | None = None) -> list[scoring.Entry]:
    """The signed sheets of a season as scoring reads them, in three queries. Members are named by seat."""
    dossiers = Dossier.objects.filter(season=season)
    dossiers = dossiers.filter(pk__in=dossier_ids) if dossier_ids is not None else dossiers.filter(stage__in=JUDGED)
    tracks = dict(dossiers.values_list("pk", "track"))
    assigned: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for dossier_id, seat_id, code in Assignment.objects.filter(dossier_id__in=tracks).values_list(
        "dossier_id", "seat_id", "criterion__code"
    ):
        assigned[dossier_id].add((str(seat_id), code))
    marks: dict[int, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for dossier_id, seat_id, code, points in Mark.objects.filter(
        sheet__dossier_id__in=tracks, sheet__signed_at__isnull=False
    ).values_list("sheet__dossier_id", "sheet__seat_id", "criterion__code", "points"):
        marks[dossier_id][str(seat_id)][code] = points
    return [
        scoring.Entry(
            dossier=str(pk),
            track=track,
            assigned=frozenset(assigned[pk]),
            sheets=tuple(scoring.Sheet(member, m) for member, m in sorted(marks[pk].items())),
        )
        for pk, track in sorted(tracks.items())
    ]


def latest_run(season: Season | None) -> ResultRun | None:
    return ResultRun.objects.filter(season=season).order_by("-number").first() if season else None


def ranking(run: ResultRun | None) -> QuerySet[Result]:
    """The results of a run, best first, with all that the ranking prints."""
    return (
        Result.objects.filter(run=run)
        .select_related("dossier__product__sector", "dossier__enterprise", "dossier__season")
        .prefetch_related("averages__criterion")
        .order_by("rank", "dossier__number")
    )


# --- what the pages print -----------------------------------------------------------------------------
def trim(value: Decimal) -> Decimal:
    """Without idle zeros: 15.00 is 15, 7.50 is 7.5."""
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


IN_COUNCIL = (Stage.ELIGIBLE, Stage.SCORING, *JUDGED)


@dataclass(frozen=True)
class SeatRow:
    """One seat with what its member has declared."""

    seat: Seat
    declared: int
    conflicts: int
    asked: int


@dataclass(frozen=True)
class Task:
    """One dossier in a member's queue: how many criteria are asked, how many have points."""

    dossier: Dossier
    asked: int
    marked: int
    total: Decimal | None
    signed_at: datetime | None

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None


@dataclass(frozen=True)
class Cell:
    """What one member has to do with one dossier. `kind` is conflict, silent, some or none."""

    seat: Seat
    kind: str
    codes: frozenset[str]


@dataclass(frozen=True)
class MatrixRow:
    """One dossier with a cell per seat; `uncovered` are the criteria nobody scores."""

    dossier: Dossier
    cells: tuple[Cell, ...]
    asked: int
    uncovered: tuple[str, ...]


def newest_seat(user: Any) -> Seat | None:
    """The seat this person holds in the newest season."""
    seats = Seat.objects.filter(user=user, vacated_at=None).select_related("user", "council__season__rubric")
    return seats.order_by("-council__season__year").first()


def seat_rows(season: Season) -> list[SeatRow]:
    """The council as a table, in three queries."""
    dossiers = Dossier.objects.filter(season=season, stage__in=IN_COUNCIL)
    asked = dossiers.count()
    said = Interest.objects.filter(dossier__in=dossiers).values("seat_id").order_by()
    counts = {
        row["seat_id"]: row for row in said.annotate(n=Count("id"), barred=Count("id", filter=Q(has_conflict=True)))
    }
    nothing = {"n": 0, "barred": 0}
    return [
        SeatRow(seat, counts.get(seat.pk, nothing)["n"], counts.get(seat.pk, nothing)["barred"], asked)
        for seat in seats_of(season)
    ]


def tasks(seat: Seat) -> list[Task]:
    """The member's queue in three queries. Its order differs from member to member and never changes, so that
    no dossier is the first of everybody."""
    asked = dict(Assignment.objects.filter(seat=seat).values_list("dossier_id").annotate(n=Count("id")))
    sheets = {
        sheet.dossier_id: sheet
        for sheet in ScoreSheet.objects.filter(seat=seat).annotate(marked=Count("marks"), total=Sum("marks__points"))
    }
    found = []
    for dossier in my_dossiers(seat):
        sheet = sheets.get(dossier.pk)
        found.append(
            Task(
                dossier,
                asked[dossier.pk],
                sheet.marked if sheet else 0,
                trim(sheet.total) if sheet and sheet.total is not None else None,
                sheet.signed_at if sheet else None,
            )
        )
    return sorted(found, key=lambda task: sha256(f"{seat.pk}-{task.dossier.pk}".encode()).digest())


def matrix(season: Season, seats: Sequence[Seat]) -> list[MatrixRow]:
    """Dossiers by members, in three queries however many there are."""
    dossiers = list(
        Dossier.objects.filter(season=season, stage__in=IN_COUNCIL)
        .select_related("product", "enterprise", "season")
        .order_by("number")
    )
    held: dict[tuple[int, int], set[str]] = defaultdict(set)
    for dossier_id, seat_id, code in Assignment.objects.filter(dossier__in=dossiers).values_list(
        "dossier_id", "seat_id", "criterion__code"
    ):
        held[dossier_id, seat_id].add(code)
    said = {
        (dossier_id, seat_id): has_conflict
        for dossier_id, seat_id, has_conflict in Interest.objects.filter(dossier__in=dossiers).values_list(
            "dossier_id", "seat_id", "has_conflict"
        )
    }
    rows = []
    for dossier in dossiers:
        leaves = [c.code for c in rules_of(season.rubric).leaves(dossier.track)] if season.rubric else []
        cells = tuple(_cell(dossier, seat, held, said) for seat in seats)
        done = {code for seat in seats for code in held[dossier.pk, seat.pk]}
        uncovered = tuple(code for code in leaves if code not in done)
        rows.append(MatrixRow(dossier, cells, len(leaves), uncovered))
    return rows


def _cell(
    dossier: Dossier, seat: Seat, held: dict[tuple[int, int], set[str]], said: dict[tuple[int, int], bool]
) -> Cell:
    key = dossier.pk, seat.pk
    codes = frozenset(held.get(key, ()))
    if key not in said:
        return Cell(seat, "silent", codes)
    if said[key]:
        return Cell(seat, "conflict", codes)
    return Cell(seat, "some" if codes else "none", codes)


def outstanding_sheets(season: Season) -> list[tuple[Dossier, list[Seat]]]:
    """Dossiers with the council that lack signatures, and whose they are; four queries."""
    dossiers = Dossier.objects.filter(season=season, stage=Stage.SCORING)
    dossiers = dossiers.select_related("product", "enterprise")
    signed = set(
        ScoreSheet.objects.filter(dossier__in=dossiers, signed_at__isnull=False).values_list("dossier_id", "seat_id")
    )
    missing: dict[int, list[int]] = defaultdict(list)
    pairs = Assignment.objects.filter(dossier__in=dossiers).values_list("dossier_id", "seat_id").distinct()
    for dossier_id, seat_id in pairs.order_by("seat_id"):
        if (dossier_id, seat_id) not in signed:
            missing[dossier_id].append(seat_id)
    seats = {seat.pk: seat for seat in Seat.objects.filter(council__season=season).select_related("user")}
    return [(d, [seats[pk] for pk in missing[d.pk]]) for d in dossiers.order_by("number") if missing[d.pk]]


def closing_job(season: Season) -> Job | None:
    """The newest computation of the season's result, whatever its state."""
    # the kind is evaluations.closing.JOB; that module imports this one
    return Job.objects.filter(kind="result.compute", payload__season_id=season.pk).order_by("-id").first()


def member_totals(season: Season, found: Sequence[scoring.Entry]) -> dict[int, tuple[Decimal, Decimal]]:
    """Lowest and highest total of one sheet, by dossier; only where every member scored every criterion:
    totals of unequal parts cannot be compared."""
    if season.rubric is None:
        return {}
    rules = rules_of(season.rubric)
    spans = {}
    for entry in found:
        leaves = {c.code for c in rules.leaves(entry.track)}
        if entry.sheets and all(set(sheet.marks) == leaves for sheet in entry.sheets):
            totals = [scoring.sheet_total(sheet.marks) for sheet in entry.sheets]
            spans[int(entry.dossier)] = (trim(min(totals)), trim(max(totals)))
    return spans


def candidates(season: Season) -> QuerySet[User]:
    """Accounts that may take a seat: people of the Department and former members, without the secretaries."""
    seated = Seat.objects.filter(council__season=season, vacated_at=None).values("user_id")
    secretaries = RoleGrant.objects.filter(role=Role.SECRETARY, withdrawn_at=None).values("user_id")
    return (
        User.objects.filter(is_active=True)
        .filter(Q(grants__role__in=[Role.OFFICER, Role.MEMBER]) | Q(seats__isnull=False))
        .exclude(pk__in=seated)
        .exclude(pk__in=secretaries)
        .distinct()
        .order_by("full_name")
    )


def unsigned_count(seat: Seat) -> int:
    """How many dossiers with the council still wait for this member's signature."""
    signed = ScoreSheet.objects.filter(seat=seat, dossier=OuterRef("pk"), signed_at__isnull=False)
    return my_dossiers(seat).filter(stage=Stage.SCORING).exclude(Exists(signed)).count()
