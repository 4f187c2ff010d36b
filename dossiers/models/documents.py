"""The files of a dossier, and those that are still on their way."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import StoredFile
from dossiers.models.dossier import Dossier


class Scan(models.TextChoices):
    """What the virus scanner said. `unscanned`: no scanner is connected, and the pages say so."""

    UNSCANNED = "unscanned", pgettext_lazy("scan", "Not scanned")
    WAITING = "waiting", pgettext_lazy("scan", "Being scanned")
    CLEAN = "clean", pgettext_lazy("scan", "Scanned, nothing found")
    INFECTED = "infected", pgettext_lazy("scan", "Harmful, locked")


class DocumentQuerySet(models.QuerySet["Document"]):
    def current(self) -> Self:
        """Those that lie in their slots now."""
        return self.filter(removed_at=None)

    def was_filed(self) -> Self:
        """What the Department was given: replaced or removed only after the dossier was sent, or not at all."""
        return self.filter(dossier__submitted_at__isnull=False).filter(
            Q(removed_at=None) | Q(removed_at__gt=models.F("dossier__submitted_at"))
        )


class Document(models.Model):
    """A file in one slot of the dossier. Replaced files stay, marked as such."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="documents")
    paper = models.CharField(max_length=30)
    file = models.ForeignKey(StoredFile, models.PROTECT)
    name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    uploaded_by_name = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    reference = models.CharField(_("number of the paper"), max_length=80, blank=True)
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    # The evidence wallet: a paper given once is taken over, with its origin.
    taken_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="taken_over")
    scan = models.CharField(max_length=10, choices=Scan.choices, default=Scan.UNSCANNED)
    scanned_at = models.DateTimeField(null=True)
    scan_words = models.CharField(max_length=200, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["paper", "position", "uploaded_at"]
        indexes = [models.Index(fields=["dossier", "paper"], name="document_slot")]

    def __str__(self) -> str:
        return self.name

    def was_filed(self, dossier: Dossier) -> bool:
        """`DocumentQuerySet.was_filed` for a row at hand: only then may the Department open it."""
        sent = dossier.submitted_at
        return sent is not None and (self.removed_at is None or self.removed_at > sent)

    @property
    def is_locked(self) -> bool:
        """Nobody opens what the scanner has not passed."""
        return self.scan in (Scan.WAITING, Scan.INFECTED)

    def has_expired(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until < day


class Upload(models.Model):
    """A file that arrives in pieces. After a broken connection it goes on where `received_bytes` says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="uploads")
    paper = models.CharField(max_length=30)
    name = models.CharField(max_length=255)
    size_bytes = models.PositiveBigIntegerField()
    received_bytes = models.PositiveBigIntegerField(default=0)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads")
    begun_at = models.DateTimeField()
    # Same file, same slot, same person: the browser finds its own upload again by this key.
    fingerprint = models.CharField(max_length=100)
    finished_at = models.DateTimeField(null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True)
    refused = models.TextField(blank=True)

    class Meta:
        ordering = ["begun_at"]
        constraints = [
            models.CheckConstraint(
                name="upload_not_too_long", condition=Q(received_bytes__lte=models.F("size_bytes"))
            ),
        ]
        indexes = [models.Index(fields=["dossier", "fingerprint"], name="upload_found_again")]

    def __str__(self) -> str:
        return self.name
