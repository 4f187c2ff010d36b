from typing import Any

from django import template

from accounts.access import can

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], rule: str, obj: Any = None) -> bool:
    """`{% may "dossiers.submit" dossier as may_submit %}`"""
    return can(context["request"].user, rule, obj)
