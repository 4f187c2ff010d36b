"""What the sign-in library wants to mail goes through the outbox, in our words and the person's language."""

import hashlib
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.urls import translate_url
from django.utils import timezone
from django.utils.formats import date_format

from accounts.adapter import AccountAdapter as WordsAndRules
from accounts.models import User
from mail import actions, merge, registry
from mail.kinds import Addressee

# The library's name of a mail: our kind of letter.
KINDS = {
    "account/email/password_reset_key": "account_password_reset",
    "account/email/password_reset_code": "account_password_code",
    "account/email/login_code": "account_sign_in_code",
    "account/email/unknown_account": "account_unknown",
    "account/email/account_already_exists": "account_known",
    "account/email/email_confirmation": "account_confirm_address",
    "account/email/email_confirmation_signup": "account_confirm_address",
    "account/email/password_reset": "account_password_changed",
    "account/email/password_changed": "account_password_changed",
    "account/email/password_set": "account_password_changed",
    "account/email/email_confirm": "account_address_confirmed",
    "account/email/email_changed": "account_address_changed",
    "account/email/email_deleted": "account_address_removed",
    "mfa/email/totp_activated": "account_app_added",
    "mfa/email/totp_deactivated": "account_app_removed",
    "mfa/email/webauthn_added": "account_key_added",
    "mfa/email/webauthn_removed": "account_key_removed",
    "mfa/email/recovery_codes_generated": "account_recovery_codes",
    "socialaccount/email/account_connected": "account_identity_connected",
    "socialaccount/email/account_disconnected": "account_identity_disconnected",
}
# Our field: the names under which the library may give its value.
_SOURCES = {
    "link": ("password_reset_url", "activate_url", "signup_url"),
    "code": ("code",),
    "old": ("from_email",),
    "new": ("to_email",),
    "provider": ("provider",),
    "where": ("ip",),
    "what": ("user_agent",),
}


class AccountAdapter(WordsAndRules):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The library's one door for mail. A mail it does not know yet is an error, not silence."""
        code = KINDS[template_prefix]
        if code == "account_confirm_address" and context.get("code"):
            code = "account_confirm_code"
        person = User.objects.filter(email__iexact=email).first()
        # A new address that waits for its confirmation: the words are for its owner, the letter goes there.
        owner = context.get("user") if isinstance(context.get("user"), User) else None
        to = person or Addressee(email, owner.full_name if owner else "", owner.language if owner else "")
        at = timezone.now()
        values = {name: _value(name, email, context, to.language) for name in registry.kind_named(code).field_names}
        actions.post(kind=code, to=to, context=values, key=_key(code, values), at=at)


def _value(name: str, email: str, context: dict[str, Any], language: str) -> str:
    if name == "email":
        return merge.one_line(str(context.get("deleted_email") or email))
    if name == "when":
        return date_format(timezone.localtime(context.get("timestamp")), "H:i d/m/Y")
    given = next((context[source] for source in _SOURCES[name] if context.get(source)), "")
    return _at_home(str(given), language) if name == "link" else merge.one_line(str(given))[:200]


def _at_home(address: str, language: str) -> str:
    """The same page under the address from the settings: a forged Host header must not lead a reader away."""
    parts = urlsplit(address)
    path = parts.path or "/"
    path += f"?{parts.query}" if parts.query else ""
    return settings.SITE_URL + (translate_url(path, language) if language else path)


def _key(code: str, values: dict[str, str]) -> str:
    """A link or code is told once; a notice tells an event, and every event is its own."""
    secret = values.get("link" if code in ("account_password_reset", "account_confirm_address") else "code", "")
    fact = hashlib.sha256(secret.encode()).hexdigest()[:32] if secret else str(uuid4())
    return f"{code}:{fact}"
