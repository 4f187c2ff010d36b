"""The record of an enterprise."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.forms import PersonForm
from core.forms import IntegerField, TextField
from enterprises import tax_code
from enterprises.models import Enterprise
from reference import queries
from reference.models import IndustrialZone, Ward

phone_number = RegexValidator(
    r"^(?=(?:\D*\d){8})[\d\s().+/-]+$",
    gettext_lazy("This is not a telephone number. An example: 024 3825 1234"),
)


class WardField(forms.ModelChoiceField):
    """The name first, so that typing a letter in the list finds it: “Ba Đình (phường)”."""

    def label_from_instance(self, obj: Any) -> str:
        ward: Ward = obj
        if get_language() == "en":
            return f"{ward.name_en} ({ward.type_en.lower()})"
        return f"{ward.name_vi} ({ward.type_vi.lower()})"


class ZoneField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        zone: IndustrialZone = obj
        return zone.name_en if get_language() == "en" and zone.name_en else zone.name_vi


class EnterpriseForm(forms.Form):
    """All that can be corrected; the tax code cannot."""

    name_vi = TextField(
        label=gettext_lazy("Name of the enterprise"),
        max_length=200,
        help_text=gettext_lazy("In full, as on the business registration certificate."),
        error_messages={"required": gettext_lazy("Enter the name of the enterprise.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    name_en = TextField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    form = forms.ChoiceField(
        label=gettext_lazy("Legal form"),
        choices=[("", "—"), *Enterprise.Form.choices],
        error_messages={"required": gettext_lazy("Choose the legal form.")},
    )
    street = TextField(
        label=gettext_lazy("House number and street, or lot in the zone"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the house number and street.")},
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    ward = WardField(
        label=gettext_lazy("Ward or commune"),
        queryset=Ward.objects.none(),
        empty_label="—",
        help_text=gettext_lazy("One of the 126 since 1 July 2025."),
        error_messages={
            "required": gettext_lazy("Choose the ward or commune."),
            "invalid_choice": gettext_lazy("Choose a ward or commune of the list."),
        },
    )
    zone = ZoneField(
        label=gettext_lazy("Industrial zone or cluster"),
        queryset=IndustrialZone.objects.none(),
        required=False,
        empty_label=gettext_lazy("Outside a zone"),
        error_messages={"invalid_choice": gettext_lazy("Choose a zone of the list.")},
    )
    legal_representative = TextField(
        label=gettext_lazy("Legal representative"),
        max_length=120,
        help_text=gettext_lazy("The person who signs for the enterprise."),
        error_messages={"required": gettext_lazy("Enter the name of the legal representative.")},
    )
    phone = TextField(
        label=gettext_lazy("Telephone"),
        max_length=30,
        validators=[phone_number],
        error_messages={"required": gettext_lazy("Enter a telephone number.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    website = forms.URLField(
        label=gettext_lazy("Website"),
        max_length=200,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("This is not a web address. An example: www.company.vn")},
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("ward", queries.wards_today()), ("zone", queries.zones())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = found

    def facts(self) -> dict[str, Any]:
        """What `enterprises.actions` writes."""
        return {name: self.cleaned_data[name] for name in EnterpriseForm.base_fields}

    @classmethod
    def facts_of(cls, enterprise: Enterprise) -> dict[str, Any]:
        """What the form shows at first."""
        return {name: getattr(enterprise, name) for name in EnterpriseForm.base_fields}


class RecordForm(EnterpriseForm):
    """The own record with what is asked once the enterprise is known."""

    founded_year = IntegerField(
        label=gettext_lazy("Year founded"),
        required=False,
        localize=False,
        min_value=1850,
        max_value=2100,
        widget=forms.TextInput,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Enter a year of four digits, such as 1998.")
        ),
    )
    workers = IntegerField(
        label=gettext_lazy("Workers"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        error_messages={"invalid": gettext_lazy("Enter a whole number, such as 250.")},
    )

    def facts(self) -> dict[str, Any]:
        return super().facts() | {name: self.cleaned_data[name] for name in ("founded_year", "workers")}

    @classmethod
    def facts_of(cls, enterprise: Enterprise) -> dict[str, Any]:
        return super().facts_of(enterprise) | {
            "founded_year": enterprise.founded_year,
            "workers": enterprise.workers,
        }


class RegistrationForm(PersonForm, EnterpriseForm):
    """An enterprise and the first person who acts for it."""

    field_order = ("tax_code", *EnterpriseForm.base_fields, *PersonForm.base_fields)

    tax_code = TextField(
        label=gettext_lazy("Tax code"),
        max_length=40,
        help_text=gettext_lazy("Ten digits; spaces, dots and hyphens do not matter."),
        error_messages={"required": gettext_lazy("Enter the tax code.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_tax_code(self) -> str:
        try:
            code = tax_code.parse(self.cleaned_data["tax_code"])
        except tax_code.InvalidTaxCode as error:
            words = {
                "length": _("A tax code has ten digits, or ten and a three-digit branch number. Count them again."),
                "check_digit": _("The tenth digit does not fit the nine before it. Look for a wrong digit."),
            }
            raise ValidationError(words[error.kind]) from error
        entity = tax_code.legal_entity(code)
        if Enterprise.objects.filter(tax_code=entity).exists():
            raise ValidationError(
                _(
                    "An enterprise with tax code %(code)s is registered already. Ask its representative to add "
                    "you, or write to the Department."
                )
                % {"code": entity}
            )
        return code
