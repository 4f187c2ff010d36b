"""What the applicant gives the own product, criterion by criterion. The council sees it; it never enters a result."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.forms import DecimalField, LongTextField
from dossiers.forms import DraftForm
from dossiers.models import SelfMark
from programme.models import Criterion


@dataclass(frozen=True)
class SelfMarkRow:
    """One criterion with its two fields."""

    criterion: Criterion
    label: str
    most: str
    points: BoundField
    evidence: BoundField


class SelfMarksForm(DraftForm):
    """Points and the place of the evidence for every criterion that the council marks."""

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], marks: Sequence[SelfMark] = (), **kwargs: Any
    ) -> None:
        known = {mark.criterion_id: mark for mark in marks}
        initial: dict[str, Any] = {}
        for criterion in criteria:
            mark = known.get(criterion.pk)
            points = mark.points if mark else None
            initial[f"points_{criterion.pk}"] = _plain(points)
            initial[f"evidence_{criterion.pk}"] = mark.evidence if mark else ""
        super().__init__(*args, initial=initial, **kwargs)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            label, most = _label(criterion), _plain(criterion.max_points)
            words = _("%(label)s: give points from 0 to %(most)s, with at most two decimals.") % {
                "label": label,
                "most": number_format(most or 0, force_grouping=True),
            }
            points_field = DecimalField(
                label=_("Own points: %(label)s") % {"label": label},
                required=False,
                min_value=0,
                max_value=criterion.max_points,
                max_digits=7,
                decimal_places=2,
            )
            points_field.error_messages |= {"invalid": words}
            points_field.validators = [_told(validator, words) for validator in points_field.validators]
            points_field.widget.attrs |= {"autocomplete": "off"}
            self.fields[f"points_{criterion.pk}"] = points_field
            self.fields[f"evidence_{criterion.pk}"] = LongTextField(
                label=_("Where is the evidence: %(label)s") % {"label": label},
                required=False,
                max_length=600,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def rows(self) -> Iterator[SelfMarkRow]:
        for criterion in self.criteria:
            yield SelfMarkRow(
                criterion,
                _label(criterion),
                number_format(_plain(criterion.max_points) or 0, force_grouping=True),
                self[f"points_{criterion.pk}"],
                self[f"evidence_{criterion.pk}"],
            )

    def marks(self) -> dict[int, dict[str, Any]]:
        """What `dossiers.actions.mark_oneself` writes: the fields that were read without an error."""
        found: dict[int, dict[str, Any]] = {}
        for criterion in self.criteria:
            values = {
                kind: self.cleaned_data[f"{kind}_{criterion.pk}"]
                for kind in ("points", "evidence")
                if f"{kind}_{criterion.pk}" in self.cleaned_data
            }
            if values:
                found[criterion.pk] = values
        return found


def _told(validator: Any, words: str) -> Any:
    """The same limit in one sentence that names the criterion."""

    def check(value: Any) -> None:
        try:
            validator(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(words, code=error.code) from error

    return check


def _plain(value: Decimal | None) -> Decimal | None:
    """30 for what the database returns as 30.00."""
    if value is None:
        return None
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _label(criterion: Criterion) -> str:
    name = criterion.label_en if get_language() == "en" and criterion.label_en else criterion.label_vi
    return f"{criterion.code}. {name}"
