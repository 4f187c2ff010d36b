from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import Refused
from evaluations import bundle
from evaluations.models import ResultRun


class Command(BaseCommand):
    help = "Writes the decision bundle of a season's result to the standard output: canonical JSON for the replay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--run", type=int, help="number of the run; without it the latest")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = ResultRun.objects.filter(season__year=options["year"]).select_related("season__rubric")
        run = (runs.filter(number=options["run"]) if options["run"] else runs.order_by("-number")).first()
        if run is None:
            which = f"run {options['run']}" if options["run"] else "run"
            raise CommandError(f"The season of {options['year']} has no {which}.")
        try:
            data = bundle.of_run(run)
        except Refused as refusal:
            raise CommandError(" ".join(map(str, refusal.reasons))) from None
        # The bytes themselves, whatever the locale makes of text.
        out = getattr(self.stdout, "buffer", None)
        if out is not None:
            out.write(data)
        else:
            self.stdout.write(data.decode(), ending="")
