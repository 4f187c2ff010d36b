import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger import queries


class Command(BaseCommand):
    help = (
        "Prints one event of the audit log with its random number and the proof that it is in the public log. "
        "It shows what happened, and with the hash of the event before it lets guesses at that one be tried: it is "
        "for a court or an inspector, not for everybody. "
        "check_log.py ADDRESS --proof FILE checks it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        newest = queries.newest()
        if newest is None:
            raise CommandError("There is no root yet.")
        try:
            found = queries.opened(options["number"], newest)
        except LookupError:
            raise CommandError(f"The newest root, of {newest}, covers the entries 1 to {newest.size}.") from None
        except queries.Damaged:
            raise CommandError("The entries do not give their root any more; run verify_audit.") from None
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
