"""A member is absent and has signed on paper: one person types the sheet in, with the scan; another confirms it.

Both names stay with the sheet for ever. The member sees it, and nobody can pass it off as the member's own typing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit, files
from core.errors import Refused
from dossiers.models import Dossier
from evaluations.actions.sheets import (
    drop_sheets,
    has_conflict,
    refuse_impossible,
    refuse_incomplete,
    refuse_unless_scoring,
    seal_desk,
    write_marks,
)
from evaluations.answers import Answer
from evaluations.models import Assignment, ScoreSheet, Seat
from evaluations.queries import Desk, desk_of


@transaction.atomic
def enter_sheet(
    *,
    seat: Seat,
    dossier: Dossier,
    answers: Mapping[str, Answer],
    ballot: bool | None = None,
    comment: str = "",
    scan: bytes,
    media_type: str,
    by: Any,
    at: datetime,
) -> ScoreSheet:
    """Type in the whole sheet from the scan of the signed paper. It counts once a second person has confirmed it.

    Raises Refused while anything is missing, when the member has written or signed the sheet, and for a conflict.
    """
    require(by, "evaluations.enter_sheet", dossier)
    desk = _locked(seat, dossier)
    if desk.standing is not None:
        raise Refused(_("%(name)s has signed this sheet already.") % {"name": seat})
    if desk.sheet is not None and desk.answers:
        raise Refused(_("%(name)s has begun this sheet; only the member can go on with it.") % {"name": seat})
    refuse_impossible(desk.asked, answers)
    if not scan:
        raise Refused(_("Add the scan of the signed paper sheet."))
    drop_sheets([desk.sheet] if desk.sheet else [])
    sha256 = files.put(scan)
    files.name(sha256, size_bytes=len(scan), media_type=media_type, at=at)
    sheet = ScoreSheet.objects.create(
        seat=seat,
        dossier=dossier,
        ballot=ballot,
        council_comment=comment,
        saved_at=at,
        entered_by_name=_signed_name(by),
        scan_sha256=sha256,
    )
    write_marks(sheet, desk.asked, answers)
    refuse_incomplete(desk_of(seat, desk.dossier))
    audit.record("sheet.entered", sheet, by=by, at=at, dossier=dossier.number, member=str(seat), scan=sha256)
    return sheet


@transaction.atomic
def confirm_entry(*, sheet: ScoreSheet, shown: str, by: Any, at: datetime) -> ScoreSheet:
    """A second person has compared it with the scan. Raises Refused for the person who typed it, and when the sheet
    is not what was shown."""
    dossier = sheet.dossier
    require(by, "evaluations.confirm_entry", dossier)
    desk = _locked(sheet.seat, dossier)
    if desk.sheet is None or desk.sheet.pk != sheet.pk or not desk.is_entered:
        raise Refused(_("This sheet does not wait for a confirmation any more."))
    if desk.sheet.entered_by_name == _signed_name(by):
        raise Refused(_("Whoever typed the sheet in cannot confirm it: a second person has to."))
    desk.sheet.confirmed_by_name = _signed_name(by)
    return seal_desk(desk, shown=shown, by=by, at=at)


@transaction.atomic
def drop_entry(*, sheet: ScoreSheet, by: Any, at: datetime) -> None:
    """An entry that does not agree with the paper goes; the scan stays with the audit log."""
    require(by, "evaluations.confirm_entry", sheet.dossier)
    desk = _locked(sheet.seat, sheet.dossier)
    if desk.sheet is None or desk.sheet.pk != sheet.pk or not desk.is_entered:
        raise Refused(_("This sheet does not wait for a confirmation any more."))
    facts = {"dossier": sheet.dossier.number, "scan": sheet.scan_sha256}
    drop_sheets([desk.sheet])
    audit.record("sheet.entry_dropped", sheet.seat, by=by, at=at, **facts)


def _locked(seat: Seat, dossier: Dossier) -> Desk:
    found = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("season__rubric", "product__sector", "enterprise")
        .get(pk=dossier.pk)
    )
    refuse_unless_scoring(found)
    if has_conflict(seat, found):
        raise Refused(_("%(name)s has a conflict of interest with this dossier.") % {"name": seat})
    if seat.vacated_at is not None or not Assignment.objects.filter(seat=seat, dossier=found).exists():
        raise Refused(_("%(name)s is not asked about this dossier.") % {"name": seat})
    return desk_of(seat, found)


def _signed_name(user: Any) -> str:
    """The name as it stays in the record, with the account, because two people may share a name."""
    return f"{user} <{user.email}>"[:200]
