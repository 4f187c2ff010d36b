"""The one door through which the bytes of a document leave, with one question: may this person, now?

Small pictures of it leave through the same door, by the same answer.
"""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import can
from core import audit, files, thumbnails
from core.errors import Refused
from core.uploads import JPEG, PDF, PICTURES, SHOWN_INLINE
from dossiers.models import Document, Scan

# Nothing of the file may act: no script, no form, no frame, no request. A PDF viewer is the browser's own and
# does not start inside a sandbox; its file cannot act either, because the rest of the policy still holds.
LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
SANDBOX = f"sandbox; {LOCKED}"


@require_safe
@never_cache
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Sent as a download; `?xem=1` shows a PDF or a picture in the browser, `?nho=1` a picture of it in small."""
    found = Document.objects.select_related("dossier__enterprise", "dossier__season", "file").filter(pk=pk).first()
    if found is None:
        raise Http404
    own = can(request.user, "dossiers.see_own", found.dossier)
    if not own:
        _ask(request, found)
    if found.is_locked:
        raise Refused(_why_locked(found))
    try:
        if "nho" in request.GET:
            return _small(found)
        content = files.read(found.file_id)
    except (FileNotFoundError, ValueError) as error:
        raise Refused(_("This file cannot be read at present. Write to the Department.")) from error
    if not own and request.method == "GET":
        _leave_trace(request, found)
    media_type = found.file.media_type
    inline = "xem" in request.GET and media_type in SHOWN_INLINE
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, found.name) or "attachment"
    return _locked(response, LOCKED if inline and media_type == PDF else SANDBOX)


def _small(found: Document) -> HttpResponse:
    """Only pictures have one. What cannot be drawn in time is a 404 of a few words: the page keeps its icon."""
    small = thumbnails.of(found.file_id) if found.file.media_type in PICTURES else None
    if small is None:
        return HttpResponse(_("No preview is possible."), status=404, content_type="text/plain; charset=utf-8")
    response = HttpResponse(small, content_type=JPEG)
    response["Content-Disposition"] = "inline"
    return _locked(response, SANDBOX)


def _locked(response: HttpResponse, policy: str) -> HttpResponse:
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _ask(request: HttpRequest, found: Document) -> None:
    """Staff see what was filed, a council member what the own sheet needs; 404 to everybody else."""
    dossier = found.dossier
    if can(request.user, "dossiers.see", dossier):
        if found.was_filed(dossier):
            return
    elif found.removed_at is None and can(request.user, "evaluations.score", dossier):
        return
    raise Http404


def _why_locked(found: Document) -> str:
    if found.scan == Scan.WAITING:
        return _("“%(name)s” is still being scanned for viruses. It opens when the scan is done.") % {
            "name": found.name
        }
    return _("“%(name)s” is locked: the virus scanner found %(found)s in it.") % {
        "name": found.name,
        "found": found.scan_words,
    }


def _leave_trace(request: HttpRequest, found: Document) -> None:
    with transaction.atomic():
        audit.record(
            "document.read",
            found,
            by=request.user,
            at=timezone.now(),
            dossier=found.dossier_id,
            sha256=found.file_id,
        )
