from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from evaluations import checking


class Command(BaseCommand):
    help = "Computes every stored result once more, in PostgreSQL and in Python, and reports any difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 on a difference (the only mode there is)")
        parser.add_argument("--keep", action="store_true", help="also write the verdict into the audit log")

    def handle(self, *args: Any, **options: Any) -> None:
        found = checking.check_all()
        if options["keep"]:
            checking.keep(found, timezone.now())
        if found.faults:
            raise CommandError("\n".join(found.faults))
        self.stdout.write(
            f"Every stored result equals its recomputation: {found.seasons} seasons, {found.runs} runs, "
            f"{found.results} results."
        )
