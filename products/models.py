"""What the enterprises make. A product lives for years; a dossier for one season."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from reference.models import IndustryCode, Sector


class Product(models.Model):
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="products")
    sector = models.ForeignKey(Sector, models.PROTECT, verbose_name=_("sector"))
    industry = models.ForeignKey(
        IndustryCode, models.PROTECT, null=True, blank=True, verbose_name=_("industry code (VSIC 2025)")
    )
    name_vi = models.CharField(_("product name"), max_length=200)
    name_en = models.CharField(_("product name in English"), max_length=200, blank=True)
    summary_vi = models.TextField(_("summary"), max_length=1000, blank=True)
    summary_en = models.TextField(_("summary in English"), max_length=1000, blank=True)
    hs_code = models.CharField(_("HS code"), max_length=12, blank=True)
    standards = models.CharField(_("standards met"), max_length=300, blank=True)
    export_markets = models.CharField(_("export markets"), max_length=300, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name_vi"], name="product_name_once_per_enterprise"),
            models.CheckConstraint(
                name="product_hs_code", condition=Q(hs_code="") | Q(hs_code__regex=r"^\d{4}(\d{2}){0,3}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name_vi
