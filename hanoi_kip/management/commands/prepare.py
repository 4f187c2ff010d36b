import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from enterprises.models import Enterprise
from signing import demo_keys


class Command(BaseCommand):
    help = "Everything before the first page, in one process: migrations, catalogues, static files, data."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self._step("Translations", lambda: call_command("catalogue", compile=True))
        self._step("Database", lambda: call_command("migrate", verbosity=0))
        self._step("Static files", self._collect)
        self._step("Reference data", lambda: call_command("load_reference"))
        if settings.LOAD_DEMO:
            self._step("Demonstration keys", lambda: demo_keys.make(settings.SIGNING_KEY_FOLDER, timezone.now()))
            if not Enterprise.objects.filter(is_demo=True).exists():
                self._step("Demonstration seasons", lambda: call_command("load_demo"))
            if settings.ACCOUNTS_FILE:
                with Path(settings.ACCOUNTS_FILE).open("w", encoding="utf-8") as stream:
                    call_command("demo_accounts", stdout=stream)

    def _step(self, words: str, act: Callable[[], Any]) -> None:
        start = time.monotonic()
        act()
        self.stdout.write(f"  {words}: {time.monotonic() - start:.1f} s")
        self.stdout.flush()

    def _collect(self) -> None:
        """Hashing and compressing takes seconds, so it is done only when a source changed."""
        stamp = Path(settings.STATIC_ROOT) / ".sources"
        now = self._fingerprint()
        if not stamp.exists() or stamp.read_text() != now:
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(now)

    def _fingerprint(self) -> str:
        found = hashlib.sha256(settings.VERSION.encode())
        for finder in get_finders():
            for path, storage in finder.list([]):
                facts = Path(storage.path(path)).stat()
                found.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
        return found.hexdigest()
