"""What the pages of the own account need."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.devices import device_of


def organisation_claims(user: Any) -> dict[str, str]:
    """What the national identity of the organisation says about this person's organisation: issuer, subject, name,
    email, tax_code, organisation (its name) and representative, as far as they were given. Empty for whoever signs
    in with a password only."""
    if not getattr(user, "is_authenticated", False):
        return {}
    account = SocialAccount.objects.filter(user=user).order_by("-last_login", "-pk").first()
    if account is None:
        return {}
    names = {
        "issuer": "iss",
        "subject": "sub",
        "name": "name",
        "email": "email",
        "tax_code": settings.OIDC_TAX_CODE_CLAIM,
        "organisation": settings.OIDC_ORGANISATION_CLAIM,
        "representative": settings.OIDC_REPRESENTATIVE_CLAIM,
    }
    return {ours: str(account.extra_data[theirs]) for ours, theirs in names.items() if account.extra_data.get(theirs)}


@dataclass(frozen=True)
class OpenSession:
    pk: int
    device: str
    address: str
    since: datetime
    seen: datetime
    is_current: bool


def living_sessions(user: Any) -> list[UserSession]:
    """What still lets somebody in; ended ones are cleared away. As many queries for one as for many."""
    rows = list(UserSession.objects.filter(user_id=user.pk))
    stored = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now())
    # A password changed elsewhere leaves sessions behind that open nothing any more.
    valid = {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}
    living = {
        one.session_key
        for one in stored
        if (kept := one.get_decoded()).get(SESSION_KEY) == str(user.pk) and kept.get(HASH_SESSION_KEY) in valid
    }
    dead = [row.pk for row in rows if row.session_key not in living]
    if dead:
        UserSession.objects.filter(pk__in=dead).delete()
    return [row for row in rows if row.session_key in living]


def open_sessions(user: Any, current_key: str) -> list[OpenSession]:
    """Where this person is signed in, this device first, then the latest."""
    found = [
        OpenSession(
            pk=session.pk,
            device=device_of(session.user_agent) or _("Unknown device"),
            address=session.ip,
            since=session.created_at,
            seen=session.last_seen_at,
            is_current=session.session_key == current_key,
        )
        for session in living_sessions(user)
    ]
    return sorted(found, key=lambda s: (not s.is_current, -s.seen.timestamp()))


@dataclass(frozen=True)
class SecondFactors:
    totp: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    codes_left: int | None

    @property
    def any(self) -> bool:
        return self.totp is not None or bool(self.passkeys)


def second_factors(user: Any) -> SecondFactors:
    found = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    totp = next((a for a in found if a.type == Authenticator.Type.TOTP), None)
    codes = next((a for a in found if a.type == Authenticator.Type.RECOVERY_CODES), None)
    return SecondFactors(
        totp=totp,
        passkeys=tuple(a for a in found if a.type == Authenticator.Type.WEBAUTHN),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )
