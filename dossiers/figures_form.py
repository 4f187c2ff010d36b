"""The grid of figures as a form."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.forms import DecimalField, IntegerField
from dossiers.forms import DraftForm
from dossiers.models import Dossier


def plain(value: Decimal | int | None) -> Decimal | int | None:
    """150 for what the database returns as 150.000, which a Vietnamese reader takes for thousands."""
    if not isinstance(value, Decimal):
        return value
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


@dataclass(frozen=True)
class FigureRow:
    """One line of the grid: its label, and a cell for each year."""

    label: str
    unit: str
    name: str
    cells: list[tuple[str, BoundField]]


class FiguresForm(DraftForm):
    """Years by figures; a cell is named `revenue_vnd_billion_2025`."""

    MONEY = ("revenue_vnd_billion", "enterprise_revenue_vnd_billion", "export_usd_million", "budget_vnd_billion")

    def __init__(self, *args: Any, years: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years
        self.heads = {
            "revenue_vnd_billion": (_("Revenue of the product"), _("billion VND")),
            "enterprise_revenue_vnd_billion": (
                pgettext("figures", "Revenue of the enterprise"),
                _("billion VND; may stay empty"),
            ),
            "export_usd_million": (_("Exports of the product"), _("million USD; 0 if none")),
            "budget_vnd_billion": (_("Paid to the State budget"), _("billion VND; may stay empty")),
            "workers": (_("Workers of the enterprise"), _("persons at the end of the year")),
        }
        for name, (label, _unit) in self.heads.items():
            for year in years:
                field: forms.Field
                if name == "workers":
                    field = IntegerField(min_value=0, max_value=10_000_000)
                else:
                    digits = 14 if name == "enterprise_revenue_vnd_billion" else 12
                    field = DecimalField(min_value=0, max_digits=digits, decimal_places=3)
                field.label = f"{label}, {year}"
                field.error_messages |= self._words(label, year)
                field.validators = [self._told(v, label, year) for v in field.validators]
                field.widget.attrs |= {"aria-label": field.label, "autocomplete": "off"}
                self.fields[f"{name}_{year}"] = field

    @staticmethod
    def _words(label: str, year: int) -> dict[str, Any]:
        example = number_format(Decimal("1250.5"), 1, force_grouping=True)
        return {
            "invalid": _("%(label)s, %(year)s: enter a number, such as %(example)s.")
            % {"label": label, "year": year, "example": example}
        }

    @staticmethod
    def _told(validator: Any, label: str, year: int) -> Any:
        """The same limit, with a sentence that names the cell."""

        def check(value: Any) -> None:
            try:
                validator(value)
            except forms.ValidationError as error:
                limits = {
                    "min_value": _("%(label)s, %(year)s: a negative number is not possible."),
                    "max_decimal_places": _("%(label)s, %(year)s: at most three decimals."),
                }
                words = limits.get(error.code or "", _("%(label)s, %(year)s: the number is too large. Mind the unit."))
                raise forms.ValidationError(words % {"label": label, "year": year}, code=error.code) from error

        return check

    def rows(self) -> Iterator[FigureRow]:
        for name, (label, unit) in self.heads.items():
            yield FigureRow(label, unit, name, [(str(year), self[f"{name}_{year}"]) for year in self.years])

    def figures(self) -> dict[int, dict[str, Decimal | int | None]]:
        """What `dossiers.actions.report_figures` writes: the cells that were read without an error."""
        return {
            year: {
                name: self.cleaned_data[f"{name}_{year}"]
                for name in self.heads
                if f"{name}_{year}" in self.cleaned_data
            }
            for year in self.years
        }

    @classmethod
    def figures_of(cls, dossier: Dossier) -> dict[str, Any]:
        return {
            f"{name}_{figure.year}": plain(getattr(figure, name))
            for figure in dossier.figures.all()
            for name in (*cls.MONEY, "workers")
        }
