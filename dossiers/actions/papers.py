"""Files into their slots, out of them, back again, and in order."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, files
from core.errors import Refused
from dossiers import scanning
from dossiers.actions.row import editable, touch
from dossiers.models import Document, Dossier, Scan
from dossiers.papers import BY_CODE, Paper

MAX_FILES_PER_SLOT = 20
DETAILS = ("issuer", "reference", "issued_on", "valid_until")


@transaction.atomic
def attach(
    *, dossier: Dossier, paper: str, name: str, content: bytes, media_type: str, by: Any, at: datetime
) -> Document:
    """Put a checked file into a slot; a slot for one file replaces what it held. The same bytes twice in one
    slot stay one document."""
    dossier = editable(dossier, by, "papers", paper)
    slot = slot_named(paper)
    sha256 = hashlib.sha256(content).hexdigest()
    same = dossier.documents.filter(paper=paper, removed_at=None, file_id=sha256).first()
    if same is not None:
        return same
    position = _make_room(dossier, slot, at)
    files.put(content)
    files.name(sha256, size_bytes=len(content), media_type=media_type, at=at)
    document = Document(dossier=dossier, paper=paper, file_id=sha256, name=name, position=position)
    _lay_in(document, by=by, at=at)
    audit.record("document.attached", document, by=by, at=at, dossier=dossier.pk, paper=paper, sha256=sha256)
    return document


@transaction.atomic
def take_over(*, dossier: Dossier, source: Document, by: Any, at: datetime) -> Document:
    """A paper that the enterprise gave in another dossier serves this one too: same bytes, same facts, and the
    origin stays visible."""
    dossier = editable(dossier, by, "papers", source.paper)
    source = Document.objects.select_related("dossier__season").get(pk=source.pk)
    slot = slot_named(source.paper)
    if source.dossier.enterprise_id != dossier.enterprise_id or source.removed_at is not None:
        raise Http404
    same = dossier.documents.filter(paper=source.paper, removed_at=None, file_id=source.file_id).first()
    if same is not None:
        return same
    if not slot.is_reusable or (slot.of_one_season and source.dossier.season_id != dossier.season_id):
        raise Refused(_("This paper belongs to its own dossier. Upload the one for this dossier."))
    if source.has_expired(timezone.localdate(at)):
        raise Refused(_("“%(name)s” has expired. Upload the new paper.") % {"name": source.name})
    if source.is_locked:
        raise Refused(_("“%(name)s” is locked by the virus scan.") % {"name": source.name})
    document = Document(
        dossier=dossier,
        paper=source.paper,
        file_id=source.file_id,
        name=source.name,
        position=_make_room(dossier, slot, at),
        taken_from=source.taken_from or source,
        **{field: getattr(source, field) for field in DETAILS},
    )
    _lay_in(document, by=by, at=at)
    audit.record("document.taken_over", document, by=by, at=at, dossier=dossier.pk, paper=slot.code, source=source.pk)
    return document


@transaction.atomic
def remove_document(*, document: Document, by: Any, at: datetime) -> None:
    dossier = editable(document.dossier, by, "papers", document.paper)
    document = dossier.documents.get(pk=document.pk)
    if document.removed_at is None:
        _take_out(document, at)
        touch(dossier, at)
        audit.record("document.removed", document, by=by, at=at, dossier=dossier.pk, paper=document.paper)


@transaction.atomic
def put_back(*, document: Document, by: Any, at: datetime) -> Document:
    """Undo a removal or a replacement; in a slot for one file the two change places."""
    dossier = editable(document.dossier, by, "papers", document.paper)
    document = dossier.documents.get(pk=document.pk)
    slot = slot_named(document.paper)
    if document.removed_at is None:
        return document
    if document.scan == Scan.INFECTED:
        raise Refused(_("“%(name)s” is locked by the virus scan.") % {"name": document.name})
    same = dossier.documents.filter(paper=slot.code, removed_at=None, file_id=document.file_id).first()
    if same is not None:
        return same
    document.position = _make_room(dossier, slot, at)
    document.removed_at = None
    document.save(update_fields=["position", "removed_at"])
    touch(dossier, at)
    audit.record("document.put_back", document, by=by, at=at, dossier=dossier.pk, paper=slot.code)
    return document


@transaction.atomic
def move_document(*, document: Document, to: int, by: Any, at: datetime) -> None:
    """To the place `to` among the files of its slot, counted from 0; beyond an end means that end."""
    dossier = editable(document.dossier, by, "papers", document.paper)
    held = list(
        dossier.documents.filter(paper=document.paper, removed_at=None).order_by("position", "uploaded_at", "pk")
    )
    moved = next((one for one in held if one.pk == document.pk), None)
    if moved is None:
        raise Http404
    before = [one.pk for one in held]
    held.remove(moved)
    held.insert(max(0, min(to, len(held))), moved)
    if [one.pk for one in held] == before:
        return
    for position, one in enumerate(held):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])
    touch(dossier, at)
    audit.record("document.moved", moved, by=by, at=at, dossier=dossier.pk, paper=moved.paper, to=to)


@transaction.atomic
def describe_document(*, document: Document, by: Any, at: datetime, **facts: Any) -> Document:
    """Issuer, number and dates of a paper that ends one day. Raises Refused when the dates contradict each other."""
    dossier = editable(document.dossier, by, "papers", document.paper)
    document = dossier.documents.get(pk=document.pk)
    if document.removed_at is not None or not slot_named(document.paper).expires or set(facts) - set(DETAILS):
        raise Http404
    for field, value in facts.items():
        setattr(document, field, value)
    _check_dates(document.issued_on, document.valid_until, timezone.localdate(at))
    before = Document.objects.filter(pk=document.pk).values(*DETAILS).get()
    changed = [field for field in facts if before[field] != getattr(document, field)]
    if changed:
        document.save(update_fields=changed)
        touch(dossier, at)
        audit.record("document.described", document, by=by, at=at, dossier=dossier.pk, fields=changed)
    return document


def _check_dates(issued_on: date | None, valid_until: date | None, today: date) -> None:
    if issued_on is not None and issued_on > today:
        raise Refused(_("The date of issue lies in the future."))
    if issued_on is not None and valid_until is not None and valid_until < issued_on:
        raise Refused(_("The paper would end before it was issued. Check both dates."))


def slot_named(code: str) -> Paper:
    slot = BY_CODE.get(code)
    if slot is None:
        raise Refused(_("There is no such slot."))
    return slot


def _make_room(dossier: Dossier, slot: Paper, at: datetime) -> int:
    """The place for one more file, under the lock of the dossier; a slot for one file gives up what it holds."""
    held = list(dossier.documents.filter(paper=slot.code, removed_at=None))
    if not slot.several:
        for document in held:
            _take_out(document, at)
        return 0
    if len(held) >= MAX_FILES_PER_SLOT:
        raise Refused(slot_is_full())
    return max((document.position for document in held), default=-1) + 1


def slot_is_full() -> str:
    return _("This slot holds at most %(n)s files.") % {"n": MAX_FILES_PER_SLOT}


def _take_out(document: Document, at: datetime) -> None:
    document.removed_at = at
    document.save(update_fields=["removed_at"])


def _lay_in(document: Document, *, by: Any, at: datetime) -> None:
    document.uploaded_at, document.uploaded_by_name = at, str(by)
    document.scan, document.scan_words = scanning.first_state(document.file_id)
    document.save(force_insert=True)
    if document.scan == Scan.WAITING:
        scanning.ask(document)
    touch(document.dossier, at)
