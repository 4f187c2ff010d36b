"""The figures of three years."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dossiers import actions
from dossiers.figures_form import FiguresForm, plain
from dossiers.forms import threshold_in_words
from dossiers.models import Dossier, YearFigure
from dossiers.queries import years_asked
from dossiers.views.applicant.part import answered, context_of, data_of
from dossiers.views.applicant.whose import editable_dossier
from programme import tracks


@dataclass(frozen=True)
class Trend:
    """One measure over the years: bars, and the growth of each year over the one before."""

    label: str
    unit: str
    values: list[Decimal | int | None]
    growths: list[str]

    @property
    def decimals(self) -> int:
        """As many as the figures were typed with."""
        return max((-int(v.as_tuple().exponent) for v in self.values if isinstance(v, Decimal)), default=0)


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def figures(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Three years in a grid; what was saved is drawn below."""
    years = years_asked(dossier.season.year)
    form = FiguresForm(data_of(request), initial=FiguresForm.figures_of(dossier), years=years)

    def save() -> None:
        actions.report_figures(dossier=dossier, figures=form.figures(), by=request.user, at=timezone.now())

    answer = answered(request, dossier, form, save, "dossiers:figures") if form.is_bound else None
    if answer is not None:
        return answer
    known = {figure.year: figure for figure in dossier.figures.all()}
    rows = [known.get(year) or YearFigure(year=year) for year in years]
    context = context_of(dossier, "figures") | {
        "form": form,
        "years": [str(year) for year in years],
        "trends": _trends(form, rows),
        "doubts": _doubts(form, rows, dossier),
    }
    return render(request, "dossiers/figures.html", context)


def _trends(form: FiguresForm, rows: Sequence[YearFigure]) -> list[Trend]:
    found = []
    for name, (label, unit) in form.heads.items():
        values = [plain(getattr(row, name)) for row in rows]
        if sum(value is not None for value in values) >= 2:
            growths = [_growth(before, after) for before, after in pairwise(values)]
            found.append(Trend(label, unit.partition(";")[0], values, ["", *growths]))
    return found


def _growth(before: Any, after: Any) -> str:
    if not before or after is None:
        return "–"
    # Rounded here: number_format only cuts digits off.
    percent = ((Decimal(after) - before) / before * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{'+' if percent > 0 else ''}{number_format(percent, 1, force_grouping=True)} %"


def _doubts(form: FiguresForm, rows: Sequence[YearFigure], dossier: Dossier) -> list[str]:
    """Questions, not errors: a jump looks like a wrong unit, and a figure below the threshold of the track."""
    found = []
    for name, (label, _unit) in form.heads.items():
        for earlier, later in pairwise(rows):
            a, b = plain(getattr(earlier, name)), plain(getattr(later, name))
            if a and b and (b >= a * 10 or a >= b * 10):
                found.append(
                    _("%(label)s: %(a)s in %(year_a)s and %(b)s in %(year_b)s. Is the unit right in both years?")
                    % {
                        "label": label,
                        "a": number_format(a, force_grouping=True),
                        "b": number_format(b, force_grouping=True),
                        "year_a": earlier.year,
                        "year_b": later.year,
                    }
                )
    last = rows[-1]
    if last.is_complete and tracks.below_threshold(
        dossier.track, revenue=last.revenue_vnd_billion, export=last.export_usd_million
    ):
        found.append(
            _("The figures of %(year)s lie below what the track “%(track)s” asks: %(rule)s")
            % {
                "year": last.year,
                "track": dossier.get_track_display(),
                "rule": threshold_in_words(dossier.track),
            }
        )
    return found
