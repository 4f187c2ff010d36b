"""An appeal is lodged, tried by a replay with the changed inputs, and decided by somebody who did not score."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit, jobs, vietnamese
from core.errors import Refused
from dossiers.models import Dossier
from evaluations import bundle, closing, guards, queries, replay, scoring, sealing, tally
from evaluations.actions.session import enqueue_run
from evaluations.actions.sheets import drop_sheets, refuse_impossible, write_marks
from evaluations.answers import Answer, option_for
from evaluations.models import Appeal, ResultRun, ScoreSheet, SheetVoid, StandingSheet
from evaluations.queries.appeals import answer_until, lodge_until
from evaluations.queries.desks import by_rule_words, sheet_for
from programme.models import Season
from reference.queries import holidays


@dataclass(frozen=True)
class Correction:
    """One changed input: other points (None: an abstention) of a member, by alias, for a criterion; without a
    criterion the member's whole sheet is voided."""

    member: str
    criterion: str = ""
    points: Decimal | None = None


# --- lodge --------------------------------------------------------------------------------------------
@transaction.atomic
def lodge_appeal(*, dossier: Dossier, received_on: date, grounds: str, by: Any, at: datetime) -> Appeal:
    """Write down what an enterprise contests. Raises Refused without a result, after the last day, and while another
    appeal about the dossier is open."""
    require(by, "evaluations.lodge_appeal", dossier)
    season = Season.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=dossier.season_id)
    run = queries.latest_run(season)
    if run is None or not run.results.filter(dossier=dossier).exists():
        raise Refused(_("%(dossier)s has no result yet.") % {"dossier": dossier.number})
    calendar = holidays()
    last = lodge_until(season, run.computed_at, calendar)
    reasons = []
    if received_on > last:
        reasons.append(
            _("Appeals against this result were taken until %(day)s.")
            % {"day": date_format(last, "SHORT_DATE_FORMAT")}
        )
    if received_on > timezone.localtime(at).date():
        reasons.append(_("The day on which the appeal came in lies in the future."))
    grounds = vietnamese.nfc_lines(grounds)
    if not grounds:
        reasons.append(_("Write down what the enterprise contests."))
    if Appeal.objects.filter(dossier=dossier, outcome="").exists():
        reasons.append(_("Another appeal about %(dossier)s is open. Decide it first.") % {"dossier": dossier.number})
    if reasons:
        raise Refused(reasons)
    appeal = Appeal.objects.create(
        dossier=dossier,
        run=run,
        received_on=received_on,
        lodge_until=last,
        answer_until=answer_until(received_on, calendar),
        grounds=grounds,
        lodged_by_name=str(by),
        lodged_at=at,
    )
    audit.record("appeal.lodged", appeal, by=by, at=at, dossier=dossier.number, run=run.number)
    return appeal


# --- try ----------------------------------------------------------------------------------------------
@transaction.atomic
def try_corrections(*, appeal: Appeal, corrections: Sequence[Correction], by: Any, at: datetime) -> Appeal:
    """Replay the newest run with these inputs instead, and keep what it changes. No sheet is touched.

    Raises Refused when the inputs cannot be what is proposed, or are no longer those of the run.
    """
    require(by, "evaluations.handle_appeal", appeal)
    season, run = _season_of(appeal, by)
    if not corrections:
        raise Refused(_("Name what is to be changed."))
    if closing.current_inputs(season) != run.input_digest:
        raise Refused(_("Sheets have changed since the last computation; compute the result again first."))
    changes = _all_changes(appeal.dossier, corrections)
    try:
        before = replay.read(bundle.of_run(run))
        number = appeal.dossier.number or ""
        inputs = [replay.Change(number, c.member, c.criterion, c.points) for c, _old in changes]
        after = replay.changed(before, *inputs)
        difference = replay.compare(before, after)
    except replay.Unusable as error:
        raise Refused(_("With this change there is no result: %(why)s") % {"why": error}) from error
    appeal.changes = [
        {"member": c.member, "criterion": c.criterion, "old": _text(old), "new": _text(c.points)} for c, old in changes
    ]
    appeal.moves = [_move(move) for move in difference.moves]
    appeal.input_digest = after.outcome.input_digest
    appeal.result_digest = after.outcome.result_digest
    appeal.tried_on, appeal.tried_at = run, at
    appeal.save(update_fields=["changes", "moves", "input_digest", "result_digest", "tried_on", "tried_at"])
    audit.record(
        "appeal.tried", appeal, by=by, at=at, run=run.number, changes=appeal.changes, result=appeal.result_digest
    )
    return appeal


