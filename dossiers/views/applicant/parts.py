"""The task list and the parts that the applicant fills in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core import uploads
from core.errors import Refused
from dossiers import actions, words
from dossiers.forms import (
    ContactForm,
    FiguresForm,
    ProductPartForm,
    UndertakingsForm,
    plain,
    threshold_in_words,
)
from dossiers.models import Defect, Document, Dossier, YearFigure
from dossiers.papers import BY_CODE, Paper, asked_on
from dossiers.queries import years_asked
from dossiers.views.applicant import common
from products.forms import ProductForm
from programme import tracks


@require_safe
@common.editable_dossier
def hub(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The task list."""
    return render(request, "dossiers/hub.html", _context(dossier))


def _context(dossier: Dossier, part: str = "") -> dict[str, Any]:
    """What every page of an open dossier prints. `gaps` are those of this part, `asked` what an officer ticked."""
    at = timezone.now()
    hub = common.hub_of(dossier)
    page = reverse(common.PART_PAGES[part], kwargs={"pk": dossier.pk}) if part else ""
    request = common.open_request(dossier)
    return {
        "dossier": dossier,
        "hub": hub,
        "tag": common.stage_tag(dossier, timezone.localdate(at)),
        "deadline": common.deadline_of(dossier, at),
        "supplement": request,
        "gaps": [m for m in hub.missing if page and m.url.partition("#")[0] == page],
        "asked": _asked(request, part) if request else [],
        "part": words.PART_NAMES.get(part, ""),
    }


def _asked(request: Any, part: str) -> list[Defect]:
    return [defect for defect in request.defects.all() if common.part_of(defect.part) == part]


def _answer(
    request: HttpRequest, dossier: Dossier, form: forms.Form, save: Callable[[], None], page: str
) -> HttpResponse | None:
    """Save what a bound form says. Autosave keeps every field that could be read and tells of the others;
    a press of the button keeps all or nothing. None: show the form again."""
    whole = form.is_valid()
    if common.is_autosave(request):
        try:
            save()
        except Refused as refused:
            return JsonResponse({"refused": " ".join(refused.reasons)}, status=409)
        saved_at = time_format(timezone.localtime(), "TIME_FORMAT")
        return JsonResponse({"saved_at": saved_at, "errors": form.errors.get_json_data()})
    if not whole:
        return None
    try:
        save()
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return None
    messages.success(request, _("Saved."))
    if "stay" in request.POST:
        return redirect(page, pk=dossier.pk)
    return redirect("dossiers:dossier", pk=dossier.pk)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


