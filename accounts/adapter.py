"""Our words and rules for what the sign-in library does. The room `mail` derives its adapter from this one and sends
the letters (settings: ACCOUNT_ADAPTER)."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

THROTTLED = {"too_many_login_attempts", "rate_limited"}
# Sentences after an act, by the library's name for them. What is not named here is not said: the page itself shows it.
SAID = {
    "account/messages/password_changed.txt": gettext_lazy("Your password was changed. Other devices are signed out."),
    "account/messages/password_set.txt": gettext_lazy("Your password is set."),
    "mfa/messages/totp_activated.txt": gettext_lazy("The authenticator app is connected."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The authenticator app is no longer used."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy(
        "New recovery codes are ready. Keep them where only you find them."
    ),
    "socialaccount/messages/account_connected.txt": gettext_lazy("The identity is connected to your account."),
    "socialaccount/messages/account_connected_updated.txt": gettext_lazy("This identity was connected already."),
    "socialaccount/messages/account_connected_other.txt": gettext_lazy(
        "This identity belongs to another account of this site. Sign in to that account and disconnect it there first."
    ),
    "socialaccount/messages/account_disconnected.txt": gettext_lazy("The identity is disconnected."),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account is closed. Ask the Department if that is a mistake."),
        "enter_current_password": gettext_lazy("This is not your current password."),
        "incorrect_code": gettext_lazy("This code is not right."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "invalid_password_reset": gettext_lazy("This link is used up or too old."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a few minutes, then try again."),
        "rate_limited": gettext_lazy("Too many attempts. Wait a few minutes, then try again."),
        "unknown_email": gettext_lazy("The email address or the password is not right."),
    }

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        said = message or SAID.get(message_template or "")
        if said:
            level = messages.SUCCESS if level == messages.INFO else level
            messages.add_message(request, level, said, extra_tags=extra_tags)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Only somebody who has just proven to be this person comes here."""
        messages.error(request, self.error_messages["account_inactive"])
        return redirect("accounts:sign_in")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in or confirmed within the last minutes is not asked twice."""
        request = self.request
        records = get_authentication_records(request, request.user)
        proven = [record["at"] for record in records if record.get("method") in ("password", "mfa", "socialaccount")]
        return not proven or time.time() - max(proven) > app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code of your authenticator app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words[method["id"]]} for method in methods]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Links in letters come from the setting, never from the request's host."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)
