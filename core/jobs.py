"""The job table: PostgreSQL holds the work, Celery and Redis only ring the bell (docs/adr/0003).

A kind of job has two halves. `work(payload)` is slow, runs outside any transaction and may run more than once;
`finish(payload, produced, at)` writes the effect in the same transaction that marks the job done, after the
fencing token was checked again. An effect also has its own unique constraint on the business fact.
"""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from core.errors import Refused
from core.models import Job

log = logging.getLogger(__name__)

BACK_OFF_SECONDS = (1, 4, 16, 64)


@dataclass(frozen=True)
class Kind:
    """How one kind of job is done. `schema_no` rises when the payload changes its meaning."""

    work: Callable[[dict[str, Any]], Any]
    finish: Callable[[dict[str, Any], Any, datetime], None]
    schema_no: int = 1


@dataclass(frozen=True)
class Progress:
    total: int
    done: int
    failed: int

    @property
    def waiting(self) -> int:
        return self.total - self.done - self.failed

    @property
    def finished(self) -> bool:
        return self.waiting == 0


kinds: dict[str, Kind] = {}


class Postponed(Exception):
    """The work cannot be done here and now (a system library is missing). It waits without losing an attempt, for
    `seconds`. With `is_over` it is asked once more after the job was given back, and goes on at once when that which
    it waits for ended in between: whoever ended it could not see this job waiting."""

    def __init__(self, reason: str, seconds: int = 60, is_over: Callable[[], bool] | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.is_over = is_over


def register(name: str, kind: Kind) -> None:
    kinds[name] = kind


def enqueue(
    kind: str, *, key: str, payload: dict[str, Any], batch: str = "", not_before: datetime | None = None
) -> Job:
    """Write the work down in the caller's transaction; the bell rings after the commit.

    The same `kind` and `key` give the same job: asking twice changes nothing. Nobody can claim it before
    `not_before`, by the database's clock; the sweep of the beat finds it then.
    """
    facts = {"payload": payload, "batch": batch, "schema_no": kinds[kind].schema_no}
    if not_before is not None:
        facts["not_before"] = not_before
    job, _ = Job.objects.get_or_create(kind=kind, key=key, defaults=facts)
    transaction.on_commit(lambda: ring(job.pk))
    return job


def ring(job_id: int) -> None:
    """Wake a worker. May fail silently: the sweep of the beat rings again within ten seconds."""
    from core.tasks import run

    try:
        run.delay(job_id)
    except Exception as error:  # a dead broker must never fail the act that was just committed
        log.warning("The bell for job %s did not ring: %s", job_id, error)


def progress(batch: str) -> Progress:
    """Counts by query, never by a counter in Redis."""
    counts = Job.objects.filter(batch=batch).aggregate(
        total=Count("id"),
        done=Count("id", filter=Q(state=Job.State.DONE)),
        failed=Count("id", filter=Q(state__in=[Job.State.FAILED, Job.State.CANCELLED])),
    )
    return Progress(**counts)


def due_ids(limit: int = 200) -> list[int]:
    """Jobs that a worker could claim now: ready ones, and running ones whose lease has ended."""
    due = Job.objects.filter(
        Q(state=Job.State.READY, not_before__lte=Now()) | Q(state=Job.State.RUNNING, lease_until__lt=Now())
    )
    return list(due.order_by("not_before", "id").values_list("id", flat=True)[:limit])


def claim(job_id: int) -> Job | None:
    """Take the job for one lease, by the database's clock. None when it is not free or not due. Every claim has a name
    of its own: whoever lost the lease writes nothing, also when attempts were counted anew.

    A job that was tried `max_attempts` times without an answer (its process died) becomes failed here.
    """
    owner = f"{socket.gethostname()[:50]}:{secrets.token_hex(6)}:{os.getpid()}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_job SET state = 'failed', lease_until = NULL, finished_at = clock_timestamp(), "
            "last_error = CASE WHEN last_error = '' THEN 'The process ended without an answer.' ELSE last_error END "
            "WHERE id = %s AND state = 'running' AND lease_until < clock_timestamp() AND attempt >= max_attempts",
            [job_id],
        )
        cursor.execute(
            "UPDATE core_job SET state = 'running', attempt = attempt + 1, lease_owner = %s, "
            "lease_until = clock_timestamp() + make_interval(secs => %s) "
            "WHERE id = (SELECT id FROM core_job WHERE id = %s AND ("
            "(state = 'ready' AND not_before <= clock_timestamp()) "
            "OR (state = 'running' AND lease_until < clock_timestamp())) "
            "FOR UPDATE SKIP LOCKED) RETURNING id",
            [owner, settings.JOB_LEASE_SECONDS, job_id],
        )
        row = cursor.fetchone()
    return Job.objects.get(pk=row[0]) if row else None


