"""The forms through which a person and an enterprise come in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PersonForm, not_an_email
from core.forms import TextField
from enterprises import tax_code
from enterprises.forms import EnterpriseForm


class AddressForm(forms.Form):
    """The first page of a registration asks for nothing else."""

    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        help_text=gettext_lazy("We send a letter with a link there. You will sign in with this address."),
        error_messages={"required": gettext_lazy("Enter your email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = not_an_email()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        return email


def tax_code_field() -> TextField:
    return TextField(
        label=gettext_lazy("Tax code"),
        max_length=40,
        help_text=gettext_lazy("Ten digits; spaces, dots and hyphens do not matter."),
        error_messages={"required": gettext_lazy("Enter the tax code.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def parsed_tax_code(text: str) -> str:
    """Raises ValidationError with what is wrong with it."""
    try:
        return tax_code.parse(text)
    except tax_code.InvalidTaxCode as error:
        words = {
            "length": _("A tax code has ten digits, or ten and a three-digit branch number. Count them again."),
            "check_digit": _("The tenth digit does not fit the nine before it. Look for a wrong digit."),
        }
        raise ValidationError(words[error.kind]) from error


def position_field() -> TextField:
    return TextField(
        label=gettext_lazy("Your position in the enterprise"),
        max_length=100,
        error_messages={"required": gettext_lazy("Enter your position in the enterprise.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )


class RegistrantForm(PersonForm):
    """The first person of an enterprise, and which enterprise it is."""

    position = position_field()
    tax_code = tax_code_field()
    field_order = ("full_name", "position", "password", "tax_code")

    def clean_tax_code(self) -> str:
        return parsed_tax_code(self.cleaned_data["tax_code"])


class WhichEnterpriseForm(forms.Form):
    """A signed-in person names one more enterprise. With the identity of an organisation the code is given."""

    tax_code = tax_code_field()
    position = position_field()

    def __init__(self, *args: Any, claimed: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if claimed:
            read_only(self, tax_code=claimed)

    def clean_tax_code(self) -> str:
        return parsed_tax_code(self.cleaned_data["tax_code"])


class NewEnterpriseForm(EnterpriseForm):
    """The facts of an enterprise that is not known yet; what an organisation's identity says cannot be typed over."""

    def __init__(self, *args: Any, claimed: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        read_only(self, **claimed)


def read_only(form: forms.Form, **values: str) -> None:
    """Shown and written as given, whatever the browser sends. Not `disabled`: that would hide it from readers."""
    for name, value in values.items():
        field = form.fields[name]
        form.initial[name] = value
        field.help_text = _("From the identity with which you signed in; it cannot be changed here.")
        field.widget.attrs["readonly"] = True
    if form.is_bound and values:
        data = QueryDict(mutable=True)
        data.update(form.data)
        for name, value in values.items():
            data[name] = value
        form.data = data
