"""From standing sheets and a run to the input of the statistics, as much of it as a person may see."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.cut import Cut, Minimum
from analysis.method import METHOD
from analysis.models import Report
from analysis.report import Selected, report
from analysis.table import MarkTable
from dossiers.wall import barred_ids
from evaluations.models import ABSTAINED, Result, ResultRun, Seat, StandingSheet
from evaluations.scoring import HUNDREDTHS
from programme.actions import rules_of
from programme.models import Season
from programme.rubric_file import RubricRules

TOTAL_RULE = "total_at_least"
FIRM_RULES = ("eliminated", "ballot_share_at_least")  # no other points would change them


@dataclass(frozen=True)
class Standing:
    """A result as this viewer sees it: among the visible dossiers only."""

    result: Result
    rank: int
    is_top: bool


@dataclass(frozen=True)
class Basis:
    """All that the page and the statistics need of a run; `is_current` says that the sheets that count now are those
    that the run was computed from. `is_whole`: nothing was left out for this viewer."""

    run: ResultRun
    rules: RubricRules
    standings: tuple[Standing, ...]
    seats: dict[str, Seat]
    table: MarkTable
    cut: Cut
    selected: Selected
    is_current: bool
    is_whole: bool


def latest_run(season: Season) -> ResultRun | None:
    return ResultRun.objects.filter(season=season).select_related("season__rubric").order_by("-number").first()


def own_latest_run(user: Any) -> tuple[ResultRun, Seat] | None:
    """The newest result of a council in which this person holds a seat, and the seat."""
    seats = {s.council.season_id: s for s in Seat.objects.filter(user=user, vacated_at=None).select_related("council")}
    runs = ResultRun.objects.filter(season__in=seats).select_related("season__rubric")
    run = runs.order_by("-season__year", "-number").first()
    return (run, seats[run.season_id]) if run is not None else None


def basis_of(run: ResultRun, barred: frozenset[int] = frozenset()) -> Basis:
    """In three queries, however many dossiers there are."""
    season = run.season
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    found = Result.objects.filter(run=run).select_related("dossier__product", "dossier__enterprise")
    everything = list(found.order_by("rank", "dossier__number"))
    results = [r for r in everything if r.dossier_id not in barred]
    seats = {str(s.pk): s for s in Seat.objects.filter(council__season=season).select_related("user")}
    table, is_current = _table(run, rules, results)
    is_whole = len(results) == len(everything)
    return Basis(
        run=run,
        rules=rules,
        standings=_standings(results, run.places, is_whole),
        seats=seats,
        table=table,
        cut=cut_of(rules, run, results),
        selected=_selected(results, run.places, is_whole),
        is_current=is_current,
        is_whole=is_whole,
    )


def report_for(user: Any, run: ResultRun) -> tuple[Basis, dict[str, Any]]:
    """What this person may know. Whoever is barred from a dossier gets statistics that never saw it, computed now;
    everybody else the kept report, or the same computed now while the job has not run."""
    barred = barred_ids(user, run.season)
    basis = basis_of(run, barred)
    if basis.is_whole and basis.is_current:
        kept = Report.objects.filter(run=run, method=METHOD).first()
        if kept is not None:
            return basis, kept.content
    return basis, report(basis.table, basis.cut, basis.selected)


def _table(run: ResultRun, rules: RubricRules, results: Sequence[Result]) -> tuple[MarkTable, bool]:
    """Points of the sheets that stand now, and whether they add up to what the run had."""
    rows = list(
        StandingSheet.objects.filter(dossier_id__in=[r.dossier_id for r in results])
        .order_by("seat_id", "sheet__signed_at", "sheet_id")
        .values_list("seat_id", "dossier_id", "points")
    )
    members = sorted({seat_id for seat_id, _, _ in rows})
    seat_place = {seat_id: i for i, seat_id in enumerate(members)}
    place = {r.dossier_id: i for i, r in enumerate(results)}
    width = len(run.leaves)
    hundredths = np.full((len(members), len(results), width), ABSTAINED, dtype=np.int64)
    order = np.full((len(members), len(results)), np.nan)
    signed = dict.fromkeys(members, 0)
    for seat_id, dossier_id, points in rows:
        signed[seat_id] += 1
        where = seat_place[seat_id], place[dossier_id]
        hundredths[where] = [ABSTAINED if p is None else p for p in points[:width]]
        order[where] = signed[seat_id]
    given = hundredths != ABSTAINED
    kept = [[list(r.sums), list(r.counts)] for r in results]
    now = np.stack([np.where(given, hundredths, 0).sum(axis=0), given.sum(axis=0)], axis=1)
    maxima = np.array([float(rules.by_code[code].max_points) for code in run.leaves])
    table = MarkTable(
        dossiers=tuple(str(r.dossier_id) for r in results),
        members=tuple(str(pk) for pk in members),
        criteria=tuple(run.leaves),
        maxima=maxima,
        points=np.where(given, hundredths / HUNDREDTHS, np.nan),
        order=order,
    )
    return table, bool(now.tolist() == kept)


def cut_of(rules: RubricRules, run: ResultRun, results: Sequence[Result]) -> Cut:
    """The rules of the rubric as the what-if needs them; ties are broken as the run broke them."""
    threshold = next((float(rule.value) for rule in rules.pass_rules if rule.type == TOTAL_RULE), None)
    firm = frozenset(
        str(r.dossier_id) for r in results if any(f.partition(":")[0] in FIRM_RULES for f in r.failed_rules)
    )
    return Cut(
        places=run.places,
        threshold=threshold,
        minima=_minima(rules, run.leaves, {r.set_code for r in results}),
        barred=firm,
        tie_order=tuple(r.rank for r in results),
    )


def _minima(rules: RubricRules, leaves: Sequence[str], set_codes: set[str]) -> tuple[Minimum, ...]:
    """Each minimum of a criterion or group, once for every different group of leaves."""
    position = {code: i for i, code in enumerate(leaves)}
    found: dict[Minimum, None] = {}
    for rule in rules.pass_rules:
        for set_code in sorted(set_codes):
            if rule.type == "each_criterion_at_least_percent":
                named = [(top.code, float(rule.value) / 100) for top in rules.top_level(set_code)]
            elif rule.type == "criterion_at_least":
                node = rules.named(rule.criterion, set_code)
                named = [(node.code, float(rule.value) / float(node.max_points))] if node else []
            else:
                continue
            for code, share in named:
                where = tuple(position[leaf.code] for leaf in rules.leaves_under(code, set_code))
                if where:
                    found[Minimum(where, share)] = None
    return tuple(found)


def _standings(results: Sequence[Result], places: int, is_whole: bool) -> tuple[Standing, ...]:
    """Rank and top list among the visible, 1-2-2-4; the stored ones where nothing was left out."""
    if is_whole:
        return tuple(Standing(r, r.rank, r.is_top10 or r.is_referred) for r in results)
    ranks, passing = [r.rank for r in results], [r.rank for r in results if r.passes]
    return tuple(
        Standing(r, 1 + bisect_left(ranks, r.rank), r.passes and bisect_left(passing, r.rank) < places)
        for r in results
    )


def _selected(results: Sequence[Result], places: int, is_whole: bool) -> Selected:
    return Selected(
        passing=sum(r.passes for r in results),
        top=sum(s.is_top for s in _standings(results, places, is_whole)),
        out=frozenset(str(r.dossier_id) for r in results if any(f != TOTAL_RULE for f in r.failed_rules)),
    )
