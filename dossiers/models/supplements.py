"""What the officer asks for, and the versions of a dossier that were sent."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models.dossier import Dossier


class SupplementRequest(models.Model):
    """What the officer asked for (form 02), until when, and when it was answered."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="supplements")
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=200)
    due_date = models.DateField(_("answer until"))
    message = models.TextField(_("message to the enterprise"), blank=True)
    answered_at = models.DateTimeField(null=True)
    # One extension; `due_date` is then the new day and `first_due_date` the one first given.
    first_due_date = models.DateField(null=True)
    extended_at = models.DateTimeField(null=True)
    extended_by_name = models.CharField(max_length=200, blank=True)
    extension_reason = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["dossier"], name="supplement_one_open", condition=Q(answered_at=None)),
            models.CheckConstraint(
                name="supplement_extended_forward",
                condition=Q(first_due_date=None, extended_at=None)
                | Q(extended_at__isnull=False, first_due_date__lt=models.F("due_date")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.asked_at:%d/%m/%Y}"

    def days_left(self, today: date) -> int:
        return (self.due_date - today).days


class Defect(models.Model):
    """One thing to mend: a slot or a part of the dossier, a reason code and words."""

    class Reason(models.TextChoices):
        MISSING = "missing", pgettext_lazy("defect", "Missing")
        EXPIRED = "expired", pgettext_lazy("defect", "Expired")
        UNREADABLE = "unreadable", pgettext_lazy("defect", "Not readable")
        INCOMPLETE = "incomplete", pgettext_lazy("defect", "Incomplete")
        CONTRADICTS = "contradicts", pgettext_lazy("defect", "Contradicts another part")
        OTHER = "other", pgettext_lazy("defect", "Other")

    request = models.ForeignKey(SupplementRequest, models.CASCADE, related_name="defects")
    part = models.CharField(max_length=30)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = models.CharField(max_length=600)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.part}: {self.words}"


class DossierVersion(models.Model):
    """The whole dossier as it was sent, the first time or as a supplement. Append-only (database trigger)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    taken_by_name = models.CharField(max_length=200)
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.number}"
