"""The picture that stands on foreign sites."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from certificates import serial as serials
from certificates.queries import by_serial
from honours import seal as seals
from public.client import within_limit

FRESH_SECONDS = 60
GUESSES, GUESS_SECONDS = 120, 60
# Nothing may be loaded, run or sent from it, wherever it stands; anybody may frame it.
POLICY = "default-src 'none'; sandbox"


@login_not_required
@require_safe
@xframe_options_exempt
@gzip_page
def seal(request: HttpRequest, serial: str) -> HttpResponse:
    """Valid, or in grey what else is true, as the register stands now; a minute old at most. One query.

    An unknown number is a picture with the status 404: browsers draw it in <img>, and machines are not told that
    there is such a seal.
    """
    language = _chosen(request, "lang", seals.LANGUAGES)
    kind = _chosen(request, "kind", tuple(seals.KINDS))
    canonical = serials.parse(serial)
    found = by_serial(canonical) if canonical else None
    if found is None and not within_limit(request, "seal-guess", limit=GUESSES, seconds=GUESS_SECONDS):
        return HttpResponse("429", status=429, content_type="text/plain")
    with translation.override(language):
        facts = seals.facts_of(found, canonical or serial, mistyped=canonical is None)
        content = seals.draw(facts, kind, language).svg()
    response = HttpResponse(content, content_type="image/svg+xml", status=200 if found else 404)
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cross-Origin-Embedder-Policy"] = "require-corp"  # for <object> on pages that ask it of what they frame
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    request.session.accessed = False  # the same for everyone: a shared cache need not look at cookies
    if found is None:
        return response
    return _unless_known(request, response)


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The bare word that nothing has changed, with the headers that keep the copy fresh."""
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    assert isinstance(answer, HttpResponse)
    for name in ("Cache-Control", "Content-Security-Policy", "Cross-Origin-Resource-Policy"):
        answer.setdefault(name, response[name])
    return answer


def _chosen(request: HttpRequest, name: str, allowed: tuple[str, ...]) -> str:
    """What was asked for, or the first of what there is."""
    asked = request.GET.get(name, "")
    return asked if asked in allowed else allowed[0]
