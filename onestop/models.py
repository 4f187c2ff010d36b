"""The texts of the forms as staff changed them, the papers made from them, and what came over the counter."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import StoredFile
from dossiers.models import Dossier


class FormText(models.Model):
    """The text of a form as staff changed it. Versions are only added; `is_standard` goes back to the standard."""

    form = models.CharField(max_length=2)
    version = models.PositiveIntegerField()
    body = models.TextField(blank=True)
    is_standard = models.BooleanField(default=False)
    changed_by_name = models.CharField(max_length=200)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["form", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["form", "version"], name="form_text_version_once"),
            models.CheckConstraint(name="form_text_has_words", condition=Q(is_standard=True) | ~Q(body="")),
        ]

    def __str__(self) -> str:
        return f"{self.form} ({self.version})"


class OfficeForm(models.Model):
    """A form that was made, as it went out: both faces by digest, and the values it was made of."""

    form = models.CharField(max_length=2)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="office_forms")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    text_version = models.PositiveIntegerField()
    text_digest = models.CharField(max_length=64)
    fields = models.JSONField()
    # What the paper is made of, without its number and day: the same press twice is one paper.
    content_digest = models.CharField(max_length=64)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    docx = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="office_forms")
    made_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["form", "year", "number"], name="office_form_number_once")]
        indexes = [models.Index(fields=["dossier", "form"], name="office_form_of_dossier")]

    def __str__(self) -> str:
        return f"{self.form}/{self.number}/{self.year}"


class PaperIntake(models.Model):
    """What the officer ticked at the counter. `token` is the page it was sent from: sent twice, received once."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="paper_intake")
    token = models.UUIDField(unique=True, default=uuid.uuid4)
    papers = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="paper_intakes")

    class Meta:
        ordering = ["taken_at"]

    def __str__(self) -> str:
        return str(self.dossier)
