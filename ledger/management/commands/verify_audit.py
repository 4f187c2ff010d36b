import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.verification import verify


class Command(BaseCommand):
    help = (
        "Walks the audit log and its daily roots; exits 1 and says which row was altered, removed or cut off, or "
        "between which days. --roots compares with a roots.json that was kept elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--roots", metavar="FILE", help="a roots.json that somebody downloaded earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        kept = None
        if options["roots"]:
            try:
                kept = json.loads(Path(options["roots"]).read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise CommandError(f"{options['roots']} cannot be read: {error}") from error
            if not isinstance(kept, dict):
                raise CommandError(f"{options['roots']} is not a roots.json of the log.")
        try:
            found = verify(kept)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if found.fault:
            raise CommandError(found.fault)
        self.stdout.write(f"The audit log holds: {found.events} events, chain unbroken.")
        unsigned = f", {found.unsigned} of them unsigned" if found.unsigned else ""
        self.stdout.write(f"{found.roots} daily roots come out{unsigned}.")
        if kept is not None:
            self.stdout.write(f"All {len(kept['roots'])} roots kept outside are among them.")
