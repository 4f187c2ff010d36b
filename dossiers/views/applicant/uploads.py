"""Files in pieces: for a page with script, over a line that may break. Every answer is JSON, every refusal words."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from dossiers import actions
from dossiers.actions.uploads import TooLarge, TooMany, WrongPlace
from dossiers.models import Dossier, Upload
from dossiers.papers import asked_on
from dossiers.views.applicant.whose import own_dossier


def _in_words(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A refusal with its status: 413 too large, 429 too many, 409 elsewhere or not now."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except WrongPlace as refused:
            return _refusal(refused, 409, received=refused.received)
        except TooLarge as refused:
            return _refusal(refused, 413)
        except TooMany as refused:
            return _refusal(refused, 429)
        except Refused as refused:
            return _refusal(refused, 409)

    return answer


def _refusal(refused: Refused, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"refused": " ".join(refused.reasons), **more}, status=status)


@require_POST
@own_dossier
@_in_words
def upload_begin(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Name, size and time of change in; the id and the bytes that are already here out."""
    paper = request.POST.get("paper", "")
    size = request.POST.get("size", "")
    name = request.POST.get("name", "")
    if paper not in {one.code for one in asked_on(dossier.track)}:
        raise Refused(_("There is no such slot."))
    if not (size.isascii() and size.isdigit()) or len(size) > 15 or not name:
        raise Refused(_("Choose a file first."))
    upload = actions.begin_upload(
        dossier=dossier,
        paper=paper,
        name=name[:500],
        size_bytes=int(size),
        modified=request.POST.get("modified", "")[:20],
        by=request.user,
        at=timezone.now(),
    )
    return _state(upload)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@own_dossier
@_in_words
def upload_piece(request: HttpRequest, dossier: Dossier, upload: UUID) -> HttpResponse:
    """GET: how far it is. POST: the piece that begins at `offset`. DELETE: given up."""
    found = _of(request, dossier, upload)
    if request.method == "DELETE":
        actions.abandon_upload(upload=found, by=request.user, at=timezone.now())
        return JsonResponse({"gone": True})
    if request.method == "POST":
        offset = request.GET.get("offset", "")
        if not (offset.isascii() and offset.isdigit()) or len(offset) > 15:
            raise WrongPlace(found.received_bytes)
        found = actions.add_piece(
            upload=found, offset=int(offset), piece=_body(request), by=request.user, at=timezone.now()
        )
    return _state(found)


@require_POST
@own_dossier
@_in_words
def upload_finish(request: HttpRequest, dossier: Dossier, upload: UUID) -> HttpResponse:
    """Everything is here: the same judgement as for a plain form, then into the slot."""
    done = actions.finish_upload(upload=_of(request, dossier, upload), by=request.user, at=timezone.now())
    if done.refused:
        return JsonResponse({"refused": done.refused, "final": True}, status=422)
    return _state(done)


def _body(request: HttpRequest) -> bytes:
    """One piece, refused by its announced length before it is read."""
    announced = request.headers.get("Content-Length", "")
    if request.content_type != "application/octet-stream":  # a form would have been read already
        raise Refused(_("Choose a file first."))
    if (
        not (announced.isascii() and announced.isdigit() and len(announced) < 18)
        or int(announced) > actions.PIECE_BYTES
    ):
        raise TooLarge(_("More has come than was announced. Choose the file anew."))
    try:
        return request.body
    except UnreadablePostError as error:  # the line broke in the middle of the piece
        raise Refused(_("A piece of the file was lost on the way. The upload goes on where it stopped.")) from error


def _of(request: HttpRequest, dossier: Dossier, upload: UUID) -> Upload:
    """An upload of this person into this dossier; every other one does not exist here."""
    found = Upload.objects.filter(dossier=dossier, pk=upload, begun_by_id=request.user.pk).first()
    if found is None:
        raise Http404
    return found


def _state(upload: Upload) -> JsonResponse:
    return JsonResponse(
        {
            "id": str(upload.pk),
            "received": upload.received_bytes,
            "size": upload.size_bytes,
            "document": upload.document_id,
            "finished": upload.finished_at is not None,
            "finish": reverse("dossiers:upload_finish", kwargs={"pk": upload.dossier_id, "upload": upload.pk}),
        }
    )
