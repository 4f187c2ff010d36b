"""Accounts and roles."""

from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
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
def open_account_of_identity(*, account: Any, email: str, full_name: str, at: datetime) -> User:
    """A new person who comes with the identity of an organisation; `account` is the library's unsaved SocialAccount.

    Raises Refused when no account can be opened; the sentence does not tell whether the address is known here.
    """
    if not email or not full_name or User.objects.filter(email=email).exists():
        raise Refused(
            _(
                "No account can be opened with this identity. If you have an account here, sign in to it and connect "
                "the identity on the page My account."
            )
        )
    user = open_account(email=email, full_name=full_name, password=None, at=at)
    account.user = user
    account.save()
    audit.record("account.identity_connected", user, by=user, at=at)
    return user


@transaction.atomic
def change_profile(*, user: User, full_name: str, language: str, single_keys: bool, by: Any, at: datetime) -> None:
    """How a person is named, written to and served by keys."""
    new = {"full_name": vietnamese.nfc(full_name), "language": language, "single_keys": single_keys}
    changed = [name for name, value in new.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, new[name])
    if changed:
        user.save(update_fields=changed)
        audit.record("account.changed", user, by=by, at=at, fields=sorted(changed))


def end_sessions(user: User) -> None:
    """Everywhere this person is signed in."""
    for session in UserSession.objects.filter(user_id=user.pk):
        session.end()


@transaction.atomic
def close_account(*, user: User, by: Any, at: datetime) -> None:
    """Nobody signs in with it any more, and whoever is signed in with it is signed out."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    end_sessions(user)
    audit.record("account.closed", user, by=by, at=at)


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
