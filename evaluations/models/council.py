"""The council of a season and its seats."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programme.models import Season
from reference.models import Sector


class Council(models.Model):
    """The evaluation and selection council of one season, set up by a decision."""

    season = models.OneToOneField(Season, models.PROTECT, related_name="council")
    decision_number = models.CharField(_("decision number"), max_length=60)
    decision_date = models.DateField(_("decision date"))
    # Quorum as a share of the voting seats (default two thirds; a setting, not law).
    quorum_numerator = models.PositiveSmallIntegerField(default=2)
    quorum_denominator = models.PositiveSmallIntegerField(default=3)
    # Rises with every change of seats or assignments: whoever works on an older panel is told.
    panel_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="council_quorum",
                condition=Q(quorum_denominator__gt=0, quorum_numerator__gt=0)
                & Q(quorum_numerator__lte=F("quorum_denominator")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.season.year}"

    def quorum_of(self, seats: int) -> int:
        """The fewest members that make a quorum of so many."""
        return -(-seats * self.quorum_numerator // self.quorum_denominator)


class Seat(models.Model):
    """A member of the council. The secretary has no vote and no sheet.

    `alias` stands for the member in whatever leaves the house (the decision bundle); it was drawn when the seat was
    taken and tells nothing. An alternate is asked only when somebody else cannot serve.
    """

    class Position(models.TextChoices):
        CHAIR = "chair", pgettext_lazy("council", "Chair")
        VICE_CHAIR = "vice_chair", pgettext_lazy("council", "Standing vice chair")
        MEMBER = "member", pgettext_lazy("council", "Member")

    council = models.ForeignKey(Council, models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    position = models.CharField(_("position"), max_length=12, choices=Position.choices)
    unit = models.CharField(_("agency"), max_length=160, blank=True)
    alias = models.CharField(max_length=8)
    sectors = models.ManyToManyField(Sector, related_name="+", blank=True)
    # Which criteria the member is expert for: labels of `scorers` in the rubric. Empty: all.
    scorer_labels = models.JSONField(default=list, blank=True)
    max_dossiers = models.PositiveSmallIntegerField(_("most dossiers"), null=True, blank=True)
    is_alternate = models.BooleanField(_("alternate"), default=False)
    term_from = models.DateField(_("term from"), null=True, blank=True)
    term_until = models.DateField(_("term until"), null=True, blank=True)
    seated_at = models.DateTimeField()
    vacated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["council", "user"], name="seat_once", condition=Q(vacated_at=None)),
            models.UniqueConstraint(
                fields=["council"], name="seat_one_chair", condition=Q(position="chair", vacated_at=None)
            ),
            models.UniqueConstraint(fields=["council", "alias"], name="seat_alias_once"),
            models.CheckConstraint(
                name="seat_term", condition=Q(term_from=None) | Q(term_until=None) | Q(term_until__gte=F("term_from"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def serves_on(self, day: date) -> bool:
        """Is the day within the term?"""
        return (self.term_from is None or day >= self.term_from) and (
            self.term_until is None or day <= self.term_until
        )
