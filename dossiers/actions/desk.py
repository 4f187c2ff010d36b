"""What the Department keeps for itself while it checks: ticks and crosses, notes, phrases, who has a dossier open."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers import checklist
from dossiers.models import CheckMark, Defect, Dossier, Opening, Phrase, StaffNote
from dossiers.papers import BY_CODE


class Overtaken(Refused):
    """Somebody else was quicker; the reasons say who, when, and how things stand now."""


# --- two officers -------------------------------------------------------------------------------------
def still_as_seen(dossier: Dossier, seen: str) -> Dossier:
    """The locked row, when it is as the page showed it. `seen` is the stamp of that page; empty asks nothing."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    if seen and seen != checklist.stamp_of(locked):
        raise Overtaken(_overtaken(locked))
    return locked


def _overtaken(dossier: Dossier) -> str:
    last = dossier.changes.order_by("-taken_at", "-pk").first()
    said = {"stage": dossier.get_stage_display()}
    if last is None or last.taken_at != dossier.changed_at:
        said["time"] = _moment(dossier.changed_at)
        return _("The dossier was changed at %(time)s; it stands at “%(stage)s” now. Look again.") % said
    said |= {"who": last.taken_by_name, "time": _moment(last.taken_at)}
    return _("Already handled by %(who)s at %(time)s; the dossier stands at “%(stage)s” now.") % said


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


# --- ticks and crosses --------------------------------------------------------------------------------
@transaction.atomic
def mark(
    *,
    dossier: Dossier,
    part: str,
    verdict: str,
    seen: str,
    reason: str = "",
    words: str = "",
    was: str | None = None,
    by: Any,
    at: datetime,
) -> CheckMark | None:
    """Tick or cross one paper or part; an empty verdict takes the mark away. `seen` is the digest the page showed and
    `was` the time of the mark it showed: what changed meanwhile is not judged, and another officer's newer mark is
    not overwritten. Raises Refused."""
    require(by, "dossiers.check", dossier)
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    if locked.stage not in checklist.MARKABLE:
        raise Overtaken(_overtaken(locked))
    if part not in checklist.codes_of(locked):
        raise Refused(_("There is no such paper or part in this dossier."))
    if verdict and verdict not in CheckMark.Verdict.values:
        raise Refused(_("A mark is a tick or a cross."))
    if reason and reason not in Defect.Reason.values:
        raise Refused(_("Choose a reason from the list."))
    if seen != checklist.seen_of(locked, part):
        raise Overtaken(_("The enterprise changed this while you looked at it. Look again."))
    held = CheckMark.objects.filter(dossier=locked, part=part).select_related("marked_by").first()
    if held is not None and was is not None and was != held.marked_at.isoformat() and held.marked_by_id != by.pk:
        said = {"who": held.marked_by, "time": _moment(held.marked_at), "verdict": held.get_verdict_display()}
        raise Overtaken(_("%(who)s marked this at %(time)s: %(verdict)s. Look again.") % said)
    if not verdict:
        if held is not None:
            held.delete()
            audit.record("dossier.mark_removed", locked, by=by, at=at, part=part)
        return None
    is_defect = verdict == CheckMark.Verdict.DEFECT
    made, _created = CheckMark.objects.update_or_create(
        dossier=locked,
        part=part,
        defaults={
            "verdict": verdict,
            "reason": reason if is_defect else "",
            "words": words if is_defect else "",
            "seen": seen,
            "marked_at": at,
            "marked_by": by,
        },
    )
    audit.record("dossier.marked", locked, by=by, at=at, part=part, verdict=verdict, reason=made.reason, seen=seen)
    return made


