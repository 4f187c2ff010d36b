"""Planted weaknesses. The campaign must fail on each of them; if it does not, it proves nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Weakness:
    words: str
    tells: tuple[str, ...]  # how the invariants begin that it must break
    plant: Callable[[], None]  # in the workers and in the campaign itself
    statements: tuple[str, ...] = ()  # in the campaign's own copy of the database
    beat: bool = True


def _no_fence() -> None:
    from django.db import transaction
    from django.utils import timezone

    from core import jobs
    from core.models import Job

    def finish(job: Job, kind: jobs.Kind, produced: Any) -> bool:
        with transaction.atomic():
            row, at = Job.objects.select_for_update().get(pk=job.pk), timezone.now()
            kind.finish(job.payload, produced, at)
            row.state, row.lease_until, row.finished_at, row.last_error = Job.State.DONE, None, at, ""
            row.save(update_fields=["state", "lease_until", "finished_at", "last_error"])
        return True

    vars(jobs)["_finish"] = finish


def _two_transactions() -> None:
    from django.db import transaction
    from django.utils import timezone

    from core import jobs
    from core.models import Job

    def finish(job: Job, kind: jobs.Kind, produced: Any) -> bool:
        with transaction.atomic():
            row, at = Job.objects.select_for_update().get(pk=job.pk), timezone.now()
            if row.lease_owner != job.lease_owner or row.state != Job.State.RUNNING:
                return False
            row.state, row.lease_until, row.finished_at, row.last_error = Job.State.DONE, None, at, ""
            row.save(update_fields=["state", "lease_until", "finished_at", "last_error"])
        with transaction.atomic():
            kind.finish(job.payload, produced, at)
        return True

    vars(jobs)["_finish"] = finish


def _numbers_outside() -> None:
    """A connection of its own: the number is drawn even when the transaction is not."""
    from threading import Thread

    from django.db import connection

    from certificates import actions

    draw = actions.next_number

    def outside(book: str) -> int:
        found: list[int] = []

        def ask() -> None:
            found.append(draw(book))
            connection.close()

        thread = Thread(target=ask)
        thread.start()
        thread.join()
        return found[0]

    vars(actions)["next_number"] = outside


def _bell_alone() -> None:
    from core import jobs
    from core.models import Job

    def enqueue(
        kind: str, *, key: str, payload: dict[str, Any], batch: str = "", not_before: datetime | None = None
    ) -> Job:
        facts = {"payload": payload, "batch": batch, "schema_no": jobs.kinds[kind].schema_no}
        job, _ = Job.objects.get_or_create(kind=kind, key=key, defaults=facts)
        jobs.ring(job.pk)
        return job

    vars(jobs)["enqueue"] = enqueue


def _stop_not_asked() -> None:
    """Asked before the work, not when it takes effect."""
    from core import stops

    vars(stops)["pass_or_wait"] = lambda name: None


_CONSTRAINTS = (
    ("certificates_certificate", "certificate_number_once", "CONSTRAINT"),
    ("certificates_certificate", "certificate_once", "INDEX"),
)

WEAKNESSES = {
    "no-fence": Weakness("the claim is not compared before the finish", ("a job was ended",), _no_fence),
    "numbers-outside": Weakness(
        "no unique constraint on certificates, numbers drawn outside the transaction",
        ("gaps:", "double:"),
        _numbers_outside,
        tuple(
            f"ALTER TABLE {table} DROP CONSTRAINT {name}" if kind == "CONSTRAINT" else f"DROP INDEX {name}"
            for table, name, kind in _CONSTRAINTS
        ),
    ),
    "two-transactions": Weakness(
        "effect and state in two transactions", ("lost:", "the effect and the end"), _two_transactions
    ),
    "bell-alone": Weakness(
        "published before the commit, and no sweep after it", ("it did not come to rest",), _bell_alone, beat=False
    ),
    "stop-not-asked": Weakness(
        "the stop switch is not asked in the finishing transaction", ("late:",), _stop_not_asked
    ),
}
