"""What a member states about the own interests, before opening a dossier, before the minutes, and at any time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers import wall
from dossiers.actions import lift, put_apart
from dossiers.models import Conflict, Dossier, Ground
from enterprises.permissions import has_represented
from evaluations import notices, queries, tally
from evaluations.actions.sheets import drop_sheets
from evaluations.models import Interest, InterestStatement, Seat, SheetVoid

Moment = InterestStatement.Moment


@dataclass(frozen=True)
class Statement:
    """What a member says about one dossier: none, or a conflict with its typed ground and, if need be, in words."""

    dossier: Dossier
    has_conflict: bool
    ground: str = ""
    kind: str = ""

    @property
    def typed(self) -> str:
        """A conflict told in words only is "another ground"."""
        return (self.kind or Ground.OTHER) if self.has_conflict else ""

    @property
    def words(self) -> str:
        """Never empty for a conflict: without own words the ground's."""
        if not self.has_conflict:
            return ""
        with translation.override("vi"):
            known = dict(Ground.choices).get(self.typed, "")
            return self.ground.strip() or str(known)


@transaction.atomic
def declare_interests(*, seat: Seat, statements: Sequence[Statement], by: Any, at: datetime) -> None:
    """Before opening, or later when something comes to light. A conflict takes the dossier away at once: assignments,
    the unsigned sheet, and a signed one no longer counts.

    Raises Refused for a conflict without its ground, for another person's seat, and for "none" where a conflict
    stands: only two others lift it.
    """
    _own(seat, by)
    for statement in statements:
        rule = "evaluations.declare_conflict" if statement.has_conflict else "evaluations.declare"
        require(by, rule, statement.dossier)
    said = set(Interest.objects.filter(seat=seat).values_list("dossier_id", flat=True))
    moments = {s.dossier.pk: Moment.LATER if s.dossier.pk in said else Moment.OPENING for s in statements}
    _state(seat, statements, moments, by=by, at=at)


@transaction.atomic
def state_before_minutes(*, seat: Seat, statements: Sequence[Statement], by: Any, at: datetime) -> None:
    """The second dated statement, before the minutes are signed, about dossiers the council has judged. A conflict
    that comes out here counts as one declared later. Raises Refused as `declare_interests` does."""
    _own(seat, by)
    for statement in statements:
        require(by, "evaluations.state", statement.dossier)
    _state(seat, statements, {s.dossier.pk: Moment.MINUTES for s in statements}, by=by, at=at)


@transaction.atomic
def state_known(*, seat: Seat, at: datetime) -> int:
    """What needs no asking: the member represents or represented the enterprise, or stood apart from the dossier
    before taking the seat. Written down as the member's statement. Returns for how many dossiers."""
    said = set(Interest.objects.filter(seat=seat).values_list("dossier_id", flat=True))
    standing = {c.dossier_id: c for c in Conflict.objects.filter(user=seat.user_id, lifted_at=None)}
    statements = []
    for dossier in queries.dossiers_before_council(seat.council.season):
        if dossier.pk in said:
            continue
        known = standing.get(dossier.pk)
        if known is not None:
            statements.append(Statement(dossier, True, known.words, known.kind))
        elif has_represented(seat.user, dossier.enterprise):
            statements.append(Statement(dossier, True, kind=Ground.REPRESENTATION))
    moments = {statement.dossier.pk: Moment.OPENING for statement in statements}
    _state(seat, statements, moments, by=seat.user, at=at)
    return len(statements)


@transaction.atomic
def declare_own(*, dossier: Dossier, kind: str, words: str, by: Any, at: datetime) -> None:
    """Anybody with a role about himself; whoever sits in the council of the season gives up the sheet as well."""
    require(by, "dossiers.declare")
    take_off(user=by, dossier=dossier, kind=kind, words=words, by=by, at=at)
    wall.forget(by)


@transaction.atomic
def lift_conflict(*, conflict: Conflict, by: Any, at: datetime) -> Conflict:
    """Confirmed by the second person. The member has to state anew, because "none" is said by nobody else."""
    lifted = lift(conflict=conflict, by=by, at=at)
    Interest.objects.filter(seat__user=lifted.user_id, dossier=lifted.dossier_id, has_conflict=True).delete()
    return lifted


