"""What the city decided and what stands today: published rows only, copied at publication.

Nothing here points at a dossier, a sheet or a ranking; public pages and the API read these tables and no others.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import vietnamese
from reference.models import Sector, Ward


class Decision(models.Model):
    """One decision of the People's Committee: it recognises the products of a season, or corrects an earlier one.

    A released decision never changes (database trigger); what was wrong in it is put right by a new one that
    `corrects` it.
    """

    season_year = models.PositiveSmallIntegerField()
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    reason = models.TextField(blank=True)
    number = models.CharField(_("decision number"), max_length=60)
    signed_date = models.DateField(_("date of signing"))
    signer_name = models.CharField(_("signed by"), max_length=120)
    signer_position = models.CharField(_("position of the signatory"), max_length=120)
    recorded_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["-signed_date"]
        constraints = [
            models.UniqueConstraint(fields=["number", "signed_date"], name="decision_number_and_date"),
            models.UniqueConstraint(fields=["season_year"], condition=Q(corrects=None), name="decision_once_a_season"),
            models.CheckConstraint(
                name="correction_has_reason",
                condition=Q(corrects=None, reason="") | (Q(corrects__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


def with_computed(kwargs: dict[str, Any], *names: str) -> dict[str, Any]:
    """Arguments of `save` under which computed fields are stored even when only some fields are (update_or_create)."""
    chosen = kwargs.get("update_fields")
    return kwargs if chosen is None else kwargs | {"update_fields": {*chosen, *names}}


class PublishedEnterprise(models.Model):
    """An enterprise as it stood when its product was published."""

    tax_code = models.CharField(max_length=14, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    address_vi = models.CharField(max_length=400)
    address_en = models.CharField(max_length=400, blank=True)
    ward = models.ForeignKey(Ward, models.PROTECT)
    zone_name = models.CharField(max_length=200, blank=True)
    website = models.URLField(blank=True)
    is_demo = models.BooleanField(default=False)
    slug = models.CharField(max_length=220, editable=False)
    sort_key = models.CharField(max_length=700, editable=False)

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name_vi

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = vietnamese.sort_key(self.name_vi)
        self.slug = vietnamese.slug(self.name_vi)
        super().save(*args, **with_computed(kwargs, "sort_key", "slug"))


class PublishedProduct(models.Model):
    """A product as published. `source_id` is the number the product has in the house; never shown."""

    source_id = models.BigIntegerField(unique=True)
    enterprise = models.ForeignKey(PublishedEnterprise, models.PROTECT, related_name="products")
    sector = models.ForeignKey(Sector, models.PROTECT)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    summary_vi = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    hs_code = models.CharField(max_length=12, blank=True)
    standards = models.CharField(max_length=300, blank=True)
    export_markets = models.CharField(max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)
    slug = models.CharField(max_length=220, editable=False)
    sort_key = models.CharField(max_length=700, editable=False)
    search_text = models.TextField(editable=False)

    class Meta:
        ordering = ["sort_key"]
        indexes = [GinIndex(fields=["search_text"], name="product_search", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name_vi

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = vietnamese.sort_key(self.name_vi)
        self.slug = vietnamese.slug(self.name_vi)
        words = [self.name_vi, self.name_en, self.enterprise.name_vi, self.enterprise.name_en, self.hs_code]
        self.search_text = vietnamese.fold(" ".join(words))
        super().save(*args, **with_computed(kwargs, "sort_key", "slug", "search_text"))


class Status(models.TextChoices):
    VALID = "valid", pgettext_lazy("recognition", "Valid")
    EXPIRED = "expired", pgettext_lazy("recognition", "Expired")
    REVOKED = "revoked", pgettext_lazy("recognition", "Revoked")
    REPLACED = "replaced", pgettext_lazy("recognition", "Replaced")
    NOT_YET = "not_yet", pgettext_lazy("recognition", "Not yet in force")

    @classmethod
    def of_products(cls) -> list["Status"]:
        """What a product in a list can be: the newest recognition of a chain speaks for it."""
        return [cls.VALID, cls.EXPIRED, cls.REVOKED]


def end_of(on: date) -> datetime:
    """The first moment after that day in Hanoi: what happened before it had happened on that day."""
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min), timezone.get_default_timezone())


class RecognitionQuerySet(models.QuerySet["Recognition"]):
    def in_force(self, on: date) -> Self:
        """Recognised on that day, whatever came later: revoked or replaced afterwards counts as in force then."""
        moment = end_of(on)
        alive = (Q(revoked_at=None) | Q(revoked_at__gte=moment)) & (Q(replaced_at=None) | Q(replaced_at__gte=moment))
        return self.filter(alive, valid_from__lte=on, valid_to__gte=on)

    def with_status(self, status: str, on: date) -> Self:
        if status == Status.REVOKED:
            return self.exclude(revoked_at=None)
        if status == Status.EXPIRED:
            return self.filter(revoked_at=None, valid_to__lt=on)
        return self.in_force(on)


class StandingManager(models.Manager.from_queryset(RecognitionQuerySet)):  # type: ignore[misc]
    """The newest of each chain: lists, counts and the API never show a row that another one has replaced."""

    def get_queryset(self) -> RecognitionQuerySet:
        found: RecognitionQuerySet = super().get_queryset().filter(replaced_at=None)
        return found


class Recognition(models.Model):
    """A product recognised by a decision for one season, from a day to a day."""

    class Ground(models.TextChoices):
        """Default grounds of revocation (inferred; domain.md section 10)."""

        FALSE_DATA = "false_data", _("False data in the dossier")
        BREACH = "breach", _("Serious breach of law")
        NOT_MADE = "not_made", _("No longer made, or quality below the promise")
        LOGO = "logo", _("Misuse of the programme logo")
        NO_REPORT = "no_report", _("No report in two periods")
        DISSOLVED = "dissolved", _("Enterprise dissolved or moved away")
        OWN_REQUEST = "own_request", _("Own request")

    class Change(models.TextChoices):
        """Why a recognition took the place of an earlier one."""

        CORRECTION = "correction", pgettext_lazy("recognition", "Correction")
        TRANSFER = "transfer", pgettext_lazy("recognition", "Transfer to another enterprise")
        RENEWAL = "renewal", pgettext_lazy("recognition", "Renewal")

    product = models.ForeignKey(PublishedProduct, models.PROTECT, related_name="recognitions")
    # The maker as decided: a product that another enterprise takes over does not move what was recognised before.
    enterprise = models.ForeignKey(PublishedEnterprise, models.PROTECT, related_name="recognitions")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="recognitions")
    season_year = models.PositiveSmallIntegerField()
    is_top10 = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField()
    # The names as decided: later corrections of the product do not change what was recognised.
    product_name_vi = models.CharField(max_length=200)
    product_name_en = models.CharField(max_length=200, blank=True)
    enterprise_name_vi = models.CharField(max_length=200)
    enterprise_name_en = models.CharField(max_length=200, blank=True)
    enterprise_address_vi = models.CharField(max_length=400, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    change = models.CharField(max_length=12, blank=True, choices=Change.choices)
    replaced_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_ground = models.CharField(max_length=20, blank=True, choices=Ground.choices)
    revoked_document = models.CharField(max_length=120, blank=True)
    revoked_reason = models.TextField(blank=True)
    revoked_by_name = models.CharField(max_length=200, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = StandingManager()
    ever = RecognitionQuerySet.as_manager()

    class Meta:
        ordering = ["-season_year", "product__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "season_year"], condition=Q(replaced_at=None), name="recognition_once_a_season"
            ),
            models.CheckConstraint(
                name="recognition_change_is_whole",
                condition=Q(replaces=None, change="") | (Q(replaces__isnull=False) & ~Q(change="")),
            ),
            models.CheckConstraint(name="recognition_period", condition=Q(valid_to__gt=F("valid_from"))),
            models.CheckConstraint(
                name="revocation_is_whole",
                condition=Q(revoked_at=None, revoked_ground="", revoked_document="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_ground="") & ~Q(revoked_document="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_name_vi} ({self.season_year})"

    def status(self, on: date | None = None) -> Status:
        """On that day (today unless said otherwise), by the calendar and by what had happened; nothing stores it."""
        day = on or timezone.localdate()
        moment = end_of(day)
        if self.revoked_at is not None and self.revoked_at < moment:
            return Status.REVOKED
        if self.replaced_at is not None and self.replaced_at < moment:
            return Status.REPLACED
        if self.valid_to < day:
            return Status.EXPIRED
        return Status.NOT_YET if day < self.valid_from else Status.VALID

    def in_force(self, on: date) -> bool:
        return self.status(on) == Status.VALID


class PublishedList(models.Model):
    """The result of a season as published for comment, with its dates."""

    season_year = models.PositiveSmallIntegerField(unique=True)
    published_at = models.DateTimeField()
    comment_opens_at = models.DateTimeField()
    comment_closes_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="comment_window", condition=Q(comment_closes_at__gt=F("comment_opens_at")))
        ]

    def __str__(self) -> str:
        return str(self.season_year)


class PublishedListItem(models.Model):
    """One proposed product. No score and no rank: only what the notice of the Department shows. `source_id` is the
    number the product has in the house; never shown."""

    list = models.ForeignKey(PublishedList, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    product_name_vi = models.CharField(max_length=200)
    product_name_en = models.CharField(max_length=200, blank=True)
    enterprise_name_vi = models.CharField(max_length=200)
    enterprise_name_en = models.CharField(max_length=200, blank=True)
    sector = models.ForeignKey(Sector, models.PROTECT)
    proposed_top10 = models.BooleanField(default=False)
    source_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["list", "position"], name="list_position_once")]

    def __str__(self) -> str:
        return self.product_name_vi


class Comment(models.Model):
    """What a citizen or organisation wrote about a published list. Seen by the Department only."""

    list = models.ForeignKey(PublishedList, models.PROTECT, related_name="comments")
    item = models.ForeignKey(PublishedListItem, models.SET_NULL, null=True, blank=True)
    name = models.CharField(_("your name"), max_length=120)
    contact = models.CharField(_("email or telephone"), max_length=120)
    text = models.TextField(_("comment"), max_length=4000)
    received_at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.name}, {self.received_at:%d/%m/%Y}"


class ReportedRecognition(models.Model):
    """A real recognition as press or enterprises report it: names and link, never a score."""

    period = models.CharField(max_length=9)
    year = models.PositiveSmallIntegerField(null=True)
    product_name = models.CharField(max_length=300, blank=True)
    enterprise_name = models.CharField(max_length=300, blank=True)
    is_top10 = models.BooleanField(null=True)
    source_url = models.TextField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-period", "product_name", "enterprise_name"]
        constraints = [
            models.UniqueConstraint(fields=["period", "product_name", "enterprise_name"], name="reported_once")
        ]

    def __str__(self) -> str:
        return self.product_name or self.enterprise_name


class SeasonFigure(models.Model):
    """One season as the sources report it. Empty means: no source was found. Rounded values stand as printed."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    applied_products = models.PositiveIntegerField(null=True)
    applied_enterprises = models.PositiveIntegerField(null=True)
    recognised_products = models.PositiveIntegerField(null=True)
    recognised_enterprises = models.PositiveIntegerField(null=True)
    top10_products = models.PositiveIntegerField(null=True)
    revenue_vnd_billion = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    export_usd_million = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    enterprises_over_1000bn = models.PositiveIntegerField(null=True)
    vnr500_count = models.PositiveIntegerField(null=True)
    first_time_applicants = models.PositiveIntegerField(null=True)
    decision_number = models.CharField(max_length=60, blank=True)
    decision_date = models.DateField(null=True)
    source_url = models.TextField(blank=True)

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def sources(self) -> list[str]:
        return [part.strip() for part in self.source_url.split("|") if part.strip()]


