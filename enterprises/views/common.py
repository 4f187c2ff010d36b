"""What the pages of an enterprise share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from accounts.access import require
from enterprises.models import Enterprise

View = Callable[..., HttpResponse]


def of_enterprise(rule: str) -> Callable[[View], View]:
    """The enterprise of the address, for whoever may do `rule` with it; 404 for everybody else.

    The address alone says for which enterprise somebody acts: two tabs of a consultant never mix.
    """

    def wrapper(view: View) -> View:
        @never_cache
        @wraps(view)
        def page(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            enterprise = Enterprise.objects.select_related("ward", "zone").filter(pk=pk).first()
            if enterprise is None:
                raise Http404
            require(request.user, rule, enterprise)
            return view(request, enterprise, **kwargs)

        return page

    return wrapper


def without_token(name: str) -> HttpResponse:
    """On to the page itself. No site that is asked from there learns the token."""
    answer = redirect(name)
    answer["Referrer-Policy"] = "no-referrer"
    return answer
