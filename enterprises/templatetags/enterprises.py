from typing import Any

from django import template

from enterprises.permissions import roles_by_enterprise

register = template.Library()


@register.simple_tag
def acts_for_several(user: Any) -> bool:
    """Whether the person has to watch for which enterprise he or she acts."""
    return len(roles_by_enterprise(user)) > 1
