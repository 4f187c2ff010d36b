"""A member fills a sheet and signs it.

Each cell (a criterion with all that belongs to it, the note, the comment, the ballot) comes with its base: what its
writer saw before. Under the row's lock a cell is written when it still holds its base; when it already holds the new
value nothing is to do; else somebody was faster, and both versions go back to the writer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers import wall
from dossiers.models import Dossier, Stage
from evaluations import guards, queries, sealing, tally
from evaluations.answers import Answer, Sheet, token
from evaluations.models import Assignment, Interest, Mark, ScoreSheet, Seat
from evaluations.queries import Desk, desk_of, trim
from programme.models import Criterion

CELLS = ("note", "comment", "ballot")
_COLUMN = {"note": "private_note", "comment": "council_comment", "ballot": "ballot"}


@dataclass
class Saved:
    """What became of the cells that were sent: in `conflicts` those that hold something else now."""

    sheet: ScoreSheet
    desk: Desk
    conflicts: list[str] = field(default_factory=list)


# --- write --------------------------------------------------------------------------------------------
@transaction.atomic
def save_sheet(
    *,
    dossier: Dossier,
    answers: Mapping[str, Answer],
    cells: Mapping[str, Any] | None = None,
    bases: Mapping[str, str] | None = None,
    by: Any,
    at: datetime,
) -> Saved:
    """Keep a part of the sheet; an empty answer takes a mark back. Without its base a cell is written as it is.

    Raises Refused for an impossible answer, for a criterion of somebody else, after signing and after closing.
    """
    require(by, "evaluations.score", dossier)
    dossier, seat = locked(dossier, by)
    refuse_unless_scoring(dossier, at)
    desk = desk_of(seat, dossier)
    if desk.is_entered:
        raise Refused(_("The secretary has typed in your signed paper sheet. It waits for a second person."))
    if desk.is_signed:
        raise Refused(_("This sheet is signed and cannot change."))
    refuse_impossible(desk.asked, answers)
    sheet = desk.sheet or ScoreSheet.objects.create(seat=seat, dossier=dossier, saved_at=at)
    desk.sheet = sheet
    changed = {
        **{code: (given.token if given.is_given else "") for code, given in answers.items()},
        **{cell: token(value) for cell, value in (cells or {}).items() if cell in CELLS},
    }
    conflicts, write = _three_ways(desk, changed, bases or {})
    write_marks(sheet, desk.asked, {code: answers[code] for code in write if code in answers})
    for cell in set(write) & set(CELLS):
        setattr(sheet, _COLUMN[cell], (cells or {})[cell])
    sheet.saved_at = at
    sheet.revision += bool(write)
    sheet.save(update_fields=["saved_at", "revision", *_COLUMN.values()])
    return Saved(sheet, desk_of(seat, dossier), conflicts)


def save_marks(
    *,
    dossier: Dossier,
    marks: Mapping[str, Decimal | None],
    justifications: Mapping[str, str] | None = None,
    note: str | None = None,
    by: Any,
    at: datetime,
) -> ScoreSheet:
    """Points alone, for whoever has no page: None takes a mark back, a justification that is not given stays."""
    own = Mark.objects.filter(sheet__dossier=dossier, sheet__seat__user=by, sheet__signed_at=None)
    words = dict(own.values_list("criterion__code", "justification")) | dict(justifications or {})
    answers = {
        code: Answer() if points is None else Answer(points=points, why=words.get(code, ""))
        for code, points in marks.items()
    }
    cells = {} if note is None else {"note": note}
    return save_sheet(dossier=dossier, answers=answers, cells=cells, by=by, at=at).sheet


def _three_ways(desk: Desk, changed: Mapping[str, str], bases: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Which cells hold something else now, and which are to be written."""
    conflicts: list[str] = []
    write: list[str] = []
    for cell, new in changed.items():
        now = desk.base_of(cell)
        base = bases.get(cell, now)
        if new == now or (cell in bases and new == base):
            continue  # it is so already, or only somebody else changed it
        (write if base == now else conflicts).append(cell)
    return conflicts, write


