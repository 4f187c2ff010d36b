"""Sign in, sign out, and the way to one's own work."""

import time
from typing import Any

from allauth.account.views import LoginView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from accounts import identity
from accounts.access import can
from accounts.forms import SignInForm
from accounts.library_views import is_throttled
from accounts.middleware import before_second_factor, idle_seconds, keep_alive


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """allauth signs in, throttles and keeps a safe `next`; a signed-in person goes on at once."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    # Why another way to sign in did not work, when that way leads back here.
    reasons: list[str] = []
    status: int | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except RedisError:
            # Attempts cannot be counted now: rather nobody signs in than anybody guesses.
            reasons = [_("Signing in is not possible for a moment. Try again in a minute.")]
            context = {"form": SignInForm(request=request), "reasons": reasons}
            return render(request, self.template_name, context, status=503)

    def get_success_url(self) -> str:
        """Where the person wanted to go, in the language of the page on which he or she signed in."""
        return translate_url(super().get_success_url(), get_language() or settings.LANGUAGE_CODE)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Past LoginView's own, which names pages of allauth that this site does not have.
        context: dict[str, Any] = super(LoginView, self).get_context_data(**kwargs)
        return context | {
            "reasons": self.reasons,
            "identity_name": settings.OIDC_NAME if identity.is_configured() else "",
        }

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        status = 429 if is_throttled(context.get("form")) else self.status
        answer: HttpResponse = super().render_to_response(context, **kwargs | ({"status": status} if status else {}))
        return answer


sign_in = SignIn.as_view()


@require_POST
@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    return redirect("public:home")


@require_safe
@login_not_required
@never_cache
def signed_out(request: HttpRequest) -> HttpResponse:
    """After a long pause: what was kept, and the way back to the same page."""
    if request.user.is_authenticated:
        return redirect("accounts:home")
    wanted = request.GET.get("next", "")
    if not (wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)):
        wanted = ""
    minutes = request.GET.get("after", "")
    context = {"wanted": wanted, "minutes": int(minutes) if minutes.isascii() and minutes.isdigit() else 0}
    return render(request, "accounts/signed_out.html", context)


@before_second_factor
@require_POST
@never_cache
def stay(request: HttpRequest) -> HttpResponse:
    """Still here. The script of the warning asks for JSON; without it the page comes back."""
    keep_alive(request, time.time())
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"seconds": idle_seconds(request.user)})
    return redirect("accounts:home")


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """To the desk, the council or the own dossiers; somebody with several roles finds the others in the menu."""
    if can(request.user, "accounts.staff") and _exists("dossiers:desk"):
        return redirect("dossiers:desk")
    if can(request.user, "accounts.member") and _exists("evaluations:queue"):
        return redirect("evaluations:queue")
    if can(request.user, "accounts.signatory") and _exists("decisions:to_sign"):
        return redirect("decisions:to_sign")
    return redirect("dossiers:mine")


def _exists(name: str) -> bool:
    """The pages of work stand to the right of this app: known by name only."""
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True
