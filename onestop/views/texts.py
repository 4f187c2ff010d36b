"""The texts of the forms: the list, and the editor of one with its preview."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import can, require
from core.errors import Refused
from dossiers.models import Dossier
from onestop import actions, collecting, faults, markup, queries, sheet, writing_docx, writing_pdf
from onestop.kinds import OF_A_DOSSIER, FormKind
from onestop.typed_forms import TextForm
from onestop.views.common import REFUSED, handed, kind_of

EXAMPLE_CODE, EXAMPLE_ADDRESS = "H26.12-260305-0001", "https://example.vn/"


@require_safe
@never_cache
def texts(request: HttpRequest) -> HttpResponse:
    require(request.user, "onestop.change_texts")
    return render(request, "onestop/texts.html", {"rows": queries.text_lines()})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def text(request: HttpRequest, form: str) -> HttpResponse:
    """Kept with “keep”; every other button shows what was typed, on the page or as a file."""
    require(request.user, "onestop.change_texts")
    kind = kind_of(form)
    in_force = queries.text_of(kind)
    if request.method != "POST":
        asked = TextForm(initial={"body": in_force.body, "seen_version": in_force.version})
        return _page(request, kind, asked, in_force.body)
    asked = TextForm(request.POST)
    if not asked.is_valid():
        return _page(request, kind, asked, in_force.body, status=REFUSED)
    body, face = asked.cleaned_data["body"], request.POST.get("show", "")
    if face in ("page", "pdf", "docx"):
        return _preview(request, kind, asked, body, face)
    try:
        actions.change_text(
            form=kind.code,
            body=body,
            seen_version=asked.cleaned_data["seen_version"],
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, kind, asked, body, reasons=refused.reasons, status=REFUSED)
    messages.success(request, _("The text is kept. Forms from now on use it."))
    return redirect("onestop:text", form=kind.code)


def _preview(request: HttpRequest, kind: FormKind, asked: TextForm, body: str, face: str) -> HttpResponse:
    reasons = faults.in_words(kind, body)
    number = asked.cleaned_data["dossier"]
    dossier = queries.example_dossier(number)
    if number and (
        kind not in OF_A_DOSSIER or dossier is None or not can(request.user, "onestop.read_forms", dossier)
    ):
        reasons.append(_("No dossier has this number: %(number)s.") % {"number": number})
        dossier = None
    if reasons or face == "page":
        return _page(request, kind, asked, body, reasons=reasons, dossier=dossier, status=REFUSED if reasons else 200)
    paper = _sheet(request, kind, body, dossier)
    strange = sheet.unprintable(paper)
    if strange:
        reasons = [faults.not_printable(kind, strange)]
    else:
        try:
            content = writing_pdf.write(paper) if face == "pdf" else writing_docx.write(paper, at=timezone.now())
            return handed(content, face, f"mau-{kind.code}-xem-truoc.{face}", inline=True)
        except Refused as refused:
            reasons = refused.reasons
    return _page(request, kind, asked, body, reasons=reasons, dossier=dossier, status=REFUSED)


def _sheet(request: HttpRequest, kind: FormKind, body: str, dossier: Dossier | None) -> sheet.Sheet:
    text = sheet.Text(body, queries.text_of(kind).version)
    if dossier is None:
        return sheet.sheet_of(kind, text, kind.example(), code=EXAMPLE_CODE, address=EXAMPLE_ADDRESS)
    values = collecting.collect(kind, dossier, by=request.user, at=timezone.now()) | {"số": "…"}
    values |= {name: f"{{{name}}}" for name in kind.typed if not values.get(name)}
    return actions.paper_of(kind, dossier, text, values)


def _page(
    request: HttpRequest,
    kind: FormKind,
    form: TextForm,
    body: str,
    *,
    reasons: list[str] | None = None,
    dossier: Dossier | None = None,
    status: int = 200,
) -> HttpResponse:
    versions = queries.history(kind)
    template = markup.parse(body)
    fine = not template.faults and not markup.unknown_names(template, kind.names, kind.list_names())
    unused = markup.parse(kind.standard()).fields() - template.fields() if fine else set()
    context: dict[str, Any] = {
        "kind": kind,
        "form": form,
        "reasons": reasons or [],
        "versions": versions,
        "version": versions[0].version if versions else 0,
        "is_changed": bool(versions) and not versions[0].is_standard,
        "sheet": _sheet(request, kind, body, dossier) if fine else None,
        "dossier": dossier,
        "unused": [field for field in kind.fields if field.required and field.name in unused],
    }
    return render(request, "onestop/text.html", context, status=status)


@require_POST
def restore(request: HttpRequest, form: str) -> HttpResponse:
    require(request.user, "onestop.change_texts")
    kind = kind_of(form)
    seen = request.POST.get("seen_version", "")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
    try:
        actions.restore_text(form=kind.code, seen_version=number, by=request.user, at=timezone.now())
    except Refused as refused:
        in_force = queries.text_of(kind)
        asked = TextForm(initial={"body": in_force.body, "seen_version": in_force.version})
        return _page(request, kind, asked, in_force.body, reasons=refused.reasons, status=REFUSED)
    messages.success(request, _("The standard text is back."))
    return redirect("onestop:text", form=kind.code)
