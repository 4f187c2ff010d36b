"""A signed sheet is corrected by its next version. The old one counts until the new one is signed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit, vietnamese
from core.errors import Refused
from dossiers.models import Dossier
from evaluations.actions.sheets import drop_sheets, locked, refuse_unless_scoring, write_marks
from evaluations.models import ScoreSheet
from evaluations.queries import desk_of

REASON_LENGTH = 500


@transaction.atomic
def begin_correction(*, dossier: Dossier, reason: str, by: Any, at: datetime) -> ScoreSheet:
    """A new version in hand with the marks of the signed one. Raises Refused without a reason, after closing, and
    when nothing is signed. A correction that is in hand already stays as it is."""
    require(by, "evaluations.score", dossier)
    dossier, seat = locked(dossier, by)
    refuse_unless_scoring(dossier, at)
    desk = desk_of(seat, dossier)
    if desk.is_correction and desk.sheet is not None:
        return desk.sheet
    signed = desk.standing
    reason = vietnamese.nfc_lines(reason)
    if signed is None:
        raise Refused(_("This sheet is not signed yet: change it as it is."))
    if not reason:
        raise Refused(_("Say why the signed sheet has to be corrected."))
    if len(reason) > REASON_LENGTH:
        raise Refused(_("Write at most %(n)s letters.") % {"n": REASON_LENGTH})
    sheet = ScoreSheet.objects.create(
        seat=seat,
        dossier=dossier,
        version=_next_version(signed),
        reason=reason,
        private_note=signed.private_note,
        council_comment=signed.council_comment,
        ballot=signed.ballot,
        saved_at=at,
    )
    # What counted by rule is asked anew when its condition changes.
    asked = set(desk.asked.asked(desk.answers))
    write_marks(sheet, desk.asked, {code: answer for code, answer in desk.answers.items() if code in asked})
    audit.record("sheet.correction_begun", sheet, by=by, at=at, dossier=dossier.number, version=sheet.version)
    return sheet


def _next_version(signed: ScoreSheet) -> int:
    newest = ScoreSheet.objects.filter(seat=signed.seat_id, dossier=signed.dossier_id).order_by("-version").first()
    return (newest or signed).version + 1


@transaction.atomic
def give_up_correction(*, dossier: Dossier, by: Any, at: datetime) -> None:
    """The version in hand goes; the signed one counts as before."""
    require(by, "evaluations.score", dossier)
    dossier, seat = locked(dossier, by)
    desk = desk_of(seat, dossier)
    if not desk.is_correction or desk.sheet is None or desk.is_entered:
        raise Refused(_("No correction of this sheet is in hand."))
    version = desk.sheet.version
    drop_sheets([desk.sheet])
    audit.record("sheet.correction_given_up", seat, by=by, at=at, dossier=dossier.number, version=version)
