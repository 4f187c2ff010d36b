"""The applicant, the officer, and what each may do by stage."""

from typing import Any

from accounts.permissions import is_officer, is_staff
from dossiers.models import Dossier, Stage
from enterprises.permissions import fills_in, has_represented, represents, represents_any, signs

EDITABLE = (Stage.DRAFT, Stage.SUPPLEMENT)
WITHDRAWABLE = (Stage.DRAFT, Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT, Stage.ELIGIBLE)


def is_applicant(user: Any, dossier: Dossier) -> bool:
    """Anybody of the enterprise, in whatever role."""
    return represents(user, dossier.enterprise)


def may_submit(user: Any, dossier: Dossier) -> bool:
    return signs(user, dossier.enterprise)


def has_no_interest(user: Any, dossier: Dossier) -> bool:
    """Nobody works on the dossier of an enterprise that he or she represents or has ever represented."""
    return not has_represented(user, dossier.enterprise)


def may_see(user: Any, dossier: Dossier) -> bool:
    """The applicant always; the Department once it is filed."""
    if is_applicant(user, dossier):
        return True
    return dossier.stage != Stage.DRAFT and dossier.number is not None and is_staff(user)


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


RULES = {
    "keep_calendar": may_keep_calendar,
    "start": represents_any,
    "see": may_see,
    "see_own": is_applicant,
    "edit": may_edit,
    "submit": may_submit,
    "write_message": may_write_message,
    "withdraw": may_withdraw,
    "check": may_check,
    "work_list": is_staff,
}
