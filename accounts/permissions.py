"""Roles only; what a role may do with an object stands in that object's app."""

from typing import Any

from accounts.models import Role, roles_of


def is_officer(user: Any, obj: Any = None) -> bool:
    return Role.OFFICER in roles_of(user)


def is_secretary(user: Any, obj: Any = None) -> bool:
    return Role.SECRETARY in roles_of(user)


def is_member(user: Any, obj: Any = None) -> bool:
    return Role.MEMBER in roles_of(user)


def is_it_officer(user: Any, obj: Any = None) -> bool:
    return Role.IT_OFFICER in roles_of(user)


def is_signatory(user: Any, obj: Any = None) -> bool:
    return Role.SIGNATORY in roles_of(user)


def is_staff(user: Any, obj: Any = None) -> bool:
    return is_officer(user) or is_secretary(user)


RULES = {
    "officer": is_officer,
    "secretary": is_secretary,
    "member": is_member,
    "it_officer": is_it_officer,
    "signatory": is_signatory,
    "staff": is_staff,
}
