"""The forms of one dossier: which can be made, making one, and what was made."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import can, require
from core import files
from core.errors import Refused
from dossiers import queries as dossier_queries
from dossiers.models import Dossier
from onestop import actions, collecting, possible, queries, sheet
from onestop.counter_forms import ScanForm, read_files
from onestop.kinds import BY_CODE, OF_A_DOSSIER, FormKind
from onestop.typed_forms import TypedForm
from onestop.views.common import REFUSED, dossier_of, handed, kind_of, lacking
from reference.queries import holidays


@require_safe
@never_cache
def forms(request: HttpRequest, pk: int) -> HttpResponse:
    dossier = dossier_of(request, pk)
    return _overview(request, dossier)


def _overview(request: HttpRequest, dossier: Dossier, **more: Any) -> HttpResponse:
    at, calendar = timezone.now(), holidays()
    made = queries.issued(dossier)
    lines = [
        {
            "kind": kind,
            "reasons": possible.obstacles(kind, dossier, at, calendar),
            "proposed": possible.is_proposed(kind, dossier, at, calendar),
            "made": [one for one in made if one.form == kind.code],
        }
        for kind in OF_A_DOSSIER
    ]
    context = {
        "dossier": dossier,
        "lines": lines,
        "may_make": can(request.user, "onestop.make", dossier),
        "scan_form": ScanForm(),
        "papers": collecting.papers_received(dossier) if dossier.is_on_paper else [],
        "scans": [d for d in dossier.documents.all() if d.removed_at is None] if dossier.is_on_paper else [],
    } | more
    return render(request, "onestop/forms.html", context, status=REFUSED if more.get("reasons") else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def form(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """One form of the dossier: what is typed for it, how it will look, and the button."""
    kind = kind_of(form)
    dossier = dossier_of(request, pk, "onestop.make")
    if kind not in OF_A_DOSSIER:
        raise Http404
    at = timezone.now()
    typed = _typed(request, kind, dossier)
    reasons = possible.obstacles(kind, dossier, at)
    if request.method == "POST" and not reasons and typed.is_valid() and "preview" not in request.POST:
        try:
            made = actions.make_form(form=kind.code, dossier=dossier, typed=typed.values(), by=request.user, at=at)
        except actions.Missing as missing:
            return _one(request, kind, dossier, typed, lacking(kind, missing.found, dossier, typed.inputs()), [])
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The form is made and kept: PDF and DOCX."))
            return redirect("onestop:made", pk=made.pk)
    return _one(request, kind, dossier, typed, None, reasons)


def _typed(request: HttpRequest, kind: FormKind, dossier: Dossier) -> TypedForm:
    """Bound when something was sent; the reason of a stop stands there already."""
    first = None
    if kind.code == "04":
        clock = dossier_queries.clock_of(dossier)
        first = clock.due if clock else None
    facts: dict[str, Any] = {"kind": kind, "today": timezone.localdate(), "first_day": first}
    if request.method == "POST":
        return TypedForm(request.POST, **facts)
    start = {}
    if kind.code == "05":
        start[f"t{kind.typed.index('lý do dừng')}"] = possible.stop_reason(dossier)
    return TypedForm(initial=start, **facts)


def _one(
    request: HttpRequest,
    kind: FormKind,
    dossier: Dossier,
    typed: TypedForm,
    found: list[Any] | None,
    reasons: list[str],
) -> HttpResponse:
    at, text = timezone.now(), queries.text_of(kind)
    values = collecting.collect(kind, dossier, by=request.user, at=at, typed=_shown(typed)) | {"số": "…"}
    if found is None:
        lacks = [one for one in sheet.missing(kind, text, values) if one.where != "typed"]
        found = lacking(kind, lacks, dossier, typed.inputs())
    context = {
        "kind": kind,
        "dossier": dossier,
        "form": typed,
        "reasons": reasons,
        "lacking": found,
        "sheet": actions.paper_of(kind, dossier, text, values),
        "text": text,
    }
    refused = request.method == "POST" and "preview" not in request.POST
    return render(request, "onestop/form.html", context, status=REFUSED if refused else 200)


def _shown(typed: TypedForm) -> dict[str, str]:
    """The values for the preview, typed or found written."""
    if typed.is_bound:
        typed.is_valid()
        return typed.values()
    return {name: str(typed.initial.get(f"t{n}", "")) for n, name in enumerate(typed.kind.typed)}


@require_safe
@never_cache
def made(request: HttpRequest, pk: int) -> HttpResponse:
    """A form that was made, as a page to look at and to print."""
    row = queries.form_with_number(pk)
    if row is None:
        raise Http404
    require(request.user, "onestop.see_form", row)
    kind = BY_CODE[row.form]
    text = queries.text_of_version(kind, row)
    dossier = row.dossier
    return render(
        request,
        "onestop/made.html",
        {
            "made": row,
            "kind": kind,
            "dossier": dossier,
            "sheet": actions.paper_of(kind, dossier, text, row.fields) if text else None,
            "is_desk": can(request.user, "onestop.read_forms", dossier),
        },
    )


@require_safe
@never_cache
def file(request: HttpRequest, pk: int, face: str) -> HttpResponse:
    """The bytes that were made, to whoever may see the form."""
    row = queries.form_with_number(pk)
    if row is None or face not in ("pdf", "docx"):
        raise Http404
    require(request.user, "onestop.see_form", row)
    stored = row.pdf if face == "pdf" else row.docx
    name = f"{row.dossier.number}-mau-{row.form}-{row.number}.{face}"
    return handed(files.read(stored.sha256), face, name, inline=request.GET.get("xem") == "1")


@require_POST
def scan(request: HttpRequest, pk: int) -> HttpResponse:
    """Scans of a dossier that came on paper."""
    dossier = dossier_of(request, pk, "onestop.make")
    form = ScanForm(request.POST)
    reasons: list[str] = []
    if form.is_valid():
        sent = request.FILES.getlist("scan")
        found, wrong = read_files(form.cleaned_data["paper"], sent)
        if wrong:
            reasons = [wrong]
        elif not found:
            reasons = [_("Choose the file of the scan.")]
        else:
            try:
                actions.add_scans(dossier=dossier, scans=found, by=request.user, at=timezone.now())
            except Refused as refused:
                reasons = refused.reasons
    else:
        reasons = [str(error) for errors in form.errors.values() for error in errors]
    if reasons:
        return _overview(request, dossier, reasons=reasons, scan_form=form)
    messages.success(request, _("The scans are in the dossier."))
    return redirect("onestop:forms", pk=dossier.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """The forms that the enterprise was given; the receipt can be made here from the moment of filing."""
    dossier = dossier_of(request, pk, "onestop.have_receipt")
    reasons: list[str] = []
    if request.method == "POST":
        try:
            row = actions.make_form(form="01", dossier=dossier, by=request.user, at=timezone.now())
        except Refused as refused:
            reasons = refused.reasons
        else:
            return redirect("onestop:made", pk=row.pk)
    rows = [(BY_CODE[one.form], one) for one in queries.issued(dossier, for_applicant=True)]
    has_receipt = any(kind.code == "01" for kind, _row in rows)
    context = {"dossier": dossier, "rows": rows, "has_receipt": has_receipt, "reasons": reasons}
    return render(request, "onestop/own.html", context, status=REFUSED if reasons else 200)
