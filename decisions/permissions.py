"""From the result to the decision: the secretary's work; nobody who sat in the council does it."""

from typing import Any

from accounts.permissions import is_secretary, is_signatory, is_staff
from decisions.models import PreparedDecision, ReasonsLetter
from dossiers.permissions import is_applicant
from dossiers.wall import barred_ids
from evaluations.permissions import has_seat, may_run_session
from programme.models import Season


def may_see(user: Any, obj: Any = None) -> bool:
    """The pages of comments, decision and certificates: staff, and the signatory."""
    return is_staff(user) or is_signatory(user)


def may_confirm(user: Any, prepared: PreparedDecision) -> bool:
    """The signatory, or a second secretary; never who prepared it, never who sat in the council."""
    if not (is_signatory(user) or is_secretary(user)) or user.pk == prepared.prepared_by_id:
        return False
    return not has_seat(user, prepared.season)


def may_withdraw(user: Any, prepared: PreparedDecision) -> bool:
    """Whoever may prepare or confirm it."""
    return may_run_session(user) or may_confirm(user, prepared)


def may_see_reasons(user: Any, season: Season) -> bool:
    """That there are letters of reasons, without any of them."""
    return is_secretary(user) and not has_seat(user, season)


def may_write_reasons(user: Any, season: Season) -> bool:
    """Read, edit and approve them. Each compares a dossier with all of the season, so nobody with a conflict in it."""
    return may_see_reasons(user, season) and not barred_ids(user, season)


def may_receive_reasons(user: Any, letter: ReasonsLetter) -> bool:
    """The enterprise, once a person has approved the letter and its file is there."""
    return letter.released_at is not None and is_applicant(user, letter.dossier)


RULES = {
    "publish": may_run_session,
    "decide": may_run_session,
    "see": may_see,
    "confirm": may_confirm,
    "withdraw": may_withdraw,
    "see_reasons": may_see_reasons,
    "write_reasons": may_write_reasons,
    "receive_reasons": may_receive_reasons,
}
