"""Who makes things in this city."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import vietnamese
from reference.models import IndustrialZone, Ward


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def represented_by(self, user: Any) -> Self:
        return self.filter(representatives__user=user, representatives__ended_at=None)


class Enterprise(models.Model):
    """A legal entity, keyed by its tax code."""

    class Form(models.TextChoices):
        JOINT_STOCK = "joint_stock", _("Joint-stock company")
        LIMITED = "limited", _("Limited liability company")
        COOPERATIVE = "cooperative", _("Cooperative")
        PRIVATE = "private", _("Private enterprise")
        OTHER = "other", _("Other")

    tax_code = models.CharField(_("tax code"), max_length=14, unique=True)
    name_vi = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    form = models.CharField(_("legal form"), max_length=20, choices=Form.choices)
    street = models.CharField(_("house number and street"), max_length=200)
    ward = models.ForeignKey(Ward, models.PROTECT, verbose_name=_("ward or commune"))
    zone = models.ForeignKey(IndustrialZone, models.PROTECT, null=True, blank=True, verbose_name=_("industrial zone"))
    legal_representative = models.CharField(_("legal representative"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    founded_year = models.PositiveSmallIntegerField(_("year founded"), null=True, blank=True)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    sort_key = models.CharField(max_length=700, editable=False)
    created_at = models.DateTimeField()

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                name="enterprise_tax_code_shape", condition=Q(tax_code__regex=r"^\d{10}(-\d{3})?$")
            ),
        ]

    def __str__(self) -> str:
        return self.name_vi

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = vietnamese.sort_key(self.name_vi)
        super().save(*args, **kwargs)

    @property
    def address_vi(self) -> str:
        return f"{self.street}, {self.ward.full_name_vi}, Hà Nội"

    @property
    def address_en(self) -> str:
        return f"{self.street}, {self.ward.full_name_en}, Hanoi"


class Representative(models.Model):
    """A person who acts for an enterprise."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="representations")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="representatives")
    position = models.CharField(_("position"), max_length=100, blank=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "enterprise"], name="representative_once", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.enterprise})"
