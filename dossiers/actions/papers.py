"""Files into their slots and out of them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, files
from core.errors import Refused
from dossiers.actions.row import editable, touch
from dossiers.models import Document, Dossier
from dossiers.papers import BY_CODE

MAX_FILES_PER_SLOT = 20


@transaction.atomic
def attach(
    *, dossier: Dossier, paper: str, name: str, content: bytes, media_type: str, by: Any, at: datetime
) -> Document:
    """Put a checked file into a slot; a slot for one file replaces what it held. The same bytes twice in one
    slot stay one document."""
    dossier = editable(dossier, by)
    slot = BY_CODE.get(paper)
    if slot is None:
        raise Refused(_("There is no such slot."))
    held = list(dossier.documents.filter(paper=paper, removed_at=None))
    sha256 = files.put(content)
    same = next((document for document in held if document.file_id == sha256), None)
    if same is not None:
        return same
    if slot.several and len(held) >= MAX_FILES_PER_SLOT:
        raise Refused(_("This slot holds at most %(n)s files.") % {"n": MAX_FILES_PER_SLOT})
    if not slot.several:
        for document in held:
            document.removed_at = at
            document.save(update_fields=["removed_at"])
    stored = files.name(sha256, size_bytes=len(content), media_type=media_type, at=at)
    document = Document.objects.create(
        dossier=dossier, paper=paper, file=stored, name=name, uploaded_at=at, uploaded_by_name=str(by)
    )
    touch(dossier, at)
    audit.record("document.attached", document, by=by, at=at, dossier=dossier.pk, paper=paper, sha256=sha256)
    return document


@transaction.atomic
def remove_document(*, document: Document, by: Any, at: datetime) -> None:
    dossier = editable(document.dossier, by)
    if document.removed_at is None:
        document.removed_at = at
        document.save(update_fields=["removed_at"])
        touch(dossier, at)
        audit.record("document.removed", document, by=by, at=at, dossier=dossier.pk, paper=document.paper)
