"""What the secretary types about seats and the assignment."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from core.forms import DateField, IntegerField, TextField
from core.templatetags.ui import in_language
from evaluations.assigning.problem import Rule, Settings
from evaluations.models import Seat
from reference.models import Sector

MOST_SEED = 999_999
RULES = [
    (Rule.WISH, pgettext_lazy("assignment rule", "Where possible")),
    (Rule.MUST, pgettext_lazy("assignment rule", "Always")),
    (Rule.OFF, pgettext_lazy("assignment rule", "Do not look at it")),
]


class RuleField(forms.ChoiceField):
    """Always answered: what is not sent is a wish."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, choices=RULES, initial=Rule.WISH)

    def clean(self, value: Any) -> Rule:
        return Rule(super().clean(value or Rule.WISH))


class AssignForm(forms.Form):
    """What the automatic assignment has to respect."""

    per_criterion = forms.TypedChoiceField(
        label=gettext_lazy("Who scores each criterion"),
        choices=[
            (0, gettext_lazy("Everyone without a conflict")),
            *((n, ngettext_lazy("%(n)s member", "%(n)s members", n) % {"n": n}) for n in range(1, 10)),
        ],
        coerce=int,
        initial=0,
    )
    split = forms.BooleanField(
        label=gettext_lazy("The criteria of one dossier may go to different members"),
        help_text=gettext_lazy("Each criterion then goes to those who are expert for it."),
        required=False,
    )
    most = IntegerField(
        label=gettext_lazy("Most dossiers per member"),
        help_text=gettext_lazy("Empty: no limit but the one of the seat."),
        min_value=1,
        max_value=10_000,
        required=False,
    )
    least = IntegerField(
        label=gettext_lazy("Fewest dossiers per member"), min_value=0, max_value=10_000, required=False
    )
    organisations = RuleField(gettext_lazy("One member of an agency per dossier"))
    experts = RuleField(gettext_lazy("An expert of the sector for each dossier"))
    bridges = RuleField(gettext_lazy("Members link all dossiers, so that points can be compared"))
    seed = IntegerField(
        label=gettext_lazy("Seed"),
        help_text=gettext_lazy("Decides only among equally good assignments. The same seed gives the same one."),
        min_value=1,
        max_value=MOST_SEED,
        required=False,
        initial=1,
    )

    @property
    def settings(self) -> Settings:
        said = self.cleaned_data
        return Settings(
            per_criterion=said["per_criterion"],
            split=said["split"],
            most=said["most"],
            least=said["least"] or 0,
            organisations=said["organisations"],
            experts=said["experts"],
            bridges=said["bridges"],
            seed=said["seed"] or 1,
        )

    @staticmethod
    def initial_of(settings: dict[str, Any]) -> dict[str, Any]:
        """The settings of the last assignment that was kept."""
        return {key: value for key, value in settings.items() if key in AssignForm.base_fields}


class CellForm(forms.Form):
    """The criteria of one dossier that one member scores."""

    codes = forms.MultipleChoiceField(
        label=pgettext_lazy("council", "Criteria"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = choices  # type: ignore[attr-defined]


class SectorChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(in_language(obj, "name"))


class SeatForm(forms.Form):
    """What is known of a member."""

    position = forms.ChoiceField(label=gettext_lazy("Position in the council"), choices=Seat.Position.choices)
    unit = TextField(
        label=gettext_lazy("Agency"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Members of the same agency are kept apart where possible."),
    )
    sectors = SectorChoices(
        label=gettext_lazy("Expert for the sectors"),
        queryset=Sector.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    scorer_labels = forms.MultipleChoiceField(
        label=gettext_lazy("Expert for criteria that ask for"),
        help_text=gettext_lazy("As the criteria of the season name it. None ticked: for all of them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    max_dossiers = IntegerField(
        label=gettext_lazy("Most dossiers"), min_value=1, max_value=10_000, required=False,
        help_text=gettext_lazy("A limit of this member. Empty: none."),
    )  # fmt: skip
    is_alternate = forms.BooleanField(
        label=gettext_lazy("Alternate: is asked only when another member cannot serve"), required=False
    )
    term_from = DateField(label=gettext_lazy("Term from"), required=False)
    term_until = DateField(
        label=gettext_lazy("Term until"),
        required=False,
        help_text=gettext_lazy("Outside the term nothing is assigned to the member. Empty: without an end."),
    )

    def __init__(self, *args: Any, labels: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sectors"].queryset = Sector.objects.all()  # type: ignore[attr-defined]
        self.fields["scorer_labels"].choices = [(label, label) for label in labels]  # type: ignore[attr-defined]
        if not labels:
            del self.fields["scorer_labels"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        said.setdefault("scorer_labels", [])
        begins, ends = said.get("term_from"), said.get("term_until")
        if begins and ends and ends < begins:
            self.add_error("term_until", _("The term ends before it begins."))
        return said


class UploadForm(forms.Form):
    """The matrix as a workbook."""

    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        error_messages={"required": gettext_lazy("Choose a workbook first.")},
    )
