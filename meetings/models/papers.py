"""What is written down: statements and signatures under the minutes, and the three papers of a session."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from core.models import StoredFile
from evaluations.models import ResultRun
from meetings.models.session import Meeting
from programme.models import Season


class PaperKind(models.TextChoices):
    """The papers of a session; the values are the codes of their texts too."""

    MINUTES = "BB", pgettext_lazy("paper", "Minutes")
    SUBMISSION = "TT", pgettext_lazy("paper", "Submission")
    DECISION = "QD", pgettext_lazy("paper", "Draft decision")


class PaperFacts(models.Model):
    """What only a person knows of the papers of a season: numbers, signers, legal bases. Typed, never invented."""

    season = models.OneToOneField(Season, models.CASCADE, related_name="paper_facts")
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    changed_by_name = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.season}"


class PaperOrder(models.Model):
    """A paper was asked for from one result: by the computation itself, by the end of the meeting, or by a person.

    The job that makes it writes down what came of it: a document, or the fields that were missing.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="paper_orders")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="paper_orders")
    run = models.ForeignKey(ResultRun, models.PROTECT, related_name="paper_orders")
    kind = models.CharField(max_length=2, choices=PaperKind.choices)
    batch = models.CharField(max_length=60)
    reason = models.CharField(max_length=20)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    missing = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["season", "kind"], name="paper_order_of_season")]

    def __str__(self) -> str:
        return f"{self.season} {self.kind}"


class SessionDocument(models.Model):
    """One version of a paper as it was made: both faces by digest, the values in it, the result it was made from.

    Never changed (database trigger); a newer version takes its place. `dossiers` are all whose data stand in it: a
    person barred from one of them does not get the file.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="session_documents")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="documents")
    # Minutes are counted by meeting, the other papers by season: then it is 0.
    meeting_number = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=2, choices=PaperKind.choices)
    version = models.PositiveSmallIntegerField()
    order = models.OneToOneField(PaperOrder, models.PROTECT, related_name="document")
    run = models.ForeignKey(ResultRun, models.PROTECT, related_name="documents")
    rubric_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    text_version = models.PositiveIntegerField()
    text_digest = models.CharField(max_length=64)
    fields = models.JSONField()
    dossiers = ArrayField(models.BigIntegerField(), default=list)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    docx = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["kind", "-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "kind", "meeting_number", "version"], name="session_document_version_once"
            ),
            models.CheckConstraint(
                name="session_document_minutes_of_a_meeting",
                condition=Q(kind="BB", meeting__isnull=False, meeting_number__gt=0)
                | (~Q(kind="BB") & Q(meeting_number=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.season} v{self.version}"


class MinutesStatement(models.Model):
    """What a person states before signing the minutes: no conflict with anything decided, or which. Dated, for ever.

    `dossiers` are those with which there is a conflict.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="statements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    has_conflict = models.BooleanField()
    dossiers = ArrayField(models.BigIntegerField(), default=list)
    words = models.CharField(max_length=300, blank=True)
    # The newest result at that moment: a conflict has to be computed into a later one.
    run_number = models.PositiveSmallIntegerField(default=0)
    stated_at = models.DateTimeField()

    class Meta:
        ordering = ["stated_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="minutes_statement_once"),
            models.CheckConstraint(
                name="minutes_statement_names_the_conflict",
                condition=Q(has_conflict=False, dossiers=[], words="")
                | (Q(has_conflict=True, dossiers__len__gt=0) & ~Q(words="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.person_name}"


class MinutesSignature(models.Model):
    """A signature under one version of the minutes. `covers_all` is false for a person who was barred from a dossier:
    then `digest` is that of the minutes without it, which is what the person saw."""

    document = models.ForeignKey(SessionDocument, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    covers_all = models.BooleanField()
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [models.UniqueConstraint(fields=["document", "person"], name="minutes_signed_once")]

    def __str__(self) -> str:
        return f"{self.document}: {self.person_name}"
