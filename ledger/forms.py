"""What a citizen may type to check one entry."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import IntegerField, TextField

LARGEST_PROOF = 20_000
LARGEST_NUMBER = 2**53
PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class EntryForm(forms.Form):
    """A number and the hash that somebody was given with it."""

    number = IntegerField(
        label=pgettext_lazy("public log", "Number of the entry"),
        min_value=1,
        max_value=LARGEST_NUMBER,
        error_messages={
            "required": _("Enter the number of the entry."),
            "invalid": _("A number has digits only."),
            "min_value": _("Entries are counted from 1."),
            "max_value": _("No log is that long."),
        },
    )
    entry = TextField(
        label=pgettext_lazy("public log", "Hash of the entry"),
        help_text=_("64 characters, 0 to 9 and a to f. Spaces and capital letters do not matter."),
        max_length=200,
        error_messages={
            "required": _("Enter the hash of the entry."),
            "max_length": _("A hash has 64 characters, 0 to 9 and a to f."),
        },
        widget=forms.TextInput(attrs=PLAIN | {"class": "mono"}),
    )

    def clean_entry(self) -> str:
        return _hash_in(self.cleaned_data["entry"])


class ProofForm(forms.Form):
    """The content of a proof file, as this site or a copy of it gives it."""

    proof = forms.CharField(
        label=_("Content of a proof file"),
        help_text=_("Open the file in a text editor, copy everything and paste it here."),
        max_length=LARGEST_PROOF,
        error_messages={
            "required": _("Paste the content of a proof file."),
            "max_length": _("This is longer than any proof."),
        },
        widget=forms.Textarea(attrs=PLAIN | {"class": "mono", "rows": 6}),
    )

    root = TextField(
        label=_("A root that you kept"),
        help_text=_(
            "From your own copy of the list of roots, or from a printed one; then this site need not be trusted."
        ),
        required=False,
        max_length=200,
        error_messages={"max_length": _("A hash has 64 characters, 0 to 9 and a to f.")},
        widget=forms.TextInput(attrs=PLAIN | {"class": "mono"}),
    )

    def clean_root(self) -> str:
        return _hash_in(self.cleaned_data["root"]) if self.cleaned_data["root"] else ""

    def clean_proof(self) -> dict[str, Any]:
        try:
            found = json.loads(self.cleaned_data["proof"])
        except (ValueError, RecursionError):
            found = None
        if not _is_proof(found):
            raise ValidationError(
                _("This is not the content of a proof file of this log: something is missing or was not copied."),
                code="invalid",
            )
        proof: dict[str, Any] = found
        return proof


def _hash_in(typed: str) -> str:
    """Raises ValidationError."""
    text = "".join(typed.split()).lower()
    if not is_hash(text):
        raise ValidationError(_("A hash has 64 characters, 0 to 9 and a to f."), code="invalid")
    return text


def is_hash(text: Any) -> bool:
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")


def _is_proof(found: Any) -> bool:
    """The shape of ledger.queries.Inclusion.as_json."""
    if not isinstance(found, dict) or not isinstance(found.get("under"), dict):
        return False
    under, path = found["under"], found.get("path")
    numbers = (found.get("number"), under.get("size"))
    return (
        all(isinstance(n, int) and not isinstance(n, bool) and 0 < n <= LARGEST_NUMBER for n in numbers)
        and is_hash(found.get("entry"))
        and is_hash(under.get("root"))
        and isinstance(under.get("day"), str)
        and isinstance(path, list)
        and len(path) <= 64
        and all(map(is_hash, path))
    )
