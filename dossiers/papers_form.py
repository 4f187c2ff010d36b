"""What is asked about a paper that ends one day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import DateField, TextField
from dossiers.models import Document


class DetailsForm(forms.Form):
    """Issuer, number, date of issue, last day. Each may stay empty while the dossier is a draft."""

    issuer = TextField(label=_("Issued by"), max_length=200, required=False)
    reference = TextField(label=pgettext_lazy("of a paper", "Number"), max_length=80, required=False)
    issued_on = DateField(label=_("Date of issue"), required=False)
    valid_until = DateField(label=_("Valid until"), required=False)

    def __init__(self, document: Document, data: Any = None) -> None:
        initial = {name: getattr(document, name) for name in self.base_fields}
        super().__init__(data, initial=initial, auto_id=f"id_{document.pk}_%s")

    def readable(self) -> dict[str, Any]:
        """The fields that could be read: autosave keeps them and tells of the others."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.errors}
