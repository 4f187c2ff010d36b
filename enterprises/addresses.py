"""Addresses that stand in letters: from the setting of the site, never from the request, in the reader's language.

A token of registration is signed, works for one purpose and one day, and dies with the account that it opens.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from enterprises.models import Enterprise

SALT = "enterprises.registration"
HOURS = 24


def absolute(name: str, *args: Any, language: str) -> str:
    with translation.override(language or settings.LANGUAGE_CODE):
        return f"{settings.SITE_URL.rstrip('/')}{reverse(name, args=args)}"


def registration(email: str, language: str) -> str:
    return absolute("enterprises:registration_link", registration_token(email), language=language)


def registration_token(email: str) -> str:
    return signing.dumps(email, salt=SALT)


def email_of(token: str) -> str | None:
    """The address to which the letter went; None for a forged or old token."""
    try:
        return str(signing.loads(token, salt=SALT, max_age=HOURS * 3600))
    except signing.BadSignature:
        return None


def invitation(token: str, language: str) -> str:
    return absolute("enterprises:invitation_link", token, language=language)


def people(enterprise: Enterprise, language: str) -> str:
    return absolute("enterprises:people", enterprise.pk, language=language)


def record(enterprise: Enterprise, language: str) -> str:
    """The page stands in the room of dossiers: named, not imported."""
    return absolute("dossiers:record", enterprise.pk, language=language)


def own_enterprises(language: str) -> str:
    return absolute("enterprises:mine", language=language)


def sign_in(language: str) -> str:
    return absolute("accounts:sign_in", language=language)


def password_reset(language: str) -> str:
    """The library's page for a forgotten password; the sign-in page leads there too."""
    try:
        return absolute("account_reset_password", language=language)
    except NoReverseMatch:
        return sign_in(language)
