"""The one field of a message."""

from django import forms
from django.utils.translation import gettext_lazy

from core.forms import LongTextField
from dossiers.talk import MAX_LETTERS


class MessageForm(forms.Form):
    use_required_attribute = False

    text = LongTextField(
        label=gettext_lazy("Your message"),
        help_text=gettext_lazy("At most 4,000 characters, plain text. Papers belong into their slots, not here."),
        max_length=MAX_LETTERS,
        error_messages={"required": gettext_lazy("Write your message first.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
