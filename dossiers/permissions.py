"""The applicant, the officer, and what each may do by stage."""

from typing import Any

from accounts.permissions import is_officer, is_staff
from dossiers.models import Dossier, Stage
from enterprises.permissions import represents, represents_any

EDITABLE = (Stage.DRAFT, Stage.SUPPLEMENT)
WITHDRAWABLE = (Stage.DRAFT, Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT, Stage.ELIGIBLE)


def is_applicant(user: Any, dossier: Dossier) -> bool:
    return represents(user, dossier.enterprise)


def has_no_interest(user: Any, dossier: Dossier) -> bool:
    """Nobody works on the dossier of an enterprise that he or she represents."""
    return not represents(user, dossier.enterprise)


def may_see(user: Any, dossier: Dossier) -> bool:
    """The applicant always; the Department once it is filed."""
    if is_applicant(user, dossier):
        return True
    return dossier.stage != Stage.DRAFT and dossier.number is not None and is_staff(user)


def may_edit(user: Any, dossier: Dossier) -> bool:
    return dossier.stage in EDITABLE and is_applicant(user, dossier)


def may_check(user: Any, dossier: Dossier) -> bool:
    return is_officer(user) and has_no_interest(user, dossier) and dossier.number is not None


def may_withdraw(user: Any, dossier: Dossier) -> bool:
    return dossier.stage in WITHDRAWABLE and is_applicant(user, dossier)


RULES = {
    "start": represents_any,
    "see": may_see,
    "edit": may_edit,
    "submit": is_applicant,
    "withdraw": may_withdraw,
    "check": may_check,
    "work_list": is_staff,
}
