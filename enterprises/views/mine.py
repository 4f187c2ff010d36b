"""For which enterprises one acts: the list from which a consultant chooses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from enterprises import queries


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    context = {
        "representations": list(queries.representations_of(request.user)),
        "requests": list(queries.own_requests(request.user)),
    }
    return render(request, "enterprises/mine.html", context)
