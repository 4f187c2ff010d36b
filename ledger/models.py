"""The published face of the audit log: one entry for every event, and one root for every day. Written once."""

from django.db import models
from django.db.models import Q

SHA256_HEX = 64


class LogEntry(models.Model):
    """What the public may see of one audit event: SHA-256 over a random salt and the hash of the event.

    Without the salt a guess at an event could be confirmed by trying every microsecond of the day; with it the entry
    tells nothing. A trigger refuses UPDATE and DELETE.
    """

    seq = models.BigIntegerField(primary_key=True)
    salt = models.UUIDField()
    entry = models.BinaryField()

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return str(self.seq)


class LogRoot(models.Model):
    """The root over the entries 1..size at the end of one day in Hanoi. A trigger refuses UPDATE and DELETE.

    `chain_hash` is the digest of the statement without its proof; the statement names the one before it.
    """

    day = models.DateField(unique=True)
    size = models.BigIntegerField()
    root = models.CharField(max_length=SHA256_HEX)
    previous_hash = models.CharField(max_length=SHA256_HEX, unique=True, blank=True)
    chain_hash = models.CharField(max_length=SHA256_HEX, unique=True)
    statement = models.JSONField()
    unsigned_because = models.TextField(blank=True)
    time_stamp = models.TextField(blank=True)
    unstamped_because = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]
        constraints = [models.CheckConstraint(name="log_root_size", condition=Q(size__gte=0))]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    @property
    def is_signed(self) -> bool:
        return isinstance(self.statement, dict) and "proof" in self.statement

    @property
    def is_stamped(self) -> bool:
        return bool(self.time_stamp)
