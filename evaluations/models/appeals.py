"""An enterprise contests its points."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models import Dossier
from evaluations.models.results import ResultRun


class Appeal(models.Model):
    """Kiến nghị about a result: what was asked, what the replay of the changed inputs shows, and how a person decided.

    `changes` are the changed inputs ({member, criterion, old, new}; without a criterion the sheet is voided), with
    `moves` what they change in the ranking of `tried_on`, and the digests that the changed inputs and their ranking
    have. Members are named by alias. An upheld appeal makes new versions of those sheets, and then a run.
    """

    class Outcome(models.TextChoices):
        UPHELD = "upheld", pgettext_lazy("appeal", "Upheld")
        REJECTED = "rejected", pgettext_lazy("appeal", "Rejected")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="appeals")
    run = models.ForeignKey(ResultRun, models.PROTECT, related_name="appeals")
    received_on = models.DateField(_("received on"))
    lodge_until = models.DateField()
    answer_until = models.DateField()
    grounds = models.TextField(_("what the enterprise contests"), max_length=3000)
    lodged_by_name = models.CharField(max_length=200)
    lodged_at = models.DateTimeField()
    changes = models.JSONField(default=list, blank=True)
    moves = models.JSONField(default=list, blank=True)
    tried_on = models.ForeignKey(ResultRun, models.PROTECT, null=True, related_name="+")
    input_digest = models.CharField(max_length=64, blank=True)
    result_digest = models.CharField(max_length=64, blank=True)
    tried_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-lodged_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["dossier"], name="appeal_one_open", condition=Q(outcome="")),
            models.CheckConstraint(
                name="appeal_decided_with_reason",
                condition=Q(outcome="", decided_at=None)
                | (~Q(outcome="") & ~Q(reason="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="appeal_upheld_was_tried", condition=~Q(outcome="upheld") | Q(tried_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier.number} ({self.received_on})"

    @property
    def is_open(self) -> bool:
        return not self.outcome
