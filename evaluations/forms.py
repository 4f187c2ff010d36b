"""What the secretary and the members type."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import localize_input
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from core.forms import DateField, DecimalField, LongTextField, TextField
from evaluations import queries
from evaluations.models import Seat
from evaluations.queries import trim
from programme.models import Criterion, Season
from programme.rubric_file import CriterionRule


# --- the secretary ------------------------------------------------------------------------------------
class CouncilForm(forms.Form):
    """The decision that sets up the council."""

    decision_number = TextField(
        label=gettext_lazy("Decision number"),
        max_length=60,
        help_text=gettext_lazy("As printed, for example 1234/QĐ-UBND."),
        error_messages={"required": gettext_lazy("Enter the number of the decision.")},
    )
    decision_date = DateField(
        label=gettext_lazy("Decision date"),
        help_text=gettext_lazy("Day, month and year, for example 05/03/2026."),
        error_messages={
            "required": gettext_lazy("Enter the date of the decision."),
            "invalid": gettext_lazy("Enter the date as day/month/year."),
        },
    )


class AccountChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} ({obj.email})"


class _SeatFields(forms.Form):
    position = forms.ChoiceField(
        label=gettext_lazy("Position in the council"),
        choices=Seat.Position.choices,
        initial=Seat.Position.MEMBER,
    )
    unit = TextField(label=gettext_lazy("Agency"), max_length=160, required=False)


class KnownMemberForm(_SeatFields):
    """A seat for somebody with an account."""

    user = AccountChoice(
        label=gettext_lazy("Account"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a person"),
        help_text=gettext_lazy("Officers of the Department and members of earlier councils."),
        error_messages={"required": gettext_lazy("Choose a person.")},
    )
    field_order = ["user", "position", "unit"]
    prefix = "known"

    def __init__(self, *args: Any, season: Season, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = queries.candidates(season)  # type: ignore[attr-defined]


class NewMemberForm(_SeatFields):
    """A seat by mail address; an account is opened when the address has none."""

    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("When the address has an account already, that account takes the seat."),
        error_messages={
            "required": gettext_lazy("Enter the email address."),
            "invalid": gettext_lazy("Enter a whole email address, for example an.nguyen@example.vn."),
        },
    )
    full_name = TextField(
        label=gettext_lazy("Full name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the full name.")},
    )
    title = TextField(
        label=pgettext_lazy("person", "Title"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Academic or official, for example Dr, Assoc. Prof."),
    )
    field_order = ["email", "full_name", "title", "position", "unit"]
    prefix = "new"


# --- the member ---------------------------------------------------------------------------------------
class PointsField(DecimalField):
    """Points of one criterion. A comma and a point both part the decimals, in both languages: points have no
    thousands, and 1,5 typed on an English page must not become 15."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = value.strip().replace(" ", "")
            if value.count(",") + value.count(".") == 1:
                try:
                    return Decimal(value.replace(",", "."))
                except ArithmeticError:
                    pass
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return localize_input(trim(value)) if isinstance(value, Decimal) else value


class SheetForm(forms.Form):
    """One score sheet: points and justification for each criterion of the member, and a private note.

    Fields are named `points-<n>` and `why-<n>` by the place of the criterion, because codes may hold dots.
    """

    note = LongTextField(
        label=gettext_lazy("Private note"),
        required=False,
        help_text=gettext_lazy("For yourself only; nobody else reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        criteria: Sequence[Criterion],
        rules: Mapping[str, CriterionRule],
        track: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria, self.rules, self.track = criteria, rules, track
        for place, criterion in enumerate(criteria, start=1):
            most = rules[criterion.code].max_points
            self.fields[f"points-{place}"] = PointsField(
                label=_("Points for criterion %(code)s") % {"code": criterion.code},
                required=False,
                min_value=Decimal(0),
                max_value=most,
                max_digits=7,
                decimal_places=2,
                error_messages={
                    "invalid": _("Write points as a number, for example %(example)s.")
                    % {"example": localize_input(Decimal("7.5"))},
                    "min_value": _("Give 0 to %(most)s points.") % {"most": localize_input(trim(most))},
                    "max_value": _("Give 0 to %(most)s points.") % {"most": localize_input(trim(most))},
                    "max_decimal_places": _("Use at most two decimals."),
                    "max_digits": _("Give 0 to %(most)s points.") % {"most": localize_input(trim(most))},
                    "max_whole_digits": _("Give 0 to %(most)s points.") % {"most": localize_input(trim(most))},
                },
                # a text field with a numeric keyboard: a number field would refuse the comma
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 4}),
            )
            self.fields[f"why-{place}"] = LongTextField(
                label=_("Justification"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for place, criterion in enumerate(self.criteria, start=1):
            name = f"points-{place}"
            points, rule = said.get(name), self.rules[criterion.code]
            if points is not None and not rule.free:
                allowed = [anchor.points for anchor in rule.anchors_for(self.track)]
                if points not in allowed:
                    levels = ", ".join(str(localize_input(trim(a))) for a in allowed)
                    self.add_error(name, _("Choose one of the levels %(levels)s.") % {"levels": levels})
            if points is None and name not in self.errors and said.get(f"why-{place}"):
                self.add_error(name, _("Give the points too: the justification is kept together with them."))
        return said

    def marks(self) -> dict[str, Decimal | None]:
        """The points that could be read; a field in error is left as it was stored."""
        return {
            criterion.code: self.cleaned_data.get(f"points-{place}")
            for place, criterion in enumerate(self.criteria, start=1)
            if f"points-{place}" not in self.errors
        }

    def justifications(self) -> dict[str, str]:
        return {
            criterion.code: self.cleaned_data.get(f"why-{place}", "")
            for place, criterion in enumerate(self.criteria, start=1)
            if f"why-{place}" not in self.errors
        }
