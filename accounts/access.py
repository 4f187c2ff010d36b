"""May this person do that? The only two calls that pages, partials, API, exports, templates and the workflow
use. The superuser is not above the rules: Django's own `has_perm` is never asked."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http import Http404

Rule = Callable[[Any, Any], bool]


def rule_named(name: str) -> Rule:
    """The predicate behind `app.rule`. Raises LookupError when there is none (checked at start-up)."""
    app, _, rule = name.partition(".")
    try:
        rules: dict[str, Rule] = import_module(f"{app}.permissions").RULES
        return rules[rule]
    except (ImportError, AttributeError, KeyError) as error:
        raise LookupError(f"No rule is named {name}") from error


def can(user: Any, rule: str, obj: Any = None) -> bool:
    """True when an active person may do `rule` to `obj`."""
    if not getattr(user, "is_active", False):
        return False
    return bool(rule_named(rule)(user, obj))


def require(user: Any, rule: str, obj: Any = None) -> None:
    """Raises Http404 when not: to strangers, absent and forbidden look alike."""
    if not can(user, rule, obj):
        raise Http404
