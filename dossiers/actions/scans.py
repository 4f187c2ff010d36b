"""Scans of papers that came over the counter: the officer lays them in, for the enterprise."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit, files
from core.errors import Refused
from dossiers.actions.papers import _lay_in, _make_room, slot_named
from dossiers.models import Document, Dossier, Stage

# While the Department checks; what the council has seen is not added to.
OPEN = (Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT)


@transaction.atomic
def attach_scan(
    *, dossier: Dossier, paper: str, name: str, content: bytes, media_type: str, by: Any, at: datetime
) -> Document:
    """Like `attach`, by an officer, for a dossier that was received on paper. Raises Refused."""
    locked = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    require(by, "dossiers.check", locked)
    if not locked.is_on_paper:
        raise Refused(_("Only dossiers received on paper get scans from the Department; this one was sent online."))
    if locked.stage not in OPEN:
        raise Refused(_("The check of this dossier is over."))
    slot = slot_named(paper)
    sha256 = hashlib.sha256(content).hexdigest()
    same = locked.documents.filter(paper=paper, removed_at=None, file_id=sha256).first()
    if same is not None:
        return same
    position = _make_room(locked, slot, at)
    files.put(content)
    files.name(sha256, size_bytes=len(content), media_type=media_type, at=at)
    document = Document(dossier=locked, paper=paper, file_id=sha256, name=name, position=position)
    _lay_in(document, by=by, at=at)
    audit.record("document.scanned_in", document, by=by, at=at, dossier=locked.pk, paper=paper, sha256=sha256)
    return document
