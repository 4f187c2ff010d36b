"""Who scored a dossier, how, and what it came to."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dossiers.models import Dossier
from programme.models import Criterion, Season


class Council(models.Model):
    """The evaluation and selection council of one season, set up by a decision."""

    season = models.OneToOneField(Season, models.PROTECT, related_name="council")
    decision_number = models.CharField(_("decision number"), max_length=60)
    decision_date = models.DateField(_("decision date"))
    # Quorum as a share of the voting seats (default two thirds; a setting, not law).
    quorum_numerator = models.PositiveSmallIntegerField(default=2)
    quorum_denominator = models.PositiveSmallIntegerField(default=3)

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


class Seat(models.Model):
    """A member of the council. The secretary has no vote and no sheet."""

    class Position(models.TextChoices):
        CHAIR = "chair", pgettext_lazy("council", "Chair")
        VICE_CHAIR = "vice_chair", pgettext_lazy("council", "Standing vice chair")
        MEMBER = "member", pgettext_lazy("council", "Member")

    council = models.ForeignKey(Council, models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="seats")
    position = models.CharField(_("position"), max_length=12, choices=Position.choices)
    unit = models.CharField(_("agency"), max_length=160, blank=True)
    seated_at = models.DateTimeField()
    vacated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["council", "user"], name="seat_once", condition=Q(vacated_at=None)),
            models.UniqueConstraint(
                fields=["council"], name="seat_one_chair", condition=Q(position="chair", vacated_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Interest(models.Model):
    """A dated statement of a member about one dossier: a conflict with its ground, or none."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="interests")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="interests")
    has_conflict = models.BooleanField()
    ground = models.CharField(max_length=300, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "dossier"], name="interest_once"),
            models.CheckConstraint(name="conflict_has_ground", condition=Q(has_conflict=False) | ~Q(ground="")),
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.dossier_id}: {self.has_conflict}"


class Assignment(models.Model):
    """A member scores this criterion of this dossier (annex to 2023/QĐ-UBND: criteria are assigned)."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="assignments")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="assignments")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "dossier", "criterion"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.seat}, {self.dossier_id}, {self.criterion.code}"


class ScoreSheet(models.Model):
    """One member's sheet for one dossier. Once signed it is frozen (database trigger) and carries its digest."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="sheets")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="sheets")
    private_note = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "dossier"], name="sheet_once"),
            models.CheckConstraint(
                name="sheet_signed_with_digest",
                condition=Q(signed_at=None, digest="") | (Q(signed_at__isnull=False) & ~Q(digest="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.dossier}"


class Mark(models.Model):
    """Points for one criterion, exact, within its maximum."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="marks")
    points = models.DecimalField(max_digits=7, decimal_places=2)
    max_points = models.DecimalField(max_digits=7, decimal_places=2)
    justification = models.TextField(blank=True)

    class Meta:
        ordering = ["criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="mark_once"),
            models.CheckConstraint(
                name="mark_in_bounds", condition=Q(points__gte=Decimal(0)) & Q(points__lte=F("max_points"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.points}"


class ResultRun(models.Model):
    """One computation of the result of a season: immutable, with the digests of what went in and came out."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="result_runs")
    number = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=40)
    rubric_digest = models.CharField(max_length=64)
    input_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["season", "number"], name="run_number_once")]

    def __str__(self) -> str:
        return f"{self.season.year}/{self.number}"


class Result(models.Model):
    """What one dossier came to in one run. `total_exact` is a fraction; `total` is it rounded for reading."""

    run = models.ForeignKey(ResultRun, models.PROTECT, related_name="results")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="results")
    total_exact = models.CharField(max_length=80)
    total = models.DecimalField(max_digits=9, decimal_places=4)
    rank = models.PositiveSmallIntegerField(null=True)
    passes = models.BooleanField()
    is_top10 = models.BooleanField()
    tie_rule = models.CharField(max_length=20, blank=True)
    failed_rules = models.JSONField(default=list)
    scorers = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank", "dossier_id"]
        constraints = [models.UniqueConstraint(fields=["run", "dossier"], name="result_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.total}"


class CriterionAverage(models.Model):
    """The mean of one criterion over the members assigned to it, and its spread."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="averages")
    criterion = models.ForeignKey(Criterion, models.PROTECT)
    average_exact = models.CharField(max_length=80)
    average = models.DecimalField(max_digits=9, decimal_places=4)
    lowest = models.DecimalField(max_digits=7, decimal_places=2)
    highest = models.DecimalField(max_digits=7, decimal_places=2)
    scorers = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["result", "criterion"], name="average_once")]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.average}"
