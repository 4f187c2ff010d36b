from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import LongTextField, TextField


class CancelForm(forms.Form):
    reason = TextField(label=_("Reason"), max_length=500, help_text=_("It stays with the letter."))


class WordsForm(forms.Form):
    """Faults inside the words are found by the action, which says each in a sentence."""

    subject = TextField(label=_("Subject"), max_length=200)
    body = LongTextField(
        label=_("Text"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("An empty line begins a paragraph. A line [Words](field) becomes a button."),
    )
    seen_version = forms.CharField(widget=forms.HiddenInput, max_length=9)

    def clean_seen_version(self) -> int:
        value = self.cleaned_data["seen_version"]
        if not (value.isascii() and value.isdigit()):
            raise forms.ValidationError(_("Load the page again."))
        return int(value)
