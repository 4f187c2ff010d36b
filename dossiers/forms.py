"""What the enterprise fills in. A draft may be saved with gaps: what is still missing is said by the task list
and the last check, not by the form."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import vietnamese
from core.forms import LongTextField, TextField
from dossiers.models import Dossier
from enterprises.forms import phone_number
from products.forms import ProductForm
from programme import tracks


def mark_of(value: Any) -> str:
    """A short digest of a value: equal for what means the same, however it was written."""
    if isinstance(value, Model):
        text = str(value.pk)
    elif isinstance(value, Decimal):
        text = format(value.normalize() if value else Decimal(0), "f")
    else:
        text = "" if value is None else vietnamese.nfc_lines(str(value)).strip()
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class DraftForm(forms.Form):
    """Its required fields are needed in the end, not at every save. `initial` is what is stored."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Fields that somebody else wrote meanwhile (dossiers.drafts.Conflict).
        self.conflicts: dict[str, Any] = {}

    def _clean_fields(self) -> None:
        needed = {name: field.required for name, field in self.fields.items()}
        for field in self.fields.values():
            field.required = False
        try:
            super()._clean_fields()  # type: ignore[misc]
        finally:
            for name, field in self.fields.items():
                field.required = needed[name]

    def mark(self, name: str) -> str:
        """The digest of what is stored in a field."""
        return mark_of(self.initial.get(name))

    @property
    def base(self) -> str:
        """What this page shows as stored, field by field: sent back with every save (dossiers.drafts)."""
        return json.dumps({name: self.mark(name) for name in self.fields}, separators=(",", ":"))

    def shown(self, name: str, value: Any) -> str:
        """As the control of the page holds it."""
        field = self.fields[name]
        text = field.widget.format_value(field.prepare_value(value))
        if isinstance(text, list | tuple):
            text = text[0] if text else ""
        return "" if text is None else str(text).replace("\r\n", "\n")

    def in_words(self, name: str, value: Any) -> str:
        """As people read it: the name of a choice, not its key."""
        key = self.shown(name, value)
        choices = getattr(self.fields[name], "choices", None)
        if choices is not None:
            return next((str(label) for code, label in choices if str(code) == key), key)
        return key

    def stored(self) -> dict[str, str]:
        """The stored values as the controls of the page would hold them."""
        return {name: self.shown(name, self.initial.get(name)) for name in self.fields}

    @property
    def conflicts_as_text(self) -> str:
        found = self.conflicts.items()
        return json.dumps({name: {"theirs": c.theirs, "words": c.theirs_in_words, "who": c.who} for name, c in found})

    @property
    def stored_as_text(self) -> str:
        return json.dumps(self.stored()) if self.is_bound else ""


def threshold_in_words(code: str) -> str:
    """What the guidance asks of this track, in one sentence."""
    track = tracks.TRACKS[code]
    if track.min_revenue is not None:
        words = {
            "standard": _("Revenue of the product from %(n)s billion VND a year."),
            "hi_tech": _(
                "On the Prime Minister's list of hi-tech products, with revenue from %(n)s billion VND a year."
            ),
        }
        return words[code] % {"n": number_format(track.min_revenue, 0, force_grouping=True)}
    if track.min_export is not None:
        return _("No limit of revenue, but exports from %(n)s million USD a year.") % {
            "n": number_format(track.min_export, 0, force_grouping=True)
        }
    return _("No limit of revenue; a creative idea with a trend of growth, markets and meaning for society.")


# --- the parts of a dossier ---------------------------------------------------------------------------
class ContactForm(DraftForm):
    """Whom the Department calls."""

    contact_name = TextField(
        label=gettext_lazy("Contact person"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_phone = TextField(
        label=gettext_lazy("Telephone of the contact person"),
        max_length=30,
        validators=[phone_number],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Email of the contact person"),
        max_length=254,
        error_messages={"invalid": gettext_lazy("This is not an email address. An example: name@company.vn")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ProductPartForm(ProductForm, DraftForm):
    """The product as the public will see it, and as the council will judge it."""

    description = LongTextField(
        label=gettext_lazy("Description of the product"),
        max_length=6000,
        help_text=gettext_lazy(
            "Use, specifications, markets, place among competitors; at least 100 characters. The council reads it."
        ),
    )
    technology = LongTextField(
        label=gettext_lazy("Technology and equipment"),
        max_length=6000,
        help_text=gettext_lazy("Production line, its age and origin, share of automation, own research."),
    )
    track_basis = LongTextField(label=gettext_lazy("Basis of the track"), max_length=2000)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        basis = {
            "hi_tech": _("Item and edition of the Prime Minister's list of hi-tech products, in words."),
            "startup": _("The idea, its growth so far and what it means for society."),
        }
        if dossier.track in basis:
            self.fields["track_basis"].help_text = basis[dossier.track]
        else:
            del self.fields["track_basis"]
        # Without a name and a sector there is no product: these two are asked for at every save.
        self.always = ("name_vi", "sector")
        for name, field in self.fields.items():
            if isinstance(field, LongTextField):
                field.widget.attrs.setdefault("rows", 5 if name.startswith("summary") else 8)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.always:
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def dossier_facts(self) -> dict[str, Any]:
        names = ("description", "technology", "track_basis")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class UndertakingsForm(forms.Form):
    use_required_attribute = False

    agreed = forms.BooleanField(
        label=gettext_lazy("On behalf of the enterprise I give these undertakings."),
        error_messages={"required": gettext_lazy("Tick the box to give the undertakings.")},
    )


class DeclarationForm(forms.Form):
    use_required_attribute = False

    declared = forms.BooleanField(
        label=gettext_lazy("I have checked the dossier. What it says is true, and I may send it for the enterprise."),
        error_messages={"required": gettext_lazy("Tick the declaration to send the dossier.")},
    )
