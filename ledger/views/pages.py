"""The two pages of the log: the days with what they prove, and the check of one entry."""

import json

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from ledger import answers, queries
from ledger.forms import EntryForm, ProofForm
from ledger.views.files import FRESH_SECONDS

DAYS_ON_A_PAGE = 31


@login_not_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    paginator = Paginator(queries.days(), DAYS_ON_A_PAGE)
    context = {
        "page": paginator.get_page(request.GET.get("page")),
        "newest": queries.newest(),
    }
    response = render(request, "ledger/log.html", context)
    if not request.user.is_authenticated:
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """By number and hash (GET, so that the answer has an address), or by the content of a proof file (POST)."""
    pasted = ProofForm(request.POST if request.method == "POST" else None)
    asked = request.method != "POST" and ("number" in request.GET or "entry" in request.GET)
    typed = EntryForm(request.GET if asked else None)
    answer = None
    if pasted.is_bound and pasted.is_valid():
        answer = answers.about_proof(pasted.cleaned_data["proof"], pasted.cleaned_data["root"])
    elif typed.is_bound and typed.is_valid():
        answer = answers.about_entry(typed.cleaned_data["number"], typed.cleaned_data["entry"])
    context = {
        "typed": typed,
        "pasted": pasted,
        "form": pasted if pasted.is_bound else typed,
        "answer": answer,
        "proof": json.dumps(answer.inclusion.as_json()) if answer and answer.inclusion else "",
    }
    refused = (pasted.is_bound or typed.is_bound) and answer is None
    return render(request, "ledger/check.html", context, status=400 if refused else 200)
