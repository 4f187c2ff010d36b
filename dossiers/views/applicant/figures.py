"""The figures of three years: the grid, its Excel template, and the questions about what looks unusual."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from core.uploads import XLSX
from core.xlsx.reading import open_upload
from dossiers import actions, figures_sheet, queries, trends
from dossiers.figures_form import FiguresForm, plain
from dossiers.forms import threshold_in_words
from dossiers.models import Dossier
from dossiers.queries import years_asked
from dossiers.views.applicant.part import answered, context_of, data_of
from dossiers.views.applicant.whose import editable_dossier

UNDO = "figures_undo"


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


@dataclass(frozen=True)
class Question:
    """Something unusual in words, and who said that it is right."""

    key: str
    words: str
    place: str
    confirmed_by: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def figures(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Three years in a grid; what was saved is drawn below."""
    years = years_asked(dossier.season.year)
    form = FiguresForm(data_of(request), initial=FiguresForm.figures_of(dossier), years=years)

    def save() -> None:
        actions.report_figures(dossier=dossier, figures=form.figures(), by=request.user, at=timezone.now())

    answer = answered(request, dossier, form, save, "dossiers:figures") if form.is_bound else None
    return answer or _page(request, dossier, form)


def _page(
    request: HttpRequest, dossier: Dossier, form: FiguresForm, *, problems: list[tuple[str, str]] | None = None
) -> HttpResponse:
    undo = request.session.get(UNDO)
    context = context_of(dossier, "figures") | view_of(dossier, form)
    context |= {
        "form": form,
        "rate": dossier.season.usd_rate_vnd,
        "may_undo": bool(undo and undo["dossier"] == dossier.pk),
        "problems": problems or [],
    }
    return render(request, "dossiers/figures.html", context)


