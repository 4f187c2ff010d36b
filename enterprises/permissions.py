"""What makes an applicant, and what each person of an enterprise may do for it."""

from typing import Any

from enterprises.models import Enterprise, RepresentativeRole

_FILLING = (RepresentativeRole.SIGNS, RepresentativeRole.FILLS_IN)


def role_in(user: Any, enterprise: Enterprise | None) -> str | None:
    """The role in which the person acts for the enterprise now; None for a stranger. Asked once per request."""
    if enterprise is None or not getattr(user, "is_authenticated", False):
        return None
    known: dict[int, str] | None = getattr(user, "_represents", None)
    if known is None:
        known = dict(user.representations.filter(ended_at=None).values_list("enterprise_id", "role"))
        user._represents = known
    return known.get(enterprise.pk)


def represents(user: Any, enterprise: Enterprise | None) -> bool:
    return role_in(user, enterprise) is not None


def fills_in(user: Any, enterprise: Enterprise | None) -> bool:
    return role_in(user, enterprise) in _FILLING


def signs(user: Any, enterprise: Enterprise | None) -> bool:
    return role_in(user, enterprise) == RepresentativeRole.SIGNS


def represents_any(user: Any, obj: Any = None) -> bool:
    return bool(getattr(user, "is_authenticated", False)) and user.representations.filter(ended_at=None).exists()


RULES = {
    "represent": represents,
    "represent_any": represents_any,
    "fill_in": fills_in,
    "sign": signs,
    "correct": fills_in,
}
