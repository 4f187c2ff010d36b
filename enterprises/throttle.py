"""How often one address of the network, one mail address or one person may try. Limits stand in the settings."""

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext as _
from redis.exceptions import RedisError


def may_try(request: HttpRequest, action: str, key: str | None = None) -> bool:
    """Counts this try. Without the cache nobody is counted: a letter more harms less than a closed door."""
    try:
        return bool(ratelimit.consume(request, action=action, key=key))
    except RedisError:
        return True


def too_many() -> str:
    return _("Too many attempts. Wait a few minutes, then try again.")