def write_marks(sheet: ScoreSheet, asked: Sheet, answers: Mapping[str, Answer]) -> None:
    """Two statements, however many criteria."""
    if not answers:
        return
    given = {code: answer for code, answer in answers.items() if answer.is_given}
    Mark.objects.filter(sheet=sheet, criterion__code__in=set(answers) - set(given)).delete()
    criteria = {
        c.code: c for c in Criterion.objects.filter(rubric=sheet.dossier.season.rubric, is_leaf=True, code__in=given)
    }
    Mark.objects.bulk_create(
        [
            Mark(
                sheet=sheet,
                criterion=criteria[code],
                points=answer.points,
                max_points=criteria[code].max_points,
                abstains=answer.abstains,
                option=answer.option,
                eliminates=answer.eliminates,
                justification=answer.why,
            )
            for code, answer in sorted(given.items())
        ],
        update_conflicts=True,
        unique_fields=["sheet", "criterion"],
        update_fields=["points", "max_points", "abstains", "option", "eliminates", "justification"],
    )


# --- refuse -------------------------------------------------------------------------------------------
def locked(dossier: Dossier, by: Any) -> tuple[Dossier, Seat]:
    """The dossier under its lock, and the own seat. Raises Refused when the rights went while the page was open:
    a conflict may be declared, or an assignment taken away, between the press and the lock."""
    found = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("season__rubric", "product__sector", "enterprise")
        .get(pk=dossier.pk)
    )
    seat = queries.seat_of(by, found.season)
    if seat is not None and has_conflict(seat, found):
        raise Refused(_("A conflict of interest with this dossier is declared. Nothing was written."))
    if seat is None or not Assignment.objects.filter(seat=seat, dossier=found).exists():
        raise Refused(_("This dossier is not assigned to you any more. Nothing was written."))
    return found, seat


def has_conflict(seat: Seat, dossier: Dossier) -> bool:
    """As the database knows it now, past the memory of the request."""
    declared = Interest.objects.filter(seat=seat, dossier=dossier, has_conflict=True).exists()
    return declared or wall.is_barred_now(seat.user, dossier)


def refuse_unless_scoring(dossier: Dossier, at: datetime | None = None) -> None:
    """`at` where the hour counts too: what a member writes, not what is typed in from a paper signed in time."""
    if dossier.stage != Stage.SCORING:
        raise Refused(
            _("Scoring of %(dossier)s is closed. What is signed stays as it is; an appeal is the way to a change.")
            % {"dossier": dossier.number}
        )
    if at is not None and (late := guards.scoring_has_not_ended(dossier.season, at)):
        raise Refused(late)


def refuse_impossible(asked: Sheet, answers: Mapping[str, Answer]) -> None:
    """The same limits as the form's, for whatever comes another way. Raises Refused with all reasons."""
    reasons = []
    for code, answer in answers.items():
        if code not in asked.held:
            reasons.append(_("Criterion %(code)s is not assigned to you.") % {"code": code})
            continue
        rule, levels, points = asked.rule(code), asked.levels(code), answer.points
        facts = {"code": code, "most": number_format(trim(rule.max_points))}
        if answer.abstains and points is not None:
            reasons.append(_("Criterion %(code)s: give points or abstain, not both.") % facts)
        elif answer.abstains and not answer.why:
            reasons.append(_("Criterion %(code)s: say why you abstain.") % facts)
        elif points is not None and (not points.is_finite() or not 0 <= points <= rule.max_points):
            reasons.append(_("Criterion %(code)s: give 0 to %(most)s points.") % facts)
        elif points is not None and points != points.quantize(Decimal("0.01")):
            reasons.append(_("Criterion %(code)s: use at most two decimals.") % facts)
        elif points is not None and not rule.free and not _is_level(answer, levels):
            names = ", ".join(number_format(trim(level.points)) for level in levels)
            reasons.append(_("Criterion %(code)s: choose one of %(levels)s.") % (facts | {"levels": names}))
        elif answer.eliminates and not rule.may_eliminate:
            reasons.append(_("Criterion %(code)s has no condition that ends the evaluation.") % facts)
    if reasons:
        raise Refused(reasons)


