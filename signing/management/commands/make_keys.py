from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.errors import Refused
from signing import demo_keys


class Command(BaseCommand):
    help = "Makes the demonstration's authority, keys and time stamp key, and registers the keys. Twice is once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo",
            nargs="?",
            const=settings.SIGNING_KEY_FOLDER,
            metavar="DIR",
            help="the folder of the keys (KIP_SIGNING_KEY_FOLDER when left out)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["demo"]:
            raise CommandError("Real keys are made by their owner or authority; here: --demo, for demonstration only.")
        if not settings.SIGNING_ALLOW_DEMO:
            raise CommandError("Demonstration keys do not sign here: KIP_SIGNING_ALLOW_DEMO is off.")
        try:
            made = demo_keys.make(options["demo"], timezone.now())
        except Refused as refusal:
            raise CommandError(" ".join(refusal.reasons)) from None
        for key in made.values():
            self.stdout.write(f"{key.purpose}: {key.kid}, until {key.valid_to:%d/%m/%Y}")
