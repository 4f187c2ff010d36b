"""What every request shares."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import Refused


class RefusalMiddleware:
    """A refusal that a page did not show beside its form becomes a page of its own (409), never a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        back = request.META.get("HTTP_REFERER", "")
        same_site = back.startswith(request.build_absolute_uri("/"))
        context = {"reasons": exception.reasons, "back": back if same_site else "/"}
        return render(request, "ui/refused.html", context, status=409)
