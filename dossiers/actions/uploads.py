"""A file that arrives in pieces: begun, continued where it stopped, finished, given up, swept away."""

from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import can
from core import uploads
from core.errors import Refused
from dossiers.actions.papers import MAX_FILES_PER_SLOT, attach, slot_is_full, slot_named
from dossiers.actions.row import editable
from dossiers.models import Document, Dossier, Upload
from dossiers.papers import Paper

PIECE_BYTES = 1024 * 1024
MAX_OPEN = 10
KEPT_HOURS = 24


class TooLarge(Refused):
    """More bytes than may come."""


class TooMany(Refused):
    """More files than may come at once."""


class WrongPlace(Refused):
    """The piece does not continue what is here; `received` tells where to go on."""

    def __init__(self, received: int) -> None:
        super().__init__(_("A piece of the file was lost on the way. The upload goes on where it stopped."))
        self.received = received


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "pieces"


def path_of(upload: Upload) -> Path:
    return folder() / upload.pk.hex


def kinds_of(slot: Paper) -> frozenset[str] | None:
    return uploads.PICTURES if slot.only_pictures else None


@transaction.atomic
def begin_upload(
    *, dossier: Dossier, paper: str, name: str, size_bytes: int, modified: str, by: Any, at: datetime
) -> Upload:
    """The row of a file that will come in pieces; the same file of the same person finds the row it began."""
    dossier = editable(dossier, by, "papers", paper)
    slot = slot_named(paper)
    if size_bytes > settings.MAX_UPLOAD_BYTES:
        raise TooLarge(uploads.too_large())
    uploads.check_name(name, kinds_of(slot))
    if size_bytes <= 0:
        raise Refused(uploads.is_empty())
    key = sha256(f"{paper}|{name}|{size_bytes}|{modified}|{by.pk}".encode()).hexdigest()
    still_open = dossier.uploads.filter(finished_at=None, begun_at__gt=at - timedelta(hours=KEPT_HOURS))
    known = still_open.filter(fingerprint=key, begun_by=by).first()
    if known is not None:
        _believe_the_disk(known)
        return known
    if still_open.count() >= MAX_OPEN:
        raise TooMany(
            _("At most %(n)s files can be on their way at once. Wait until some have arrived.") % {"n": MAX_OPEN}
        )
    if slot.several:
        held = dossier.documents.filter(paper=paper, removed_at=None).count()
        if held + still_open.filter(paper=paper).count() >= MAX_FILES_PER_SLOT:
            raise TooMany(slot_is_full())
    return Upload.objects.create(
        dossier=dossier,
        paper=paper,
        name=uploads.clean_name(name),
        size_bytes=size_bytes,
        begun_by=by,
        begun_at=at,
        fingerprint=key,
    )


@transaction.atomic
def add_piece(*, upload: Upload, offset: int, piece: bytes, by: Any, at: datetime) -> Upload:
    """Append a piece that begins where the last one ended. Raises WrongPlace with the true place."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    _still_mine(upload, by)
    _believe_the_disk(upload)
    if upload.finished_at is not None or offset != upload.received_bytes:
        raise WrongPlace(upload.received_bytes)
    if len(piece) > PIECE_BYTES or offset + len(piece) > upload.size_bytes:
        raise TooLarge(_("More has come than was announced. Choose the file anew."))
    folder().mkdir(parents=True, exist_ok=True)
    path = path_of(upload)
    with path.open("r+b" if path.exists() else "xb") as stream:
        stream.seek(offset)
        stream.truncate()
        stream.write(piece)
    upload.received_bytes = offset + len(piece)
    upload.save(update_fields=["received_bytes"])
    return upload


def finish_upload(*, upload: Upload, by: Any, at: datetime) -> Upload:
    """All has come: judge it like any file and attach it. Asked twice, the answer is the same. The row tells the
    outcome: `document`, or `refused` in words."""
    _still_mine(upload, by)
    if upload.finished_at is not None:
        return upload
    path = path_of(upload)
    if upload.received_bytes != upload.size_bytes or not path.exists():
        raise WrongPlace(_on_disk(upload))
    try:
        checked = uploads.check_content(upload.name, path.read_bytes(), kinds_of(slot_named(upload.paper)))
        return _attached(upload, checked, by, at)
    except Refused as refused:
        return _close(upload, at, refused=" ".join(refused.reasons))


@transaction.atomic
def _attached(upload: Upload, checked: uploads.CheckedFile, by: Any, at: datetime) -> Upload:
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.finished_at is not None:
        return locked
    document = attach(
        dossier=locked.dossier,
        paper=locked.paper,
        name=checked.name,
        content=checked.content,
        media_type=checked.media_type,
        by=by,
        at=at,
    )
    return _close(locked, at, document=document)


@transaction.atomic
def abandon_upload(*, upload: Upload, by: Any, at: datetime) -> None:
    """The person changed her mind; nothing of it stays."""
    locked = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if locked is not None and locked.finished_at is None:
        _still_mine(locked, by)
        path = path_of(locked)
        locked.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


@transaction.atomic
def sweep_uploads(*, at: datetime) -> int:
    """Rows and pieces older than a day. How many rows went."""
    old = Upload.objects.filter(begun_at__lt=at - timedelta(hours=KEPT_HOURS))
    paths = [path_of(upload) for upload in old]
    count = len(paths)
    old.delete()
    for path in paths:
        transaction.on_commit(partial(path.unlink, missing_ok=True))
    return count


@transaction.atomic
def _close(upload: Upload, at: datetime, *, document: Document | None = None, refused: str = "") -> Upload:
    upload.finished_at, upload.document, upload.refused = at, document, refused
    upload.save(update_fields=["finished_at", "document", "refused"])
    path = path_of(upload)
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return upload


def _still_mine(upload: Upload, by: Any) -> None:
    if upload.begun_by_id != by.pk or not can(by, "dossiers.edit", upload.dossier):
        raise Refused(_("The dossier cannot be changed now."))


def _on_disk(upload: Upload) -> int:
    path = path_of(upload)
    return min(upload.received_bytes, path.stat().st_size if path.exists() else 0)


def _believe_the_disk(upload: Upload) -> None:
    """A server that lost its disk has fewer bytes than its row says."""
    there = _on_disk(upload)
    if upload.finished_at is None and there < upload.received_bytes:
        upload.received_bytes = there
        upload.save(update_fields=["received_bytes"])
