"""What machines need to check a credential by themselves: keys, status list, the words used."""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from certificates import credential, status_list
from certificates.models import Certificate
from core.errors import Refused
from public.client import counts_wrong_numbers
from public.views.certificate import _issued, refused
from signing import keys

FRESH_SECONDS = 60
MEANINGS = {
    "serial": _("The number printed under the QR code."),
    "product": _("The product as the decision names it, in Vietnamese and English."),
    "enterprise": _("The enterprise as the decision names it, in Vietnamese and English."),
    "decision": _("Number and date of the decision of the People's Committee."),
    "seasonYear": _("The year of the season that the title names."),
    "isDemo": _("True for demonstration data, which have no legal value."),
    "replaces": _("The number of the certificate in whose place this one stands; empty if there is none."),
}


def _json(document: Any, seconds: int = FRESH_SECONDS) -> HttpResponse:
    response = HttpResponse(json.dumps(document, ensure_ascii=False), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=seconds)
    return response


@login_not_required
@require_safe
def key_history(request: HttpRequest) -> HttpResponse:
    """did:web: every key that ever signed, with its time and its end."""
    return _json(keys.published(timezone.now()))


@login_not_required
@require_safe
def status(request: HttpRequest, number: int) -> HttpResponse:
    """The signed status list. Made anew at most once a minute; a revocation is seen within it."""
    if number != 1:
        raise Http404
    found = cache.get("status-list")
    if found is None:
        at = timezone.now()
        try:
            found = status_list.signed_list(key=keys.current("credential", at), at=at)
        except Refused as refusal:
            return refused(request, refusal)
        cache.set("status-list", found, FRESH_SECONDS)
    return _json(found)


@login_not_required
@require_safe
@counts_wrong_numbers
def of_certificate(request: HttpRequest, serial: str) -> HttpResponse:
    """The credential that lies in the paper, for whoever has only its number."""
    found = _issued(serial)
    if not found.credential:
        raise Http404
    return _json(found.credential)


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What our own words in a credential mean, in both languages: every credential names this one address."""
    with translation.override("en"):
        english = {term: str(MEANINGS[term]) for term in credential.OWN_TERMS}
    rows = [(term, MEANINGS[term], english[term]) for term in credential.OWN_TERMS]
    return render(request, "public/terms.html", {"terms": rows})


@login_not_required
@require_safe
def achievement(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """The title that the certificates of a season and kind give, as Open Badges describe it."""
    if kind not in Certificate.Kind.values:
        raise Http404
    one = Certificate.objects.filter(recognition__season_year=year, kind=kind, credential__isnull=False).first()
    if one is None or one.file_id is None:
        raise Http404
    return _json((one.credential or {})["credentialSubject"]["achievement"], 3600)
