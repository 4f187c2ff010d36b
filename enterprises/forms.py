"""The record of an enterprise."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import get_language, gettext_lazy

from core.forms import IntegerField, TextField
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


def ward_field() -> WardField:
    return WardField(
        label=gettext_lazy("Ward or commune"),
        queryset=Ward.objects.none(),
        empty_label="—",
        help_text=gettext_lazy("One of the 126 since 1 July 2025."),
        error_messages={
            "required": gettext_lazy("Choose the ward or commune."),
            "invalid_choice": gettext_lazy("Choose a ward or commune of the list."),
        },
    )


def zone_field() -> ZoneField:
    return ZoneField(
        label=gettext_lazy("Industrial zone or cluster"),
        queryset=IndustrialZone.objects.none(),
        required=False,
        empty_label=gettext_lazy("Outside a zone"),
        error_messages={"invalid_choice": gettext_lazy("Choose a zone of the list.")},
    )


def street_field() -> TextField:
    return TextField(
        label=gettext_lazy("House number and street, or lot in the zone"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the house number and street.")},
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


def offer_places(form: forms.Form) -> None:
    """The wards of today and the zones, asked when the form is made."""
    for name, found in (("ward", queries.wards_today()), ("zone", queries.zones())):
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = found


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
    street = street_field()
    ward = ward_field()
    zone = zone_field()
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
    email = forms.EmailField(
        label=gettext_lazy("Email address of the enterprise"),
        max_length=254,
        required=False,
        error_messages={"invalid": gettext_lazy("This is not an email address. An example: name@company.vn")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
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
        offer_places(self)

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


class CorrectionForm(RecordForm):
    """A record as the Department corrects it. What a record from paper or a file never had is not asked here."""

    reason = TextField(
        label=gettext_lazy("Why the record is corrected"),
        max_length=300,
        help_text=gettext_lazy("The enterprise reads it in a letter."),
        error_messages={
            "required": gettext_lazy("Say in a few words why the record is corrected; the enterprise reads it.")
        },
    )

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, initial=self.facts_of(enterprise), **kwargs)
        for name in ("phone", "legal_representative", "street"):
            self.fields[name].required = bool(getattr(enterprise, name))
