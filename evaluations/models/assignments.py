"""Who scores what."""

from django.db import models

from dossiers.models import Dossier
from evaluations.models.council import Council, Seat
from programme.models import Criterion


class AssignmentRun(models.Model):
    """One computed assignment: what went in, which solver in which version, and what it reached. Never changed."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="assignment_runs")
    solver = models.CharField(max_length=40)
    solver_version = models.CharField(max_length=20)
    seed = models.PositiveIntegerField()
    settings = models.JSONField(default=dict)
    objective = models.JSONField(default=dict)
    input_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    assignments = models.PositiveIntegerField()
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.council} {self.solver} {self.solver_version}"


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