def perform(job_id: int) -> bool:
    """Claim, work, finish. True when this call finished the job. May be called any number of times."""
    job = claim(job_id)
    if job is None:
        return False
    kind = kinds[job.kind]
    with _Lease(job):
        try:
            produced = kind.work(job.payload)
        except Postponed as reason:
            _postpone(job, reason)
            return False
        except Exception as error:
            log.warning("Job %s (%s) failed: %s", job.pk, job, error, exc_info=True)
            _fail(job, error)
            return False
    try:
        return _finish(job, kind, produced)
    except Postponed as reason:
        _postpone(job, reason)
        return False
    except Exception as error:
        log.warning("Job %s (%s) could not be finished: %s", job.pk, job, error, exc_info=True)
        _fail(job, error)
        return False


def _finish(job: Job, kind: Kind, produced: Any) -> bool:
    with transaction.atomic():
        row = Job.objects.select_for_update().get(pk=job.pk)
        if row.lease_owner != job.lease_owner or row.state != Job.State.RUNNING:
            log.warning("Job %s was fenced: another claim has it.", job.pk)
            return False
        at = timezone.now()
        kind.finish(job.payload, produced, at)
        row.state, row.lease_until, row.finished_at, row.last_error = Job.State.DONE, None, at, ""
        row.save(update_fields=["state", "lease_until", "finished_at", "last_error"])
    return True


def _fail(job: Job, error: Exception) -> None:
    # A refusal is written for people; of everything else the kind helps whoever looks into it.
    words = (str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}")[:2000]
    if job.attempt < job.max_attempts:
        # A database that was away and now takes this note is back: to wait longer helps nobody.
        tries = 1 if isinstance(error, OperationalError | InterfaceError) else job.attempt
        _give_back(job, words, seconds=BACK_OFF_SECONDS[min(tries, len(BACK_OFF_SECONDS)) - 1])
        return
    Job.objects.filter(pk=job.pk, lease_owner=job.lease_owner, state=Job.State.RUNNING).update(
        state=Job.State.FAILED, lease_until=None, finished_at=timezone.now(), last_error=words
    )


def _postpone(job: Job, reason: Postponed) -> None:
    _give_back(job, str(reason), seconds=reason.seconds, keep_attempt=False)
    if reason.is_over is not None and reason.is_over():
        Job.objects.filter(pk=job.pk, state=Job.State.READY).update(not_before=Now())
        ring(job.pk)


def _give_back(job: Job, words: str, *, seconds: int, keep_attempt: bool = True) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_job SET state = 'ready', lease_until = NULL, last_error = %s, attempt = attempt - %s, "
            "not_before = clock_timestamp() + make_interval(secs => %s) "
            "WHERE id = %s AND lease_owner = %s AND state = 'running'",
            [words[:2000], 0 if keep_attempt else 1, seconds, job.pk, job.lease_owner],
        )


def retry(*, job: Job) -> None:
    """A person asks for a failed job once more."""
    changed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.READY, attempt=0, finished_at=None, not_before=Now()
    )
    if changed:
        transaction.on_commit(lambda: ring(job.pk))


class _Lease:
    """Renews the lease every third of its length while the work goes on, on a connection of its own."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()

    def _renew(self) -> None:
        while not self.stopped.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE core_job SET lease_until = clock_timestamp() + make_interval(secs => %s) "
                        "WHERE id = %s AND lease_owner = %s AND state = 'running'",
                        [settings.JOB_LEASE_SECONDS, self.job.pk, self.job.lease_owner],
                    )
            except Exception as error:  # a lost lease is safe: the fencing token decides
                log.warning("The lease of job %s was not renewed: %s", self.job.pk, error)
        connection.close()
