"""The paper that proves a recognition."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from registry.models import Recognition


class Certificate(models.Model):
    """One per recognition and kind. Its number is drawn in the transaction of the decision; the paper follows
    as a job, is stored by digest and never rendered again."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Key industrial product")
        TOP10 = "top10", _("Top 10")

    recognition = models.ForeignKey(Recognition, models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    serial = models.CharField(max_length=24, unique=True)
    book = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    snapshot = models.JSONField()
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["book", "number"]
        constraints = [
            models.UniqueConstraint(fields=["recognition", "kind"], name="certificate_once"),
            models.UniqueConstraint(fields=["book", "number"], name="certificate_number_once"),
            models.CheckConstraint(name="certificate_number_positive", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="certificate_issued_with_file",
                condition=Q(file=None, issued_at=None) | Q(file__isnull=False, issued_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.serial
