"""A letter of reasons as fields: one for each sentence, and what a person adds."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import IntegerField, LongTextField
from decisions.models import ReasonsLetter

LONGEST = 2_000


class LetterForm(forms.Form):
    """Sentences are named by their place, so that no key of the record becomes a name in the page."""

    seen = IntegerField(widget=forms.HiddenInput, min_value=1)
    paragraph = LongTextField(
        label=gettext_lazy("What you add"),
        help_text=gettext_lazy("It stands after the result as a whole. Vietnamese, like the letter."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "vi"}),
    )

    def __init__(self, data: Any = None, *, letter: ReasonsLetter) -> None:
        initial: dict[str, Any] = {"seen": letter.revision, "paragraph": letter.paragraph}
        self.letter = letter
        self.keys: list[str] = []
        made: dict[str, forms.Field] = {}
        for section in letter.content["sections"]:
            for place, one in enumerate(section["sentences"], start=1):
                name = f"s{len(self.keys)}"
                self.keys.append(one["key"])
                initial[name] = letter.words(one)
                made[name] = LongTextField(
                    label=_("%(section)s, sentence %(n)s") % {"section": section["vi"], "n": place},
                    required=False,
                    max_length=LONGEST,
                    widget=forms.Textarea(attrs={"rows": 2, "lang": "vi"}),
                )
        super().__init__(data, initial=initial)
        self.fields.update(made)

    def sections(self) -> Iterator[tuple[dict[str, Any], list[tuple[dict[str, Any], BoundField]]]]:
        """Each section with its sentences and their fields."""
        place = 0
        for section in self.letter.content["sections"]:
            rows = []
            for one in section["sentences"]:
                rows.append((one, self[f"s{place}"]))
                place += 1
            yield section, rows

    def edits(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"s{place}"] for place, key in enumerate(self.keys)}
