"""What the council's and the secretary's pages need."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dossiers.models import Dossier, Stage
from evaluations import scoring
from evaluations.models import Assignment, Council, Interest, Mark, Result, ResultRun, ScoreSheet, Seat
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
    for seat_id, dossier_id in (
        Assignment.objects.filter(with_council).values_list("seat_id", "dossier_id").distinct()
    ):
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
