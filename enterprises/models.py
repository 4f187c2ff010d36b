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
    email = models.EmailField(_("email of the enterprise"), blank=True)
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


class Site(models.Model):
    """Where the enterprise works beside its head office: a factory, a branch. Ended sites stay as history."""

    class Kind(models.TextChoices):
        PRODUCTION = "production", _("Production site")
        BRANCH = "branch", _("Branch")
        OFFICE = "office", _("Office")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="sites")
    kind = models.CharField(_("kind of site"), max_length=12, choices=Kind.choices, default=Kind.PRODUCTION)
    name = models.CharField(_("name of the site"), max_length=200, blank=True)
    # A dependent unit has the enterprise's code with three more digits; most sites have none.
    tax_code = models.CharField(_("tax code of the dependent unit"), max_length=14, blank=True)
    street = models.CharField(_("house number and street"), max_length=200)
    ward = models.ForeignKey(Ward, models.PROTECT, verbose_name=_("ward or commune"))
    zone = models.ForeignKey(IndustrialZone, models.PROTECT, null=True, blank=True, verbose_name=_("industrial zone"))
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                name="site_tax_code_shape", condition=Q(tax_code="") | Q(tax_code__regex=r"^\d{10}-\d{3}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.get_kind_display()}: {self.street}"

    @property
    def address_vi(self) -> str:
        return f"{self.street}, {self.ward.full_name_vi}, Hà Nội"

    @property
    def address_en(self) -> str:
        return f"{self.street}, {self.ward.full_name_en}, Hanoi"


class RepresentativeRole(models.TextChoices):
    """What a person may do for the enterprise; each includes the ones below it."""

    SIGNS = "signs", _("Signs and sends")
    FILLS_IN = "fills_in", _("Fills in")
    READS = "reads", _("Reads")


class Representative(models.Model):
    """A person who acts for an enterprise, in one role. A consultant may act for several."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="representations")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="representatives")
    position = models.CharField(_("position"), max_length=100, blank=True)
    role = models.CharField(
        _("role"), max_length=8, choices=RepresentativeRole.choices, default=RepresentativeRole.SIGNS
    )
    is_consultant = models.BooleanField(_("consultant from outside"), default=False)
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


class Invitation(models.Model):
    """A letter that lets one mail address act for an enterprise. Only the digest of its token is kept."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="invitations")
    email = models.EmailField(_("email address"))
    role = models.CharField(_("role"), max_length=8, choices=RepresentativeRole.choices)
    is_consultant = models.BooleanField(_("consultant from outside"), default=False)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by_name = models.CharField(max_length=200)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="accepted_invitations"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "email"],
                name="invitation_one_open",
                condition=Q(accepted_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.enterprise})"


class JoinRequest(models.Model):
    """Somebody asks to act for an enterprise that is registered already; whoever signs for it answers."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="join_requests")
    position = models.CharField(_("position"), max_length=100, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    is_admitted = models.BooleanField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "user"], name="join_request_one_open", condition=Q(answered_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.enterprise})"


class NotDuplicate(models.Model):
    """The Department looked at two records that resemble each other: they are two enterprises."""

    first = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    second = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    note = models.CharField(_("reason"), max_length=300)
    noted_by_name = models.CharField(max_length=200)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["-noted_at"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_duplicate_once"),
            models.CheckConstraint(name="not_duplicate_in_order", condition=Q(first__lt=models.F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"
