"""The page behind a QR code, and the paper itself."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from certificates import serial as serials
from certificates.models import Certificate
from certificates.queries import by_serial, chain_of
from core import files
from core.errors import Refused
from public.client import counts_wrong_numbers, may_try_numbers
from public.forms import EXAMPLE


@login_not_required
@require_safe
def certificate(request: HttpRequest, serial: str) -> HttpResponse:
    """Valid, expired, revoked, replaced, being made, unknown or mistyped: one word, in both languages, without
    scripts. An old code leads to today's truth and to what came before and after."""
    canonical = serials.parse(serial)
    found = by_serial(canonical) if canonical else None
    if found is None and not may_try_numbers(request):
        return render(request, "429.html", status=429)
    context = {
        "typed": serial,
        "serial": canonical or serial,
        "certificate": found,
        "verdict": verdict_of(found) if found else ("unknown" if canonical else "mistyped"),
        "now": timezone.now(),
        "example": EXAMPLE,
    } | (_chain(found) if found else {})
    response = render(request, "public/certificate.html", context, status=200 if found else 404)
    # A revocation is seen at once: whoever keeps a copy asks before showing it.
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    request.session.accessed = False  # the same for everyone: a shared cache need not look at cookies
    return response


def _chain(found: Certificate) -> dict[str, Any]:
    """The newest certificate of the chain with its verdict, and the whole chain when there is one."""
    chain = chain_of(found)
    newest = chain[-1]
    return {
        "newest": newest,
        "newest_verdict": verdict_of(newest),
        "chain": [(one, verdict_of(one)) for one in chain] if len(chain) > 1 else [],
    }


def verdict_of(found: Certificate) -> str:
    """A revocation, a replacement or the end of validity weighs more than a paper that is still being made."""
    status = found.recognition.status().value
    if status != "revoked" and found.replaced_at is not None:
        return "replaced"
    return "pending" if status in ("valid", "not_yet") and found.file_id is None else status


@login_not_required
@require_safe
@counts_wrong_numbers
def certificate_pdf(request: HttpRequest, serial: str) -> HttpResponse:
    """The stored paper, checked against its digest before a byte is sent."""
    found = _issued(serial)
    try:
        content = files.read(str(found.file_id))
    except (FileNotFoundError, ValueError):
        return render(request, "public/paper_missing.html", {"certificate": found}, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.serial}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = f'"{found.file_id}"'
    return response


def _issued(serial: str) -> Certificate:
    canonical = serials.parse(serial)
    found = by_serial(canonical) if canonical else None
    if found is None or found.file_id is None:
        raise Http404
    return found


def refused(request: HttpRequest, refusal: Refused, status: int = 503) -> HttpResponse:
    """What cannot be signed now, in words."""
    return render(request, "public/not_now.html", {"reasons": refusal.reasons}, status=status)