@require_safe
@editable_dossier
def figures_view(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """What the saved figures show: the part of the page that is drawn anew after each save."""
    form = FiguresForm(initial=FiguresForm.figures_of(dossier), years=years_asked(dossier.season.year))
    return render(request, "dossiers/figures_view.html", {"dossier": dossier} | view_of(dossier, form))


def view_of(dossier: Dossier, form: FiguresForm) -> dict[str, Any]:
    """Questions and pictures of the stored figures."""
    reported = queries.reported_years(dossier)
    return {
        "years": [str(year) for year in form.years],
        "trends": _trends(form, reported),
        "questions": questions_of(dossier, form),
        "shares": _shares(reported, dossier),
    }


def _trends(form: FiguresForm, reported: list[trends.Year]) -> list[Trend]:
    found = []
    for name, (label, unit) in form.heads.items():
        values = [plain(getattr(year, name)) for year in reported]
        if sum(value is not None for value in values) >= 2:
            growths = [_percent(trends.growth(before, after), signed=True) for before, after in pairwise(values)]
            found.append(Trend(label, unit.partition(";")[0], values, ["", *growths]))
    return found


def _shares(reported: list[trends.Year], dossier: Dossier) -> list[tuple[str, str]]:
    """The share that is exported, year by year; nothing without the season's exchange rate."""
    found = [(str(year.year), trends.export_share(year, dossier.season.usd_rate_vnd)) for year in reported]
    return [(year, _percent(share)) for year, share in found] if any(s is not None for _y, s in found) else []


def _percent(value: Decimal | None, *, signed: bool = False) -> str:
    if value is None:
        return "–"
    # Rounded here: number_format only cuts digits off.
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{'+' if signed and rounded > 0 else ''}{number_format(rounded, 1, force_grouping=True)} %"


# --- questions, not errors ----------------------------------------------------------------------------
def questions_of(dossier: Dossier, form: FiguresForm) -> list[Question]:
    """Each unusual figure with its words; a confirmed one says who confirmed it."""
    confirmed = {known["key"]: known["by"] for known in dossier.confirmed_figures}
    labels = {name: label for name, (label, _unit) in form.heads.items()}
    return [
        Question(
            doubt.key,
            _in_words(doubt, labels, dossier),
            f"#id_{doubt.measure or 'revenue_vnd_billion'}_{doubt.year}",
            confirmed.get(doubt.key, ""),
        )
        for doubt in queries.doubts_of(dossier)
    ]


def _in_words(doubt: trends.Doubt, labels: dict[str, str], dossier: Dossier) -> str:
    def number(name: str) -> str:
        value = plain(doubt.about.get(name))
        return "–" if value is None else number_format(value, force_grouping=True)

    facts = {"label": labels.get(doubt.measure, ""), "year": str(doubt.year)}
    if doubt.code in ("jump", "fall"):
        facts |= {"a": number("before"), "b": number("after"), "year_a": str(doubt.about["year_before"])}
        if doubt.code == "jump":
            return _("%(label)s: %(a)s in %(year_a)s and %(b)s in %(year)s. Is the unit right in both years?") % facts
        return _("%(label)s: %(a)s in %(year_a)s, only %(b)s in %(year)s. Is this right?") % facts
    if doubt.code == "more_than_enterprise":
        facts |= {"a": number("product"), "b": number("all")}
        return _("%(year)s: the product (%(a)s) earned more than the whole enterprise (%(b)s). Is this right?") % facts
    if doubt.code == "more_than_sold":
        facts |= {"a": number("export"), "b": number("revenue"), "rate": number("rate")}
        return (
            _(
                "%(year)s: exports of %(a)s million USD are more than the revenue of %(b)s billion VND, at %(rate)s "
                "VND per USD. Is this right?"
            )
            % facts
        )
    facts |= {"track": dossier.get_track_display(), "rule": threshold_in_words(dossier.track)}
    return _("The figures of %(year)s lie below what the track “%(track)s” asks: %(rule)s") % facts


@require_POST
@editable_dossier
def figures_confirm(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """“Yes, this is right.”"""
    actions.confirm_figure(dossier=dossier, key=request.POST.get("key", ""), by=request.user, at=timezone.now())
    messages.success(request, _("Noted. The officer reads that you confirmed it."))
    return redirect(f"{reverse('dossiers:figures', kwargs={'pk': dossier.pk})}#figures-view")


# --- Excel --------------------------------------------------------------------------------------------
def _names(dossier: Dossier) -> dict[str, Any]:
    return {
        "dossier_pk": dossier.pk,
        "season_year": dossier.season.year,
        "years": years_asked(dossier.season.year),
    }


def _titles(dossier: Dossier) -> dict[str, Any]:
    return {"product": dossier.product.name_vi, "enterprise": dossier.enterprise.name_vi}


@require_safe
@editable_dossier
def figures_sheet_down(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The template with what is known filled in."""
    content = figures_sheet.build(figures=_stored(dossier), **_names(dossier), **_titles(dossier))
    return _workbook(content, _("figures of three years"), dossier)


def _stored(dossier: Dossier) -> dict[int, dict[str, Any]]:
    return {
        year.year: {name: plain(getattr(year, name)) for name in trends.MEASURES}
        for year in queries.reported_years(dossier)
    }


def _workbook(content: bytes, title: str, dossier: Dossier, status: int = 200) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX, status=status)
    name = f"{title} {dossier.season.year} {dossier.pk}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_POST
@editable_dossier
def figures_sheet_up(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Take the figures over from a workbook: all cells or none. `copy` answers with the file, its wrong cells red."""
    form = FiguresForm(initial=FiguresForm.figures_of(dossier), years=years_asked(dossier.season.year))
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, dossier, form, problems=[("#id_file", _("Choose a file first."))])
    try:
        reading = figures_sheet.read(open_upload(upload), **_names(dossier))
        if reading.errors:
            if "copy" in request.POST:
                content = figures_sheet.error_copy(reading, **_names(dossier), **_titles(dossier))
                return _workbook(content, _("figures with errors"), dossier, status=422)
            words = [
                (
                    "#id_file",
                    _("Row %(row)s, %(column)s: %(words)s")
                    % {"row": error.row, "column": error.column, "words": error.words},
                )
                for error in reading.errors
            ]
            return _page(request, dossier, form, problems=words)
        before = _stored(dossier)
        actions.report_figures(dossier=dossier, figures=reading.figures, by=request.user, at=timezone.now())
    except Refused as refused:
        return _page(request, dossier, form, problems=[("#id_file", reason) for reason in refused.reasons])
    changed = sum(
        before.get(year, {}).get(name) != plain(value)
        for year, row in reading.figures.items()
        for name, value in row.items()
    )
    if changed:
        request.session[UNDO] = {"dossier": dossier.pk, "before": _as_text(before), "after": _as_text(reading.figures)}
    told = ngettext("%(n)s figure was taken over from Excel.", "%(n)s figures were taken over from Excel.", changed)
    messages.success(request, told % {"n": changed})
    return redirect("dossiers:figures", pk=dossier.pk)


def _as_text(figures: Any) -> dict[str, dict[str, str]]:
    return {str(y): {n: "" if v is None else str(plain(v)) for n, v in row.items()} for y, row in figures.items()}


@require_POST
@editable_dossier
def figures_undo(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Put back what stood before the workbook, as long as nobody has changed a cell since."""
    undo = request.session.pop(UNDO, None)
    if not undo or undo["dossier"] != dossier.pk:
        raise Refused(_("There is nothing to undo."))
    now = _as_text(_stored(dossier))
    if any(now[year].get(name) != value for year, row in undo["after"].items() for name, value in row.items()):
        raise Refused(_("A figure was changed since. Correct it in the grid."))
    before = {int(y): {n: _value(n, v) for n, v in row.items()} for y, row in undo["before"].items()}
    actions.report_figures(dossier=dossier, figures=before, by=request.user, at=timezone.now())
    messages.success(request, _("The figures are as they were before."))
    return redirect("dossiers:figures", pk=dossier.pk)


def _value(name: str, text: str) -> Decimal | int | None:
    if not text:
        return None
    return int(text) if name == "workers" else Decimal(text)
