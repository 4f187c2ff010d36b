"""Who receives at the counter, who makes a form and who reads it."""

from typing import Any

from accounts.permissions import is_officer, is_staff
from dossiers.models import Dossier
from dossiers.permissions import has_no_interest, is_applicant, may_check
from onestop.kinds import BY_CODE
from onestop.models import OfficeForm


def reads_forms(user: Any, dossier: Dossier) -> bool:
    """The Department, about a filed dossier in which the person has no interest."""
    return is_staff(user) and dossier.number is not None and has_no_interest(user, dossier)


def has_receipt(user: Any, dossier: Dossier) -> bool:
    """The enterprise may have its receipt (form 01) from the moment the dossier is filed."""
    return dossier.number is not None and is_applicant(user, dossier)


def sees_form(user: Any, made: OfficeForm) -> bool:
    """Control sheet and book stay in the house; the other forms are addressed to the enterprise."""
    if reads_forms(user, made.dossier):
        return True
    return BY_CODE[made.form].for_applicant and is_applicant(user, made.dossier)


def keeps_book(user: Any, obj: Any = None) -> bool:
    return is_staff(user)


RULES = {
    "receive": is_officer,
    "read_forms": reads_forms,
    "make": may_check,
    "have_receipt": has_receipt,
    "see_form": sees_form,
    "keep_book": keeps_book,
    "change_texts": keeps_book,
}
