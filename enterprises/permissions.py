"""What makes an applicant, and what each person of an enterprise may do for it."""

from typing import Any

from accounts.permissions import is_officer, is_staff
from enterprises.models import Enterprise, JoinRequest, Representative, RepresentativeRole

_FILLING = (RepresentativeRole.SIGNS, RepresentativeRole.FILLS_IN)


def roles_by_enterprise(user: Any) -> dict[int, str]:
    """Each enterprise for which the person acts now, and the role. Asked once per request."""
    if not getattr(user, "is_authenticated", False):
        return {}
    return _representations(user)[0]


def ever_represented(user: Any) -> frozenset[int]:
    """The enterprises for which the person acts or once acted."""
    return _representations(user)[1] if getattr(user, "is_authenticated", False) else frozenset()


def _representations(user: Any) -> tuple[dict[int, str], frozenset[int]]:
    known: tuple[dict[int, str], frozenset[int]] | None = getattr(user, "_represents", None)
    if known is None:
        rows = list(user.representations.values_list("enterprise_id", "role", "ended_at"))
        acting = {enterprise: role for enterprise, role, ended_at in rows if ended_at is None}
        known = user._represents = acting, frozenset(enterprise for enterprise, _role, _ended in rows)
    return known


def forget_representations(user: Any) -> None:
    """After a change of the people of an enterprise, so that the same object answers anew."""
    if hasattr(user, "_represents"):
        del user._represents


def has_represented(user: Any, enterprise: Enterprise | None) -> bool:
    """Now or ever: whoever acted for an enterprise does not judge its dossiers after leaving it."""
    return enterprise is not None and enterprise.pk in ever_represented(user)


def role_in(user: Any, enterprise: Enterprise | None) -> str | None:
    """The role in which the person acts for the enterprise now; None for a stranger."""
    return roles_by_enterprise(user).get(enterprise.pk) if enterprise is not None else None


def represents(user: Any, enterprise: Enterprise | None) -> bool:
    return role_in(user, enterprise) is not None


def fills_in(user: Any, enterprise: Enterprise | None) -> bool:
    return role_in(user, enterprise) in _FILLING


def signs(user: Any, enterprise: Enterprise | None) -> bool:
    return role_in(user, enterprise) == RepresentativeRole.SIGNS


def represents_any(user: Any, obj: Any = None) -> bool:
    return bool(getattr(user, "is_authenticated", False)) and user.representations.filter(ended_at=None).exists()


def may_end_person(user: Any, person: Representative) -> bool:
    """Whoever signs ends anybody; everybody may leave."""
    return person.user_id == user.pk or signs(user, person.enterprise)


def may_answer_request(user: Any, asked: JoinRequest) -> bool:
    """Whoever signs for the enterprise; the Department where nobody does, but nobody about himself."""
    if asked.user_id == user.pk:
        return False
    return signs(user, asked.enterprise) or (is_officer(user) and not has_signer(asked.enterprise))


def has_signer(enterprise: Enterprise) -> bool:
    people = enterprise.representatives.filter(ended_at=None, user__is_active=True)
    return people.filter(role=RepresentativeRole.SIGNS).exists()


RULES = {
    "has_represented": has_represented,
    "represent": represents,
    "represent_any": represents_any,
    "fill_in": fills_in,
    "sign": signs,
    "correct": fills_in,
    "correct_by_department": is_officer,
    "see_people": represents,
    "manage_people": signs,
    "end_person": may_end_person,
    "answer_request": may_answer_request,
    "see_register": is_staff,
    "judge_duplicates": is_officer,
}
