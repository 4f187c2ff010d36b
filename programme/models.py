"""What this year's round asks, and when."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programme import tracks


class TrackName(models.TextChoices):
    """The words for `programme.tracks`."""

    STANDARD = tracks.STANDARD.code, _("Standard")
    HI_TECH = tracks.HI_TECH.code, _("Hi-tech product")
    HANDICRAFT = tracks.HANDICRAFT.code, _("Handicraft")
    STARTUP = tracks.STARTUP.code, _("Start-up")


class Rubric(models.Model):
    """The published criteria of a season, frozen by their digest when a season publishes them.

    `content` is the rubric file as judged by `programme.rubric_file`; a database trigger refuses any change
    after `published_at`.
    """

    code = models.SlugField(max_length=40)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    is_proposal = models.BooleanField(default=False)
    status_note = models.TextField(blank=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "digest"], name="rubric_once")]

    def __str__(self) -> str:
        return f"{self.title_vi} ({self.digest[:8]})"


class Criterion(models.Model):
    """One node of the criteria tree; only leaves receive marks. `max_points` is exact."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    code = models.CharField(max_length=20)
    label_vi = models.CharField(max_length=300)
    label_en = models.CharField(max_length=300)
    max_points = models.DecimalField(max_digits=7, decimal_places=2)
    position = models.PositiveSmallIntegerField()
    is_leaf = models.BooleanField()

    class Meta:
        ordering = ["rubric", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "code"], name="criterion_code_once"),
            models.UniqueConstraint(fields=["rubric", "position"], name="criterion_position_once"),
            models.CheckConstraint(name="criterion_points_positive", condition=Q(max_points__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.label_vi}"


class RubricDraft(models.Model):
    """Criteria that are being written. Every node of `content` carries an `_id` that outlives moving and renaming;
    it leaves the document when that is judged, exported or made a rubric. `content` may be unsound, never malformed.
    """

    content = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    based_on = models.ForeignKey(Rubric, models.SET_NULL, null=True, related_name="drafts")
    made = models.ForeignKey(Rubric, models.SET_NULL, null=True, related_name="made_from")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return str(self.content.get("title_vi") or self.content.get("code") or self.pk)


class RubricDraftVersion(models.Model):
    """What a draft was at each save: two people who write at once see what the other changed."""

    draft = models.ForeignKey(RubricDraft, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["draft", "-number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_version_once")]

    def __str__(self) -> str:
        return f"{self.draft} {self.number}"


class SeasonQuerySet(models.QuerySet["Season"]):
    def public(self, at: datetime) -> "SeasonQuerySet":
        """Those the public may know of: the plan is published, or registration has opened."""
        return self.filter(Q(published_at__lte=at) | Q(registration_opens_at__lte=at))


class Season(models.Model):
    """One yearly round (kỳ xét chọn). All dates are settings of the season."""

    class Phase(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("season", "Planned")
        REGISTRATION = "registration", pgettext_lazy("season", "Registration")
        EVALUATION = "evaluation", pgettext_lazy("season", "Evaluation")
        COMMENT = "comment", pgettext_lazy("season", "Public comment")
        DECISION = "decision", pgettext_lazy("season", "Awaiting decision")
        CLOSED = "closed", pgettext_lazy("season", "Closed")

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    plan_number = models.CharField(_("number of the plan"), max_length=60, blank=True)
    registration_opens_at = models.DateTimeField(_("registration opens"))
    registration_closes_at = models.DateTimeField(_("registration closes"))
    supplement_days = models.PositiveSmallIntegerField(_("days to answer a supplement request"), default=10)
    check_days = models.PositiveSmallIntegerField(_("working days for the check"), default=15)
    # Empty only in seasons older than this column.
    scoring_opens_at = models.DateTimeField(_("scoring opens"), null=True)
    scoring_closes_at = models.DateTimeField(_("scoring closes"))
    comment_opens_at = models.DateTimeField(_("comments open"), null=True, blank=True)
    comment_closes_at = models.DateTimeField(_("comments close"), null=True, blank=True)
    # For comparing exports in dollars with revenue in dong; no figure of a dossier is ever changed by it.
    usd_rate_vnd = models.DecimalField(
        _("exchange rate for comparisons (VND per USD)"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    validity_months = models.PositiveSmallIntegerField(_("validity of the recognition in months"), default=36)
    top_places = models.PositiveSmallIntegerField(_("places of the top list"), default=10)
    rubric = models.ForeignKey(Rubric, models.PROTECT, null=True, blank=True, related_name="seasons")
    rubric_published_at = models.DateTimeField(null=True, editable=False)
    # When the plan was made public; before it, and before registration opens, nobody outside reads of the season.
    published_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField(default=False)

    objects = SeasonQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="season_registration_window",
                condition=Q(registration_closes_at__gt=F("registration_opens_at")),
            ),
            models.CheckConstraint(
                name="season_scoring_after_registration",
                condition=Q(scoring_opens_at=None) | Q(scoring_opens_at__gte=F("registration_closes_at")),
            ),
            models.CheckConstraint(
                name="season_scoring_window",
                condition=Q(scoring_closes_at__gt=F("registration_closes_at"))
                & (Q(scoring_opens_at=None) | Q(scoring_closes_at__gt=F("scoring_opens_at"))),
            ),
            models.CheckConstraint(
                name="season_comment_after_scoring",
                condition=Q(comment_opens_at=None) | Q(comment_opens_at__gte=F("scoring_closes_at")),
            ),
            models.CheckConstraint(
                name="season_comment_window",
                condition=Q(comment_opens_at=None, comment_closes_at=None)
                | Q(comment_closes_at__gt=F("comment_opens_at")),
            ),
            models.CheckConstraint(name="season_places", condition=Q(top_places__gt=0)),
        ]

    def __str__(self) -> str:
        return str(self.year)

    def is_open(self, at: datetime) -> bool:
        """May a draft be submitted at this moment?"""
        return self.registration_opens_at <= at < self.registration_closes_at

    @property
    def scoring_begins_at(self) -> datetime:
        """Never before registration has closed."""
        return self.scoring_opens_at or self.registration_closes_at

    def is_public(self, at: datetime) -> bool:
        published = self.published_at is not None and self.published_at <= at
        return published or self.registration_opens_at <= at

    def is_open_for_comment(self, at: datetime) -> bool:
        if self.comment_opens_at is None or self.comment_closes_at is None:
            return False
        return self.comment_opens_at <= at < self.comment_closes_at

    def phase(self, at: datetime) -> "Season.Phase":
        """Where the season stands, by its dates and the decision."""
        if self.decided_at is not None:
            return self.Phase.CLOSED
        if self.comment_opens_at is not None and at >= self.comment_opens_at:
            return self.Phase.COMMENT if self.is_open_for_comment(at) else self.Phase.DECISION
        if at < self.registration_opens_at:
            return self.Phase.PLANNED
        return self.Phase.REGISTRATION if self.is_open(at) else self.Phase.EVALUATION

    def rubric_content(self) -> dict[str, Any] | None:
        return self.rubric.content if self.rubric else None