# --- notes --------------------------------------------------------------------------------------------
@transaction.atomic
def write_note(*, dossier: Dossier, text: str, by: Any, at: datetime) -> StaffNote:
    """A note for colleagues. The applicant never sees it."""
    require(by, "dossiers.check", dossier)
    if not text.strip():
        raise Refused(_("Write the note first."))
    note = StaffNote.objects.create(dossier=dossier, text=text.strip(), written_at=at, written_by=by)
    # Not the words: the log of acts is read by people who do not work on the dossier.
    audit.record("staff_note.written", dossier, by=by, at=at, note=note.pk)
    return note


@transaction.atomic
def remove_note(*, note: StaffNote, by: Any, at: datetime) -> StaffNote:
    """Taken back by its author; the row stays, marked as such."""
    require(by, "dossiers.check", note.dossier)
    locked = StaffNote.objects.select_for_update().get(pk=note.pk)
    if locked.written_by_id != by.pk:
        raise Refused(_("Only its author takes a note back."))
    if locked.removed_at is None:
        locked.removed_at = at
        locked.save(update_fields=["removed_at"])
        audit.record("staff_note.removed", locked.dossier, by=by, at=at, note=locked.pk)
    return locked


# --- phrases ------------------------------------------------------------------------------------------
@transaction.atomic
def add_phrase(*, part: str, reason: str, words: str, by: Any, at: datetime) -> Phrase:
    """A sentence for the library; the same one twice stays one. Raises Refused."""
    require(by, "accounts.officer")
    _judge_phrase(part, reason, words)
    phrase, created = Phrase.objects.get_or_create(
        part=part,
        reason=reason,
        words=words,
        ended_at=None,
        defaults={"changed_at": at, "changed_by_name": str(by)},
    )
    if created:
        audit.record("phrase.added", phrase, by=by, at=at, part=part, reason=reason)
    return phrase


@transaction.atomic
def change_phrase(*, phrase: Phrase, part: str, reason: str, words: str, by: Any, at: datetime) -> Phrase:
    require(by, "accounts.officer")
    _judge_phrase(part, reason, words)
    locked = Phrase.objects.select_for_update().get(pk=phrase.pk)
    if locked.ended_at is not None:
        raise Refused(_("This sentence was taken out of the library already."))
    before = [locked.part, locked.reason, locked.words]
    if before == [part, reason, words]:
        return locked
    locked.part, locked.reason, locked.words = part, reason, words
    locked.changed_at, locked.changed_by_name = at, str(by)
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as error:
        raise Refused(_("The library has this sentence already.")) from error
    audit.record("phrase.changed", locked, by=by, at=at, before=before)
    return locked


@transaction.atomic
def end_phrase(*, phrase: Phrase, by: Any, at: datetime) -> Phrase:
    """No longer offered; letters that used it keep their words."""
    require(by, "accounts.officer")
    locked = Phrase.objects.select_for_update().get(pk=phrase.pk)
    if locked.ended_at is None:
        locked.ended_at, locked.changed_at, locked.changed_by_name = at, at, str(by)
        locked.save()
        audit.record("phrase.ended", locked, by=by, at=at)
    return locked


def _judge_phrase(part: str, reason: str, words: str) -> None:
    if not words.strip():
        raise Refused(_("Write the sentence first."))
    if part and part not in BY_CODE and part not in checklist.PARTS:
        raise Refused(_("There is no such paper or part in this dossier."))
    if reason and reason not in Defect.Reason.values:
        raise Refused(_("Choose a reason from the list."))


# --- who has it open ----------------------------------------------------------------------------------
@transaction.atomic
def keep_open(*, dossier: Dossier, by: Any, at: datetime) -> Opening:
    """A sign of life of an officer's check screen. No audit: it is presence, not an act."""
    require(by, "dossiers.check", dossier)
    opening, _created = Opening.objects.update_or_create(dossier=dossier, user=by, defaults={"seen_at": at})
    return opening


@transaction.atomic
def close(*, dossier: Dossier, by: Any, at: datetime) -> None:
    Opening.objects.filter(dossier=dossier, user=by, seen_at__lte=at).delete()
