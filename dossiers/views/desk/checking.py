"""The check of one dossier, and the four things an officer can do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require
from core.errors import Refused
from dossiers import actions, automatic, completeness, queries
from dossiers.desk_forms import RefusalForm, SupplementForm, Target
from dossiers.models import Defect, Document, Dossier, Stage, SupplementRequest, YearFigure
from dossiers.papers import PAPERS, asked_on, required_on
from dossiers.views.desk import words
from dossiers.views.desk.panel import Panel, panel_of, visible_on_desk
from dossiers.workflow import STEPS

REFUSED = 409
# The parts beside the papers that an applicant can mend.
MENDABLE = ("enterprise", "product", "figures", "undertakings")


@dataclass(frozen=True)
class Slot:
    """One paper with the files it holds and held."""

    code: str
    name: str
    is_required: bool
    held: Sequence[Document]
    replaced: Sequence[Document]


@dataclass(frozen=True)
class FigureRow:
    """One measure over the years, with its growth from year to year."""

    name: str
    values: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Event:
    """One step of the story, and the request for a supplement that belongs to it."""

    at: datetime
    by: str
    title: str
    kind: str
    note: str
    request: SupplementRequest | None


@dataclass(frozen=True)
class Way:
    """Where the officer came from and goes next; both are worklists of this site."""

    back: str
    onward: str

    @classmethod
    def of(cls, query: QueryDict) -> "Way":
        desk = reverse("dossiers:desk")

        def safe(address: str) -> str:
            local = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
            return address if local and address.startswith(desk) else desk

        return cls(back=safe(query.get("back", "")), onward=safe(query.get("onward") or query.get("back", "")))

    @property
    def query(self) -> str:
        return urlencode({"back": self.back, "onward": self.onward})


def _dossier(request: HttpRequest, pk: int, *, rule: str = "dossiers.see") -> Dossier:
    """The dossier of the page; 404 for whoever may not work on it here."""
    dossier = queries.whole().filter(pk=pk).first()
    if dossier is None or not visible_on_desk(request.user, dossier):
        raise Http404
    require(request.user, rule, dossier)
    return dossier


def _panel(request: HttpRequest, dossier: Dossier, way: Way) -> Panel:
    return panel_of(dossier, user=request.user, at=timezone.now(), here=way.back, onward=way.onward)


@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything the enterprise sent, the automatic checks, what happened, and the buttons."""
    return _check_page(request, _dossier(request, pk), Way.of(request.GET))


