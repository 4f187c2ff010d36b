from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluations import closing, queries, scoring
from evaluations.models import CriterionAverage, Result, ResultRun
from programme.models import Season


class Command(BaseCommand):
    help = "Recomputes the latest result of every season from the signed sheets and reports any difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 on a difference (the only mode there is)")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = 0
        for season in Season.objects.exclude(result_runs=None).select_related("rubric").distinct():
            run = queries.latest_run(season)
            assert run is not None
            difference = self._difference(season, run)
            if difference:
                raise CommandError(f"Season {season.year}, run {run.number}: {difference}")
            checked += run.results.count()
        self.stdout.write(f"Every stored result equals its recomputation: {checked} results.")

    def _difference(self, season: Season, run: ResultRun) -> str | None:
        try:
            outcome = closing.compute(season)
        except scoring.Incomplete as error:
            return f"the sheets no longer give a result ({error})."
        if outcome.input_digest != run.input_digest:
            return "the signed sheets, assignments or criteria have changed since."
        if outcome.result_digest != run.result_digest:
            return "the same sheets now give another result."
        stored = {r.dossier_id: r for r in Result.objects.filter(run=run)}
        for place in outcome.places:
            row = stored.pop(int(place.score.dossier), None)
            if row is None or (row.total_exact, row.rank, row.is_top10, row.passes) != (
                str(place.score.total),
                place.rank,
                place.is_top,
                place.score.passes,
            ):
                return f"the stored row of dossier {place.score.dossier} differs."
            averages = {c.code: str(c.average) for c in place.score.criteria}
            kept = CriterionAverage.objects.filter(result=row).values_list("criterion__code", "average_exact")
            if dict(kept) != averages:
                return f"the stored averages of dossier {place.score.dossier} differ."
        return "rows are stored that no sheet supports." if stored else None
