import logging
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

from public.client import address

log = logging.getLogger(__name__)


class KindThrottle(AnonRateThrottle):
    """Counts requests by client in the cache. When the cache does not answer, the API still does."""

    def get_ident(self, request: Request) -> str:
        return address(request._request)

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return bool(super().allow_request(request, view))
        except Exception:
            log.warning("The cache does not answer; API requests are not counted.")
            return True