def _check_page(
    request: HttpRequest, dossier: Dossier, way: Way, *, reasons: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    context = {
        "dossier": dossier,
        "panel": _panel(request, dossier, way),
        "way": way,
        "slots": _slots(dossier),
        "figure_years": [str(figure.year) for figure in dossier.figures.all()],
        "figure_rows": _figure_rows(dossier),
        "exports": [figure.export_usd_million for figure in dossier.figures.all()],
        "events": _events(dossier),
        "asked_at": _last_answered_request(dossier),
        "reasons": reasons,
    }
    return render(request, "dossiers/desk/check.html", context, status=status)


def _last_answered_request(dossier: Dossier) -> datetime | None:
    """Files that came after this moment are new since the officer last looked."""
    answered = [r.asked_at for r in dossier.supplements.all() if r.answered_at is not None]
    return max(answered, default=None)


def _slots(dossier: Dossier) -> list[Slot]:
    """The papers asked on the track and any other that holds a file, in their order."""
    required = {paper.code for paper in required_on(dossier.track)}
    asked = {paper.code for paper in asked_on(dossier.track)}
    documents: dict[str, list[Document]] = {}
    for document in dossier.documents.all():
        documents.setdefault(document.paper, []).append(document)
    return [
        Slot(
            code=paper.code,
            name=words.part_name(paper.code),
            is_required=paper.code in required,
            held=[d for d in documents.get(paper.code, []) if d.removed_at is None],
            replaced=[d for d in documents.get(paper.code, []) if d.removed_at is not None],
        )
        for paper in PAPERS
        if paper.code in asked or paper.code in documents
    ]


def _figure_rows(dossier: Dossier) -> list[FigureRow]:
    figures = list(dossier.figures.all())
    names = ("revenue_vnd_billion", "export_usd_million", "budget_vnd_billion", "workers")
    rows = []
    for name in names:
        field = cast("models.Field[Any, Any]", YearFigure._meta.get_field(name))
        label = str(field.verbose_name)
        values = []
        before: Decimal | None = None
        for position, figure in enumerate(figures):
            raw = getattr(figure, name)
            value = None if raw is None else Decimal(raw)
            change = words.per_cent(automatic.growth(before, value)) if position else ""
            values.append((words.exact(value), change))
            before = value
        rows.append(FigureRow(label[:1].upper() + label[1:], values))
    return rows


def _events(dossier: Dossier) -> list[Event]:
    """The steps taken, newest first."""
    requests = {request.asked_at: request for request in dossier.supplements.all()}
    events = []
    for change in dossier.changes.all():
        title, kind = words.STEPS.get(change.step, (change.step, "grey"))
        asked = requests.get(change.taken_at) if change.step == "request_supplement" else None
        events.append(Event(change.taken_at, change.taken_by_name, str(title), kind, change.note, asked))
    return events[::-1]


# --- acts ---------------------------------------------------------------------------------------------
@require_POST
def start_check(request: HttpRequest, pk: int) -> HttpResponse:
    dossier, way = _dossier(request, pk, rule="dossiers.check"), Way.of(request.POST)
    try:
        actions.start_check(dossier=dossier, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _check_page(request, _dossier(request, pk), way, reasons=refusal.reasons, status=REFUSED)
    messages.success(request, _("Dossier %(number)s is in your hands.") % {"number": dossier.number})
    return redirect(f"{reverse('dossiers:check', args=[pk])}?{way.query}")


@require_POST
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier goes to the council; what stands in the way is shown on the check screen."""
    dossier, way = _dossier(request, pk, rule="dossiers.check"), Way.of(request.POST)
    try:
        actions.admit(dossier=dossier, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _check_page(request, _dossier(request, pk), way, reasons=refusal.reasons, status=REFUSED)
    messages.success(
        request, _("Dossier %(number)s is eligible and waits for the council.") % {"number": dossier.number}
    )
    return redirect(way.onward)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    dossier = _dossier(request, pk, rule="dossiers.check")
    way = Way.of(request.POST or request.GET)
    form = RefusalForm(request.POST or None)
    reasons, status = _why_not("refuse", dossier), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse(dossier=dossier, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except Refused as refusal:
            dossier, reasons, status = _dossier(request, pk), refusal.reasons, REFUSED
        else:
            messages.success(request, _("Dossier %(number)s is refused.") % {"number": dossier.number})
            return redirect(way.onward)
    context = {
        "dossier": dossier,
        "panel": _panel(request, dossier, way),
        "way": way,
        "form": form,
        "reasons": reasons,
    }
    return render(request, "dossiers/desk/refuse.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """The request for a supplement (form 02): any paper or part can be ticked; “preview” sends nothing."""
    dossier = _dossier(request, pk, rule="dossiers.check")
    way, at = Way.of(request.POST or request.GET), timezone.now()
    form = SupplementForm(request.POST or None, targets=_targets(dossier))
    reasons, status = _why_not("request_supplement", dossier), 200
    if request.method == "POST" and form.is_valid() and request.POST.get("act") != "preview":
        try:
            actions.request_supplement(
                dossier=dossier,
                defects=form.asked(),
                message=form.cleaned_data["message"],
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            dossier, reasons, status = _dossier(request, pk), refusal.reasons, REFUSED
        else:
            sent = _("The request for %(number)s is sent.") % {"number": dossier.number}
            messages.success(request, sent)
            return redirect(way.onward)
    context = {
        "dossier": dossier,
        "panel": _panel(request, dossier, way),
        "way": way,
        "form": form,
        "rows": form.rows(),
        "reasons": reasons,
        "due": _answer_until(dossier, timezone.localdate(at)),
        "letter": form.letter(),
        "earlier": len(dossier.supplements.all()),
    }
    return render(request, "dossiers/desk/supplement.html", context, status=status)


def _why_not(step: str, dossier: Dossier) -> list[str]:
    """Said before anybody writes: a letter that cannot be sent from this stage."""
    sources = (*STEPS[step].sources, Stage.SUBMITTED)
    if dossier.stage in sources:
        return []
    stage = words.STAGES[Stage(dossier.stage)][0]
    return [_("This is not possible at the stage “%(stage)s”.") % {"stage": stage}]


def _answer_until(dossier: Dossier, today: date) -> date:
    return today + timedelta(days=dossier.season.supplement_days)


def _targets(dossier: Dossier) -> list[Target]:
    """The papers of the track, then the parts; what the automatic checks miss is ticked already."""
    missing = completeness.missing(queries.facts_of(dossier))
    papers = {found.about for found in missing if found.part == "papers"}
    parts = {found.part for found in missing}
    missing_reason, incomplete = Defect.Reason.MISSING, Defect.Reason.INCOMPLETE
    targets = [
        Target(slot.code, slot.name, [d.name for d in slot.held], missing_reason if slot.code in papers else "")
        for slot in _slots(dossier)
    ]
    targets += [
        Target(part, words.part_name(part), suspected=incomplete if part in parts else "") for part in MENDABLE
    ]
    return targets
