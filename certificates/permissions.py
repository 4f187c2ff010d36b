"""The secretary prepares, the signatory approves, and anybody who works with certificates may pull the brake."""

from typing import Any

from accounts.permissions import is_it_officer, is_secretary, is_signatory, is_staff


def may_see_book(user: Any, obj: Any = None) -> bool:
    """The IT officer too: whoever may pull the brake sees what it stops."""
    return is_staff(user) or is_signatory(user) or is_it_officer(user)


def may_return(user: Any, obj: Any = None) -> bool:
    return is_secretary(user) or is_signatory(user)


def may_stop(user: Any, obj: Any = None) -> bool:
    return is_secretary(user) or is_signatory(user) or is_it_officer(user)


RULES = {
    "issue": is_secretary,
    "approve": is_signatory,
    "return_batch": may_return,
    "see_book": may_see_book,
    "retry": is_secretary,
    "stop": may_stop,
}
