from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluations import closing, queries, scoring, tally
from evaluations.models import ResultRun
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
        if tally.drifted(season.pk):
            return f"kept numbers differ from the signed marks for dossiers {tally.drifted(season.pk)}."
        if outcome.input_digest != run.input_digest:
            return "the signed sheets, the votes or the criteria have changed since."
        if outcome.result_digest != run.result_digest:
            return "the same sheets now give another result."
        if closing.stored_lines(season, run) != outcome.lines:
            return "the stored rows differ from what the sheets give."
        return None
