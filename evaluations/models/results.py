"""What the sheets came to."""

from fractions import Fraction

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dossiers.models import Dossier
from programme.models import Season


class CutVote(models.Model):
    """The council's recorded vote on a dossier that shares the last place with others; the tie rule "vote"."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="cut_vote")
    in_favour = models.PositiveSmallIntegerField()
    against = models.PositiveSmallIntegerField()
    voted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.in_favour}/{self.against}"


class ResultRun(models.Model):
    """One computation of the result of a season: immutable, with the digests of what went in and came out.

    `leaves` are the codes of the criteria in the order of the arrays of its results; `versions` says which code,
    PostgreSQL and Python computed it.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="result_runs")
    number = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=40)
    leaves = ArrayField(models.CharField(max_length=20))
    places = models.PositiveSmallIntegerField()
    versions = models.JSONField(default=dict)
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
    """What one dossier came to in one run, exactly. Arrays by the leaf positions of the run.

    The total is `numerator`/`denominator` points in lowest terms; `total` is it rounded half up for reading.
    `is_referred`: shares the last place with others, and the rubric leaves the choice to the council's vote.
    """

    run = models.ForeignKey(ResultRun, models.PROTECT, related_name="results")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="results")
    set_code = models.CharField(max_length=40)
    sums = ArrayField(models.BigIntegerField())
    counts = ArrayField(models.SmallIntegerField())
    lowest = ArrayField(models.IntegerField(null=True))
    highest = ArrayField(models.IntegerField(null=True))
    scorers = models.PositiveSmallIntegerField()
    ballots_for = models.PositiveSmallIntegerField(default=0)
    ballots = models.PositiveSmallIntegerField(default=0)
    numerator = models.DecimalField(max_digits=60, decimal_places=0)
    denominator = models.DecimalField(max_digits=60, decimal_places=0)
    total = models.DecimalField(max_digits=11, decimal_places=4)
    rank = models.PositiveIntegerField()
    passes = models.BooleanField()
    failed_rules = ArrayField(models.CharField(max_length=80), default=list)
    is_top10 = models.BooleanField()
    is_referred = models.BooleanField(default=False)
    tie_rule = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["rank", "dossier_id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "dossier"], name="result_once"),
            models.CheckConstraint(name="result_top_passes", condition=Q(is_top10=False) | Q(passes=True)),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.total}"

    @property
    def total_exact(self) -> Fraction:
        """The total in points."""
        return Fraction(int(self.numerator), int(self.denominator))
