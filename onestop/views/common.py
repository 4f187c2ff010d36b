"""What every page of the room begins with: whose dossier, and how a file is handed out."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from accounts.access import require
from core.uploads import DOCX, PDF, XLSX
from dossiers.models import Dossier
from onestop import queries
from onestop.kinds import BY_CODE, FormKind
from onestop.sheet import Missing

MEDIA = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}
REFUSED = 409


def dossier_of(request: HttpRequest, pk: int, rule: str = "onestop.read_forms") -> Dossier:
    """404 to whoever may not read the forms of this dossier."""
    dossier = queries.whole(pk)
    if dossier is None:
        raise Http404
    require(request.user, rule, dossier)
    return dossier


def kind_of(code: str) -> FormKind:
    kind = BY_CODE.get(code)
    if kind is None:
        raise Http404
    return kind


def handed(content: bytes, face: str, name: str, *, inline: bool = False) -> HttpResponse:
    """A file under its name; a PDF may be looked at in the browser."""
    response = HttpResponse(content, content_type=MEDIA[face])
    shown = inline and face == "pdf"
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def place_of(found: Missing, dossier: Dossier, inputs: dict[str, str] | None = None) -> str:
    """The address at which a missing value is filled in."""
    if found.where == "typed":
        return f"#{(inputs or {}).get(found.name, 'main')}"
    if found.where == "enterprise":
        return reverse("dossiers:desk_enterprise", args=[dossier.enterprise_id])
    if found.where == "supplement":
        return reverse("dossiers:ask_supplement", args=[dossier.pk])
    if found.where == "intake":
        return reverse("onestop:forms", args=[dossier.pk]) + "#scans"
    return reverse("dossiers:check", args=[dossier.pk])


def lacking(kind: FormKind, found: list[Missing], dossier: Dossier, inputs: dict[str, str] | None = None) -> list[Any]:
    """Sentence, address and the name of the page, for each missing value."""
    from onestop.faults import still_missing
    from onestop.possible import where_words

    return [(still_missing(kind, one), place_of(one, dossier, inputs), where_words(one.where)) for one in found]
