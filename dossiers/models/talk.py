"""Who changed what in a draft, and what applicant and officer write to each other."""

from django.conf import settings
from django.db import models

from dossiers.models.dossier import Dossier


class FieldChange(models.Model):
    """Who wrote a field of a draft last: two people who edit at the same time see each other."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="field_changes")
    part = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="field_changes")

    class Meta:
        ordering = ["changed_at"]
        constraints = [models.UniqueConstraint(fields=["dossier", "part", "name"], name="field_change_latest")]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.part}.{self.name}"


class Message(models.Model):
    """A message inside the dossier, between the enterprise and the Department. Staff notes are another table."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="messages")
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="dossier_messages")
    is_from_department = models.BooleanField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.text[:40]}"
