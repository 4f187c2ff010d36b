"""Forms of the appeals."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.forms import DateField, DecimalField, LongTextField
from core.templatetags.ui import in_language
from dossiers.models import Dossier
from evaluations.actions.appeals import Correction
from evaluations.models import Appeal

POINTS, ABSTAIN, VOID = "points", "abstain", "void"


class LodgeForm(forms.Form):
    dossier = forms.TypedChoiceField(label=gettext_lazy("Dossier"), coerce=int)
    received_on = DateField(label=gettext_lazy("Received on"))
    grounds = LongTextField(label=gettext_lazy("What the enterprise contests"), max_length=3000)

    def __init__(self, *args: Any, dossiers: Sequence[Dossier], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dossier"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("Choose"))] + [
            (str(d.pk), f"{d.number} · {in_language(d.product, 'name')}") for d in dossiers
        ]


class TryForm(forms.Form):
    """One changed input. The sheets are named by alias, so that nobody needs to know whose they are."""

    member = forms.ChoiceField(label=gettext_lazy("Score sheet of"))
    what = forms.ChoiceField(
        label=gettext_lazy("What is tried"),
        choices=[
            (POINTS, gettext_lazy("Other points for a criterion")),
            (ABSTAIN, gettext_lazy("No points for a criterion: an abstention")),
            (VOID, gettext_lazy("The whole sheet does not count")),
        ],
        initial=POINTS,
    )
    criterion = forms.ChoiceField(label=gettext_lazy("Criterion"), required=False)
    points = DecimalField(
        label=pgettext_lazy("appeal", "Points instead"), required=False, max_digits=7, decimal_places=2
    )
    keeps = forms.BooleanField(label=gettext_lazy("Together with what was tried before"), required=False)

    def __init__(self, *args: Any, sheets: Sequence[tuple[str, Mapping[str, Any]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member, criterion = self.fields["member"], self.fields["criterion"]
        assert isinstance(member, forms.ChoiceField)
        assert isinstance(criterion, forms.ChoiceField)
        member.choices = [(alias, alias) for alias, _codes in sheets]
        codes = list(dict.fromkeys(code for _alias, held in sheets for code in held))
        criterion.choices = [("", _("Choose"))] + [(code, code) for code in codes]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if facts.get("what") in (POINTS, ABSTAIN) and not facts.get("criterion"):
            self.add_error("criterion", _("Choose the criterion."))
        if facts.get("what") == POINTS and facts.get("points") is None and "points" not in self.errors:
            self.add_error("points", _("Enter the points."))
        return facts

    def correction(self) -> Correction:
        facts = self.cleaned_data
        if facts["what"] == VOID:
            return Correction(facts["member"])
        return Correction(facts["member"], facts["criterion"], facts["points"] if facts["what"] == POINTS else None)

    @staticmethod
    def points_of(text: str) -> Decimal | None:
        """What an appeal keeps: decimal text, "" for an abstention or a whole sheet."""
        return Decimal(text) if text else None


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(
        label=pgettext_lazy("appeal", "Decision"), choices=Appeal.Outcome.choices, widget=forms.RadioSelect
    )
    reason = LongTextField(label=gettext_lazy("Reason"), max_length=2000)
