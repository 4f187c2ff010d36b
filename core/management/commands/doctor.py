import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from core import audit, scanner
from core.looks import looks
from core.models import Job

FREE_BYTES = 1024**3
SKEW_SECONDS = 2


class Command(BaseCommand):
    help = "Looks at everything the registry needs and says what is wrong and what to do; exits 1 on a fault."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = []
        for name, look in self._looks():
            try:
                fault = look()
            except Exception as error:  # a look that fails is a finding, not a crash
                fault = f"{type(error).__name__}: {error}".strip().splitlines()[0]
            self.stdout.write(f"  {'ok   ' if fault is None else 'FAULT'} {name}" + (f": {fault}" if fault else ""))
            if fault:
                faults.append(name)
        if faults:
            raise CommandError(f"{len(faults)} of the checks found a fault: {', '.join(faults)}.")
        self.stdout.write("The registry is well.")

    def _looks(self) -> Iterator[tuple[str, Callable[[], str | None]]]:
        yield "database", self._database
        yield "migrations", self._migrations
        yield "clock", self._clock
        yield "cache", self._cache
        yield "broker", self._broker
        yield "files", self._files
        yield "certificates can be drawn", self._paper
        yield "virus scanner", self._scanner
        yield "jobs", self._jobs
        yield "audit log", audit.first_break
        yield from looks.items()

    def _database(self) -> str | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery(), current_setting('server_version_num')::int")
            standby, version = cursor.fetchone()
        if standby:
            return "this is a read-only standby; point DATABASE_URL at the primary"
        return None if version >= 150000 else "PostgreSQL 15 or newer is needed"

    def _migrations(self) -> str | None:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return f"{len(waiting)} migrations wait; run python manage.py migrate" if waiting else None

    def _clock(self) -> str | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            theirs = cursor.fetchone()[0]
        skew = abs((timezone.now() - theirs).total_seconds())
        return f"this clock and the database's differ by {skew:.0f} s; run NTP" if skew > SKEW_SECONDS else None

    def _cache(self) -> str | None:
        cache.set("doctor", "ok", 5)
        return None if cache.get("doctor") == "ok" else "the cache does not keep what it is told (KIP_CACHE_URL)"

    def _broker(self) -> str | None:
        with current_app.connection_for_write() as link:
            link.ensure_connection(max_retries=1, timeout=2)
        return None

    def _files(self) -> str | None:
        folder = Path(settings.MEDIA_ROOT)
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.write_text("ok")
        probe.unlink()
        free = shutil.disk_usage(folder).free
        return f"only {free // 1024**2} MB are free where files are kept" if free < FREE_BYTES else None

    def _paper(self) -> str | None:
        try:
            import weasyprint  # noqa: F401
        except OSError:
            return (
                "Pango is missing; apt-get install --no-install-recommends "
                "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
            )
        return None

    def _scanner(self) -> str | None:
        """A registry without one works and says so on its pages; one that is named must answer."""
        if not scanner.is_connected():
            self.stdout.write("  note  no virus scanner is connected: files are not scanned (KIP_CLAMD)")
            return None
        try:
            scanner.ping()
        except scanner.ScannerDown as reason:
            return f"{reason}; uploaded files stay locked until it answers (KIP_CLAMD)"
        return None

    def _jobs(self) -> str | None:
        failed = Job.objects.filter(state=Job.State.FAILED).count()
        stale = Job.objects.filter(
            state__in=[Job.State.READY, Job.State.RUNNING], created_at__lt=timezone.now() - timedelta(hours=1)
        ).count()
        if failed:
            return f"{failed} jobs have failed; see the certificates page"
        return f"{stale} jobs wait for more than an hour; are worker and beat running?" if stale else None
