"""The applicant, the officer, and what each may do by stage."""

from typing import Any

from accounts.models import roles_of
from accounts.permissions import is_it_officer, is_officer, is_secretary, is_staff
from dossiers.models import BreakGlass, Conflict, Dossier, Stage
from dossiers.wall import has_conflict, is_barred
from enterprises.permissions import fills_in, represents, represents_any, signs

EDITABLE = (Stage.DRAFT, Stage.SUPPLEMENT)
WITHDRAWABLE = (Stage.DRAFT, Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT, Stage.ELIGIBLE)


def is_applicant(user: Any, dossier: Dossier) -> bool:
    """Anybody of the enterprise, in whatever role."""
    return represents(user, dossier.enterprise)


def may_submit(user: Any, dossier: Dossier) -> bool:
    return signs(user, dossier.enterprise)


def has_no_interest(user: Any, dossier: Dossier) -> bool:
    """Nobody works on a dossier behind the wall: a declared conflict, an enterprise represented now or ever."""
    return not is_barred(user, dossier)


def may_see(user: Any, dossier: Dossier) -> bool:
    """The applicant always; the Department once it is filed, but nobody with a conflict."""
    if is_applicant(user, dossier):
        return True
    return dossier.stage != Stage.DRAFT and may_work(user, dossier)


def may_work(user: Any, dossier: Dossier) -> bool:
    """The Department with what was filed, none of it behind the wall: the one rule of the desk's doors."""
    return dossier.number is not None and is_staff(user) and has_no_interest(user, dossier)


def may_list(user: Any, dossier: Dossier | None = None) -> bool:
    return is_staff(user) and (dossier is None or has_no_interest(user, dossier))


def may_edit(user: Any, dossier: Dossier) -> bool:
    return dossier.stage in EDITABLE and fills_in(user, dossier.enterprise)


def may_check(user: Any, dossier: Dossier) -> bool:
    return is_officer(user) and has_no_interest(user, dossier) and dossier.number is not None


def may_withdraw(user: Any, dossier: Dossier) -> bool:
    return dossier.stage in WITHDRAWABLE and signs(user, dossier.enterprise)


def may_write_message(user: Any, dossier: Dossier) -> bool:
    """The enterprise about its own dossier, the Department about any that was filed."""
    return fills_in(user, dossier.enterprise) or may_check(user, dossier)


def may_keep_calendar(user: Any, obj: Any = None) -> bool:
    """The days off move every deadline of the Department."""
    return is_officer(user)


def may_declare(user: Any, obj: Any = None) -> bool:
    """Whoever has a role here, the IT officer included: nobody is above the wall."""
    return bool(roles_of(user))


def may_ask_to_lift(user: Any, conflict: Conflict) -> bool:
    """A secretary without a conflict of the same dossier, and never the person whose conflict it is."""
    return is_secretary(user) and conflict.user_id != user.pk and not has_conflict(user, conflict.dossier)


def may_lift(user: Any, conflict: Conflict) -> bool:
    """A second person of the Department, neither the one who asked nor the one whose conflict it is."""
    if conflict.lift_asked_by_id is None or user.pk in (conflict.lift_asked_by_id, conflict.user_id):
        return False
    return is_staff(user) and not has_conflict(user, conflict.dossier)


def may_ask_to_open(user: Any, conflict: Conflict) -> bool:
    """The person whose conflict it is, with work at the desk or on the machine; a member judges nothing in an hour."""
    works_here = is_staff(user) or is_it_officer(user)
    return works_here and conflict.user_id == user.pk and conflict.lifted_at is None


def may_open_glass(user: Any, glass: BreakGlass) -> bool:
    """A second person of the Department without a conflict."""
    return is_staff(user) and glass.asked_by_id != user.pk and not has_conflict(user, glass.dossier)


RULES = {
    "declare": may_declare,
    "ask_to_lift": may_ask_to_lift,
    "lift": may_lift,
    "ask_to_open": may_ask_to_open,
    "open_glass": may_open_glass,
    "keep_calendar": may_keep_calendar,
    "start": represents_any,
    "see": may_see,
    "see_own": is_applicant,
    "edit": may_edit,
    "submit": may_submit,
    "write_message": may_write_message,
    "withdraw": may_withdraw,
    "check": may_check,
    "work": may_work,
    "work_list": may_list,
}
