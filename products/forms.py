"""What the enterprise makes."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.forms import LongTextField, TextField
from products.models import Product
from reference import queries
from reference.models import IndustryCode, Sector


class SectorField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        sector: Sector = obj
        return sector.name_en if get_language() == "en" else sector.name_vi


def hs_digits(text: str) -> str:
    """`hs_digits("8536.50.99") == "85365099"`. Raises ValidationError."""
    digits = re.sub(r"[\s.\-]", "", text)
    if digits and not re.fullmatch(r"[0-9]{4}([0-9]{2}){0,3}", digits):
        raise ValidationError(_("An HS code has 4, 6, 8 or 10 digits, such as 8536.50.99."))
    return digits


class NamesForm(forms.Form):
    """Enough to begin with a product."""

    name_vi = TextField(
        label=gettext_lazy("Product name in Vietnamese"),
        max_length=200,
        help_text=gettext_lazy("As it shall stand on the certificate."),
        error_messages={"required": gettext_lazy("Enter the name of the product.")},
    )
    name_en = TextField(label=gettext_lazy("Product name in English"), max_length=200, required=False)
    sector = SectorField(
        label=gettext_lazy("Sector of the programme"),
        queryset=Sector.objects.none(),
        empty_label="—",
        error_messages={
            "required": gettext_lazy("Choose the sector."),
            "invalid_choice": gettext_lazy("Choose a sector of the list."),
        },
    )
    industry = forms.ModelChoiceField(
        label=gettext_lazy("Industry class (VSIC 2025)"),
        queryset=IndustryCode.objects.none(),
        required=False,
        empty_label="—",
        help_text=gettext_lazy("The four digits under which the enterprise registered this line of business."),
        error_messages={"invalid_choice": gettext_lazy("Choose a class of the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("sector", queries.sectors()), ("industry", queries.industry_classes())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = found


class ProductForm(NamesForm):
    """Everything the public page of the product will show."""

    summary_vi = LongTextField(
        label=gettext_lazy("Summary in Vietnamese"),
        max_length=1000,
        help_text=gettext_lazy(
            "Two or three sentences for the public page: what it is, for whom, what sets it apart."
        ),
        error_messages={"required": gettext_lazy("Write the summary of the product.")},
    )
    summary_en = LongTextField(
        label=gettext_lazy("Summary in English"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("If empty, English pages show the Vietnamese text."),
    )
    hs_code = TextField(
        label=gettext_lazy("HS code"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("4, 6, 8 or 10 digits, such as 8536.50.99."),
    )
    standards = TextField(
        label=gettext_lazy("Standards met"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Separated by commas, such as ISO 9001:2015, TCVN 6610-1."),
    )
    export_markets = TextField(
        label=gettext_lazy("Export markets"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Countries, separated by commas; empty if none."),
    )

    def clean_hs_code(self) -> str:
        return hs_digits(self.cleaned_data["hs_code"])

    def product_facts(self) -> dict[str, Any]:
        """What `products.actions` writes: the fields that were read without an error."""
        return {n: self.cleaned_data[n] for n in ProductForm.base_fields if n in self.cleaned_data}

    @classmethod
    def facts_of(cls, product: Product) -> dict[str, Any]:
        return {name: getattr(product, name) for name in ProductForm.base_fields}
