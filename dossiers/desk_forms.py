"""What an officer writes about a dossier: the request for a supplement and the refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.forms import LongTextField
from dossiers.actions import Asked
from dossiers.models import Defect
from dossiers.views.desk import words

WORDS_LENGTH = Defect._meta.get_field("words").max_length or 600


@dataclass(frozen=True)
class Target:
    """A paper or a part that a defect can name. `held` are the files in the slot; `suspected` is the reason
    that the automatic checks propose."""

    code: str
    name: str
    held: Sequence[str] = ()
    suspected: str = ""


@dataclass(frozen=True)
class TargetRow:
    """The three fields of one target, for the page."""

    target: Target
    tick: forms.BoundField
    reason: forms.BoundField
    words: forms.BoundField
    phrases: Mapping[str, str]


def phrases_of(code: str) -> dict[str, str]:
    """The usual sentence for each reason, in Vietnamese whatever language the officer works in."""
    with translation.override("vi"):
        return {reason: words.phrase(reason, code) for reason in Defect.Reason.values}


class SupplementForm(forms.Form):
    """Every slot and part can be ticked, with a reason and words; empty words become the usual sentence."""

    message = LongTextField(
        label=gettext_lazy("Message to the enterprise"),
        help_text=gettext_lazy("One or two sentences above the list. The enterprise reads it as you write it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, targets: Sequence[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = list(targets)
        reasons = [("", pgettext_lazy("defect", "Choose a reason")), *Defect.Reason.choices]
        self.phrases = {target.code: phrases_of(target.code) for target in self.targets}
        for target in self.targets:
            label = {"name": target.name}
            self.fields[f"tick-{target.code}"] = forms.BooleanField(
                label=target.name, required=False, initial=bool(target.suspected)
            )
            self.fields[f"reason-{target.code}"] = forms.ChoiceField(
                label=_("Reason: %(name)s") % label, choices=reasons, required=False, initial=target.suspected
            )
            self.fields[f"words-{target.code}"] = LongTextField(
                label=_("What to mend: %(name)s") % label,
                required=False,
                max_length=WORDS_LENGTH,
                initial=self.phrases[target.code].get(target.suspected, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def rows(self) -> list[TargetRow]:
        return [
            TargetRow(
                target=target,
                tick=self[f"tick-{target.code}"],
                reason=self[f"reason-{target.code}"],
                words=self[f"words-{target.code}"],
                phrases=self.phrases[target.code],
            )
            for target in self.targets
        ]

    def letter(self) -> list[tuple[str, str]]:
        """What is ticked at this moment, as the enterprise would read it: name and sentence."""
        if self.is_bound and self.is_valid():
            return [(words.part_name(asked.part), asked.words) for asked in self.asked()]
        return [(r.target.name, r.words.value() or "") for r in self.rows() if r.tick.value()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for target in self.targets:
            if not data.get(f"tick-{target.code}"):
                continue
            reason, own = data.get(f"reason-{target.code}", ""), data.get(f"words-{target.code}", "")
            if not reason and f"reason-{target.code}" not in self.errors:
                self.add_error(f"reason-{target.code}", _("Choose a reason."))
            elif reason and not own and f"words-{target.code}" not in self.errors:
                usual = self.phrases[target.code][reason]
                if usual:
                    data[f"words-{target.code}"] = usual
                else:
                    self.add_error(f"words-{target.code}", _("Say what is wrong."))
        return data

    def asked(self) -> list[Asked]:
        """The ticked defects. After `is_valid`."""
        data = self.cleaned_data
        return [
            Asked(target.code, data[f"reason-{target.code}"], data[f"words-{target.code}"])
            for target in self.targets
            if data.get(f"tick-{target.code}")
        ]


class RefusalForm(forms.Form):
    reason = LongTextField(
        label=gettext_lazy("Reason for the refusal"),
        help_text=gettext_lazy("The enterprise reads this reason. Name the rule that is not met."),
        max_length=2000,
        error_messages={"required": gettext_lazy("Give the reason for the refusal.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
