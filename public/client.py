"""Who asks, and how often. The counter lives in the cache; without a cache everyone is let in."""

import hashlib
import logging

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

log = logging.getLogger(__name__)


def address(request: HttpRequest) -> str:
    """The address of the client: what the last trusted proxy saw, never what the client says itself."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(told) >= proxies:
        return told[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def within_limit(request: HttpRequest, act: str, *, limit: int, seconds: int) -> bool:
    """Count one `act` of this client; False when it was done `limit` times in the window already."""
    key = f"{act}:{hashlib.sha256(address(request).encode()).hexdigest()[:32]}"
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key)) <= limit
    except ValueError:  # the window ended between the two calls
        return True
    except Exception:
        log.warning("The cache does not answer; %s is not counted.", act)
        return True
