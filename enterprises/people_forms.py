"""The people of an enterprise and its sites, and the Department's judgement of two records."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import not_an_email
from core.forms import TextField
from enterprises import tax_code
from enterprises.entry_forms import parsed_tax_code
from enterprises.forms import offer_places, street_field, ward_field, zone_field
from enterprises.models import Enterprise, RepresentativeRole, Site


def role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=RepresentativeRole.choices,
        error_messages={
            "required": gettext_lazy("Choose the role."),
            "invalid_choice": gettext_lazy("Choose one of the roles of the list."),
        },
    )


def consultant_field() -> forms.BooleanField:
    return forms.BooleanField(label=gettext_lazy("Consultant from outside the enterprise"), required=False)


class RoleForm(forms.Form):
    """In what role somebody acts."""

    role = role_field()
    is_consultant = consultant_field()


class InviteForm(RoleForm):
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        error_messages={"required": gettext_lazy("Enter the email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=RepresentativeRole.choices,
        initial=RepresentativeRole.FILLS_IN,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the role."),
            "invalid_choice": gettext_lazy("Choose one of the roles of the list."),
        },
    )
    field_order = ("email", "role", "is_consultant")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = not_an_email()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        return email


class SiteForm(forms.Form):
    """A place of work beside the head office."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of site"),
        choices=Site.Kind.choices,
        error_messages={"required": gettext_lazy("Choose the kind of site.")},
    )
    name = TextField(label=gettext_lazy("Name of the site"), max_length=200, required=False)
    tax_code = TextField(
        label=gettext_lazy("Tax code of the dependent unit"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "13 digits, the first ten those of the enterprise. Most sites have none: leave it empty."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    street = street_field()
    ward = ward_field()
    zone = zone_field()

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enterprise = enterprise
        offer_places(self)

    def clean_tax_code(self) -> str:
        typed = self.cleaned_data["tax_code"]
        if not typed:
            return ""
        code = parsed_tax_code(typed)
        if len(code) == len(self.enterprise.tax_code) or tax_code.legal_entity(code) != self.enterprise.tax_code:
            raise ValidationError(
                _(
                    "The tax code of a dependent unit begins with the enterprise's own %(code)s and has three more "
                    "digits."
                )
                % {"code": self.enterprise.tax_code}
            )
        return code

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SiteForm.base_fields}

    @classmethod
    def facts_of(cls, site: Site) -> dict[str, Any]:
        return {name: getattr(site, name) for name in SiteForm.base_fields}


class NotDuplicateForm(forms.Form):
    first = forms.ModelChoiceField(queryset=Enterprise.objects.all(), widget=forms.HiddenInput)
    second = forms.ModelChoiceField(queryset=Enterprise.objects.all(), widget=forms.HiddenInput)
    note = TextField(
        label=gettext_lazy("Why these are two enterprises"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say in a few words why these are two enterprises.")},
    )
