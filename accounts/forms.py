"""Who you are."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.forms import TextField


class SignInForm(LoginForm):
    """allauth checks and throttles; the words are ours and never say which of the two was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email, password = self.fields["login"], self.fields["password"]
        email.label = _("Email address")
        email.error_messages |= {"required": _("Enter your email address."), "invalid": not_an_email()}
        email.widget.attrs |= {"autocomplete": "username", "autofocus": True}
        password.label, password.help_text = _("Password"), ""
        password.error_messages |= {"required": _("Enter your password.")}
        for field in (email, password):
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError as error:
            if error.code == "too_many_login_attempts":
                raise ValidationError(
                    _("Too many attempts. Wait a few minutes, then try again."), code=error.code
                ) from error
            raise ValidationError(_wrong_pair()) from error
        if self.user is not None and not self.user.is_active:
            raise ValidationError(_wrong_pair())
        return cleaned


class PersonForm(forms.Form):
    """The person of a new account. The address comes from elsewhere: a letter has proven it."""

    full_name = TextField(
        label=gettext_lazy("Your full name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter your full name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=200,
        help_text=gettext_lazy("At least 10 characters. A short sentence is easy to remember and hard to guess."),
        error_messages={"required": gettext_lazy("Choose a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            person = User(email=self.address, full_name=cleaned.get("full_name", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", [password_words(e) for e in error.error_list])
        return cleaned


def password_words(error: ValidationError) -> str:
    words = {
        "password_too_short": _("The password is too short: at least 10 characters."),
        "password_too_common": _("This password is among the first that are guessed. Choose another."),
        "password_too_similar": _("The password is too close to your name or email address."),
    }
    return words.get(error.code or "", " ".join(error.messages))


def _wrong_pair() -> str:
    return _("The email address or the password is not right.")


def not_an_email() -> str:
    return _("This is not an email address. An example: name@company.vn")
