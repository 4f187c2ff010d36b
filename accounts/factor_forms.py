"""Forms of the second step: codes and passkeys."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import second_factor
from core.forms import TextField


def _code_field(form: forms.Form) -> None:
    field = form.fields["code"]
    field.label = _("Code")
    field.error_messages |= {"required": _("Enter the code.")}
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "w-8"}
    field.widget.attrs.pop("placeholder", None)


class _Once:
    """A code opens one door once. The published secrets of the demonstration are the exception: there the next
    visitor of the same minute must come in as well, and the code is no secret anyway."""

    user: Any
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self)  # type: ignore[arg-type]
        self.fields["code"].help_text = _(  # type: ignore[attr-defined]
            "Six digits of your authenticator app, or one of your recovery codes."
        )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())  # type: ignore[attr-defined]
        self.cleaned_data["code"] = code  # type: ignore[attr-defined]
        published = second_factor.demo_code(self.user) != ""
        if published:
            stored = Authenticator.objects.get(user=self.user, type=Authenticator.Type.TOTP)
            cache.delete(stored.wrap()._get_used_cache_key(code))
        checked: str = super().clean_code()  # type: ignore[misc]
        if not published and not second_factor.use_code_once(self.user, code):
            raise ValidationError(_("This code was used already. Wait for the next one."), code="used")
        return checked


class CodeForm(_Once, base.AuthenticateForm):
    """The second step of signing in."""


class ConfirmCodeForm(_Once, base.ReauthenticateForm):
    """It is still you, before something sensitive."""


class ActivateForm(totp_forms.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self)
        self.fields["code"].help_text = _("The six digits that the app shows now.")
        self.fields["code"].label = _("Code of the app")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        try:
            code: str = super().clean_code()
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
            raise ValidationError(
                _("This code does not fit. Is the clock of your phone right? Enter the code that the app shows now."),
                code=error.code,
            ) from error
        return code


def _passkey_name(**kwargs: Any) -> TextField:
    return TextField(
        label=_("Name of the passkey"),
        max_length=60,
        help_text=_("So that you know it again, for example: office computer, phone."),
        **kwargs,
    )


class AddPasskeyForm(passkey_forms._BaseAddWebAuthnForm):
    """Every passkey of this site knows its person and asks for a finger, face or PIN: it can sign in alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _passkey_name(required=False)
        self.fields["credential"].error_messages |= {
            "required": _("The passkey was not made. Try again."),
            "invalid": _("The passkey was not made. Try again."),
        }

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
            credential = cleaned.get("credential")
            if not credential:
                return cleaned
            response = webauthn.parse_registration_response(credential).response
            verified = response.attestation_object.auth_data.is_user_verified()
        except ValidationError as error:
            raise _unmade_passkey() from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _unmade_passkey() from error
        if not verified:
            raise ValidationError(_("This device did not ask for a finger, face or PIN. Choose another one."))
        return cleaned


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _passkey_name(error_messages={"required": _("Give the passkey a name.")})


class _PasskeyAnswer:
    """What a browser sends back is anything until proven otherwise: every odd shape is the same refusal."""

    def clean_credential(self) -> Authenticator:
        try:
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
            raise _unknown_passkey() from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _unknown_passkey() from error
        return found


def _unmade_passkey() -> ValidationError:
    return ValidationError(_("The passkey was not made. Try again."), code="passkey")


def _unknown_passkey() -> ValidationError:
    return ValidationError(_("This passkey did not open the account. Try again, or use another way."), code="passkey")


class PasskeyForm(_PasskeyAnswer, passkey_forms.AuthenticateWebAuthnForm):
    """A passkey as the second step."""


class PasskeyAloneForm(_PasskeyAnswer, passkey_forms.LoginWebAuthnForm):
    """A passkey instead of mail address, password and code."""

    def clean_credential(self) -> Authenticator:
        found = super().clean_credential()
        response = webauthn.parse_authentication_response(self.cleaned_data["credential"]).response
        if not response.authenticator_data.is_user_verified():
            raise _unknown_passkey()
        return found


class ConfirmPasskeyForm(_PasskeyAnswer, passkey_forms.ReauthenticateWebAuthnForm):
    pass
