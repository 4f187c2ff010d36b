"""The score sheet of one member for one dossier: fill, save, sign. The address names the dossier, so nobody
can ask for the sheet of somebody else."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require
from core import files
from core.errors import Refused
from core.templatetags.ui import in_language
from dossiers.models import Document, Dossier, Stage, YearFigure
from dossiers.papers import PAPERS
from dossiers.words import PAPER_NAMES
from evaluations import actions, queries
from evaluations.forms import SheetForm
from evaluations.models import ScoreSheet, Seat
from evaluations.queries import trim
from evaluations.views.common import page
from programme.actions import rules_of
from programme.models import Criterion
from programme.queries import leaves
from programme.rubric_file import CriterionRule

SHOWN_INLINE = ("application/pdf", "image/jpeg", "image/png", "image/webp")


@dataclass
class Desk:
    """All that one member has in hand for one dossier."""

    dossier: Dossier
    seat: Seat
    criteria: list[Criterion]
    rules: dict[str, CriterionRule]
    sheet: ScoreSheet | None
    stored: dict[str, tuple[Decimal, str]]
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def is_signed(self) -> bool:
        return self.sheet is not None and self.sheet.signed_at is not None

    @property
    def is_open(self) -> bool:
        return self.dossier.stage == Stage.SCORING and not self.is_signed

    @property
    def shown(self) -> str:
        """The digest of the marks on the page, which the signature is given for."""
        return actions.sheet_digest(self.sheet, {c: p for c, (p, _why) in self.stored.items()}) if self.sheet else ""

    @property
    def total(self) -> Decimal:
        return trim(sum((points for points, _why in self.stored.values()), Decimal(0)))

    @property
    def most(self) -> Decimal:
        return trim(sum((self.rules[c.code].max_points for c in self.criteria), Decimal(0)))

    @property
    def missing(self) -> list[str]:
        return [c.code for c in self.criteria if c.code not in self.stored]

    def form(self, data: Any = None) -> SheetForm:
        initial: dict[str, Any] = {"note": self.sheet.private_note if self.sheet else ""}
        for place, criterion in enumerate(self.criteria, start=1):
            if criterion.code in self.stored:
                points, why = self.stored[criterion.code]
                initial |= {f"points-{place}": points, f"why-{place}": why}
        return SheetForm(data, initial=initial, criteria=self.criteria, rules=self.rules, track=self.dossier.track)


def _desk(request: HttpRequest, pk: int) -> Desk:
    """404 for whoever has no seat, no assignment, or a conflict."""
    documents = Document.objects.filter(removed_at=None).select_related("file").order_by("paper", "uploaded_at")
    dossier = get_object_or_404(
        Dossier.objects.select_related(
            "season__rubric", "enterprise__ward", "enterprise__zone", "product__sector", "product__industry"
        ).prefetch_related("figures", Prefetch("documents", documents)),
        pk=pk,
    )
    require(request.user, "evaluations.score", dossier)
    seat = queries.seat_of(request.user, dossier.season)
    rubric = dossier.season.rubric
    if seat is None or rubric is None:
        raise Http404
    rules = rules_of(rubric)
    own = {rule.code: rule for rule in rules.leaves(dossier.track)}
    held = set(queries.assigned_codes(seat, dossier)) & set(own)
    titles = {rule.code: str(in_language(rule, "label")) for rule in rules.criteria}
    sheet = ScoreSheet.objects.filter(seat=seat, dossier=dossier).first()
    stored = {}
    if sheet is not None:
        rows = sheet.marks.values_list("criterion__code", "points", "justification")
        stored = {code: (points, why) for code, points, why in rows if code in held}
    return Desk(
        dossier=dossier,
        seat=seat,
        criteria=[c for c in leaves(rubric) if c.code in held],
        rules=own,
        sheet=sheet,
        stored=stored,
        groups={code: titles.get(rule.parent, "") for code, rule in own.items()},
    )


# --- fill and save ------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    desk = _desk(request, pk)
    if request.method == "GET":
        return _show(request, desk, desk.form())
    form, at = desk.form(request.POST), timezone.now()
    form.is_valid()
    quiet = bool(request.headers.get("X-Autosave"))
    try:
        saved = actions.save_marks(
            dossier=desk.dossier,
            marks=form.marks(),
            justifications=form.justifications(),
            note=form.cleaned_data.get("note"),
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        if quiet:
            return JsonResponse({"reasons": refusal.reasons}, status=409)
        return _show(request, _desk(request, pk), form, refusal.reasons)
    if quiet:
        return _said_quietly(form, saved.saved_at)
    if form.errors:
        messages.warning(request, _("Everything else is saved. Please look at the marked criteria."))
        return _show(request, _desk(request, pk), form)
    return _after_saving(request, pk, form)


def _said_quietly(form: SheetForm, at: datetime) -> JsonResponse:
    marks = [points for points in form.marks().values() if points is not None]
    return JsonResponse(
        {
            "saved": _clock(at),
            "total": number_format(trim(sum(marks, Decimal(0)))),
            "marked": len(marks),
            "errors": {name: errors[0] for name, errors in form.errors.items()},
        }
    )


def _after_saving(request: HttpRequest, pk: int, form: SheetForm) -> HttpResponse:
    act = request.POST.get("do")
    if act == "sign":
        desk = _desk(request, pk)
        if not desk.missing:
            return redirect("evaluations:sign", pk=pk)
        for place, criterion in enumerate(desk.criteria, start=1):
            if criterion.code in desk.missing:
                form.add_error(f"points-{place}", _("Give points before you sign."))
        return _show(request, desk, form, status=409)
    if act == "next":
        return _go_on(request, pk)
    messages.success(request, _("Saved. The sheet is not signed yet."))
    return redirect("evaluations:sheet", pk=pk)


def _go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """To the next sheet of the queue that is not signed, after this one and round to the beginning."""
    seat = queries.newest_seat(request.user)
    tasks = queries.tasks(seat) if seat else []
    at = next((i for i, task in enumerate(tasks) if task.dossier.pk == pk), -1)
    waiting = [t for t in tasks[at + 1 :] + tasks[: max(at, 0)] if not t.is_signed]
    waiting = [t for t in waiting if t.dossier.stage == Stage.SCORING]
    unfinished = [t for t in waiting if t.marked < t.asked]
    if not waiting:
        return redirect("evaluations:queue")
    return redirect("evaluations:sheet", pk=(unfinished or waiting)[0].dossier.pk)


def _show(
    request: HttpRequest,
    desk: Desk,
    form: SheetForm,
    reasons: list[str] | None = None,
    status: int | None = None,
) -> HttpResponse:
    tasks = queries.tasks(desk.seat)
    place = next((i for i, t in enumerate(tasks, start=1) if t.dossier.pk == desk.dossier.pk), None)
    signed = sum(t.is_signed for t in tasks)
    context = {
        "desk": desk,
        "dossier": desk.dossier,
        "season": desk.dossier.season,
        "form": form,
        "rows": _rows(desk, form),
        "marked": len(desk.stored),
        "saved_at": _clock(desk.sheet.saved_at) if desk.sheet else "",
        "place": place,
        "asked": len(tasks),
        "signed": signed,
        "percent": signed * 100 // len(tasks) if tasks else 0,
        "late": desk.dossier.season.scoring_closes_at < timezone.now(),
        "next_sentence": ngettext(
            "%(n)s criterion still needs points.", "%(n)s criteria still need points.", len(desk.missing)
        )
        % {"n": len(desk.missing)},
    } | _evidence(desk.dossier)
    response = page(request, "sheet.html", context, reasons=reasons)
    if status:
        response.status_code = status
    return response


def _rows(desk: Desk, form: SheetForm) -> list[dict[str, Any]]:
    """Each criterion as the sheet prints it. The first one without points is where the member is."""
    rows: list[dict[str, Any]] = []
    current, group = False, ""
    for place, criterion in enumerate(desk.criteria, start=1):
        rule, points = desk.rules[criterion.code], desk.stored.get(criterion.code, (None, ""))[0]
        anchors = rule.anchors_for(desk.dossier.track)
        reached = [a.points for a in anchors if points is not None and a.points <= points]
        bound = form[f"points-{place}"]
        first_empty = not current and points is None and desk.is_open
        current = current or first_empty
        title = desk.groups.get(criterion.code, "")
        rows.append(
            {
                "criterion": criterion,
                "group": title if title != group else "",
                "most": trim(rule.max_points),
                "free": rule.free,
                "points": bound,
                "why": form[f"why-{place}"],
                "given": trim(points) if points is not None else None,
                "said_why": desk.stored.get(criterion.code, (None, ""))[1],
                "is_current": first_empty,
                "is_done": points is not None and not bound.errors,
                "anchors": [
                    {
                        "points": trim(a.points),
                        "plain": f"{trim(a.points):f}",
                        "text": in_language(a, "when"),
                        "eliminates": a.eliminates,
                        "reached": bool(reached) and a.points == max(reached),
                    }
                    for a in anchors
                ],
            }
        )
        group = title
    return rows


# --- evidence -----------------------------------------------------------------------------------------
def _evidence(dossier: Dossier) -> dict[str, Any]:
    figures = sorted(dossier.figures.all(), key=lambda figure: figure.year)
    reported = [f for f in figures if f.revenue_vnd_billion is not None]
    documents: dict[str, list[Document]] = {}
    for document in dossier.documents.all():
        documents.setdefault(document.paper, []).append(document)
    papers = [
        {"name": PAPER_NAMES[paper.code], "documents": documents[paper.code]}
        for paper in PAPERS
        if paper.code in documents
    ]
    return {
        "years": [str(f.year) for f in figures],
        "revenue": [_trimmed(f.revenue_vnd_billion) for f in figures],
        "exports": [_trimmed(f.export_usd_million) for f in figures],
        "budget": [_trimmed(f.budget_vnd_billion) for f in figures],
        "workers": [f.workers for f in figures],
        "last": reported[-1] if reported else None,
        "last_revenue": _trimmed(reported[-1].revenue_vnd_billion) if reported else None,
        "last_export": _trimmed(reported[-1].export_usd_million) if reported else None,
        "growth": _growth(reported),
        "productivity": _productivity(reported[-1]) if reported else None,
        "papers": papers,
        "document_count": sum(map(len, documents.values())),
    }


def _trimmed(value: Decimal | None) -> Decimal | None:
    return None if value is None else trim(value)


def _growth(reported: list[YearFigure]) -> str:
    """The change of revenue over the year before, with its sign."""
    if len(reported) < 2 or not reported[-2].revenue_vnd_billion:
        return ""
    last, before = reported[-1].revenue_vnd_billion, reported[-2].revenue_vnd_billion
    assert last is not None
    # number_format cuts decimals off; the rounding comes first
    share = ((last - before) / before * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    sign = "+" if share > 0 else "−" if share < 0 else ""
    return f"{sign}{number_format(abs(share), 1)}%"


def _productivity(figure: YearFigure) -> Decimal | None:
    """Million VND of product revenue per worker."""
    if not figure.workers or figure.revenue_vnd_billion is None:
        return None
    return figure.revenue_vnd_billion * 1000 / figure.workers


@require_GET
def document(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """A paper of a dossier that this member scores. Members are strangers to the rest of the dossier's pages."""
    dossier = get_object_or_404(Dossier, pk=pk)
    require(request.user, "evaluations.score", dossier)
    found = get_object_or_404(Document.objects.select_related("file"), pk=document, dossier=dossier, removed_at=None)
    try:
        content = files.read(found.file.sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=found.file.media_type)
    response.headers["Content-Disposition"] = _disposition(found)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _disposition(found: Document) -> str:
    inline = found.file.media_type in SHOWN_INLINE
    return content_disposition_header(not inline, found.name) or "attachment"


# --- sign ---------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what will be signed; then seals it."""
    desk = _desk(request, pk)
    if request.method == "POST":
        try:
            shown = request.POST.get("shown")
            actions.sign_sheet(dossier=desk.dossier, shown=shown, by=request.user, at=timezone.now())
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
            return redirect("evaluations:sheet", pk=pk)
        messages.success(request, _("The sheet for %(number)s is signed.") % {"number": desk.dossier.number})
        return _go_on(request, pk)
    if not desk.is_open or desk.missing:
        if desk.is_open:
            messages.error(request, _("Give points for every criterion before you sign."))
        return redirect("evaluations:sheet", pk=pk)
    context = {"desk": desk, "dossier": desk.dossier, "rows": _rows(desk, desk.form())}
    return page(request, "sign.html", context)


def _clock(at: datetime) -> str:
    """10:42 today, with the date on another day."""
    local = timezone.localtime(at)
    same_day = local.date() == timezone.localdate()
    return date_format(local, "TIME_FORMAT" if same_day else "SHORT_DATETIME_FORMAT")
