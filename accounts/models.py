"""Who is here, and in what role."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in with a mail address; what the person may do comes from roles and representation."""

    email = models.EmailField(_("email address"), unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    # WCAG 2.1.4: whoever dictates or has a stuck key can do without one-letter shortcuts.
    single_keys = models.BooleanField(_("one-letter shortcuts"), default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    @property
    def initials(self) -> str:
        """For dense tables: Nguyễn Thị Hà is NTH."""
        return "".join(word[0] for word in self.full_name.split()).upper()[:4]


class Role(models.TextChoices):
    OFFICER = "officer", _("Department officer")
    SECRETARY = "secretary", _("Council secretary")
    MEMBER = "member", _("Council member")
    IT_OFFICER = "it_officer", _("IT officer")
    SIGNATORY = "signatory", _("Signatory")


class RoleGrant(models.Model):
    """A role that somebody was given, from a day, until it is withdrawn. Never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField()
    granted_by_name = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_held_once", condition=Q(withdrawn_at=None)),
            models.CheckConstraint(
                name="role_ends_after_start",
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("granted_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


def roles_of(user: Any) -> frozenset[str]:
    """The roles a person holds now; asked once per request and kept on the user object."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    known = getattr(user, "_roles", None)
    if known is None:
        known = frozenset(user.grants.filter(withdrawn_at=None).values_list("role", flat=True))
        user._roles = known
    return known


def forget_roles(user: Any, at: datetime | None = None) -> None:
    """After a grant or withdrawal, so that the same object answers anew."""
    if hasattr(user, "_roles"):
        del user._roles
