"""A letter's HTML is shown inside a frame of its own address, under a policy that lets nothing happen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LOCKED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def locked(html: str) -> HttpResponse:
    """Someone's HTML: no script, no request, no form, no link that leads anywhere, framed by this site only."""
    response = HttpResponse(html)
    response["Content-Security-Policy"] = LOCKED
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def refused(request: HttpRequest, template: str, context: dict[str, object], reasons: list[str]) -> HttpResponse:
    return render(request, template, context | {"reasons": reasons}, status=409)
