from typing import Any

from django import template

from accounts import middleware
from accounts.access import can

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], rule: str, obj: Any = None) -> bool:
    """`{% may "dossiers.submit" dossier as may_submit %}`"""
    return can(context["request"].user, rule, obj)


@register.simple_tag(takes_context=True)
def idle_seconds(context: dict[str, Any]) -> int:
    """After how many seconds without activity this visitor is signed out; 0 for a visitor who is not signed in."""
    user = getattr(context.get("request"), "user", None)
    return middleware.idle_seconds(user) if user is not None and user.is_authenticated else 0
