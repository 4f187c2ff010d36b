"""The evidence wallet of an enterprise."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import require
from core import scanner
from dossiers import wallet as papers
from dossiers import words
from enterprises.models import Enterprise


@require_safe
@never_cache
def wallet(request: HttpRequest, pk: int) -> HttpResponse:
    """Every paper that serves more than one dossier: where it comes from, until when it holds, where it lies."""
    enterprise = Enterprise.objects.filter(pk=pk).first()
    if enterprise is None:
        raise Http404
    require(request.user, "enterprises.represent", enterprise)
    found = papers.papers_of(enterprise, timezone.localdate())
    context = {
        "enterprise": enterprise,
        "groups": [
            (words.PAPER_NAMES[code], list(evidence))
            for code, evidence in groupby(found, key=lambda one: one.document.paper)
        ],
        "expired": sum(one.has_expired for one in found),
        "ending": sum(one.ends_soon for one in found),
        "soon_days": papers.SOON_DAYS,
        "scanner_is_connected": scanner.is_connected(),
    }
    return render(request, "dossiers/wallet.html", context)
