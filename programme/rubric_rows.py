"""Lists of lines in a form of the rubric editor, and the figures in them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from core.forms import DecimalField
from programme import rubric_draft

MAX_ROWS = 60


def points(label: Any, **more: Any) -> DecimalField:
    return DecimalField(label=label, required=False, min_value=0, max_digits=7, decimal_places=2, **more)


def figure(value: Decimal | None) -> int | str | None:
    """As a file writes it: 70, or "62.5"."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")


def read_figure(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value)) if value not in rubric_draft.EMPTY else None
    except InvalidOperation:
        return None
    return number if number is None or number.is_finite() else None


class Row(forms.Form):
    """One line of a list. Left empty it is no line."""

    kept: Sequence[str] = ()
    # Fields that few lines need: folded away until one is filled.
    aside: Sequence[str] = ()
    aside_words: Any = ""

    @property
    def has_aside(self) -> bool:
        return any(self[name].value() for name in self.aside)

    def is_blank(self) -> bool:
        names = self.kept or list(self.fields)
        return not any(self.cleaned_data.get(name) for name in names)

    def stored(self) -> Any:
        return {name: value for name, value in self.cleaned_data.items() if value not in rubric_draft.EMPTY}


class Rows:
    """A list whose lines are forms. Empty lines at its end wait for more; `places` leads from the stored line to the
    one on the page, for problems."""

    def __init__(
        self,
        form: Any,
        prefix: str,
        *,
        data: Mapping[str, Any] | None,
        initial: Sequence[Any],
        blank: int = 1,
        **more: Any,
    ) -> None:
        self.prefix = prefix
        self.places: list[int] = []
        try:
            asked = int(data.get(self.count_name, 0)) if data is not None else 0
        except ValueError:
            asked = 0
        number = min(max(asked, 0), MAX_ROWS) if data is not None else min(len(initial) + blank, MAX_ROWS)
        self.forms: list[Row] = [
            form(
                data,
                prefix=f"{prefix}-{n}",
                initial=initial[n] if n < len(initial) else None,
                empty_permitted=False,
                use_required_attribute=False,
                **more,
            )
            for n in range(number)
        ]

    @property
    def count_name(self) -> str:
        return f"{self.prefix}-rows"

    def is_valid(self) -> bool:
        return False not in [form.is_valid() for form in self.forms]  # each says what is wrong with it

    def values(self) -> list[Any]:
        found = []
        self.places = []
        for number, form in enumerate(self.forms):
            if not form.is_blank():
                self.places.append(number)
                found.append(form.stored())
        return found

    @property
    def errors(self) -> list[str]:
        return [f"{form.fields[n].label}: {e}" for form in self.forms for n in form.errors for e in form.errors[n]]


def with_remarks(lines: list[dict[str, Any]], before: Any, *names: str) -> list[dict[str, Any]]:
    """The lines with what no form shows (where a rule comes from, a note) kept from the same line of before."""
    hidden = {}
    for line in before or []:
        if isinstance(line, dict):
            key = tuple(str(line.get(name) or "") for name in names)
            hidden[key] = {n: v for n, v in line.items() if n in ("basis", "note_vi", "note_en")}
    return [{**hidden.get(tuple(str(line.get(name) or "") for name in names), {}), **line} for line in lines]
