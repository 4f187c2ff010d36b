"""Who must prove more than a password, and whether this session has done so."""

import base64
import hashlib
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import totp
from accounts.actions import end_sessions
from accounts.models import roles_of
from core import audit

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# A code is good for its half minute and one on either side; it is remembered longer than that.
REMEMBER_USED_CODE = 4 * totp.PERIOD


def is_required(user: Any) -> bool:
    """Whoever holds a role of the house or a seat in the council. Applicants may, nobody makes them."""
    return bool(roles_of(user))


def factors_of(user: Any) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user, type__in=FACTORS).order_by("pk"))


def is_set_up(user: Any) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def page_to_prove(user: Any) -> str:
    """Where somebody goes who has not done the second step in this session: to prove it, or to set one up."""
    kinds = {factor.type for factor in factors_of(user)}
    if Authenticator.Type.TOTP in kinds:
        return "mfa_reauthenticate"
    return "mfa_reauthenticate_webauthn" if kinds else "mfa_index"


def is_given(request: HttpRequest) -> bool:
    """True when this session has proven a code, a passkey or a recovery code of its own person."""
    user: Any = request.user
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def is_last(authenticator: Authenticator) -> bool:
    of_the_same = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return not of_the_same.exclude(pk=authenticator.pk).exists()


@transaction.atomic
def give_published_secret(*, user: Any, by: Any, at: datetime) -> None:
    """An invented person of the demonstration gets the authenticator whose secret everybody may know.

    Raises ValueError for an account that is not of the demonstration.
    """
    secret = MfaAdapter().encrypt(totp.demo_secret(user.email))
    Authenticator.objects.update_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": secret}, "created_at": at}
    )
    audit.record("account.second_factor_added", user, by=by, at=at, kind="totp")


def record_added(*, user: Any, kinds: Iterable[str], at: datetime) -> None:
    """In the transaction that makes them: no second step without its line in the log of acts."""
    for kind in kinds:
        audit.record("account.second_factor_added", user, by=user, at=at, kind=kind)


@transaction.atomic
def remove_all(*, user: Any, reason: str, at: datetime) -> None:
    """Somebody lost every device: after the identity was checked on paper the way is free to set up anew."""
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    audit.record("account.second_factor_reset", user, by=None, at=at, reason=reason)


def demo_code(user: Any) -> str:
    """The code that is good now, for the page to show: only in the demonstration, only for an invented person,
    and only while that person's authenticator still has the published secret. Otherwise empty."""
    if not settings.LOAD_DEMO or user is None or not user.email.endswith(totp.DEMO_DOMAIN):
        return ""
    stored = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    secret = totp.demo_secret(user.email)
    if stored is None or MfaAdapter().decrypt(stored.data["secret"]) != secret:
        return ""
    return totp.code_at(secret, time.time())


def use_code_once(user: Any, code: str) -> bool:
    """False when this person has used this code a moment ago."""
    digits = "".join(c for c in code if c.isdigit())
    return bool(cache.add(f"second-factor-used:{user.pk}:{digits}", "1", timeout=REMEMBER_USED_CODE))


class MfaAdapter(DefaultMFAAdapter):
    """allauth keeps the second factors; the words, the name and the sealing are ours."""

    error_messages = {
        "add_email_blocked": gettext_lazy("This code is not right."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second step. Set up another one before you remove this one."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Set up an authenticator app or a passkey first."),
        "incorrect_code": gettext_lazy(
            "This code is not right. Enter the one that your authenticator app shows now, or a recovery code."
        ),
        "unverified_email": gettext_lazy("Confirm your email address first."),
    }

    def get_totp_issuer(self) -> str:
        return "KIP Hà Nội"

    def _get_site_name(self) -> str:
        return _("Key industrial products of Hanoi")

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _seal().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # The key of the site was changed without naming the old one: no code can be right any more. (An empty
            # secret would be one that everybody knows.)
            return totp.random_secret()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not (is_required(authenticator.user) and is_last(authenticator))

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}


def _seal() -> MultiFernet:
    """A stolen backup holds no usable secret: they are sealed with the key of the site."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"second factor\n{key}".encode()).digest())) for key in keys]
    )
