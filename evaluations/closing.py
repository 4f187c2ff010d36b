"""The job that computes the result of a season from what members signed.

PostgreSQL ranks the kept tallies (evaluations.result_sql); the pure way (evaluations.scoring) computes the same from
the sheets beforehand, and a run is written only when both give the same digests.
"""

import platform
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core import audit, jobs
from core.errors import Refused
from evaluations import queries, result_sql, scoring
from evaluations.models import Result, ResultRun, Tally
from programme.actions import rules_of
from programme.models import Season

JOB = "result.compute"
# Above this the second way is left to the nightly check: a Python object per mark would fill the memory.
CHECKED_IN_PYTHON = 3_000
_COLUMNS = (
    "dossier_id, set_code, sums, counts, lowest, highest, scorers, ballots_for, ballots, numerator, denominator, "
    "total, rank, passes, failed_rules, is_top10, is_referred, tie_rule"
)


class Disagreement(Exception):
    """The two ways to compute the result differ. Nothing is written."""


@dataclass(frozen=True)
class Digests:
    inputs: str
    results: str


def compute(season: Season) -> scoring.Outcome:
    """The outcome of the season's judged dossiers by the pure way. Raises scoring.Incomplete."""
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    return scoring.outcome(rules, season.rubric.digest, queries.entries(season), season.top_places)


def current_inputs(season: Season) -> str:
    """The digest of what would go into a run now; differs from the stored one as soon as a sheet was changed."""
    assert season.rubric is not None
    found = result_sql.inputs(
        rules_of(season.rubric),
        season_id=season.pk,
        stages=_stages(),
        rubric_digest=season.rubric.digest,
        places=season.top_places,
    )
    with connection.cursor() as cursor:
        cursor.execute(found.text, found.params)
        return str(cursor.fetchone()[0])


def _stages() -> list[str]:
    return [str(stage) for stage in queries.JUDGED]


def work(payload: dict[str, Any]) -> Digests | None:
    """The second way, before the transaction: digests for the comparison; nothing for a very large season."""
    season = Season.objects.select_related("rubric").get(pk=payload["season_id"])
    if Tally.objects.filter(dossier__season=season, dossier__stage__in=queries.JUDGED).count() > CHECKED_IN_PYTHON:
        return None
    outcome = compute(season)
    return Digests(outcome.input_digest, outcome.result_digest)


def finish(payload: dict[str, Any], expected: Digests | None, at: datetime) -> None:
    """Rank in the database and write the run once; it never changes afterwards."""
    season = Season.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=payload["season_id"])
    write_run(season, payload["run"], expected, at)


def write_run(
    season: Season, number: int, expected: Digests | None, at: datetime, *, tallies: str = result_sql.KEPT
) -> ResultRun:
    """One run with its results, in a few statements. Raises Refused, naming criteria without points; Disagreement.

    `tallies` names the table with the counts: the kept one, or that of tally.count_season.
    """
    assert season.rubric is not None
    known = ResultRun.objects.filter(season=season, number=number).first()
    if known is not None:
        return known
    refuse_unanswered(season)
    _rank(season, "kip_ranking", tallies)
    found = _digests(season, "kip_ranking")
    if expected is not None and expected != found:
        raise Disagreement(f"season {season.year}: Python gives {expected}, PostgreSQL gives {found}")
    run = ResultRun.objects.create(
        season=season,
        number=number,
        method=scoring.METHOD,
        leaves=[leaf.code for leaf in rules_of(season.rubric).all_leaves],
        places=season.top_places,
        versions=_versions(),
        rubric_digest=season.rubric.digest,
        input_digest=found.inputs,
        result_digest=found.results,
        computed_at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Result._meta.db_table} (run_id, {_COLUMNS}) "
            f"SELECT %s, {_COLUMNS} FROM kip_ranking ORDER BY rank, number",
            [run.pk],
        )
    audit.record("result.computed", run, by=None, at=at, result=run.result_digest, input=run.input_digest)
    return run


def refuse_unanswered(season: Season) -> None:
    """Raises Refused with every criterion of a judged dossier that nobody gave points for."""
    assert season.rubric is not None
    found = result_sql.unanswered(rules_of(season.rubric), season_id=season.pk, stages=_stages())
    with connection.cursor() as cursor:
        cursor.execute(found.text, found.params)
        rows = cursor.fetchall()
    if rows:
        raise Refused(
            _("%(dossier)s: nobody gave points for criterion %(codes)s.")
            % {"dossier": number, "codes": ", ".join(codes)}
            for number, codes in rows
        )


def _rank(season: Season, table: str, tallies: str = result_sql.KEPT) -> None:
    """The ranking of now as a table of this transaction."""
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(max(t.sheets), 1) FROM {tallies} t "
            "JOIN dossiers_dossier d ON d.id = t.dossier_id WHERE d.season_id = %s",
            [season.pk],
        )
        most = cursor.fetchone()[0]
        found = result_sql.ranking(
            rules,
            season_id=season.pk,
            stages=_stages(),
            places=season.top_places,
            most_members=most,
            tallies=tallies,
        )
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS {found.text}", found.params)


def _digests(season: Season, table: str) -> Digests:
    assert season.rubric is not None
    inputs = result_sql.input_lines(season.rubric.digest, season.top_places, table)
    with connection.cursor() as cursor:
        cursor.execute(inputs.text, inputs.params)
        first = cursor.fetchone()[0]
        cursor.execute(result_sql.result_lines(rules_of(season.rubric), table))
        return Digests(first, cursor.fetchone()[0])


def digests_of(season: Season, tallies: str = result_sql.KEPT) -> Digests:
    """What a run would have now, without writing one. Called in a transaction."""
    _rank(season, "kip_check", tallies)
    return _digests(season, "kip_check")


def stored_lines(season: Season, run: ResultRun) -> str:
    """The ranking of a stored run as text, from its rows: what evaluations.scoring.result_line writes."""
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    rows = list(Result.objects.filter(run=run).select_related("dossier__product__sector", "dossier__cut_vote"))
    rows.sort(key=lambda row: (row.rank, (row.dossier.number or "").encode()))
    places = [
        scoring.Place(
            replace(score, total=row.total_exact, failed=tuple(row.failed_rules)),
            row.rank,
            row.is_top10,
            row.is_referred,
            row.tie_rule,
        )
        for row, score in zip(rows, queries.scores_of(rows, rules), strict=True)
    ]
    return "".join(scoring.result_line(rules, place) for place in places)


def _versions() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return {"postgresql": cursor.fetchone()[0], "python": platform.python_version(), "method": scoring.METHOD}


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=work, finish=finish))