def _is_level(answer: Answer, levels: Any) -> bool:
    if answer.option is None:
        return [level.points for level in levels].count(answer.points) == 1
    return 0 <= answer.option < len(levels) and levels[answer.option].points == answer.points


# --- sign ---------------------------------------------------------------------------------------------
@transaction.atomic
def sign_sheet(*, dossier: Dossier, shown: str | None = None, by: Any, at: datetime) -> ScoreSheet:
    """Seal the version in hand by its digest; from now on it is the one that counts. Raises Refused while something
    is missing, and when the sheet is no longer what the member was `shown` (its digest). Twice changes nothing."""
    require(by, "evaluations.score", dossier)
    dossier, seat = locked(dossier, by)
    desk = desk_of(seat, dossier)
    if desk.is_signed and desk.sheet is not None:
        return desk.sheet
    refuse_unless_scoring(dossier, at)
    if desk.is_entered:
        raise Refused(_("The secretary has typed in your signed paper sheet. It waits for a second person."))
    return seal_desk(desk, shown=shown, by=by, at=at)


def seal_desk(desk: Desk, *, shown: str | None, by: Any, at: datetime) -> ScoreSheet:
    """What both ways of signing do, under the lock of the dossier."""
    refuse_incomplete(desk)
    sheet = desk.sheet
    assert sheet is not None
    sheet.dossier, sheet.seat = desk.dossier, desk.seat  # what is at hand need not be asked for again
    if shown is not None and shown != desk.shown:
        raise Refused(_("The sheet has changed since it was shown to you. Check it again, then sign."))
    Mark.objects.filter(sheet=sheet).exclude(criterion__code__in=desk.final).delete()
    write_marks(sheet, desk.asked, desk.final)
    sheet.signed_at, sheet.digest = at, desk.shown
    sheet.save(update_fields=["signed_at", "digest", "confirmed_by_name"])
    try:
        with transaction.atomic():
            tally.stand(sheet)
    except IntegrityError as error:  # a conflict was declared in the same moment
        raise Refused(_("A conflict of interest with this dossier is declared. Nothing was written.")) from error
    facts = {"dossier": desk.dossier.number, "version": sheet.version, "digest": sheet.digest}
    audit.record("sheet.signed", sheet, by=by, at=at, **facts)
    return sheet


def refuse_incomplete(desk: Desk) -> None:
    """Raises Refused naming every criterion that lacks points or a reason."""
    answers = desk.answers
    reasons = []
    if empty := desk.asked.unanswered(answers):
        reasons.append(_("Still without points: criterion %(codes)s.") % {"codes": ", ".join(empty)})
    if silent := desk.asked.unjustified(answers):
        reasons.append(_("Still without a reason: criterion %(codes)s.") % {"codes": ", ".join(silent)})
    if desk.ballot_is_missing:
        reasons.append(_("The ballot of this sheet is missing."))
    if not desk.asked.held:
        reasons.append(_("This sheet asks nothing; the secretary has to assign criteria first."))
    if reasons:
        raise Refused(reasons)


def sheet_digest(sheet: ScoreSheet) -> str:
    """What a signature on the sheet as it is stored now would stand for."""
    return sealing.seal(sheet, sealing.answers_of(sheet))


def drop_sheets(sheets: QuerySet[ScoreSheet] | Iterable[ScoreSheet]) -> None:
    """Unsigned sheets go with their marks; the signed ones stay for ever."""
    unsigned = [sheet.pk for sheet in sheets if sheet.signed_at is None]
    Mark.objects.filter(sheet__in=unsigned).delete()
    ScoreSheet.objects.filter(pk__in=unsigned).delete()