def _season_of(appeal: Appeal, by: Any) -> tuple[Season, ResultRun]:
    """Under the lock that every computation of the season takes."""
    season = Season.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=appeal.dossier.season_id)
    appeal.refresh_from_db()
    if closed := guards.sees_the_whole_season(by, season):
        raise Refused(closed)
    if not appeal.is_open:
        raise Refused(_("This appeal is decided already."))
    run = queries.latest_run(season)
    assert run is not None
    return season, run


def _all_changes(dossier: Dossier, corrections: Sequence[Correction]) -> list[tuple[Correction, Decimal | None]]:
    """The proposed corrections with the old points, and what the rubric's conditions make of the other criteria."""
    found: list[tuple[Correction, Decimal | None]] = []
    for member, asked in _by_member(corrections).items():
        standing = _standing(dossier, member)
        if any(not one.criterion for one in asked):
            found.append((Correction(member), None))
            continue
        old = sealing.answers_of(standing.sheet)
        new = _corrected(standing, asked)
        found += [
            (Correction(member, code, new[code].points), old[code].points)
            for code in new
            if new[code].points != old[code].points
        ]
    return found


def _by_member(corrections: Sequence[Correction]) -> dict[str, list[Correction]]:
    grouped: dict[str, list[Correction]] = defaultdict(list)
    for one in corrections:
        grouped[one.member].append(one)
    return grouped


def _standing(dossier: Dossier, member: str) -> StandingSheet:
    found = (
        StandingSheet.objects.filter(dossier=dossier, seat__alias=member, seat__council__season=dossier.season_id)
        .select_related("sheet", "seat")
        .first()
    )
    if found is None:
        raise Refused(
            _("%(member)s has no sheet that counts for %(dossier)s.") % {"member": member, "dossier": dossier.number}
        )
    return found


def _corrected(standing: StandingSheet, corrections: Sequence[Correction], why: str = "") -> dict[str, Answer]:
    """The sheet's answers with other points; `why` becomes the justification of what had none.

    Raises Refused for points that the rubric does not allow, and when a condition is now met whose criterion nobody
    was asked.
    """
    seat, dossier = standing.seat, standing.sheet.dossier
    old = sealing.answers_of(standing.sheet)
    asked = sheet_for(seat, dossier, old)
    new = dict(old)
    for one in corrections:
        if one.criterion not in asked.held:
            raise Refused(
                _("Criterion %(code)s is not on the sheet of %(member)s.")
                % {"code": one.criterion, "member": one.member}
            )
        given = old[one.criterion]
        abstains = one.points is None
        new[one.criterion] = Answer(
            points=one.points,
            abstains=abstains,
            option=None if abstains else option_for(asked.levels(one.criterion), one.points or Decimal(0)),
            eliminates=given.eliminates and asked.rule(one.criterion).may_eliminate and not abstains,
            why=given.why or why or _("Corrected after an appeal."),
        )
    refuse_impossible(asked, {one.criterion: new[one.criterion] for one in corrections})
    named = {one.criterion for one in corrections}
    woken = [c for c in asked.held if asked.folded(c, old) and not asked.folded(c, new) and c not in named]
    if woken:
        raise Refused(
            _("With these points criterion %(codes)s is asked as well; say its points too.")
            % {"codes": ", ".join(woken)}
        )
    return asked.final(new, by_rule_words())


def _text(points: Decimal | None) -> str:
    """Decimal text; "" for an abstention or a whole sheet."""
    return "" if points is None else f"{points:.2f}"


def _move(move: replay.Move) -> dict[str, Any]:
    return {
        "dossier": move.dossier,
        "rank": list(move.rank),
        "total": [str(scoring.rounded(total, 4)) for total in move.total],
        "passes": list(move.passes),
        "is_top": list(move.is_top),
        "is_referred": list(move.is_referred),
    }