# --- enterprise and product ---------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@common.editable_dossier
def enterprise_part(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The record as it stands, and the contact person."""
    names = ("contact_name", "contact_phone", "contact_email")
    form = ContactForm(_data(request), initial={name: getattr(dossier, name) for name in names})

    def save() -> None:
        actions.describe(dossier=dossier, by=request.user, at=timezone.now(), **form.cleaned_data)

    answer = _answer(request, dossier, form, save, "dossiers:enterprise_part") if form.is_bound else None
    return answer or render(request, "dossiers/enterprise_part.html", _context(dossier, "enterprise") | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@common.editable_dossier
def product_part(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The product in two languages, and what the council reads about it."""
    texts = {name: getattr(dossier, name) for name in ("description", "technology", "track_basis")}
    initial = ProductForm.facts_of(dossier.product) | texts
    form = ProductPartForm(_data(request), initial=initial, dossier=dossier)

    def save() -> None:
        facts = form.product_facts()
        for name in form.always:  # an empty name is told, not kept
            if not facts.get(name):
                facts.pop(name, None)
        texts = form.dossier_facts()
        actions.describe_product(dossier=dossier, product_facts=facts, by=request.user, at=timezone.now(), **texts)

    answer = _answer(request, dossier, form, save, "dossiers:product_part") if form.is_bound else None
    context = _context(dossier, "product") | {"form": form, "rule": threshold_in_words(dossier.track)}
    return answer or render(request, "dossiers/product_part.html", context)


# --- figures ------------------------------------------------------------------------------------------
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
@common.editable_dossier
def figures(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Three years in a grid; what was saved is drawn below."""
    years = years_asked(dossier.season.year)
    form = FiguresForm(_data(request), initial=FiguresForm.figures_of(dossier), years=years)

    def save() -> None:
        actions.report_figures(dossier=dossier, figures=form.figures(), by=request.user, at=timezone.now())

    answer = _answer(request, dossier, form, save, "dossiers:figures") if form.is_bound else None
    if answer is not None:
        return answer
    known = {figure.year: figure for figure in dossier.figures.all()}
    rows = [known.get(year) or YearFigure(year=year) for year in years]
    context = _context(dossier, "figures") | {
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


# --- papers -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Slot:
    """One paper, the files it holds now, and why the last ones were refused."""

    paper: Paper
    name: str
    hint: str
    required: bool
    files: list[Document]
    errors: list[str] = field(default_factory=list)
    asked: list[Defect] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.paper.code


@require_http_methods(["GET", "HEAD", "POST"])
@common.editable_dossier
def papers(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The slots of the track; each takes its files by itself."""
    errors: list[str] = []
    code = ""
    if request.method == "POST":
        code = request.POST.get("paper", "")
        if code not in {paper.code for paper in asked_on(dossier.track)}:
            raise Http404
        kept, errors = _take_in(request, dossier, BY_CODE[code])
        if kept:
            messages.success(
                request, ngettext("%(n)s file is attached.", "%(n)s files are attached.", kept) % {"n": kept}
            )
        if not errors:
            return redirect(f"{reverse('dossiers:papers', kwargs={'pk': dossier.pk})}#slot-{code}")
    context = _context(dossier, "papers")
    context |= {
        "slots": slots_of(dossier, code, errors),
        "problems": [(f"#slot-{code}", error) for error in errors],
        "accept": uploads.ACCEPT,
    }
    return render(request, "dossiers/papers.html", context)


def _take_in(request: HttpRequest, dossier: Dossier, paper: Paper) -> tuple[int, list[str]]:
    """Attach every file that passes; the others are told by name. How many were kept, and why not the rest."""
    given = request.FILES.getlist("files")
    if not given:
        return 0, [_("Choose a file first.")]
    if len(given) > 1 and not paper.several:
        return 0, [_("This slot takes one file. Choose one, or join them into one PDF.")]
    kept, errors = 0, []
    for upload in given:
        try:
            _attach(upload, dossier, paper, request.user)
            kept += 1
        except Refused as refused:
            errors += [f"{uploads.clean_name(upload.name or '')}: {reason}" for reason in refused.reasons]
    return kept, errors


def _attach(upload: UploadedFile, dossier: Dossier, paper: Paper, user: Any) -> None:
    checked = uploads.check(upload)
    actions.attach(
        dossier=dossier,
        paper=paper.code,
        name=checked.name,
        content=checked.content,
        media_type=checked.media_type,
        by=user,
        at=timezone.now(),
    )


def slots_of(dossier: Dossier, code: str = "", errors: Sequence[str] = ()) -> list[Slot]:
    """From fresh rows: files may have come in during this very request."""
    held: dict[str, list[Document]] = {}
    for document in dossier.documents.filter(removed_at=None).select_related("file").order_by("uploaded_at"):
        held.setdefault(document.paper, []).append(document)
    request = common.open_request(dossier)
    defects = list(request.defects.all()) if request else []
    return [
        Slot(
            paper=paper,
            name=str(words.PAPER_NAMES[paper.code]),
            hint=str(words.PAPER_HINTS[paper.code]),
            required=dossier.track in paper.required_on,
            files=held.get(paper.code, []),
            errors=list(errors) if paper.code == code else [],
            asked=[defect for defect in defects if defect.part == paper.code],
        )
        for paper in asked_on(dossier.track)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@common.editable_dossier
def remove_document(request: HttpRequest, dossier: Dossier, document: int) -> HttpResponse:
    """Ask once, then take the file out of its slot."""
    found = dossier.documents.filter(pk=document).select_related("file").first()
    if found is None:
        raise Http404
    back = f"{reverse('dossiers:papers', kwargs={'pk': dossier.pk})}#slot-{found.paper}"
    if found.removed_at is not None:
        return redirect(back)
    if request.method == "POST":
        actions.remove_document(document=found, by=request.user, at=timezone.now())
        messages.success(request, _("“%(name)s” is removed.") % {"name": found.name})
        return redirect(back)
    context = {"dossier": dossier, "document": found, "paper": words.PAPER_NAMES[found.paper], "back": back}
    return render(request, "dossiers/remove_document.html", context)


# --- undertakings -------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@common.editable_dossier
def undertakings(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Read and give the four undertakings; once given, they stand with name and time."""
    form = UndertakingsForm(_data(request))
    if form.is_bound and form.is_valid():
        actions.give_undertakings(dossier=dossier, by=request.user, at=timezone.now())
        messages.success(request, _("The undertakings are given."))
        return redirect("dossiers:dossier", pk=dossier.pk)
    context = _context(dossier, "undertakings") | {"form": form, "texts": undertaking_texts()}
    return render(request, "dossiers/undertakings.html", context)


def undertaking_texts() -> list[tuple[str, str]]:
    """The four subjects are those of the guidance; the sentences are the registry's."""
    return [
        (
            _("Environment"),
            _("The enterprise produces with the environmental permits in force and keeps to their conditions."),
        ),
        (
            _("Quality"),
            _("The product keeps the quality and the standards stated here for as long as it carries the title."),
        ),
        (
            _("Intellectual property"),
            _("The product does not infringe the rights of others; names, marks and designs are used lawfully."),
        ),
        (
            _("Law"),
            _("The enterprise keeps the law on tax, labour, insurance and safety, and its statements here are true."),
        ),
    ]
