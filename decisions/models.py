"""What this room keeps of its own: decisions before their release, the report on the comments, letters of reasons."""

from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from core.canonical import digest
from core.models import StoredFile
from dossiers.models import Dossier
from evaluations.models import ResultRun
from programme.models import Season
from registry.models import Decision


class CommentReport(models.Model):
    """What came of the public comment of a season, closed by a person. Once, and never changed."""

    season = models.OneToOneField(Season, models.PROTECT, related_name="comment_report")
    comments = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    conclusion = models.TextField()
    closed_at = models.DateTimeField()
    closed_by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return str(self.season.year)


class PreparedDecision(models.Model):
    """A signed decision before the public may know of it.

    One person prepares it, another confirms it by the digest of the result that it stands on; at `release_at` a job
    copies it into the registry, all of it in one transaction. Until then nothing of it exists for the public: no
    row, no number, no certificate, no letter. `said` holds what it decides: the dossiers left out, or the changes of
    a correction.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("decision", "Prepared")
        CONFIRMED = "confirmed", pgettext_lazy("decision", "Confirmed")
        RELEASED = "released", pgettext_lazy("decision", "Released")
        WITHDRAWN = "withdrawn", pgettext_lazy("decision", "Withdrawn")

    OPEN = (State.PREPARED, State.CONFIRMED)

    season = models.ForeignKey(Season, models.PROTECT, related_name="prepared_decisions")
    corrects = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(ResultRun, models.PROTECT, related_name="+")
    result_digest = models.CharField(max_length=64)
    number = models.CharField(max_length=60)
    signed_date = models.DateField()
    signer_name = models.CharField(max_length=120)
    signer_position = models.CharField(max_length=120)
    said = models.JSONField(default=dict)
    # The release follows the confirmation at once where no hour is set.
    release_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=200, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    released_as = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-prepared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["season"], condition=Q(state__in=["prepared", "confirmed"]), name="prepared_one_at_a_time"
            ),
            models.CheckConstraint(
                name="prepared_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("prepared_by")),
            ),
            models.CheckConstraint(
                name="prepared_state_is_whole",
                condition=Q(state="prepared", confirmed_at=None, withdrawn_at=None, released_as=None)
                | Q(state="confirmed", confirmed_at__isnull=False, withdrawn_at=None, released_as=None)
                | Q(state="released", confirmed_at__isnull=False, withdrawn_at=None, released_as__isnull=False)
                | Q(state="withdrawn", withdrawn_at__isnull=False, released_as=None),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def digest(self) -> str:
        """Of all that it decides: with it a page says which decision its reader has seen."""
        season, corrects, run = self.season_id, self.corrects_id, self.result_digest
        signed = [self.number, self.signed_date, self.signer_name, self.signer_position]
        hour = self.release_at.astimezone(UTC) if self.release_at else None
        return digest([self.pk, season, corrects, run, signed, self.said, hour])


class ReasonsLetter(models.Model):
    """Why a dossier was not recognised, drafted from one result and approved by a person.

    `content` is the letter as it was drafted (decisions.reasons.Letter), `edits` the sentences that a person wrote
    differently, by key; an empty text leaves the sentence out. `record_digest` stands for the facts of the draft.
    The file is made after the approval; the letter is released, and the enterprise told, when it is there.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("letter of reasons", "Draft")
        APPROVED = "approved", pgettext_lazy("letter of reasons", "Approved")
        SUPERSEDED = "superseded", pgettext_lazy("letter of reasons", "Superseded")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="reasons_letters")
    run = models.ForeignKey(ResultRun, models.PROTECT, related_name="reasons_letters")
    content = models.JSONField()
    edits = models.JSONField(default=dict)
    paragraph = models.TextField(blank=True)
    record_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTED)
    # Rises with every kept change, so that what is approved is what was read.
    revision = models.PositiveSmallIntegerField(default=1)
    drafted_at = models.DateTimeField()
    drafted_by_name = models.CharField(max_length=200)
    changed_at = models.DateTimeField(null=True)
    changed_by_name = models.CharField(max_length=200, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dossier__number", "-run__number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "run"], name="reasons_once_per_run"),
            models.CheckConstraint(
                name="reasons_approved_by_a_person",
                condition=Q(state="drafted", approved_at=None, approved_by=None)
                | Q(state="approved", approved_at__isnull=False, approved_by__isnull=False)
                | Q(state="superseded"),
            ),
            models.CheckConstraint(
                name="reasons_released_with_file",
                condition=Q(file=None, released_at=None)
                | Q(file__isnull=False, released_at__isnull=False, approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.number}/{self.run.number}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.DRAFTED

    @property
    def is_making(self) -> bool:
        """Approved, and its file not made yet."""
        return self.state == self.State.APPROVED and self.file_id is None

    def words(self, sentence: dict[str, Any]) -> str:
        """A sentence as it stands now."""
        return str(self.edits.get(sentence["key"], sentence["vi"]))
