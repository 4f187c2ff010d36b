"""The names by which the sign-in library knows its pages, at our addresses and with our pages behind them."""

from django.urls import path, register_converter
from django.utils.module_loading import import_string
from django.utils.translation import pgettext_lazy

from accounts import account_views, factor_views, identity_views, views


class Base36:
    """The number of an account in a link; the hyphen after it belongs to the link."""

    regex = "[0-9A-Za-z]{1,13}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Base36, "base36")

urlpatterns = [
    path(pgettext_lazy("url", "sign-in/"), views.sign_in, name="account_login"),
    path(pgettext_lazy("url", "register/"), import_string("enterprises.views.register"), name="account_signup"),
    path(pgettext_lazy("url", "sign-in/code/"), factor_views.code, name="mfa_authenticate"),
    path(pgettext_lazy("url", "sign-in/passkey/"), factor_views.passkey_alone, name="mfa_login_webauthn"),
    path(pgettext_lazy("url", "sign-in/identity/new/"), identity_views.new_person, name="socialaccount_signup"),
    path(
        pgettext_lazy("url", "sign-in/identity/<slug:provider_id>/"), identity_views.start, name="openid_connect_login"
    ),
    path(pgettext_lazy("url", "password/"), account_views.forgotten, name="account_reset_password"),
    path(pgettext_lazy("url", "password/sent/"), account_views.sent, name="account_reset_password_done"),
    path(pgettext_lazy("url", "password/done/"), account_views.chosen, name="account_reset_password_from_key_done"),
    path(
        pgettext_lazy("url", "password/<base36:uidb36>-<str:key>/"),
        account_views.choose,
        name="account_reset_password_from_key",
    ),
    path(pgettext_lazy("url", "account/password/"), account_views.change_password, name="account_change_password"),
    path(pgettext_lazy("url", "account/password/new/"), account_views.set_password, name="account_set_password"),
    path(pgettext_lazy("url", "account/devices/"), account_views.sessions, name="usersessions_list"),
    path(pgettext_lazy("url", "account/identity/"), account_views.connections, name="socialaccount_connections"),
    path(pgettext_lazy("url", "account/confirm/"), account_views.confirm_password, name="account_reauthenticate"),
    path(pgettext_lazy("url", "account/confirm/code/"), factor_views.confirm_code, name="mfa_reauthenticate"),
    path(
        pgettext_lazy("url", "account/confirm/passkey/"),
        factor_views.confirm_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path(pgettext_lazy("url", "account/second-step/"), factor_views.index, name="mfa_index"),
    path(pgettext_lazy("url", "account/second-step/app/"), factor_views.activate_totp, name="mfa_activate_totp"),
    path(
        pgettext_lazy("url", "account/second-step/app/remove/"),
        factor_views.deactivate_totp,
        name="mfa_deactivate_totp",
    ),
    path(pgettext_lazy("url", "account/second-step/passkey/"), factor_views.add_passkey, name="mfa_add_webauthn"),
    path(
        pgettext_lazy("url", "account/second-step/passkey/<int:pk>/"),
        factor_views.rename_passkey,
        name="mfa_edit_webauthn",
    ),
    path(
        pgettext_lazy("url", "account/second-step/passkey/<int:pk>/remove/"),
        factor_views.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path(
        pgettext_lazy("url", "account/second-step/codes/"), factor_views.recovery_codes, name="mfa_view_recovery_codes"
    ),
    path(
        pgettext_lazy("url", "account/second-step/codes/new/"),
        factor_views.new_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]

# One address in every language: the identity provider knows it by heart.
callback_urlpatterns = [
    path("identity/<slug:provider_id>/callback/", identity_views.callback, name="openid_connect_callback"),
]
