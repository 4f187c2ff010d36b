"""One product's dossier in one season, its stage and its figures."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from products.models import Product
from programme.models import Criterion, Season, TrackName

if TYPE_CHECKING:
    from dossiers.models.supplements import SupplementRequest


class Stage(models.TextChoices):
    """The words are those that the applicant reads; a stage exists where rights or duties change."""

    DRAFT = "draft", pgettext_lazy("stage", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("stage", "Submitted")
    CHECKING = "checking", pgettext_lazy("stage", "Being checked")
    SUPPLEMENT = "supplement", pgettext_lazy("stage", "Supplement needed")
    ELIGIBLE = "eligible", pgettext_lazy("stage", "Eligible, awaiting the council")
    SCORING = "scoring", pgettext_lazy("stage", "With the council")
    SCORED = "scored", pgettext_lazy("stage", "Scored")
    PUBLIC_COMMENT = "public_comment", pgettext_lazy("stage", "Public comment")
    RECOGNISED = "recognised", pgettext_lazy("stage", "Recognised")
    NOT_RECOGNISED = "not_recognised", pgettext_lazy("stage", "Not recognised")
    REFUSED = "refused", pgettext_lazy("stage", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("stage", "Withdrawn")


class DossierQuerySet(models.QuerySet["Dossier"]):
    def of_representative(self, user: Any) -> Self:
        enterprises = user.representations.filter(ended_at=None).values("enterprise_id")
        return self.filter(enterprise_id__in=enterprises)

    def filed(self) -> Self:
        """All that the Department may see: what was submitted once. A draft that was withdrawn never was."""
        return self.filter(number__isnull=False)

    def holding_their_place(self) -> Self:
        """All but drafts that were given up. A dossier withdrawn after it was filed keeps its place: the product
        waits for the next season, so that nobody withdraws to file anew after seeing the others."""
        return self.exclude(stage=Stage.WITHDRAWN, number=None)

    def open_to(self, user: Any) -> Self:
        """All but those that the person must not see, work on or judge (dossiers.wall)."""
        from dossiers import wall

        return self.exclude(pk__in=wall.barred_ids(user))

    def in_stage(self, *stages: str) -> Self:
        return self.filter(stage__in=stages)


class Dossier(models.Model):
    """Hồ sơ đăng ký. `stage` is written by `dossiers.workflow.take` and by nothing else."""

    season = models.ForeignKey(Season, models.PROTECT, related_name="dossiers")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="dossiers")
    product = models.ForeignKey(Product, models.PROTECT, related_name="dossiers")
    track = models.CharField(_("track"), max_length=12, choices=TrackName.choices)
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.DRAFT, editable=False)
    # NULL, not "": a draft has no number, and the number is unique.
    number = models.CharField(  # noqa: DJ001
        _("dossier number"), max_length=30, unique=True, null=True, editable=False
    )
    # In the QR code of the receipt: 128 random bits, because numbers count up and tax codes are public.
    track_code = models.CharField(max_length=32, unique=True, null=True, editable=False)  # noqa: DJ001
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="dossiers_in_hand")
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    contact_email = models.EmailField(_("contact email"), blank=True)
    description = models.TextField(_("description of the product"), max_length=6000, blank=True)
    technology = models.TextField(_("technology and equipment"), max_length=6000, blank=True)
    # Hi-tech track: the item of the Prime Minister's list and its edition. Start-up track: the idea.
    track_basis = models.TextField(_("basis of the track"), max_length=2000, blank=True)
    undertakings_by_name = models.CharField(max_length=200, blank=True)
    undertakings_at = models.DateTimeField(null=True)
    # What the person answered before the start, by question; and where a text was taken over from.
    eligibility = models.JSONField(default=dict, blank=True)
    origins = models.JSONField(default=dict, blank=True)
    # Unusual figures that a person confirmed: key of the question, who, when (dossiers.trends).
    confirmed_figures = models.JSONField(default=list, blank=True)
    is_on_paper = models.BooleanField(_("received on paper"), default=False)
    received_by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    refusal_reason = models.TextField(blank=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "product"],
                name="dossier_once_a_season",
                condition=~Q(stage="withdrawn") | Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="dossier_number_once_submitted",
                condition=Q(submitted_at=None, number=None) | Q(submitted_at__isnull=False, number__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["season", "stage"], name="dossier_season_stage")]

    def __str__(self) -> str:
        return f"{self.number or _('draft')}: {self.product.name_vi}"

    @property
    def open_supplement(self) -> "SupplementRequest | None":
        """The request the applicant has to answer now."""
        if self.stage != Stage.SUPPLEMENT:
            return None
        return self.supplements.filter(answered_at=None).order_by("-asked_at").first()


class YearFigure(models.Model):
    """Reported figures of one year. Money in billion VND and million USD, exact."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField()
    revenue_vnd_billion = models.DecimalField(
        _("product revenue (billion VND)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    # All products together: the product cannot sell more than its maker.
    enterprise_revenue_vnd_billion = models.DecimalField(
        _("revenue of the enterprise (billion VND)"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    export_usd_million = models.DecimalField(
        _("exports (million USD)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    budget_vnd_billion = models.DecimalField(
        _("paid to the budget (billion VND)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "year"], name="figures_once_a_year"),
            models.CheckConstraint(
                name="figures_not_negative",
                condition=(Q(revenue_vnd_billion=None) | Q(revenue_vnd_billion__gte=0))
                & (Q(export_usd_million=None) | Q(export_usd_million__gte=0))
                & (Q(budget_vnd_billion=None) | Q(budget_vnd_billion__gte=0))
                & (Q(enterprise_revenue_vnd_billion=None) | Q(enterprise_revenue_vnd_billion__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.year}"

    @property
    def is_complete(self) -> bool:
        return None not in (self.revenue_vnd_billion, self.export_usd_million, self.workers)


class SelfMark(models.Model):
    """What the applicant gives the own product on one criterion, and where the evidence is. The council sees it
    beside the criterion; it never enters the result."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="self_marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT)
    points = models.DecimalField(_("own points"), max_digits=7, decimal_places=2, null=True, blank=True)
    evidence = models.TextField(_("where the evidence is"), max_length=600, blank=True)

    class Meta:
        ordering = ["criterion__position"]
        constraints = [models.UniqueConstraint(fields=["dossier", "criterion"], name="self_mark_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.criterion_id}"


class StageChange(models.Model):
    """One step taken. Append-only (database trigger)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="changes")
    step = models.CharField(max_length=30)
    from_stage = models.CharField(max_length=16, choices=Stage.choices)
    to_stage = models.CharField(max_length=16, choices=Stage.choices)
    taken_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)
    taken_by_name = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["taken_at", "id"]

    def __str__(self) -> str:
        return f"{self.step}: {self.from_stage} → {self.to_stage}"


def latest_figure(figures: list[YearFigure]) -> tuple[Decimal | None, Decimal | None]:
    """Revenue and export of the last reported year."""
    if not figures:
        return None, None
    last = max(figures, key=lambda figure: figure.year)
    return last.revenue_vnd_billion, last.export_usd_million
