from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from certificates import serial as serials
from certificates.models import Certificate
from certificates.queries import by_serial
from core import files
from public.forms import EXAMPLE, SerialForm


@login_not_required
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Type the number of a certificate. What fits its check character leads to its page."""
    asked = "serial" in request.GET
    form = SerialForm(request.GET if asked else None)
    if asked and form.is_valid():
        return redirect("public:certificate", serial=form.cleaned_data["serial"])
    return render(request, "public/verify.html", {"form": form, "example": EXAMPLE})


@login_not_required
@require_safe
def certificate(request: HttpRequest, serial: str) -> HttpResponse:
    """Valid, expired, revoked, being made, unknown or mistyped: one word, in both languages, without scripts."""
    canonical = serials.parse(serial)
    found = by_serial(canonical) if canonical else None
    context = {
        "typed": serial,
        "serial": canonical or serial,
        "certificate": found,
        "verdict": verdict_of(found) if found else ("unknown" if canonical else "mistyped"),
        "now": timezone.now(),
        "example": EXAMPLE,
    }
    response = render(request, "public/certificate.html", context, status=200 if found else 404)
    # A revocation is seen at once: whoever keeps a copy asks before showing it.
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    request.session.accessed = False  # the same for everyone: a shared cache need not look at cookies
    return response


def verdict_of(found: Certificate) -> str:
    """A revocation or the end of validity weighs more than a paper that is still being made."""
    status = found.recognition.status().value
    return "pending" if status == "valid" and found.file_id is None else status


@login_not_required
@require_safe
def certificate_pdf(request: HttpRequest, serial: str) -> HttpResponse:
    """The stored paper, checked against its digest before a byte is sent."""
    canonical = serials.parse(serial)
    found = by_serial(canonical) if canonical else None
    if found is None or found.file is None:
        raise Http404
    try:
        content = files.read(found.file.sha256)
    except (FileNotFoundError, ValueError):
        return render(request, "public/paper_missing.html", {"certificate": found}, status=503)
    response = HttpResponse(content, content_type=found.file.media_type)
    response["Content-Disposition"] = f'inline; filename="{found.serial}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = f'"{found.file.sha256}"'
    return response
