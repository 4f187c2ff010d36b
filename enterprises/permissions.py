"""What makes an applicant."""

from typing import Any

from enterprises.models import Enterprise


def represents(user: Any, enterprise: Enterprise | None) -> bool:
    if enterprise is None or not getattr(user, "is_authenticated", False):
        return False
    known = getattr(user, "_represents", None)
    if known is None:
        known = set(user.representations.filter(ended_at=None).values_list("enterprise_id", flat=True))
        user._represents = known
    return enterprise.pk in known


def represents_any(user: Any, obj: Any = None) -> bool:
    return bool(getattr(user, "is_authenticated", False)) and user.representations.filter(ended_at=None).exists()


RULES = {
    "represent": represents,
    "represent_any": represents_any,
    "correct": represents,
}
