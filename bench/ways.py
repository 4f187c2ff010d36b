"""Ways to compute the result of a season, ours and the others. Each returns the digests of what it computed."""

import itertools
from collections.abc import Callable
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from bench.measuring import Way
from evaluations import closing, result_sql, scoring, tally
from evaluations.models import Result, ResultRun, ScoreSheet, Seat
from programme.actions import rules_of
from programme.models import Season

_numbers = itertools.count(1)
TWELVE = Decimal("1e-12")


def empty_results() -> None:
    """Between the runs, so that each writes into an empty table."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE evaluations_result")


def kept_run(season: Season) -> tuple[str, str]:
    """Ours at closing: the tallies were kept at each signature; rank, digests, write."""
    with transaction.atomic():
        run = closing.write_run(season, next(_numbers), None, timezone.now())
    return run.input_digest, run.result_digest


def full_run(season: Season) -> tuple[str, str]:
    """Ours from the standing sheets alone: every sum, digest and rank anew, and written."""
    with transaction.atomic():
        tally.count_season(season)
        run = closing.write_run(season, next(_numbers), None, timezone.now(), tallies=tally.RECOUNT)
    return run.input_digest, run.result_digest


def numbers_only(season: Season) -> None:
    """What the published prototypes measured: sums, ranks and outcomes from the sheets into a table without digests,
    keys or foreign keys."""
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    with transaction.atomic(), connection.cursor() as cursor:
        tally.count_season(season, digests=False)
        found = result_sql.ranking(
            rules,
            season_id=season.pk,
            stages=closing._stages(),
            places=season.top_places,
            most_members=Seat.objects.filter(council__season=season).count(),
            tallies=tally.RECOUNT,
        )
        cursor.execute(f"CREATE TEMP TABLE kip_numbers ON COMMIT DROP AS {found.text}", found.params)


def bare_fetch(order: str) -> Callable[[], None]:
    """No computation at all: the same rows to the client, binary, and thrown away."""

    def act() -> None:
        connection.ensure_connection()
        query = f"COPY (SELECT dossier_id, points FROM evaluations_standingsheet {order}) TO STDOUT (FORMAT BINARY)"
        with connection.connection.cursor() as cursor, cursor.copy(query) as rows:
            for _row in rows:
                pass

    return act


def pure_python(season: Season) -> tuple[str, str]:
    """The second way: fractions in Python, from the arrays of the standing sheets; nothing is written."""
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    codes = [leaf.code for leaf in rules.all_leaves]
    hundredth = {points: Decimal(points).scaleb(-2) for points in range(10_001)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.number, s.alias, t.points FROM evaluations_standingsheet t "
            "JOIN dossiers_dossier d ON d.id = t.dossier_id JOIN evaluations_seat s ON s.id = t.seat_id "
            "WHERE d.season_id = %s ORDER BY d.number",
            [season.pk],
        )
        rows = cursor.fetchall()
    entries = []
    for number, group in itertools.groupby(rows, key=lambda row: row[0]):
        sheets = []
        for _number, alias, points in group:
            sheets.append(scoring.Sheet(alias, {c: hundredth[p] for c, p in zip(codes, points, strict=True)}))
        assigned = frozenset((sheet.member, code) for sheet in sheets for code in codes)
        entries.append(scoring.Entry(number, "standard", assigned, tuple(sheets)))
    found = scoring.outcome(rules, season.rubric.digest, entries, season.top_places)
    return found.input_digest, found.result_digest


def plain_loop(season: Season) -> tuple[str, str]:
    """The loop that people write first: per dossier its sheets, per sheet its marks, Decimal, save() each."""
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    found = []
    for dossier in season.dossiers.order_by("number"):
        given: dict[str, list[Decimal]] = {leaf.code: [] for leaf in rules.all_leaves}
        for sheet in ScoreSheet.objects.filter(dossier=dossier).exclude(signed_at=None):
            for mark in sheet.marks.select_related("criterion"):
                given[mark.criterion.code].append(mark.points or Decimal(0))
        means = {code: sum(points, Decimal(0)) / len(points) for code, points in given.items()}
        groups = {top.code: Decimal(0) for top in rules.top_level("standard")}
        for code, mean in means.items():
            groups[code.split(".")[0]] += mean
        total = sum(means.values(), Decimal(0)).quantize(TWELVE)
        ties = [(groups[rule] if rule in groups else means[rule]).quantize(TWELVE) for rule in rules.tie_rules]
        passes = total >= 65 and all(points.quantize(TWELVE) >= Decimal("13.75") for points in groups.values())
        found.append((dossier, given, [total, *ties], passes))
    found.sort(key=lambda one: one[2], reverse=True)
    run = ResultRun.objects.create(
        season=season,
        number=next(_numbers),
        method="plain loop",
        leaves=[leaf.code for leaf in rules.all_leaves],
        places=season.top_places,
        rubric_digest=season.rubric.digest,
        computed_at=timezone.now(),
    )
    before: list[Decimal] = []
    rank = passed = 0
    for place, (dossier, given, keys, passes) in enumerate(found, start=1):
        rank = place if keys != before else rank
        before = keys
        Result(
            run=run,
            dossier=dossier,
            set_code=dossier.track,
            sums=[int(sum(points, Decimal(0)) * 100) for points in given.values()],
            counts=[len(points) for points in given.values()],
            lowest=[int(min(points) * 100) for points in given.values()],
            highest=[int(max(points) * 100) for points in given.values()],
            scorers=len(given["1.1"]),
            numerator=int(keys[0] * 10**12),
            denominator=10**12,
            total=keys[0].quantize(Decimal("0.0001")),
            rank=rank,
            passes=passes,
            is_top10=passes and passed < season.top_places,
        ).save()
        passed += passes
    return order_of(run)


def order_of(run: ResultRun) -> tuple[str, str]:
    """Who stands where and passes, as a digest: what the plain loop and ours must have in common."""
    rows = run.results.order_by("rank", "dossier__number").values_list("rank", "dossier__number", "passes")
    return ("order", scoring.sha256("".join(f"{rank}\t{number}\t{passes}\n" for rank, number, passes in rows)))


def ours(season: Season) -> list[Way]:
    return [
        Way("a", "ours: ranks the tallies kept at each signature, with digests, written", lambda: kept_run(season)),
        Way("b", "ours: everything counted anew from the sheets, with digests, written", lambda: full_run(season)),
        Way("n", "ours: the numbers alone from the sheets, no digests or keys", lambda: numbers_only(season)),
        Way(
            "d",
            "bare fetch of the same sheets, in the order of the dossiers",
            bare_fetch("ORDER BY dossier_id, seat_id"),
        ),
        Way("e", "bare fetch of the same sheets, in any order", bare_fetch("")),
    ]


def others(season: Season, *, loop: bool, pure: bool) -> list[Way]:
    found: list[Way] = []
    if pure:
        found.append(Way("f", "the second way: pure Python, fractions; writes nothing", lambda: pure_python(season)))
    if loop:
        found.append(Way("c", "plain ORM loop: Decimal, save() each", lambda: plain_loop(season)))
    return found
