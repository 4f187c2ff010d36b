"""The facts that an assignment is computed from, and what has become of the panel since somebody looked at it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q

from core import vietnamese
from core.models import AuditEvent
from dossiers import wall
from dossiers.models import Conflict, Dossier
from enterprises.models import Representative
from evaluations.assigning.problem import Member, Problem, Settings, Triple, Work
from evaluations.models import Assignment, Council, Interest, Seat
from evaluations.queries.council import IN_COUNCIL, seats_of
from programme.actions import rules_of
from programme.models import Season
from programme.rubric_file import NoSet, RubricRules

Pair = tuple[int, int]  # seat, dossier

# What changes who sits and who scores what. Each such event says in `panel` which version it made.
PANEL_ACTS = (
    "council.assigned",
    "assignment.changed",
    "assignment.imported",
    "seat.taken",
    "seat.changed",
    "seat.vacated",
)


@dataclass(frozen=True)
class Panel:
    """Everything by text key, as the problem names it. `lost` are dossiers for which the rubric has no criteria."""

    problem: Problem
    seats: Mapping[str, Seat]
    dossiers: Mapping[str, Dossier]
    present: frozenset[Triple]
    lost: tuple[Dossier, ...] = ()

    def with_settings(self, settings: Settings) -> "Panel":
        return replace(self, problem=replace(self.problem, settings=settings))


def panel_of(season: Season, settings: Settings, *, for_user: Any, on: date, stages: Iterable[str]) -> Panel:
    """The dossiers in these stages that the user may know of, the serving members, and who may not score what."""
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    found = Dossier.objects.filter(season=season, stage__in=stages).select_related(
        "season", "product__sector", "enterprise"
    )
    dossiers = list(wall_free(found, for_user).order_by("number"))
    seats = [s for s in seats_of(season).prefetch_related("sectors") if s.serves_on(on)]
    work, lost = _work(dossiers, rules)
    elsewhere = _held_elsewhere(season, {d.pk for d in dossiers}, for_user)
    people = {seat.pk: _member(seat, elsewhere.get(seat.pk, 0)) for seat in seats}
    barred, silent = barred_pairs(seats, dossiers)
    inside = {str(d.pk) for d in dossiers} - {str(d.pk) for d in lost}
    return Panel(
        problem=Problem.of(
            members=[people[s.pk] for s in seats if not s.is_alternate],
            alternates=[people[s.pk] for s in seats if s.is_alternate],
            work=work,
            barred=_keys(barred),
            silent=_keys(silent),
            hints={c.code: c.scorers for c in rules.all_leaves},
            settings=settings,
        ),
        seats={str(s.pk): s for s in seats},
        dossiers={str(d.pk): d for d in dossiers},
        present=frozenset((m, d, c) for m, d, c in present_triples(dossiers) if d in inside),
        lost=lost,
    )


def wall_free(dossiers: Any, user: Any) -> Any:
    """Without the dossiers that this person must not know of."""
    barred = wall.barred_ids(user)
    return dossiers.exclude(pk__in=barred) if barred else dossiers


def _keys(pairs: Iterable[Pair]) -> frozenset[tuple[str, str]]:
    return frozenset((str(seat), str(dossier)) for seat, dossier in pairs)


def _work(dossiers: Iterable[Dossier], rules: RubricRules) -> tuple[list[Work], tuple[Dossier, ...]]:
    work, lost = [], []
    for dossier in dossiers:
        sector = dossier.product.sector.code
        try:
            leaves = rules.leaves(rules.set_of(dossier.track, sector))
        except NoSet:
            lost.append(dossier)
            continue
        work.append(Work(str(dossier.pk), tuple(c.code for c in leaves), sector))
    return work, tuple(lost)


def _member(seat: Seat, held: int) -> Member:
    return Member(
        key=str(seat.pk),
        sectors=frozenset(s.code for s in seat.sectors.all()),
        labels=frozenset(seat.scorer_labels),
        organisation=vietnamese.fold(seat.unit),
        most=seat.max_dossiers,
        held=held,
    )


def _held_elsewhere(season: Season, inside: set[int], user: Any) -> dict[int, int]:
    """Sheets for dossiers that are with the council already. Those behind the user's wall are not counted: the number
    would tell of them."""
    pairs = Assignment.objects.filter(dossier__season=season, dossier__stage__in=IN_COUNCIL)
    found: dict[int, int] = defaultdict(int)
    for seat, dossier in wall.beyond(pairs, user).values_list("seat_id", "dossier_id").distinct():
        found[seat] += dossier not in inside
    return found


def barred_pairs(seats: Iterable[Seat], dossiers: Iterable[Dossier]) -> tuple[set[Pair], set[Pair]]:
    """(seat, dossier) with a conflict, and those about which the member has said nothing; in three queries."""
    seats, dossiers = list(seats), list(dossiers)
    by_user: dict[int, list[int]] = defaultdict(list)
    for seat in seats:
        by_user[seat.user_id].append(seat.pk)
    by_enterprise: dict[int, list[int]] = defaultdict(list)
    for dossier in dossiers:
        by_enterprise[dossier.enterprise_id].append(dossier.pk)
    said = {
        (seat, dossier): conflict
        for seat, dossier, conflict in Interest.objects.filter(seat__in=seats, dossier__in=dossiers).values_list(
            "seat_id", "dossier_id", "has_conflict"
        )
    }
    barred = {pair for pair, conflict in said.items() if conflict}
    standing = Conflict.objects.filter(user__in=by_user, dossier__in=dossiers, lifted_at=None)
    for user, pk in standing.values_list("user_id", "dossier_id"):
        barred |= {(seat, pk) for seat in by_user[user]}
    acting = Representative.objects.filter(user__in=by_user, enterprise__in=by_enterprise)
    for user, enterprise in acting.values_list("user_id", "enterprise_id"):
        barred |= {(seat, pk) for seat in by_user[user] for pk in by_enterprise[enterprise]}
    silent = {(seat.pk, dossier.pk) for seat in seats for dossier in dossiers} - set(said) - barred
    return barred, silent


def present_triples(dossiers: Iterable[Dossier]) -> list[Triple]:
    rows = Assignment.objects.filter(dossier__in=list(dossiers))
    return [
        (str(seat), str(dossier), code)
        for seat, dossier, code in rows.values_list("seat_id", "dossier_id", "criterion__code")
    ]


@dataclass(frozen=True)
class Quorum:
    """How many members may judge one dossier, and how many of them make a quorum for it. `is_short`: conflicts leave
    fewer members than a quorum of the whole council."""

    dossier: Dossier
    free: int
    members: int
    needed: int
    is_short: bool


def quorums(council: Council, *, for_user: Any) -> list[Quorum]:
    """The dossiers before the council, those with the fewest free members first."""
    season = council.season
    found = Dossier.objects.filter(season=season, stage__in=IN_COUNCIL).select_related("product")
    dossiers = list(wall_free(found, for_user).order_by("number"))
    seats = [seat for seat in seats_of(season) if not seat.is_alternate]
    barred, _silent = barred_pairs(seats, dossiers)
    apart: dict[int, int] = defaultdict(int)
    for _seat, dossier in barred:
        apart[dossier] += 1
    rows = []
    for dossier in dossiers:
        free = len(seats) - apart[dossier.pk]
        short = free < council.quorum_of(len(seats))
        rows.append(Quorum(dossier, free, len(seats), council.quorum_of(free), short))
    return sorted(rows, key=lambda row: (row.free, row.dossier.number or ""))


# --- versions -----------------------------------------------------------------------------------------
def seen_version(council: Council, user: Any) -> int:
    """The version of the panel as this person may know it: what happened to dossiers behind the wall leaves no
    trace."""
    if not wall.barred_ids(user, council.season):
        return council.panel_version
    return max(changes(council, user, after=0).values_list("detail__panel", flat=True), default=0)


def changes(council: Council, user: Any, *, after: int) -> Any:
    """Events that changed the panel since this version, of which the user may know."""
    seats = [str(pk) for pk in Seat.objects.filter(council=council).values_list("pk", flat=True)]
    about = (
        Q(object_type="council", object_id=str(council.pk))
        | Q(object_type="seat", object_id__in=seats)
        | Q(object_type="season", object_id=str(council.season_id))
    )
    found = AuditEvent.objects.filter(about, act__in=PANEL_ACTS, detail__panel__gt=after)
    barred = [*wall.barred_ids(user, council.season)]
    return found.exclude(detail__dossier_id__in=barred) if barred else found
