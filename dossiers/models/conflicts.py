"""Who must not see or judge a dossier, and the two keys that open it all the same.

A conflict bars a person, whatever the role, from everything that depends on the dossier (dossiers.wall).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models.dossier import Dossier


class Ground(models.TextChoices):
    """Typed grounds of a conflict (scoring-methods 6.2)."""

    EMPLOYMENT = "employment", pgettext_lazy("conflict", "Works or worked there in the last five years")
    MANAGEMENT = "management", pgettext_lazy("conflict", "Manages or managed it")
    OWNERSHIP = "ownership", pgettext_lazy("conflict", "Owns a part of it")
    FAMILY = "family", pgettext_lazy("conflict", "Family of an owner, manager or author of the dossier")
    CONSULTANCY = "consultancy", pgettext_lazy("conflict", "Advised on this dossier")
    COMPETITOR = "competitor", pgettext_lazy("conflict", "Works for a competitor")
    SUPERVISION = "supervision", pgettext_lazy("conflict", "Supervises the enterprise in public office")
    REPRESENTATION = "representation", pgettext_lazy("conflict", "Represents or represented it here")
    OTHER = "other", pgettext_lazy("conflict", "Another ground")


class Conflict(models.Model):
    """A person and a dossier that must stay apart. Lifted only by a secretary with a reason and a second person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conflicts")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="conflicts")
    kind = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    words = models.CharField(_("in words"), max_length=300, blank=True)
    declared_at = models.DateTimeField()
    lift_reason = models.CharField(max_length=500, blank=True)
    lift_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lift_asked_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "dossier"], name="conflict_standing_once", condition=Q(lifted_at=None)
            ),
            models.CheckConstraint(
                name="conflict_lifted_by_two",
                condition=Q(lifted_at=None)
                | (
                    ~Q(lift_reason="")
                    & Q(lift_asked_by__isnull=False, lifted_by__isnull=False)
                    & ~Q(lift_asked_by=F("lifted_by"))
                    & ~Q(lift_asked_by=F("user"))
                    & ~Q(lifted_by=F("user"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.dossier_id}: {self.kind}"


class LikelyConflict(models.Model):
    """What the machine noticed between a person and a dossier, and what a person decided about it.

    Ignored notices stay recorded, so that the same one is not raised again.
    """

    class Signal(models.TextChoices):
        TAX_CODE = "tax_code", pgettext_lazy("signal", "Same tax code")
        REPRESENTATION = "representation", pgettext_lazy("signal", "Account of the enterprise")
        MAIL_DOMAIN = "mail_domain", pgettext_lazy("signal", "Same mail domain")
        PHONE = "phone", pgettext_lazy("signal", "Same telephone number")
        ADDRESS = "address", pgettext_lazy("signal", "Same address")
        NAME = "name", pgettext_lazy("signal", "Similar name")
        AGENCY = "agency", pgettext_lazy("signal", "Agency named like the enterprise")

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", pgettext_lazy("likely conflict", "A conflict")
        IGNORED = "ignored", pgettext_lazy("likely conflict", "Not a conflict")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="likely_conflicts")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="likely_conflicts")
    signal = models.CharField(max_length=16, choices=Signal.choices)
    score = models.PositiveSmallIntegerField()
    ours = models.CharField(max_length=200)
    theirs = models.CharField(max_length=200)
    found_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answer_reason = models.CharField(max_length=300, blank=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "dossier", "signal", "theirs"], name="likely_conflict_once"),
            models.CheckConstraint(name="likely_conflict_score", condition=Q(score__gte=0, score__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.dossier_id}: {self.signal} {self.score}"


class BreakGlass(models.Model):
    """A barred person is let in for an hour: one asks with a reason, another opens. The number is published."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="break_glass")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    asked_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="break_glass_by_two",
                condition=Q(opened_at=None, opened_by=None, ends_at=None)
                | (
                    Q(opened_at__isnull=False, opened_by__isnull=False, ends_at__isnull=False)
                    & ~Q(opened_by=F("asked_by"))
                ),
            ),
            models.CheckConstraint(name="break_glass_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by_id}/{self.dossier_id}"
