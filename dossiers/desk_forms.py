"""What an officer writes about a dossier: marks, notes, phrases, the request for a supplement and the refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.forms import LongTextField
from dossiers import checklist, phrasebook
from dossiers.actions import Asked
from dossiers.models import CheckMark, Defect, Phrase
from dossiers.papers import PAPERS
from dossiers.views.desk import words

WORDS_LENGTH = Defect._meta.get_field("words").max_length or 600
NOTE_LENGTH = 4000


# --- one tick or cross --------------------------------------------------------------------------------
class MarkForm(forms.Form):
    """What the checklist sends: `seen` and `was` say what the page showed."""

    part = forms.CharField(max_length=30)
    verdict = forms.ChoiceField(choices=[("", ""), *CheckMark.Verdict.choices], required=False)
    reason = forms.ChoiceField(choices=[("", ""), *Defect.Reason.choices], required=False)
    words = LongTextField(required=False, max_length=WORDS_LENGTH)
    seen = forms.CharField(max_length=64)
    was = forms.CharField(max_length=40, required=False)

    def reasons(self) -> list[str]:
        """Every error as a sentence."""
        return [str(message) for messages in self.errors.values() for message in messages]


class NoteForm(forms.Form):
    text = LongTextField(
        label=gettext_lazy("Note for colleagues"),
        help_text=gettext_lazy("The enterprise never sees it: not on a page, in a letter or in an export."),
        max_length=NOTE_LENGTH,
        error_messages={"required": gettext_lazy("Write the note first.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


# --- the library of sentences -------------------------------------------------------------------------
def part_choices() -> list[tuple[str, str]]:
    papers = [(paper.code, words.part_name(paper.code)) for paper in PAPERS]
    return [*papers, *((part, words.part_name(part)) for part in checklist.PARTS)]


class PhraseForm(forms.Form):
    """Part or reason left open: the sentence fits all."""

    part = forms.ChoiceField(label=gettext_lazy("Paper or part"), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    words = LongTextField(
        label=gettext_lazy("Sentence"),
        help_text=gettext_lazy("In Vietnamese. {tên} becomes the name of the paper or part."),
        max_length=WORDS_LENGTH,
        error_messages={"required": gettext_lazy("Write the sentence first.")},
        widget=forms.Textarea(attrs={"rows": 2, "lang": "vi"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts, reasons = self.fields["part"], self.fields["reason"]
        assert isinstance(parts, forms.ChoiceField)
        assert isinstance(reasons, forms.ChoiceField)
        parts.choices = [("", pgettext_lazy("phrase", "Any paper or part")), *part_choices()]
        reasons.choices = [("", pgettext_lazy("phrase", "Any reason")), *Defect.Reason.choices]


# --- the request for a supplement ---------------------------------------------------------------------
@dataclass(frozen=True)
class Target:
    """A paper or a part that a defect can name. `held` are the files in the slot; `is_crossed` with reason and words
    comes from the checklist or from what the automatic checks miss."""

    code: str
    name: str
    held: Sequence[str] = ()
    is_crossed: bool = False
    reason: str = ""
    words: str = ""


@dataclass(frozen=True)
class TargetRow:
    """The three fields of one target, for the page."""

    target: Target
    tick: forms.BoundField
    reason: forms.BoundField
    words: forms.BoundField
    phrases: Mapping[str, str]
    library: Sequence[tuple[str, str]]


class SupplementForm(forms.Form):
    """Every slot and part can be ticked, with a reason and words; empty words become the usual sentence."""

    message = LongTextField(
        label=gettext_lazy("Message to the enterprise"),
        help_text=gettext_lazy("One or two sentences above the list. The enterprise reads it as you write it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, targets: Sequence[Target], library: Sequence[Phrase] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = list(targets)
        self.library = list(library)
        reasons = [("", pgettext_lazy("defect", "Choose a reason")), *Defect.Reason.choices]
        self.phrases = {
            target.code: {
                reason: phrasebook.usual(self.library, target.code, reason) for reason in Defect.Reason.values
            }
            for target in self.targets
        }
        for target in self.targets:
            label = {"name": target.name}
            self.fields[f"tick-{target.code}"] = forms.BooleanField(
                label=target.name, required=False, initial=target.is_crossed
            )
            self.fields[f"reason-{target.code}"] = forms.ChoiceField(
                label=_("Reason: %(name)s") % label, choices=reasons, required=False, initial=target.reason
            )
            self.fields[f"words-{target.code}"] = LongTextField(
                label=_("What to mend: %(name)s") % label,
                required=False,
                max_length=WORDS_LENGTH,
                initial=target.words or self.phrases[target.code].get(target.reason, ""),
                widget=forms.Textarea(attrs={"rows": 2, "lang": "vi"}),
            )

    def rows(self) -> list[TargetRow]:
        return [
            TargetRow(
                target=target,
                tick=self[f"tick-{target.code}"],
                reason=self[f"reason-{target.code}"],
                words=self[f"words-{target.code}"],
                phrases=self.phrases[target.code],
                library=phrasebook.fitting(self.library, target.code),
            )
            for target in self.targets
        ]

    def letter(self) -> list[tuple[str, str]]:
        """What is ticked at this moment, as the enterprise would read it: name and sentence."""
        if self.is_bound and self.is_valid():
            return [(words.part_name(asked.part), asked.words) for asked in self.asked()]
        return [
            (r.target.name, r.words.value() or r.phrases.get(r.reason.value() or "", ""))
            for r in self.rows()
            if r.tick.value()
        ]

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
