"""The documents of a dossier in their slots: the page, and what is done with one file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import uploads
from core.errors import Refused
from dossiers import actions, words
from dossiers.models import Document, Dossier
from dossiers.papers import BY_CODE, Paper, asked_on
from dossiers.papers_form import DetailsForm
from dossiers.views.applicant.part import context_of
from dossiers.views.applicant.slots import furnished_slots_of, slots_of
from dossiers.views.applicant.whose import editable_dossier, own_dossier

__all__ = [
    "describe_document",
    "move_document",
    "papers",
    "papers_scans",
    "put_back_document",
    "remove_document",
    "slots_of",
    "take_over",
]


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
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
            if request.POST.get("from") == "supplement":  # uploaded on the card of the supplement
                return redirect(f"{reverse('dossiers:supplement', kwargs={'pk': dossier.pk})}#item-{code}")
            return redirect(place_of(dossier, code))
    return _page(request, dossier, code, errors)


def _page(
    request: HttpRequest,
    dossier: Dossier,
    code: str = "",
    errors: Sequence[str] = (),
    bound: Mapping[int, DetailsForm] | None = None,
) -> HttpResponse:
    slots = furnished_slots_of(dossier, timezone.now(), request.user, code, errors, bound)
    context = context_of(dossier, "papers") | {
        "slots": slots,
        "problems": [(f"#slot-{code}", error) for error in errors],
        "piece_bytes": actions.PIECE_BYTES,
        "is_scanning": any(row.document.scan == "waiting" for slot in slots for row in slot.rows),
    }
    return render(request, "dossiers/papers.html", context)


def place_of(dossier: Dossier, code: str) -> str:
    return f"{reverse('dossiers:papers', kwargs={'pk': dossier.pk})}#slot-{code}"


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
    checked = uploads.check(upload, uploads.PICTURES if paper.only_pictures else None)
    actions.attach(
        dossier=dossier,
        paper=paper.code,
        name=checked.name,
        content=checked.content,
        media_type=checked.media_type,
        by=user,
        at=timezone.now(),
    )


# --- one file -----------------------------------------------------------------------------------------
def _of(dossier: Dossier, document: int) -> Document:
    """A file of this dossier; every other one does not exist here."""
    found = dossier.documents.model.objects.filter(dossier=dossier, pk=document).select_related("file").first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def remove_document(request: HttpRequest, dossier: Dossier, document: int) -> HttpResponse:
    """Take the file out of its slot. It can be put back, so only a link without its form asks first."""
    found = _of(dossier, document)
    back = place_of(dossier, found.paper)
    if found.removed_at is not None:
        return redirect(back)
    if request.method == "POST":
        actions.remove_document(document=found, by=request.user, at=timezone.now())
        messages.success(request, _("“%(name)s” is removed. You can put it back.") % {"name": found.name})
        return redirect(back)
    context = {"dossier": dossier, "document": found, "paper": words.PAPER_NAMES[found.paper], "back": back}
    return render(request, "dossiers/remove_document.html", context)


@require_POST
@own_dossier
def put_back_document(request: HttpRequest, dossier: Dossier, document: int) -> HttpResponse:
    found = _of(dossier, document)
    actions.put_back(document=found, by=request.user, at=timezone.now())
    messages.success(request, _("“%(name)s” is back in its place.") % {"name": found.name})
    return redirect(place_of(dossier, found.paper))


@require_POST
@own_dossier
def move_document(request: HttpRequest, dossier: Dossier, document: int) -> HttpResponse:
    """To the place `to` in the order of its slot."""
    found = _of(dossier, document)
    to = request.POST.get("to", "")
    if not (to.isascii() and to.isdigit()):
        raise Refused(_("Say to which place the file goes."))
    actions.move_document(document=found, to=int(to[:4]), by=request.user, at=timezone.now())
    return redirect(place_of(dossier, found.paper))


def is_autosave(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


@require_POST
@editable_dossier
def describe_document(request: HttpRequest, dossier: Dossier, document: int) -> HttpResponse:
    """Issuer, number and dates. Autosave keeps what could be read and tells of the rest."""
    found = _of(dossier, document)
    form = DetailsForm(found, request.POST)
    whole = form.is_valid()
    if whole or is_autosave(request):
        try:
            actions.describe_document(document=found, by=request.user, at=timezone.now(), **form.readable())
        except Refused as refused:
            if is_autosave(request):
                return JsonResponse({"refused": " ".join(refused.reasons)}, status=409)
            form.add_error(None, refused.reasons)
    if is_autosave(request):
        saved_at = time_format(timezone.localtime(), "TIME_FORMAT")
        return JsonResponse({"saved_at": saved_at, "errors": form.errors.get_json_data()})
    if form.errors:
        said = [str(error) for errors in form.errors.values() for error in errors]
        return _page(request, dossier, found.paper, said, {found.pk: form})
    messages.success(request, _("Saved."))
    return redirect(place_of(dossier, found.paper))


@require_POST
@own_dossier
def take_over(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """A paper of the same enterprise, given in another dossier."""
    number = request.POST.get("document", "")
    if not (number.isascii() and number.isdigit()):
        raise Refused(_("Choose the paper to take over."))
    source = Document.objects.filter(pk=int(number[:18]), dossier__enterprise=dossier.enterprise).first()
    if source is None or source.paper not in {paper.code for paper in asked_on(dossier.track)}:
        raise Http404
    actions.take_over(dossier=dossier, source=source, by=request.user, at=timezone.now())
    messages.success(request, _("“%(name)s” is taken over.") % {"name": source.name})
    return redirect(place_of(dossier, source.paper))


@require_safe
@own_dossier
def papers_scans(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """How the scan of each file stands, for the page that waits."""
    held = Document.objects.current().filter(dossier=dossier).values_list("pk", "scan")
    return JsonResponse({"scans": {str(pk): scan for pk, scan in held}})
