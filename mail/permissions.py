"""Who reads the outbox, who decides about a letter, who changes the words."""

from typing import Any

from accounts.permissions import is_secretary, is_staff
from mail import fences
from mail.kinds import CONFIDENTIAL_ROOMS
from mail.models import Letter


def sees_confidential(user: Any, obj: Any = None) -> bool:
    return is_secretary(user)


def sees_letter(user: Any, letter: Letter) -> bool:
    if not is_staff(user) or (letter.room in CONFIDENTIAL_ROOMS and not is_secretary(user)):
        return False
    hidden = fences.hidden_from(user)
    return hidden is None or not Letter.objects.filter(hidden, pk=letter.pk).exists()


RULES = {
    "see_outbox": is_staff,
    "see_confidential": sees_confidential,
    "see_letter": sees_letter,
    "handle_letter": sees_letter,
    "change_words": is_staff,
}
