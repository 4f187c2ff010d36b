"""The paper that proves a recognition: its form, the batches in which papers are made, and the papers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import StoredFile
from registry.models import Recognition


class PaperForm(models.Model):
    """How the certificates of a season look and what they say: data, so that another year needs no code.

    Append-only (database trigger): a changed form is a new one, and a paper always finds the form it was made with.
    """

    code = models.CharField(max_length=40, unique=True)
    from_year = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField()
    loaded_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["-from_year", "-loaded_at"]

    def __str__(self) -> str:
        return self.code


class Batch(models.Model):
    """Certificates that are drafted together, approved by the digest of their list, and signed.

    `list_digest` stands for the exact bytes of every draft at the moment of the approval; what is signed is that and
    nothing else.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", pgettext_lazy("certificates", "Being drafted")
        APPROVED = "approved", pgettext_lazy("certificates", "Approved")
        RETURNED = "returned", pgettext_lazy("certificates", "Returned")

    season_year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    form = models.ForeignKey(PaperForm, models.PROTECT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTING)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_by_name = models.CharField(max_length=200)
    list_digest = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by_name = models.CharField(max_length=200, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by_name = models.CharField(max_length=200, blank=True)
    returned_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-season_year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["season_year", "number"], name="batch_number_once"),
            models.CheckConstraint(
                name="batch_approved_by_digest",
                condition=Q(state="approved", approved_at__isnull=False, returned_at=None) & ~Q(list_digest="")
                | Q(state="drafting", approved_at=None, returned_at=None, list_digest="")
                | Q(state="returned", approved_at=None, returned_at__isnull=False) & ~Q(returned_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season_year}/{self.number}"

    @property
    def jobs_key(self) -> str:
        """The name under which the job table counts the drafts of this batch."""
        return f"certificates-{self.season_year}-{self.number}"

    @property
    def signatures_key(self) -> str:
        """The same for its signatures."""
        return f"{self.jobs_key}-signed"


class Certificate(models.Model):
    """One per recognition and kind. Its number is drawn in the transaction of the decision.

    `draft` are the unsigned bytes of the batch at hand, `file` the signed ones: stored by digest and never rendered
    again. A corrected, transferred, renewed or reissued certificate is a new one that `replaces` the old.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Key industrial product")
        TOP10 = "top10", _("Top 10")

    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    serial = models.CharField(max_length=24, unique=True)
    book = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    snapshot = models.JSONField()
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="certificates")
    draft = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField(null=True)
    # What machines read: the signed credential inside the paper, and the token in its QR code.
    credential = models.JSONField(null=True)
    token = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    issued_at = models.DateTimeField(null=True)
    signed_with = models.CharField(max_length=60, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["book", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["recognition", "kind"], condition=Q(replaced_at=None), name="certificate_once"
            ),
            models.UniqueConstraint(fields=["book", "number"], name="certificate_number_once"),
            models.CheckConstraint(name="certificate_number_positive", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="certificate_issued_with_file",
                condition=Q(file=None, issued_at=None) | Q(file__isnull=False, issued_at__isnull=False),
            ),
            models.CheckConstraint(
                name="certificate_drafted_whole",
                condition=Q(draft=None, drafted_at=None) | Q(draft__isnull=False, drafted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.serial


class StatusEntry(models.Model):
    """The place of one drafted credential in the public status list: a random bit that tells nobody whose it is.

    A returned draft keeps its place and counts as revoked, so that no discarded paper ever verifies.
    """

    index = models.PositiveIntegerField(primary_key=True)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="status_entries")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="status_entries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "batch"], name="status_entry_once")]

    def __str__(self) -> str:
        return str(self.index)
