"""The check that needs no network: its page and the worker that keeps it."""

from csp.constants import NONE
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from public import offline as verifier


@login_not_required
@csp_replace({"form-action": [NONE]})  # what is pasted is read by the scripts and never sent
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Reads the token behind `#`, which no server sees. The same page for everyone, so that a device may keep it."""
    context = {
        "scripts": verifier.script_paths(),
        "words": verifier.words(),
        "worker": verifier.worker_path(),
        "scopes": verifier.scopes(),
    }
    response = render(request, "public/offline.html", context)
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    request.session.accessed = False
    return response


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its scopes lie beside its own address, hence the header."""
    response = HttpResponse(verifier.worker_script(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    request.session.accessed = False
    return response