@transaction.atomic
def take_off(*, user: Any, dossier: Dossier, kind: str, words: str, by: Any, at: datetime) -> None:
    """A conflict that somebody else has confirmed: the same as if the person had declared it, also for the seat."""
    locked = _locked([dossier])[dossier.pk]
    seat = queries.seat_of(user, locked.season)
    statement = Statement(locked, True, words, kind)
    if seat is None:
        put_apart(user=user, dossier=locked, kind=kind, words=words, by=by, at=at)
        return
    if reasons := _faults(seat, [statement]):
        raise Refused(reasons)
    lost, voided = _separate(seat, statement, by=by, at=at)
    _keep(seat, statement, Moment.LATER, at)
    _tell(seat, locked, lost, voided, by=by, at=at)


def _own(seat: Seat, by: Any) -> None:
    if seat.user_id != by.pk or seat.vacated_at is not None:
        raise Refused(_("Only the member can declare the own interests."))


def _state(seat: Seat, statements: Sequence[Statement], moments: dict[int, Moment], *, by: Any, at: datetime) -> None:
    if not statements:
        return
    rows = _locked([statement.dossier for statement in statements])
    reasons = _faults(seat, statements)
    if reasons:
        raise Refused(reasons)
    lost: list[tuple[Dossier, list[str], bool]] = []
    for statement in statements:
        if statement.has_conflict:
            codes, voided = _separate(seat, statement, by=by, at=at)
            lost.append((rows[statement.dossier.pk], codes, voided))
        _keep(seat, statement, moments[statement.dossier.pk], at)
    wall.forget(by)
    conflicts = [s.dossier.pk for s in statements if s.has_conflict]
    told = {str(moment) for moment in moments.values()}
    audit.record(
        "interest.declared", seat, by=by, at=at, dossiers=len(statements), conflicts=conflicts, moments=sorted(told)
    )
    for dossier, codes, voided in lost:
        _tell(seat, dossier, codes, voided, by=by, at=at)


def _locked(dossiers: Sequence[Dossier]) -> dict[int, Dossier]:
    """The rows under the lock that a signature takes too: a sheet is signed before or after, not beside."""
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("season__rubric", "enterprise")
    return {row.pk: row for row in rows.filter(pk__in=[d.pk for d in dossiers]).order_by("pk")}


def _faults(seat: Seat, statements: Sequence[Statement]) -> list[str]:
    reasons = []
    standing = Conflict.objects.filter(user=seat.user_id, lifted_at=None).values_list("dossier_id", flat=True)
    apart = set(standing)
    for statement in statements:
        names = {"dossier": statement.dossier.number}
        if statement.has_conflict:
            if statement.typed not in Ground.values:
                reasons.append(_("%(dossier)s: choose one of the listed grounds.") % names)
            elif statement.typed == Ground.OTHER and not statement.ground.strip():
                reasons.append(_("%(dossier)s: say what the conflict is.") % names)
        elif has_represented(seat.user, statement.dossier.enterprise):
            reasons.append(_("%(dossier)s: you represent this enterprise; declare the conflict.") % names)
        elif statement.dossier.pk in apart:
            reasons.append(_("%(dossier)s: a declared conflict is lifted by two others; tell the secretary.") % names)
    return reasons


def _separate(seat: Seat, statement: Statement, *, by: Any, at: datetime) -> tuple[list[str], bool]:
    """Member and dossier go apart. Returns the criteria that lose this scorer, and whether a signed sheet is void."""
    dossier = statement.dossier
    codes = queries.assigned_codes(seat, dossier)
    standing = seat.standing.filter(dossier=dossier).select_related("sheet").first()
    if standing is not None:
        with translation.override("vi"):
            reason = _("A conflict of interest came to light.")
        void = SheetVoid.objects.create(sheet=standing.sheet, reason=reason, voided_by_name=str(by), voided_at=at)
        tally.withdraw(standing.sheet)
        audit.record("sheet.voided", void.sheet, by=by, at=at, dossier=dossier.pk, digest=void.sheet.digest)
    drop_sheets(seat.sheets.filter(dossier=dossier))
    seat.assignments.filter(dossier=dossier).delete()
    put_apart(user=seat.user, dossier=dossier, kind=statement.typed, words=statement.ground, by=by, at=at)
    return codes, standing is not None


def _keep(seat: Seat, statement: Statement, moment: Moment, at: datetime) -> None:
    facts = {"has_conflict": statement.has_conflict, "kind": statement.typed, "ground": statement.words}
    Interest.objects.update_or_create(seat=seat, dossier=statement.dossier, defaults=facts | {"declared_at": at})
    InterestStatement.objects.create(seat=seat, dossier=statement.dossier, moment=moment, stated_at=at, **facts)


def _tell(seat: Seat, dossier: Dossier, codes: Sequence[str], voided: bool, *, by: Any, at: datetime) -> None:
    if codes:
        notices.scorer_lost(seat, dossier, codes, voided=voided, by=by, at=at)
