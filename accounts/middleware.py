"""Every request of a signed-in person: is the account still open, was there a pause too long, is the second step
done. One place, so that no page, partial or file can forget it."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor

SEEN = "seen_at"
# How often an activity is written down: not on every request.
GRAIN = 30


def before_second_factor(view: Any) -> Any:
    """Marks a page that somebody must reach to set the second step up, or to leave."""
    view.before_second_factor = True
    return view


def idle_seconds(user: Any) -> int:
    """How long this person may do nothing before the site signs out."""
    minutes = settings.STAFF_IDLE_MINUTES if second_factor.is_required(user) else settings.IDLE_MINUTES
    return int(minutes * 60)


def keep_alive(request: HttpRequest, now: float) -> None:
    request.session[SEEN] = int(now)
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


class SessionRules:
    """Stands before Django's LoginRequiredMiddleware: whoever it signs out is a visitor for everything behind it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if SESSION_KEY not in request.session:
            return None
        if not request.user.is_authenticated:
            # Closed account, or a password changed elsewhere: the session must not wake up again later.
            request.session.flush()
            return None
        now = time.time()
        seen = request.session.get(SEEN)
        if seen is not None and now - seen > idle_seconds(request.user):
            return self._sign_out(request, view)
        if seen is None or now - seen >= GRAIN:
            keep_alive(request, now)
        return self._second_factor(request, view)

    def _sign_out(self, request: HttpRequest, view: Any) -> HttpResponse | None:
        minutes = idle_seconds(request.user) // 60
        logout(request)
        if not getattr(view, "login_required", True):
            return None
        query: dict[str, object] = {"after": minutes}
        if request.method in ("GET", "HEAD"):
            query["next"] = request.get_full_path()
        return redirect(f"{reverse('accounts:signed_out')}?{urlencode(query, safe='/')}")

    def _second_factor(self, request: HttpRequest, view: Any) -> HttpResponse | None:
        if not getattr(view, "login_required", True) or getattr(view, "before_second_factor", False):
            return None
        if not second_factor.is_required(request.user) or second_factor.is_given(request):
            return None
        query = ""
        if request.method in ("GET", "HEAD"):
            query = "?" + urlencode({"next": request.get_full_path()}, safe="/")
        # Who has a second factor proves it; who has none sets one up.
        return redirect(reverse(second_factor.page_to_prove(request.user)) + query)
