"""What an enterprise does with its recognitions: certificates, logo kit, seal, text for the press."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.errors import Refused
from enterprises.models import Enterprise
from enterprises.views.common import of_enterprise
from honours import kit as kits
from honours import logo, press, queries, snippets
from public.addresses import certificate_url


@require_safe
@of_enterprise("enterprises.represent")
def recognitions(request: HttpRequest, enterprise: Enterprise) -> HttpResponse:
    """Every recognition the enterprise has or had, with its certificates."""
    found = queries.holdings(enterprise, timezone.localdate())
    context = {"enterprise": enterprise, "tab": "recognitions", "holdings": found}
    return render(request, "honours/recognitions.html", context)


@require_safe
@of_enterprise("enterprises.represent")
def use(request: HttpRequest, enterprise: Enterprise, recognition: int) -> HttpResponse:
    """One recognition: what may be shown of it, and how."""
    found = _holding(enterprise, recognition)
    reasons = queries.reasons_against_use(found)
    context = {
        "enterprise": enterprise,
        "tab": "recognitions",
        "holding": found,
        "recognition": found.recognition,
        "against": reasons,
        "papers": [(paper, certificate_url(paper.certificate.serial)) for paper in found.standing],
        "seals": [(paper, snippets.snippets(paper)) for paper in found.papers],
        "texts": [] if reasons else [(language, press.text(found, language)) for language in press.LANGUAGES],
        "lockups": [] if reasons else [one for one in kits.lockups(found) if one.language == _language(request)],
    }
    return render(request, "honours/use.html", context)


@require_safe
@of_enterprise("enterprises.represent")
def kit(request: HttpRequest, enterprise: Enterprise, recognition: int) -> HttpResponse:
    """The archive; 409 with the reasons while the title may not be shown."""
    found = _holding(enterprise, recognition)
    content = kits.kit(found)
    return _download(content, "application/zip", kits.file_name(found))


@require_safe
@of_enterprise("enterprises.represent")
def press_text(request: HttpRequest, enterprise: Enterprise, recognition: int, language: str) -> HttpResponse:
    """The text for the press as a file; 409 with the reasons while the title may not be shown."""
    found = _holding(enterprise, recognition)
    if language not in press.LANGUAGES:
        raise Http404
    if reasons := queries.reasons_against_use(found):
        raise Refused(reasons)
    content = press.text(found, language).replace("\n", "\r\n").encode("utf-8-sig")
    return _download(content, "text/plain; charset=utf-8", press.file_name(found.recognition, language))


@require_safe
@of_enterprise("enterprises.represent")
def qr(request: HttpRequest, enterprise: Enterprise, recognition: int, serial: str) -> HttpResponse:
    """The code of one certificate as a vector file, also of one that is no longer good: it leads to the truth."""
    found = _holding(enterprise, recognition)
    if serial not in [paper.certificate.serial for paper in found.papers]:
        raise Http404
    return _download(snippets.qr_svg(serial), "image/svg+xml", f"{serial}.svg", shown="show" in request.GET)


@require_safe
@of_enterprise("enterprises.represent")
def lockup(request: HttpRequest, enterprise: Enterprise, recognition: int, name: str) -> HttpResponse:
    """One drawing of the kit, for the page that shows what is in it."""
    found = _holding(enterprise, recognition)
    one = next((one for one in kits.lockups(found) if one.name == name), None)
    if one is None or queries.reasons_against_use(found):
        raise Http404
    return _download(logo.draw(one).svg(), "image/svg+xml", f"{name}.svg", shown=True)


def _language(request: HttpRequest) -> str:
    return "en" if getattr(request, "LANGUAGE_CODE", "vi").startswith("en") else "vi"


def _holding(enterprise: Enterprise, number: int) -> queries.Holding:
    found = queries.holding(enterprise, number, timezone.localdate())
    if found is None:
        raise Http404
    return found


def _download(content: bytes, kind: str, name: str, *, shown: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
