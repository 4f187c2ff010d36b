"""What members state about their interests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from dossiers.models import Dossier
from evaluations.models.council import Seat


class Interest(models.Model):
    """What holds now between a member and a dossier: a conflict with its ground, or none. A dated statement."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="interests")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="interests")
    has_conflict = models.BooleanField()
    kind = models.CharField(max_length=20, blank=True)
    ground = models.CharField(max_length=300, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "dossier"], name="interest_once"),
            models.CheckConstraint(name="conflict_has_ground", condition=Q(has_conflict=False) | ~Q(ground="")),
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.dossier_id}: {self.has_conflict}"


class InterestStatement(models.Model):
    """Every statement that was ever made, in order. Append-only (database trigger); `Interest` is the last."""

    class Moment(models.TextChoices):
        OPENING = "opening", pgettext_lazy("statement", "Before opening the dossier")
        MINUTES = "minutes", pgettext_lazy("statement", "Before signing the minutes")
        LATER = "later", pgettext_lazy("statement", "In the course of the work")

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="statements")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="statements")
    moment = models.CharField(max_length=8, choices=Moment.choices)
    has_conflict = models.BooleanField()
    kind = models.CharField(max_length=20, blank=True)
    ground = models.CharField(max_length=300, blank=True)
    stated_at = models.DateTimeField()

    class Meta:
        ordering = ["stated_at", "id"]
        constraints = [
            models.CheckConstraint(name="statement_has_ground", condition=Q(has_conflict=False) | ~Q(ground=""))
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.dossier_id} {self.moment}: {self.has_conflict}"
