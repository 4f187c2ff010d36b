import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from enterprises.models import Enterprise


class Command(BaseCommand):
    help = "Everything before the first page, in one process: migrations, catalogues, static files, data."

    def handle(self, *args: Any, **options: Any) -> None:
        self._step("Translations", lambda: call_command("catalogue", compile=True))
        self._step("Database", lambda: call_command("migrate", verbosity=0))
        self._step("Static files", lambda: call_command("collectstatic", interactive=False, verbosity=0))
        self._step("Reference data", lambda: call_command("load_reference"))
        if settings.LOAD_DEMO:
            if not Enterprise.objects.filter(is_demo=True).exists():
                self._step("Demonstration seasons", lambda: call_command("load_demo"))
            if settings.ACCOUNTS_FILE:
                with Path(settings.ACCOUNTS_FILE).open("w", encoding="utf-8") as stream:
                    call_command("demo_accounts", stdout=stream)

    def _step(self, words: str, act: Any) -> None:
        start = time.monotonic()
        act()
        self.stdout.write(f"  {words}: {time.monotonic() - start:.1f} s")
        self.stdout.flush()
