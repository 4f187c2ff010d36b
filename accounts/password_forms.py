"""Forms of the own account: the person, the password, the forgotten password."""

from typing import Any

from allauth.account import forms as library
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import not_an_email, password_words
from accounts.models import User
from core.forms import TextField


class ProfileForm(forms.ModelForm):
    full_name = TextField(
        label=gettext_lazy("Your full name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter your full name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    class Meta:
        model = User
        fields = ("full_name", "language", "single_keys")
        widgets = {"language": forms.RadioSelect}
        labels = {
            "language": gettext_lazy("Language of your letters"),
            "single_keys": gettext_lazy("Use one-letter keys on the work pages (j, k, b, d …)"),
        }
        help_texts = {
            "language": gettext_lazy("The pages themselves change language at the top of each page."),
            "single_keys": gettext_lazy("Switch it off if you dictate or if a key presses itself."),
        }


class _NewPassword:
    """The library's two fields for a new password, named, checked and refused in our words."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, autocomplete in (("password1", "new-password"), ("password2", "new-password")):
            self.fields[name] = _password_field(autocomplete)
        if "oldpassword" in self.fields:
            self.fields["oldpassword"] = _password_field("current-password")
            self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _(
            "At least 10 characters. A short sentence is easy to remember and hard to guess."
        )
        self.fields["password2"].label = _("New password once more")

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        try:
            password_validation.validate_password(password, self.user)
        except ValidationError as error:
            raise ValidationError([password_words(e) for e in error.error_list]) from error
        return password

    def clean(self) -> dict[str, Any]:
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))  # type: ignore[attr-defined]
        return self.cleaned_data


def _password_field(autocomplete: str) -> forms.CharField:
    return forms.CharField(
        strip=False,
        max_length=200,
        error_messages={"required": _("Enter the password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class ChangePasswordForm(_NewPassword, library.ChangePasswordForm):
    pass


class SetPasswordForm(_NewPassword, library.SetPasswordForm):
    pass


class ResetPasswordKeyForm(_NewPassword, library.ResetPasswordKeyForm):
    pass


class ResetPasswordForm(library.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.label = _("Email address")
        email.error_messages |= {"required": _("Enter your email address."), "invalid": not_an_email()}
        email.widget.attrs |= {"autocomplete": "username"}
        email.widget.attrs.pop("placeholder", None)


class ReauthenticateForm(library.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.label, password.help_text = _("Password"), ""
        password.error_messages |= {"required": _("Enter your password.")}
        password.widget.attrs.pop("placeholder", None)
