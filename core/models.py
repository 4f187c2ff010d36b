"""What every app needs and none owns: the audit log, jobs, files by digest, number books."""

from datetime import UTC
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditHead(models.Model):
    """The single row that is locked while an event is appended, so that the chain cannot fork."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="audit_head_is_single", condition=Q(id=1))]


class AuditEvent(models.Model):
    """What happened, written once. Names and ids, no foreign keys: history outlives its objects.

    A database trigger refuses UPDATE, DELETE and TRUNCATE; `hash` covers the row and the hash before it.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    act = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    object_name = models.CharField(max_length=300)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def content(self) -> dict[str, Any]:
        """The fields that the hash covers."""
        return {
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(),
            "actor_id": self.actor_id,
            "actor_name": self.actor_name,
            "act": self.act,
            "object_type": self.object_type,
            "object_id": self.object_id,
            "object_name": self.object_name,
            "detail": self.detail,
            "previous_hash": self.previous_hash,
        }


class NumberBook(models.Model):
    """Numbers without gap or double: the row is locked in the transaction that uses the number."""

    book = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class StoredFile(models.Model):
    """A file under its digest. The same bytes are stored once, whoever sends them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()


class Job(models.Model):
    """Work that matters: a row written in the transaction of the act (docs/adr/0003).

    Celery carries only the id and may lose it; a worker claims the row with a lease by the database's clock;
    `attempt` is the fencing token.
    """

    class State(models.TextChoices):
        READY = "ready", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    FINAL = (State.DONE, State.FAILED, State.CANCELLED)

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    batch = models.CharField(max_length=60, blank=True)
    payload = models.JSONField(default=dict)
    schema_no = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    not_before = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=80, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="job_once_per_fact"),
            models.CheckConstraint(
                name="job_running_has_lease",
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="job_final_has_end",
                condition=Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | (Q(state__in=["ready", "running"]) & Q(finished_at__isnull=True)),
            ),
            models.CheckConstraint(name="job_attempts", condition=Q(attempt__lte=F("max_attempts"))),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], name="job_next", condition=Q(state__in=["ready", "running"])),
            models.Index(fields=["batch"], name="job_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class StopSwitch(models.Model):
    """A brake that a person pulls: while `stopped_at` is set, nothing of this name takes effect."""

    name = models.CharField(max_length=40, primary_key=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stop_has_reason",
                condition=Q(stopped_at=None, reason="") | (Q(stopped_at__isnull=False) & ~Q(reason="")),
            )
        ]

    def __str__(self) -> str:
        return self.name