class SectorFigure(models.Model):
    """Recognised products by sector, where a source counts them."""

    period = models.CharField(max_length=9)
    sector_vi = models.CharField(max_length=100)
    sector_en = models.CharField(max_length=100)
    recognised_products = models.PositiveIntegerField()
    source_url = models.TextField()

    class Meta:
        ordering = ["period", "-recognised_products"]
        constraints = [models.UniqueConstraint(fields=["period", "sector_vi"], name="sector_figure_once")]

    def __str__(self) -> str:
        return f"{self.period} {self.sector_vi}"


class SourceNote(models.Model):
    """A contradiction between sources, kept visible."""

    position = models.PositiveSmallIntegerField(primary_key=True)
    years = models.CharField(max_length=40)
    text_vi = models.TextField()
    text_en = models.TextField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text_vi


class ProcessCount(models.Model):
    """An event of the procedure that is counted in public: one row for each time, with the count it came to.
    Append-only (database trigger), so that a count never falls."""

    class Kind(models.TextChoices):
        BREAK_GLASS = "break_glass", pgettext_lazy("process", "Emergency openings")

    season_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["season_year", "kind", "count"]
        constraints = [
            models.UniqueConstraint(fields=["season_year", "kind", "count"], name="process_count_once"),
            models.CheckConstraint(name="process_count_from_one", condition=Q(count__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.season_year} {self.kind}: {self.count}"
