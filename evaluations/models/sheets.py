"""What members write and sign."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from dossiers.models import Dossier
from evaluations.models.council import Seat
from programme.models import Criterion

ABSTAINED = -1  # in StandingSheet.points, where NULL means "not asked"


class ScoreSheet(models.Model):
    """One version of one member's sheet for one dossier. Once signed it is frozen (database trigger) and carries its
    digest. A correction is the next version, with its reason; the one that counts is named by StandingSheet.

    `entered_by_name`: typed in for an absent member from the signed paper `scan_sha256`, by one person and
    `confirmed_by_name` by another. `ballot` only where the rubric asks for one.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="sheets")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="sheets")
    version = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=500, blank=True)
    private_note = models.TextField(blank=True)
    council_comment = models.TextField(blank=True)
    ballot = models.BooleanField(null=True)
    # Rises with every kept change: a stale tab is told, criterion by criterion.
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    entered_by_name = models.CharField(max_length=200, blank=True)
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["seat", "dossier", "version"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "dossier", "version"], name="sheet_version_once"),
            models.UniqueConstraint(fields=["seat", "dossier"], name="sheet_one_in_hand", condition=Q(signed_at=None)),
            models.CheckConstraint(
                name="sheet_signed_with_digest",
                condition=Q(signed_at=None, digest="") | (Q(signed_at__isnull=False) & ~Q(digest="")),
            ),
            models.CheckConstraint(name="sheet_correction_has_reason", condition=Q(version=1) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.dossier} v{self.version}"


class Mark(models.Model):
    """What a member gives for one criterion: exact points within its maximum, or an abstention with its reason.

    `option` is the place of the chosen anchor where the criterion is a choice (two options may have equal points);
    `eliminates` is the ticked eliminating condition of the criterion.
    """

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="marks")
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    max_points = models.DecimalField(max_digits=7, decimal_places=2)
    abstains = models.BooleanField(default=False)
    option = models.PositiveSmallIntegerField(null=True)
    eliminates = models.BooleanField(default=False)
    justification = models.TextField(blank=True)

    class Meta:
        ordering = ["criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="mark_once"),
            models.CheckConstraint(
                name="mark_in_bounds",
                condition=Q(points=None) | (Q(points__gte=Decimal(0)) & Q(points__lte=F("max_points"))),
            ),
            models.CheckConstraint(
                name="mark_or_abstention",
                condition=Q(abstains=True, points=None) | Q(abstains=False, points__isnull=False),
            ),
            models.CheckConstraint(name="abstention_has_reason", condition=Q(abstains=False) | ~Q(justification="")),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {'–' if self.points is None else self.points}"


class StandingSheet(models.Model):
    """The signed sheet that counts for a member and a dossier, in the form in which results are computed.

    `points` holds hundredths by the leaf positions of the season's rubric: NULL where the member was not asked,
    ABSTAINED where he or she abstained. Written only by evaluations.tally, from the marks of `sheet`.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="standing")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="standing")
    sheet = models.OneToOneField(ScoreSheet, models.PROTECT, related_name="standing")
    points = ArrayField(models.IntegerField(null=True))
    eliminated = ArrayField(models.SmallIntegerField(), default=list)
    ballot = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "seat"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.seat_id}/{self.dossier_id}"


class SheetVoid(models.Model):
    """A signed sheet that no longer counts: a conflict came to light after the signature. The sheet stays."""

    sheet = models.OneToOneField(ScoreSheet, models.PROTECT, related_name="void")
    reason = models.CharField(max_length=500)
    voided_by_name = models.CharField(max_length=200)
    voided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sheet}: {self.reason}"


class Tally(models.Model):
    """What the standing sheets of one dossier add up to, kept at each signature so that closing only ranks.

    Arrays by leaf position: sum of hundredths, number of members who gave points, lowest and highest. `eliminated`
    are the leaf positions at which a member ended the evaluation. `digest` stands for all of it: SHA-256 of the lines
    of the standing sheets (evaluations.scoring.sheet_line).
    """

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="tally")
    sums = ArrayField(models.BigIntegerField())
    counts = ArrayField(models.SmallIntegerField())
    lowest = ArrayField(models.IntegerField(null=True))
    highest = ArrayField(models.IntegerField(null=True))
    sheets = models.PositiveSmallIntegerField(default=0)
    eliminated = ArrayField(models.SmallIntegerField(), default=list)
    ballots_for = models.PositiveSmallIntegerField(default=0)
    ballots = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.sheets}"
