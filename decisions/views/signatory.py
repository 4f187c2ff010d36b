"""What waits for the signatory: decisions to confirm, drafts to approve."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import require
from decisions import papers, queries


@never_cache
@require_safe
def to_sign(request: HttpRequest) -> HttpResponse:
    require(request.user, "accounts.signatory")
    context = {"prepared": queries.to_confirm(request.user), "stacks": papers.to_approve()}
    return render(request, "decisions/to_sign.html", context)
