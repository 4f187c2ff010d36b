"""What people type about conflicts of interest."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.forms import LongTextField, TextField
from dossiers.models import Dossier, Ground

NONE, CONFLICT = "none", "conflict"
# What somebody says of his own; being an account of the enterprise is known without words.
TOLD = [choice for choice in Ground.choices if choice[0] != Ground.REPRESENTATION]
CHOICES = [("", gettext_lazy("Choose the ground")), *TOLD]


def kind_field(**facts: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=pgettext_lazy("conflict", "Ground"), choices=CHOICES, **facts)


class InterestForm(forms.Form):
    """What a member says about one dossier; empty when nothing was said yet.

    `begun` is the number of marks that a conflict would delete, `signed` that a signed sheet would no longer count.
    """

    use_required_attribute = False

    answer = forms.ChoiceField(
        required=False,
        choices=[(NONE, gettext_lazy("No conflict")), (CONFLICT, gettext_lazy("Conflict"))],
        widget=forms.RadioSelect,
    )
    kind = kind_field(required=False)
    ground = TextField(
        label=gettext_lazy("What the conflict is"),
        max_length=300,
        required=False,
        error_messages={"max_length": gettext_lazy("Write at most 300 letters.")},
    )
    sure = forms.BooleanField(required=False)

    def __init__(self, *args: Any, begun: int = 0, signed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begun, self.signed = begun, signed

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("answer") == CONFLICT:
            ground_faults(self, said)
            if (self.begun or self.signed) and not said.get("sure"):
                words = _("Confirm that your points for this dossier are deleted.")
                if self.signed:
                    words = _("Confirm that your signed sheet no longer counts.")
                self.add_error("sure", words)
        return said

    def says_something_new(self) -> bool:
        """A conflict always; "none" where it was not said before."""
        answer = self.cleaned_data.get("answer")
        return bool(answer) and answer != self.initial.get("answer")


def ground_faults(form: forms.Form, said: dict[str, Any]) -> None:
    """A typed ground; the ground "other" in words."""
    if not said.get("kind") and "kind" not in form.errors:
        form.add_error("kind", _("Choose the ground of the conflict."))
    if said.get("kind") == Ground.OTHER and not said.get("ground") and "ground" not in form.errors:
        form.add_error("ground", _("Say what the conflict is."))


class ConflictForm(forms.Form):
    """A conflict that comes to light in the course of the work, about the dossier of the page."""

    use_required_attribute = False

    kind = kind_field(error_messages={"required": gettext_lazy("Choose the ground of the conflict.")})
    ground = TextField(
        label=gettext_lazy("In words"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Needed for another ground. Nobody else of the council reads it."),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I know that the dossier is taken from me at once and that only two others can undo this."),
        error_messages={"required": gettext_lazy("Confirm that the dossier is taken away from you.")},
    )
    field_order = ["kind", "ground", "sure"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        ground_faults(self, said)
        return said


class OwnConflictForm(ConflictForm):
    """The same for people of the Department, by the number of the dossier."""

    number = TextField(
        label=gettext_lazy("Dossier number"),
        max_length=30,
        error_messages={"required": gettext_lazy("Enter the dossier number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["number", "kind", "ground", "sure"]

    def clean_number(self) -> Dossier:
        found = Dossier.objects.filed().filter(number__iexact=self.cleaned_data["number"]).first()
        if found is None:
            raise forms.ValidationError(_("No dossier has this number."))
        return found


class ReasonForm(forms.Form):
    """A reason that another person reads."""

    use_required_attribute = False

    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=500,
        error_messages={"required": gettext_lazy("Give the reason.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LikelyForm(forms.Form):
    """A person's judgement about what the machine noticed."""

    use_required_attribute = False

    answer = forms.ChoiceField(
        label=gettext_lazy("Is it a conflict?"),
        choices=[
            (CONFLICT, gettext_lazy("Yes: the person is kept apart from the dossier at once")),
            (NONE, gettext_lazy("No: the notice stays on record and is not raised again")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether it is a conflict.")},
    )
    kind = kind_field(required=False)
    reason = TextField(
        label=gettext_lazy("Reason"),
        max_length=300,
        error_messages={"required": gettext_lazy("Give the reason for your answer.")},
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("answer") == CONFLICT and not said.get("kind"):
            self.add_error("kind", _("Choose the ground of the conflict."))
        return said
