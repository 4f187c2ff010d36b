"""One act on many dossiers: what it would do to each, doing it all or not at all, and taking it back.

What can be taken back is what no enterprise has been told: taking in hand, giving to an officer, finding eligible
while the council has not begun. A letter that was sent cannot be unsent, so there is no bulk act that sends one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import can, require
from accounts.models import User
from core import audit
from core.canonical import digest
from core.errors import Refused
from dossiers import actions, wall, workflow
from dossiers.actions.assigning import obstacles_to_assigning
from dossiers.models import BulkAct, Dossier, Stage

TAKE, GIVE, ADMIT = "take", "give", "admit"
ACTS = (TAKE, GIVE, ADMIT)
LIMIT = 200


@dataclass(frozen=True)
class Effect:
    """What the act would do to one dossier; `reasons` say why it would not."""

    dossier: Dossier
    officer: User | None
    stage: str
    reasons: Sequence[str] = ()

    @property
    def is_possible(self) -> bool:
        return not self.reasons

    @property
    def state(self) -> tuple[Any, ...]:
        """What must not change between the dry run and the act."""
        return self.dossier.pk, self.dossier.stage, self.dossier.officer_id, self.dossier.changed_at.isoformat()


@dataclass(frozen=True)
class Plan:
    """The dry run. `mark` binds the confirmation to what was shown."""

    act: str
    officer: User | None
    effects: Sequence[Effect]

    @property
    def possible(self) -> list[Effect]:
        return [effect for effect in self.effects if effect.is_possible]

    @property
    def mark(self) -> str:
        return digest([self.act, self.officer.pk if self.officer else None, [e.state for e in self.possible]])


def plan(*, act: str, pks: Sequence[int], officer: User | None, by: Any, at: datetime, lock: bool = False) -> Plan:
    """What the act would do to each of these dossiers. One that the person may not see at the desk is not there:
    raises Refused, as for none at all."""
    require(by, "dossiers.work_list")
    if act not in ACTS:
        raise Refused(_("There is no such act."))
    if not pks:
        raise Refused(_("Mark at least one dossier."))
    if len(pks) > LIMIT:
        raise Refused(_("At most %(n)s dossiers at a time.") % {"n": LIMIT})
    if act == GIVE and officer is None:
        raise Refused(_("Choose the officer who gets the dossiers."))
    rows = Dossier.objects.filed().filter(pk__in=set(pks)).select_related("enterprise", "product", "season")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = {row.pk: row for row in rows.order_by("pk") if can(by, "dossiers.check", row)}
    missing = [pk for pk in pks if pk not in found]
    if missing:
        raise Refused(_("Some of the marked dossiers are not on your desk. Mark them anew."))
    holders = {user.pk: user for user in User.objects.filter(pk__in={d.officer_id for d in found.values()})}
    ordered = [found[pk] for pk in dict.fromkeys(pks)]
    effects = [_effect(act, dossier, holders, officer=officer, by=by, at=at) for dossier in ordered]
    return Plan(act, officer, effects)


def _effect(
    act: str, dossier: Dossier, holders: dict[int, User], *, officer: User | None, by: Any, at: datetime
) -> Effect:
    holder = holders.get(dossier.officer_id) if dossier.officer_id else None
    if act == TAKE:
        return Effect(dossier, by, Stage.CHECKING, workflow.blockers(dossier, "start_check", by=by, at=at))
    if act == GIVE:
        assert officer is not None
        reasons = obstacles_to_assigning(dossier, officer)
        if not reasons and holder == officer:
            reasons = [_("This officer has the dossier already.")]
        return Effect(dossier, officer, dossier.stage, reasons)
    reasons = workflow.blockers(dossier, "admit", by=by, at=at)
    return Effect(dossier, holder, Stage.ELIGIBLE, reasons)


@transaction.atomic
def do(*, act: str, pks: Sequence[int], officer: User | None, mark: str, by: Any, at: datetime) -> BulkAct:
    """Do what the dry run showed, to all that it named as possible, or to none. Raises Refused when one of them has
    changed since."""
    fresh = plan(act=act, pks=pks, officer=officer, by=by, at=at, lock=True)
    if not fresh.possible:
        raise Refused(_("There is nothing that can be done to these dossiers."))
    if fresh.mark != mark:
        raise Refused(_("Somebody changed one of these dossiers meanwhile. Look at the list of effects again."))
    effects = []
    for effect in fresh.possible:
        dossier = effect.dossier
        effects.append({"pk": dossier.pk, "stage": dossier.stage, "officer": dossier.officer_id})
        if act == TAKE:
            actions.start_check(dossier=dossier, by=by, at=at)
        elif act == GIVE:
            actions.assign_officer(dossier=dossier, officer=effect.officer, by=by, at=at)
        else:
            actions.admit(dossier=dossier, by=by, at=at)
    done = BulkAct.objects.create(act=act, done_at=at, done_by=by, effects=effects)
    audit.record(f"bulk.{act}", done, by=by, at=at, dossiers=[effect["pk"] for effect in effects])
    return done


@transaction.atomic
def undo(*, bulk: BulkAct, by: Any, at: datetime) -> BulkAct:
    """Take a bulk act back, wholly. Raises Refused with the reason of each dossier that has gone on since."""
    bulk = BulkAct.objects.select_for_update().get(pk=bulk.pk)
    if bulk.undone_at is not None:
        return bulk
    if bulk.done_by_id != by.pk:
        raise Refused(_("Only the person who did this can take it back."))
    before = {effect["pk"]: effect for effect in bulk.effects}
    dossiers = list(Dossier.objects.select_for_update().filter(pk__in=before).order_by("pk"))
    officers = User.objects.in_bulk({e["officer"] for e in before.values() if e["officer"]})
    reasons: list[str] = []
    for dossier in dossiers:
        try:
            with transaction.atomic():
                _put_back(bulk.act, dossier, officers.get(before[dossier.pk]["officer"]), by=by, at=at)
        except Refused as refused:
            reasons += [f"{dossier.number}: {reason}" for reason in refused.reasons]
    if reasons:
        raise Refused(reasons)
    bulk.undone_at, bulk.undone_by_name = at, str(by)
    bulk.save(update_fields=["undone_at", "undone_by_name"])
    audit.record("bulk.undone", bulk, by=by, at=at, act_undone=bulk.act, dossiers=sorted(before))
    return bulk


def touches_barred(act: BulkAct, user: Any) -> bool:
    """One of its dossiers is closed to the person by now: nothing about the act is told any more."""
    return any(effect["pk"] in wall.barred_ids(user) for effect in act.effects)


def _put_back(act: str, dossier: Dossier, officer: User | None, *, by: Any, at: datetime) -> None:
    if act == TAKE:
        workflow.take("put_back", dossier, by=by, at=at)
        actions.assign_officer(dossier=dossier, officer=officer, by=by, at=at)
    elif act == GIVE:
        actions.assign_officer(dossier=dossier, officer=officer, by=by, at=at)
    else:
        actions.check_again(dossier=dossier, reason=_("Taken back by the person who did it."), by=by, at=at)
