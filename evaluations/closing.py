"""The job that computes the result of a season from the signed sheets."""

from datetime import datetime
from typing import Any

from core import audit, jobs
from evaluations import queries, scoring
from evaluations.models import CriterionAverage, Result, ResultRun
from programme.actions import rules_of
from programme.models import Criterion, Season

JOB = "result.compute"


def compute(season: Season) -> scoring.Outcome:
    """The outcome of the season's judged dossiers, from what is stored now."""
    assert season.rubric is not None
    return scoring.outcome(rules_of(season.rubric), queries.entries(season), season.top_places)


def work(payload: dict[str, Any]) -> scoring.Outcome:
    return compute(Season.objects.select_related("rubric").get(pk=payload["season_id"]))


def finish(payload: dict[str, Any], outcome: scoring.Outcome, at: datetime) -> None:
    """Write the run once; it never changes afterwards."""
    season = Season.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=payload["season_id"])
    assert season.rubric is not None
    run, new = ResultRun.objects.get_or_create(
        season=season,
        number=payload["run"],
        defaults={
            "method": scoring.METHOD,
            "rubric_digest": season.rubric.digest,
            "input_digest": outcome.input_digest,
            "result_digest": outcome.result_digest,
            "computed_at": at,
        },
    )
    if not new:
        return
    criteria = {c.code: c for c in Criterion.objects.filter(rubric=season.rubric)}
    for place in outcome.places:
        score = place.score
        result = Result.objects.create(
            run=run,
            dossier_id=int(score.dossier),
            total_exact=str(score.total),
            total=scoring.rounded(score.total, 4),
            rank=place.rank,
            passes=score.passes,
            is_top10=place.is_top,
            tie_rule=place.tie_rule,
            failed_rules=list(score.failed),
            scorers=score.scorers,
        )
        CriterionAverage.objects.bulk_create(
            CriterionAverage(
                result=result,
                criterion=criteria[c.code],
                average_exact=str(c.average),
                average=scoring.rounded(c.average, 4),
                lowest=c.lowest,
                highest=c.highest,
                scorers=c.scorers,
            )
            for c in score.criteria
        )
    audit.record("result.computed", run, by=None, at=at, result=outcome.result_digest, input=outcome.input_digest)


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=work, finish=finish))
