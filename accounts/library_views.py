"""What our pages of the sign-in library share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from redis.exceptions import RedisError

from accounts.adapter import THROTTLED


def closed_for_a_moment(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/closed_for_a_moment.html", status=503)


def sheltered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Attempts cannot be counted without the cache: rather nobody comes in than anybody guesses."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RedisError:
            return closed_for_a_moment(request)

    return wrapped


class Page:
    """In front of a view of the library: our template, 429 for too many attempts, 503 without the cache."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            if hasattr(answer, "render"):
                answer.render()
        except RedisError:
            return closed_for_a_moment(request)
        return answer

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if any(is_throttled(context.get(name)) for name in ("form", "webauthn_form")):
            kwargs.setdefault("status", 429)
        answer: HttpResponse = super().render_to_response(context, **kwargs)  # type: ignore[misc]
        return answer


def is_throttled(form: Any) -> bool:
    if form is None or not form.is_bound:
        return False
    return any(error.code in THROTTLED for errors in form.errors.as_data().values() for error in errors)
