"""Who takes tables out and who brings them in."""

from typing import Any

from accounts.permissions import is_officer, is_staff


def may_import(user: Any, obj: Any = None) -> bool:
    return is_officer(user)


def may_export(user: Any, obj: Any = None) -> bool:
    return is_staff(user)


RULES = {"import": may_import, "export": may_export}
