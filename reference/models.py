"""What the State and the programme have classified: wards, zones, sectors, industries. Loaded from
reference/data, each file with its source (reference/data/README.md)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# How the source of a special day begins that nobody has announced yet.
COMPUTED = "computed, not announced"


class Ward(models.Model):
    """A ward (phường) or commune (xã) of Hanoi since 1 July 2025. The list can change by resolution."""

    code = models.CharField(max_length=5, primary_key=True)
    type_vi = models.CharField(max_length=10)
    type_en = models.CharField(max_length=10)
    name_vi = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    full_name_vi = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.full_name_vi

    @property
    def full_name_en(self) -> str:
        return f"{self.name_en} {self.type_en.lower()}"


class IndustrialZone(models.Model):
    """An industrial park, cluster, hi-tech or software park, by name. The list is not complete."""

    class Kind(models.TextChoices):
        PARK = "KCN", _("industrial park")
        CLUSTER = "CCN", _("industrial cluster")
        HI_TECH = "KCNC", _("hi-tech park")
        SOFTWARE = "CNTT", _("software park")

    kind = models.CharField(max_length=4, choices=Kind.choices)
    name_vi = models.CharField(max_length=200, unique=True)
    name_en = models.CharField(max_length=200)
    status = models.CharField(max_length=80)
    area_ha = models.CharField(max_length=60, blank=True)
    source_url = models.TextField()
    note = models.TextField(blank=True)
    sort_key = models.CharField(max_length=500)

    class Meta:
        ordering = ["kind", "sort_key"]

    def __str__(self) -> str:
        return self.name_vi


class Sector(models.Model):
    """One of the eight classes that the programme itself uses since 2022 (not VSIC)."""

    code = models.SlugField(max_length=20, primary_key=True)
    name_vi = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(unique=True)
    source_url = models.TextField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name_vi


class IndustryCode(models.Model):
    """A code of VSIC 2025 (Decision 36/2025/QĐ-TTg): division (two digits) or class (four digits)."""

    code = models.CharField(max_length=5, primary_key=True)
    level = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=300)
    parent_code = models.CharField(max_length=5, blank=True)
    suggested_sector = models.ForeignKey(Sector, models.PROTECT, null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="industry_level", condition=Q(level__gte=1, level__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_vi}"


class SpecialDay(models.Model):
    """A day that breaks the rule of the week: a public holiday, or a Saturday worked in exchange for one.

    The fixed holidays of the Labour Code 2019, article 112, stand in `core.workdays`; here stand the lunar ones and
    the yearly exchanges that the government decides, each with its source. A row that staff changed keeps their name
    and is never overwritten by the shipped file; a struck row no longer counts but stays to be read.
    """

    day = models.DateField(_("day"), primary_key=True)
    is_working = models.BooleanField(_("working day"), default=False)
    name_vi = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    source = models.TextField(_("source"), blank=True)
    changed_at = models.DateTimeField(null=True)
    changed_by_name = models.CharField(max_length=200, blank=True)
    is_struck = models.BooleanField(default=False)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name_vi}"

    @property
    def is_announced(self) -> bool:
        """Computed from the lunar calendar and the law, not yet decided by the government."""
        return not self.source.startswith(COMPUTED)
