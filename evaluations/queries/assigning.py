"""Who scores what, as a matrix."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dossiers.models import Dossier, Stage
from evaluations.assigning.problem import Triple
from evaluations.models import Assignment, Seat
from evaluations.queries.council import IN_COUNCIL
from evaluations.queries.panel import barred_pairs, present_triples
from programme.actions import rules_of
from programme.models import Season
from programme.rubric_file import NoSet


@dataclass(frozen=True)
class Cell:
    """What one member has to do with one dossier. `kind` is conflict, silent, some or none. Beside a trial `codes` are
    those of the trial and `before` what stands now."""

    seat: Seat
    kind: str
    codes: frozenset[str]
    before: frozenset[str] = frozenset()
    is_expert: bool = False
    share: int = 0  # of the criteria, in fifths

    @property
    def is_changed(self) -> bool:
        return self.codes != self.before


@dataclass(frozen=True)
class MatrixRow:
    """One dossier with a cell per seat; `uncovered` are the criteria nobody scores, `free` the members without
    conflict, `codes` all criteria of the dossier."""

    dossier: Dossier
    cells: tuple[Cell, ...]
    asked: int
    uncovered: tuple[str, ...]
    free: int = 0
    codes: tuple[str, ...] = ()


def assigned_codes(seat: Seat, dossier: Dossier) -> list[str]:
    """The codes of the criteria that this member scores, in the order of the rubric."""
    rows = Assignment.objects.filter(seat=seat, dossier=dossier).order_by("criterion__position")
    return list(rows.values_list("criterion__code", flat=True))


def matrix(
    season: Season, seats: Sequence[Seat], *, for_user: Any, trial: Iterable[Triple] | None = None
) -> list[MatrixRow]:
    """Dossiers by members, in as many queries however many there are; what lies behind the reader's wall is not there.
    With a `trial` the dossiers that can still be shared out show what it would write."""
    dossiers = list(
        Dossier.objects.open_to(for_user)
        .filter(season=season, stage__in=IN_COUNCIL)
        .select_related("product__sector", "enterprise", "season")
        .order_by("number")
    )
    held = _cells(present_triples(dossiers))
    tried = None if trial is None else _cells(trial)
    barred, silent = barred_pairs(seats, dossiers)
    rules = rules_of(season.rubric) if season.rubric else None
    experts = {seat.pk: {s.code for s in seat.sectors.all()} for seat in seats}
    rows = []
    for dossier in dossiers:
        sector = dossier.product.sector.code
        leaves: tuple[str, ...] = ()
        if rules is not None:
            try:
                leaves = tuple(c.code for c in rules.leaves(rules.set_of(dossier.track, sector)))
            except NoSet:
                leaves = ()
        cells = []
        for seat in seats:
            pair = seat.pk, dossier.pk
            before = frozenset(held.get(pair, ()))
            shown = before if tried is None or dossier.stage != Stage.ELIGIBLE else frozenset(tried.get(pair, ()))
            kind = "conflict" if pair in barred else "silent" if pair in silent else "some" if shown else "none"
            share = -(-5 * len(shown) // len(leaves)) if leaves else 0
            cells.append(Cell(seat, kind, shown, before, sector in experts[seat.pk], min(share, 5)))
        done = {code for cell in cells for code in cell.codes}
        free = sum(cell.kind != "conflict" for cell in cells if not cell.seat.is_alternate)
        uncovered = tuple(code for code in leaves if code not in done)
        rows.append(MatrixRow(dossier, tuple(cells), len(leaves), uncovered, free, leaves))
    return rows


def _cells(triples: Iterable[Triple]) -> dict[tuple[int, int], set[str]]:
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for seat, dossier, code in triples:
        found[int(seat), int(dossier)].add(code)
    return found
