"""Who asks, and how often. The counter lives in the cache; without a cache everyone is let in."""

import functools
import hashlib
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)

WRONG_NUMBERS, ANSWERS, A_MINUTE = 120, 120, 60


def address(request: HttpRequest) -> str:
    """The address of the client: what the last trusted proxy saw, never what the client says itself."""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(told) >= proxies:
        return told[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def may_try_numbers(request: HttpRequest) -> bool:
    """Count a certificate number that does not exist; False for whoever tries one after the other."""
    return within_limit(request, "certificate-guess", limit=WRONG_NUMBERS, seconds=A_MINUTE)


def counts_wrong_numbers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view whose 404 means that there is no paper under the number."""

    @functools.wraps(view)
    def counted(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        try:
            return view(request, *args, **more)
        except Http404:
            if may_try_numbers(request):
                raise
            return render(request, "429.html", status=429)

    return counted


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
