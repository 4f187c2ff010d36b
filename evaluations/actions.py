"""The council: seats, interests, assignments, sheets, the session."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.actions import grant_role
from accounts.models import Role, User
from accounts.permissions import is_secretary
from core import audit, jobs
from core.canonical import digest
from core.errors import Refused
from dossiers import workflow
from dossiers.models import Dossier, Stage
from enterprises.permissions import represents
from evaluations import assigning, guards, queries
from evaluations.closing import JOB
from evaluations.models import Assignment, Council, Interest, Mark, ResultRun, ScoreSheet, Seat
from programme.actions import rules_of
from programme.models import Criterion, Season


@dataclass(frozen=True)
class Statement:
    """What a member says about one dossier."""

    dossier: Dossier
    has_conflict: bool
    ground: str = ""


@transaction.atomic
def set_up_council(*, season: Season, decision_number: str, decision_date: date, by: Any, at: datetime) -> Council:
    """Record the decision that sets up the council of the season."""
    require(by, "evaluations.run_session")
    council, _new = Council.objects.update_or_create(
        season=season, defaults={"decision_number": decision_number, "decision_date": decision_date}
    )
    audit.record("council.set_up", council, by=by, at=at, decision=decision_number)
    return council


@transaction.atomic
def seat_member(*, council: Council, user: User, position: str, unit: str = "", by: Any, at: datetime) -> Seat:
    """Raises Refused when the person sits already, the chair is taken, or the person is the secretary."""
    require(by, "evaluations.run_session")
    reasons = []
    if Seat.objects.filter(council=council, user=user, vacated_at=None).exists():
        reasons.append(_("%(name)s sits in this council already.") % {"name": user})
    chairs = Seat.objects.filter(council=council, position=Seat.Position.CHAIR, vacated_at=None)
    if position == Seat.Position.CHAIR and chairs.exists():
        reasons.append(_("The council has a chair already."))
    if is_secretary(user):
        reasons.append(_("The secretary has no vote and cannot take a seat."))
    if reasons:
        raise Refused(reasons)
    seat = Seat.objects.create(council=council, user=user, position=position, unit=unit, seated_at=at)
    grant_role(user=user, role=Role.MEMBER, by=by, at=at)
    audit.record("seat.taken", seat, by=by, at=at, council=council.season.year, position=position)
    return seat


@transaction.atomic
def vacate_seat(*, seat: Seat, by: Any, at: datetime) -> None:
    """Raises Refused when the member has signed sheets: signed marks stay in the record."""
    require(by, "evaluations.run_session")
    if seat.sheets.filter(signed_at__isnull=False).exists():
        raise Refused(_("%(name)s has signed score sheets and keeps the seat.") % {"name": seat})
    _drop_sheets(seat.sheets.all())
    seat.assignments.all().delete()
    seat.vacated_at = at
    seat.save(update_fields=["vacated_at"])
    audit.record("seat.vacated", seat, by=by, at=at)


@transaction.atomic
def declare_interests(*, seat: Seat, statements: Sequence[Statement], by: Any, at: datetime) -> None:
    """A conflict takes the dossier away at once: its assignments and the unsigned sheet go.

    Raises Refused for a conflict without its ground, for another person's seat, or when a sheet is signed.
    """
    if seat.user_id != by.pk or seat.vacated_at is not None:
        raise Refused(_("Only the member can declare the own interests."))
    reasons = [
        _("%(dossier)s: say what the conflict is.") % {"dossier": s.dossier.number}
        for s in statements
        if s.has_conflict and not s.ground.strip()
    ]
    reasons += [
        _("%(dossier)s: you represent this enterprise; declare the conflict.") % {"dossier": s.dossier.number}
        for s in statements
        if not s.has_conflict and represents(by, s.dossier.enterprise)
    ]
    signed = set(seat.sheets.filter(signed_at__isnull=False).values_list("dossier_id", flat=True))
    reasons += [
        _("%(dossier)s: your sheet is signed; tell the secretary.") % {"dossier": s.dossier.number}
        for s in statements
        if s.has_conflict and s.dossier.pk in signed
    ]
    if reasons:
        raise Refused(reasons)
    for statement in statements:
        require(by, "evaluations.declare", statement.dossier)
        Interest.objects.update_or_create(
            seat=seat,
            dossier=statement.dossier,
            defaults={
                "has_conflict": statement.has_conflict,
                "ground": statement.ground.strip() if statement.has_conflict else "",
                "declared_at": at,
            },
        )
        if statement.has_conflict:
            _drop_sheets(seat.sheets.filter(dossier=statement.dossier))
            seat.assignments.filter(dossier=statement.dossier).delete()
    conflicts = [s.dossier.number for s in statements if s.has_conflict]
    audit.record("interest.declared", seat, by=by, at=at, dossiers=len(statements), conflicts=conflicts)


def _drop_sheets(sheets: Any) -> None:
    Mark.objects.filter(sheet__in=sheets).delete()
    sheets.delete()


@transaction.atomic
def assign(*, season: Season, per_criterion: int = 0, by: Any, at: datetime) -> int:
    """Share the eligible dossiers among the seats; whoever has a conflict is left out.

    Returns how many assignments stand. Raises Refused when interests are missing or a dossier has too few members.
    """
    require(by, "evaluations.run_session")
    if season.rubric is None:
        raise Refused(_("The season has not published its criteria."))
    dossiers = list(queries.dossiers_before_council(season).filter(stage=Stage.ELIGIBLE))
    seats = {str(seat.pk): seat for seat in queries.seats_of(season)}
    reasons = [r for d in dossiers for r in guards.interests_are_declared(d, at)]
    if not dossiers:
        reasons.append(_("No dossier is eligible yet."))
    if not seats:
        reasons.append(_("The council has no members yet."))
    if reasons:
        raise Refused(reasons)
    rules = rules_of(season.rubric)
    conflicts = Interest.objects.filter(dossier__in=dossiers, has_conflict=True).values_list("seat_id", "dossier_id")
    try:
        chosen = assigning.assign(
            dossiers={str(d.pk): [c.code for c in rules.leaves(d.track)] for d in dossiers},
            members=list(seats),
            conflicts={(str(s), str(d)) for s, d in conflicts},
            per_criterion=per_criterion,
        )
    except assigning.Impossible as error:
        numbers = {str(d.pk): d.number for d in dossiers}
        raise Refused(
            _("%(dossier)s lacks %(n)s members without conflict.") % {"dossier": numbers[pk], "n": lack}
            for pk, lack in error.dossiers.items()
        ) from error
    criteria = {c.code: c for c in Criterion.objects.filter(rubric=season.rubric, is_leaf=True)}
    Assignment.objects.filter(dossier__in=dossiers).delete()
    Assignment.objects.bulk_create(
        Assignment(seat_id=int(m), dossier_id=int(d), criterion=criteria[c], assigned_at=at)
        for m, d, c in sorted(chosen)
    )
    audit.record("council.assigned", season, by=by, at=at, assignments=len(chosen), per_criterion=per_criterion)
    return len(chosen)


@transaction.atomic
def set_assignment(*, seat: Seat, dossier: Dossier, codes: Iterable[str], by: Any, at: datetime) -> None:
    """By hand: this member scores exactly these criteria of this dossier.

    Also while scoring is open, because a conflict declared late leaves criteria without a scorer; points for
    criteria that are taken back go. Raises Refused for a conflict, and once the member's sheet is signed.
    """
    require(by, "evaluations.run_session", dossier)
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("season").get(pk=dossier.pk)
    names = {"name": seat, "dossier": dossier.number}
    if dossier.stage not in (Stage.ELIGIBLE, Stage.SCORING):
        raise Refused(_("Scoring of %(dossier)s is closed.") % names)
    if Interest.objects.filter(seat=seat, dossier=dossier, has_conflict=True).exists():
        raise Refused(_("%(name)s has declared a conflict with %(dossier)s.") % names)
    if seat.sheets.filter(dossier=dossier, signed_at__isnull=False).exists():
        raise Refused(_("%(name)s has signed the sheet for %(dossier)s.") % names)
    asked = {c.code for c in rules_of(dossier.season.rubric).leaves(dossier.track)} if dossier.season.rubric else set()
    wanted = set(codes) & asked
    Mark.objects.filter(sheet__seat=seat, sheet__dossier=dossier).exclude(criterion__code__in=wanted).delete()
    Assignment.objects.filter(seat=seat, dossier=dossier).exclude(criterion__code__in=wanted).delete()
    held = set(queries.assigned_codes(seat, dossier))
    criteria = Criterion.objects.filter(rubric=dossier.season.rubric, is_leaf=True, code__in=wanted - held)
    Assignment.objects.bulk_create(
        Assignment(seat=seat, dossier=dossier, criterion=c, assigned_at=at) for c in criteria
    )
    audit.record("assignment.changed", seat, by=by, at=at, dossier=dossier.number, criteria=sorted(wanted))


@transaction.atomic
def open_session(*, season: Season, by: Any, at: datetime) -> int:
    """All eligible dossiers go to the council. Raises Refused with the reasons of every dossier together."""
    require(by, "evaluations.run_session")
    dossiers = list(
        Dossier.objects.filter(season=season, stage=Stage.ELIGIBLE).select_related("season__rubric").order_by("number")
    )
    if not dossiers:
        raise Refused(_("No dossier is eligible yet."))
    _take_all("open_scoring", dossiers, by=by, at=at)
    return len(dossiers)


@transaction.atomic
def save_marks(
    *,
    dossier: Dossier,
    marks: Mapping[str, Decimal | None],
    justifications: Mapping[str, str] | None = None,
    note: str | None = None,
    by: Any,
    at: datetime,
) -> ScoreSheet:
    """Keep a part of the sheet; None takes a mark back. Raises Refused for a mark out of bounds, for a criterion
    of somebody else, and when the sheet is signed."""
    require(by, "evaluations.score", dossier)
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("season__rubric").get(pk=dossier.pk)
    if dossier.stage != Stage.SCORING:
        raise Refused(_("Scoring of %(dossier)s is closed.") % {"dossier": dossier.number})
    seat = queries.seat_of(by, dossier.season)
    assert seat is not None
    assert dossier.season.rubric is not None
    sheet, _new = ScoreSheet.objects.get_or_create(seat=seat, dossier=dossier, defaults={"saved_at": at})
    if sheet.signed_at is not None:
        raise Refused(_("This sheet is signed and cannot change."))
    held = set(queries.assigned_codes(seat, dossier))
    criteria = {c.code: c for c in Criterion.objects.filter(rubric=dossier.season.rubric, code__in=held)}
    rules = {c.code: c for c in rules_of(dossier.season.rubric).leaves(dossier.track)}
    reasons = []
    for code, points in marks.items():
        if code not in criteria:
            reasons.append(_("Criterion %(code)s is not assigned to you.") % {"code": code})
        elif points is not None and not 0 <= points <= rules[code].max_points:
            reasons.append(
                _("Criterion %(code)s: give 0 to %(most)s points.") % {"code": code, "most": rules[code].max_points}
            )
        elif points is not None and not rules[code].free:
            allowed = [a.points for a in rules[code].anchors_for(dossier.track)]
            if points not in allowed:
                levels = ", ".join(map(str, allowed))
                reasons.append(_("Criterion %(code)s: choose one of %(levels)s.") % {"code": code, "levels": levels})
    if reasons:
        raise Refused(reasons)
    given = {code: points for code, points in marks.items() if points is not None}
    Mark.objects.filter(sheet=sheet, criterion__code__in=set(marks) - set(given)).delete()
    words = justifications or {}
    for codes, fields in (
        (given.keys() & words.keys(), ["points", "max_points", "justification"]),
        (given.keys() - words.keys(), ["points", "max_points"]),
    ):
        Mark.objects.bulk_create(
            [
                Mark(
                    sheet=sheet,
                    criterion=criteria[code],
                    points=given[code],
                    max_points=criteria[code].max_points,
                    justification=words.get(code, ""),
                )
                for code in sorted(codes)
            ],
            update_conflicts=True,
            unique_fields=["sheet", "criterion"],
            update_fields=fields,
        )
    sheet.saved_at = at
    if note is not None:
        sheet.private_note = note
    sheet.save(update_fields=["saved_at", "private_note"])
    return sheet


@transaction.atomic
def sign_sheet(*, dossier: Dossier, shown: str | None = None, by: Any, at: datetime) -> ScoreSheet:
    """Seal the sheet by its digest. Raises Refused while a mark is missing, and when the marks are no longer those
    that the member was `shown` (their digest). Signing twice changes nothing."""
    require(by, "evaluations.score", dossier)
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("season__rubric").get(pk=dossier.pk)
    seat = queries.seat_of(by, dossier.season)
    assert seat is not None
    sheet = ScoreSheet.objects.select_for_update().filter(seat=seat, dossier=dossier).first()
    if sheet is not None and sheet.signed_at is not None:
        return sheet
    if dossier.stage != Stage.SCORING:
        raise Refused(_("Scoring of %(dossier)s is closed.") % {"dossier": dossier.number})
    held = queries.assigned_codes(seat, dossier)
    marks = dict(sheet.marks.values_list("criterion__code", "points")) if sheet else {}
    lacking = [code for code in held if code not in marks]
    if sheet is None or lacking:
        codes = ", ".join(lacking or held)
        raise Refused(_("Still without points: criterion %(codes)s.") % {"codes": codes})
    if shown is not None and shown != sheet_digest(sheet, marks):
        raise Refused(_("The points have changed since they were shown to you. Check them again, then sign."))
    sheet.signed_at = at
    sheet.digest = sheet_digest(sheet, marks)
    sheet.save(update_fields=["signed_at", "digest"])
    audit.record("sheet.signed", sheet, by=by, at=at, dossier=dossier.number, digest=sheet.digest)
    return sheet


def sheet_digest(sheet: ScoreSheet, marks: Mapping[str, Decimal]) -> str:
    """What the signature stands for: who, which dossier, which marks."""
    points = {code: str(value.normalize()) for code, value in marks.items()}
    return digest({"seat": sheet.seat_id, "dossier": sheet.dossier_id, "marks": points})


@transaction.atomic
def close_session(*, season: Season, by: Any, at: datetime) -> jobs.Job:
    """Close scoring of all dossiers with the council and write down the computation of the result.

    Raises Refused with every unsigned sheet, with criteria that lost their scorer, and without quorum.
    """
    require(by, "evaluations.run_session")
    dossiers = list(
        Dossier.objects.filter(season=season, stage=Stage.SCORING).select_related("season__rubric").order_by("number")
    )
    council = queries.council_of(season)
    if not dossiers or council is None:
        raise Refused(_("No dossier is with the council."))
    seats = queries.seats_of(season).count()
    reasons = guards.quorum_is_met(season.pk, council.quorum_numerator, council.quorum_denominator, seats)
    _take_all("close_scoring", dossiers, by=by, at=at, also=reasons)
    run = ResultRun.objects.filter(season=season).count() + 1
    audit.record("session.closed", season, by=by, at=at, dossiers=len(dossiers), run=run)
    return jobs.enqueue(JOB, key=f"{season.year}-{run}", payload={"season_id": season.pk, "run": run})


def _take_all(step: str, dossiers: Sequence[Dossier], *, by: Any, at: datetime, also: Sequence[str] = ()) -> None:
    """One step for many dossiers, all or none; the reasons of all come together."""
    reasons = list(also)
    for dossier in dossiers:
        reasons += workflow.blockers(dossier, step, by=by, at=at)
    if reasons:
        raise Refused(dict.fromkeys(reasons))
    for dossier in dossiers:
        workflow.take(step, dossier, by=by, at=at)
