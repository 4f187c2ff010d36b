"""One workbook that came in: what it would change, and what became of it."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import StoredFile
from programme.models import Season


class Import(models.Model):
    """`rows` is the preview that people saw; `basis` the digest of the file and of the state of the rows under it.
    A confirmation counts only for the basis that was shown."""

    class Kind(models.TextChoices):
        ENTERPRISES = "enterprises", pgettext_lazy("excel", "Enterprises")
        PRODUCTS = "products", pgettext_lazy("excel", "Products")
        DOSSIERS = "dossiers", pgettext_lazy("excel", "Dossiers")

    class State(models.TextChoices):
        PREVIEW = "preview", pgettext_lazy("import", "To be confirmed")
        CONFIRMED = "confirmed", pgettext_lazy("import", "Being written")
        DONE = "done", pgettext_lazy("import", "Written")
        REFUSED = "refused", pgettext_lazy("import", "Not written")

    kind = models.CharField(_("table"), max_length=12, choices=Kind.choices)
    season = models.ForeignKey(Season, models.PROTECT, null=True, related_name="imports")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imports")
    made_at = models.DateTimeField()
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEW)
    counts = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    unread = models.JSONField(default=list)
    # The enterprises that the workbook names: nobody with a conflict looks into it.
    enterprises = ArrayField(models.BigIntegerField(), default=list)
    basis = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="confirmed_imports"
    )
    # How many rows the job has gone through, written beside its transaction for the page that waits.
    written = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="import_confirmed_by_somebody",
                condition=Q(state="preview") | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="import_ended_has_end",
                condition=Q(state__in=["preview", "confirmed"], finished_at=None)
                | Q(state__in=["done", "refused"], finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    def count(self, status: str) -> int:
        found: int = self.counts.get(status, 0)
        return found

    @property
    def to_write(self) -> int:
        return self.count("new") + self.count("changed")

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def may_be_confirmed(self) -> bool:
        return self.state == self.State.PREVIEW and not self.count("error") and self.to_write > 0

    def errors(self) -> list[dict[str, Any]]:
        return [error for row in self.rows for error in row["errors"]]
