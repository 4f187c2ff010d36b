"""Accounts and roles."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import RoleGrant, User, forget_roles
from core import audit, vietnamese
from core.errors import Refused


@transaction.atomic
def open_account(
    *, email: str, full_name: str, password: str | None, title: str = "", by: Any = None, at: datetime
) -> User:
    """A new person; without a password nobody can sign in yet. Raises Refused when the address is taken."""
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Refused(_("This email address already has an account. Sign in instead."))
    user = User.objects.create_user(email, password, full_name=vietnamese.nfc(full_name), title=title)
    audit.record("account.opened", user, by=by or user, at=at)
    return user


@transaction.atomic
def grant_role(*, user: User, role: str, by: Any, at: datetime) -> RoleGrant:
    grant, new = RoleGrant.objects.get_or_create(
        user=user,
        role=role,
        withdrawn_at=None,
        defaults={"granted_at": at, "granted_by_name": str(by or audit.SYSTEM)},
    )
    if new:
        audit.record("role.granted", user, by=by, at=at, role=role)
    forget_roles(user)
    return grant


@transaction.atomic
def withdraw_role(*, user: User, role: str, by: Any, at: datetime) -> None:
    if RoleGrant.objects.filter(user=user, role=role, withdrawn_at=None).update(withdrawn_at=at):
        audit.record("role.withdrawn", user, by=by, at=at, role=role)
    forget_roles(user)
