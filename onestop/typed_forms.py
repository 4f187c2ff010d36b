"""What the officer types for a form, and what staff type when they change one."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from certificates.paper import legal_date
from core.forms import DateField, IntegerField, LongTextField, TextField
from onestop.kinds import FormKind
from onestop.markup import MAX_LENGTH

DATES = {"ngày hẹn lại"}
LONG = {"lý do chậm", "lý do dừng", "căn cứ", "hướng dẫn"}


class TypedForm(forms.Form):
    """One input for every typed field of the form. Inputs are named t0, t1 …: field names have spaces."""

    def __init__(self, *args: Any, kind: FormKind, today: date, first_day: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today, self.first_day = kind, today, first_day
        for number, name in enumerate(kind.typed):
            field = kind.field(name)
            label = field.meaning_en if get_language() == "en" else field.meaning_vi
            required = {"required": _("Fill in: %(name)s.") % {"name": label}}
            common: dict[str, Any] = {"label": label, "required": field.required, "error_messages": required}
            if name in DATES:
                made: forms.Field = DateField(**common, help_text=_("For example 05/03/2026."))
            elif name in LONG:
                made = LongTextField(**common, max_length=1500, widget=forms.Textarea(attrs={"rows": 3}))
            else:
                made = TextField(**common, max_length=150)
            self.fields[f"t{number}"] = made

    def clean(self) -> dict[str, Any]:
        """A new date lies after today and after the one first given."""
        for number, name in enumerate(self.kind.typed):
            day = self.cleaned_data.get(f"t{number}")
            if name not in DATES or day is None:
                continue
            if day <= self.today:
                self.add_error(f"t{number}", _("The new date lies in the future."))
            elif self.first_day is not None and day <= self.first_day:
                self.add_error(f"t{number}", _("The new date lies after the one that was given first."))
        return self.cleaned_data

    def values(self) -> dict[str, str]:
        """As they stand on the paper; what was not valid is empty."""
        found = {}
        for number, name in enumerate(self.kind.typed):
            value = getattr(self, "cleaned_data", {}).get(f"t{number}") or ""
            found[name] = legal_date(value) if isinstance(value, date) else str(value)
        return found

    def inputs(self) -> dict[str, str]:
        """Field name to the id of its input, for links that lead there."""
        return {name: self[f"t{number}"].auto_id for number, name in enumerate(self.kind.typed)}


class TextForm(forms.Form):
    """The text of a form in the small markup."""

    body = LongTextField(
        label=gettext_lazy("Text of the form"),
        max_length=MAX_LENGTH,
        error_messages={"required": gettext_lazy("Write the text of the form.")},
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "true", "lang": "vi"}),
    )
    seen_version = IntegerField(widget=forms.HiddenInput, min_value=0, localize=False)
    dossier = TextField(
        label=gettext_lazy("Preview with the dossier"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("Its number; empty shows invented values."),
    )


class BookForm(forms.Form):
    """Which part of the book."""

    season = forms.ChoiceField(label=gettext_lazy("Season"), required=False)
    first = DateField(label=gettext_lazy("Received from"), required=False)
    last = DateField(label=gettext_lazy("Received until"), required=False)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["season"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(year), str(year)) for year in years]

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first is not None and last is not None and last < first:
            raise ValidationError(_("The book would end before it begins. Check both dates."))
        return self.cleaned_data
