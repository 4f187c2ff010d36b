"""What was computed beside an official result."""

from django.db import models

from evaluations.models import ResultRun


class Report(models.Model):
    """The statistics of one run by one method (analysis.report), kept so that the page need not compute them again.

    It never touches the result: a run without a report is a complete run. Dossiers and members are named by id; no
    viewer with a conflict is ever shown it (analysis.queries.report_for).
    """

    run = models.ForeignKey(ResultRun, models.PROTECT, related_name="reports")
    method = models.CharField(max_length=40)
    content = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "method"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.run} {self.method}"
