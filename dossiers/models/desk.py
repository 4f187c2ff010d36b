"""What only the Department sees: notes, ticks and crosses, phrases, saved lists, acts on many dossiers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models.dossier import Dossier
from dossiers.models.supplements import Defect


class StaffNote(models.Model):
    """A note about a dossier that the applicant never sees: no page, letter or export of theirs reads this table."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="staff_notes")
    text = models.TextField(_("note"), max_length=4000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_notes")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.text[:40]}"


class CheckMark(models.Model):
    """An officer's tick or cross on one paper or part. `seen` is the digest of what was looked at: a replaced file
    or a changed text loses its tick."""

    class Verdict(models.TextChoices):
        FINE = "fine", pgettext_lazy("check", "In order")
        DEFECT = "defect", pgettext_lazy("check", "To be mended")

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="check_marks")
    part = models.CharField(max_length=30)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.CharField(max_length=12, choices=Defect.Reason.choices, blank=True)
    words = models.CharField(max_length=600, blank=True)
    seen = models.CharField(max_length=64)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="check_marks")

    class Meta:
        ordering = ["part"]
        constraints = [models.UniqueConstraint(fields=["dossier", "part"], name="check_mark_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.part} {self.verdict}"


class Phrase(models.Model):
    """A sentence for a defect, kept once and used in many letters. `part` or `reason` empty: fits all."""

    part = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=12, choices=Defect.Reason.choices, blank=True)
    words = models.CharField(_("sentence"), max_length=600)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["part", "reason", "words"]
        constraints = [
            models.UniqueConstraint(
                fields=["part", "reason", "words"], name="phrase_once", condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.words


class Opening(models.Model):
    """Who has the check screen of a dossier open, so that two officers know of each other."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="openings")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "user"], name="opening_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.dossier_id}"


class SavedFilter(models.Model):
    """A worklist that an officer named and keeps: the query string of its filters."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name of the list"), max_length=60)
    query = models.CharField(max_length=400)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["saved_at"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name_once")]

    def __str__(self) -> str:
        return self.name


class BulkAct(models.Model):
    """One act on many dossiers. `effects` lists, per dossier, what was before, so that it can be undone."""

    act = models.CharField(max_length=30)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_acts")
    effects = models.JSONField()
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-done_at"]

    def __str__(self) -> str:
        return f"{self.act} {self.done_at:%d/%m/%Y %H:%M}"
