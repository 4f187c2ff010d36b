"""A workbook of score sheets comes in: it is kept as evidence, then written whole or not at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, files
from core.errors import Refused
from core.uploads import XLSX
from evaluations import queries, sheet_upload
from evaluations.actions.sheets import save_sheet
from evaluations.models import Seat
from evaluations.queries import Desk


@transaction.atomic
def keep_workbook(*, seat: Seat, content: bytes, desks: Sequence[Desk], by: Any, at: datetime) -> str:
    """The digest under which the uploaded file is kept. Raises Refused when it is not this member's workbook."""
    _own(seat, by)
    found = sheet_upload.plan(content, seat, desks)
    sha256 = files.put(content)
    files.name(sha256, size_bytes=len(content), media_type=XLSX, at=at)
    audit.record("sheets.workbook_received", seat, by=by, at=at, sha256=sha256, counts=found.counts)
    return sha256


@transaction.atomic
def write_workbook(*, seat: Seat, sha256: str, basis: str, by: Any, at: datetime) -> int:
    """Write what was shown. Returns how many cells. Raises Refused when a cell is refused, or when the sheets are no
    longer as they were shown."""
    _own(seat, by)
    desks = [task.desk for task in queries.tasks(seat)]
    found = sheet_upload.plan(files.read(sha256), seat, desks)
    if found.refused:
        raise Refused(_("Nothing is written while a row is refused. Mend the file and upload it again."))
    if found.basis != basis:
        raise Refused(_("Your sheets have changed since the differences were shown. Look at them again."))
    if not found.to_write:
        raise Refused(_("The file changes nothing."))
    for desk in desks:
        answers, cells, bases = sheet_upload.answers_of(found, str(desk.dossier.number))
        if not answers and not cells:
            continue
        saved = save_sheet(dossier=desk.dossier, answers=answers, cells=cells, bases=bases, by=by, at=at)
        if saved.conflicts:
            raise Refused(_("Your sheets have changed since the differences were shown. Look at them again."))
    audit.record("sheets.workbook_written", seat, by=by, at=at, sha256=sha256, counts=found.counts)
    return len(found.to_write)


def _own(seat: Seat, by: Any) -> None:
    if seat.user_id != by.pk or seat.vacated_at is not None:
        raise Refused(_("Only the member fills in the own sheets."))