# --- decide -------------------------------------------------------------------------------------------
@transaction.atomic
def decide_appeal(*, appeal: Appeal, uphold: bool, reason: str, by: Any, at: datetime) -> jobs.Job | None:
    """Decide once, with the reason. Upholding corrects the sheets as they were tried and orders a new run, which is
    returned. Raises Refused for whoever scored the dossier, without a reason, and when the trial no longer holds."""
    require(by, "evaluations.handle_appeal", appeal)
    season, run = _season_of(appeal, by)
    reason = vietnamese.nfc_lines(reason)
    reasons = []
    if queries.has_scored(by, appeal.dossier):
        reasons.append(_("Whoever scored the dossier does not decide an appeal about it."))
    if not reason:
        reasons.append(_("Say why the appeal is decided like this."))
    if uphold and (appeal.tried_on_id != run.pk or not appeal.changes):
        reasons.append(_("Try the change on the newest result first; that trial is what is decided on."))
    if reasons:
        raise Refused(reasons)
    appeal.outcome = Appeal.Outcome.UPHELD if uphold else Appeal.Outcome.REJECTED
    appeal.reason, appeal.decided_by, appeal.decided_by_name, appeal.decided_at = reason, by, str(by), at
    job = None
    if uphold:
        if closing.current_inputs(season) != run.input_digest:
            raise Refused(_("Sheets have changed since the trial; try the change again."))
        correct_after_appeal(appeal=appeal, by=by, at=at)
        if closing.current_inputs(season) != appeal.input_digest:
            raise Refused(_("The corrected sheets are not those of the trial; try the change again."))
        job = enqueue_run(season)
    appeal.save(update_fields=["outcome", "reason", "decided_by", "decided_by_name", "decided_at"])
    facts = {"outcome": appeal.outcome, "reason": reason, "dossier": appeal.dossier.number}
    audit.record("appeal.decided", appeal, by=by, at=at, **facts)
    return job


def correct_after_appeal(*, appeal: Appeal, by: Any, at: datetime) -> None:
    """The tried changes become new signed versions of the sheets, or voids. The old versions stay for ever.

    Called by `decide_appeal` in its transaction.
    """
    words = _("Appeal of %(day)s upheld: %(reason)s") % {
        "day": date_format(appeal.received_on, "SHORT_DATE_FORMAT"),
        "reason": appeal.reason,
    }
    why = words[:500]
    corrections = [
        Correction(c["member"], c["criterion"], Decimal(c["new"]) if c["new"] else None) for c in appeal.changes
    ]
    for member, asked in _by_member(corrections).items():
        standing = _standing(appeal.dossier, member)
        if any(not one.criterion for one in asked):
            SheetVoid.objects.create(sheet=standing.sheet, reason=why, voided_by_name=str(by), voided_at=at)
            tally.withdraw(standing.sheet)
            audit.record("sheet.voided", standing.sheet, by=by, at=at, dossier=appeal.dossier.number, appeal=appeal.pk)
        else:
            _new_version(standing, asked, why, appeal, by=by, at=at)


def _new_version(
    standing: StandingSheet, corrections: Sequence[Correction], why: str, appeal: Appeal, *, by: Any, at: datetime
) -> ScoreSheet:
    old, seat = standing.sheet, standing.seat
    answers = _corrected(standing, corrections, why)
    versions = ScoreSheet.objects.filter(seat=seat, dossier=old.dossier)
    drop_sheets(versions)  # a correction that was begun before closing and never signed
    newest = versions.order_by("-version").first() or old
    sheet = ScoreSheet.objects.create(
        seat=seat,
        dossier=old.dossier,
        version=newest.version + 1,
        reason=why,
        private_note=old.private_note,
        council_comment=old.council_comment,
        ballot=old.ballot,
        saved_at=at,
    )
    write_marks(sheet, sheet_for(seat, old.dossier, answers), answers)
    sheet.signed_at, sheet.digest = at, sealing.seal(sheet, sealing.answers_of(sheet))
    sheet.save(update_fields=["signed_at", "digest"])
    tally.stand(sheet)
    facts = {"dossier": old.dossier.number, "version": sheet.version, "digest": sheet.digest, "appeal": appeal.pk}
    audit.record("sheet.corrected", sheet, by=by, at=at, **facts)
    return sheet
