"""The pages of the own account: the person, the password, the devices, the connected identity."""

import time
from typing import Any

from allauth.account import views as library
from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from allauth.socialaccount import views as social
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import identity, second_factor
from accounts.actions import change_profile
from accounts.factor_views import Confirm
from accounts.library_views import Page
from accounts.middleware import before_second_factor
from accounts.models import User
from accounts.password_forms import (
    ChangePasswordForm,
    ProfileForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from accounts.queries import open_sessions, second_factors

# Longer than making a link and putting its letter into the outbox takes.
SAME_TIME_SECONDS = 0.4


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """My account: the person, and the doors to everything else."""
    user: Any = request.user
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        change_profile(user=user, by=user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your account is saved."))
        return redirect("accounts:account")
    context = {
        "form": form,
        "own": second_factors(user),
        "is_required": second_factor.is_required(user),
        "session_count": len(_own_sessions(request)),
        "identities": SocialAccount.objects.filter(user=user).count(),
        "identity_name": settings.OIDC_NAME if identity.is_configured() else "",
    }
    return render(request, "accounts/account.html", context)


def _own_sessions(request: HttpRequest) -> list[Any]:
    """With this one, which a registration opened without the library's door."""
    user: Any = request.user
    if not UserSession.objects.filter(session_key=request.session.session_key).exists():
        UserSession.objects.create_from_request(request)
    return open_sessions(user, request.session.session_key or "")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this person is signed in; one of them, or all others, can be ended."""
    user: Any = request.user
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        if chosen == "others":
            end_other_sessions(request, user)
            messages.success(request, _("All other devices are signed out."))
        elif chosen.isascii() and chosen.isdigit():
            # Another person's session is not found, as one that has ended is not found: the page says the same.
            end_sessions(request, list(UserSession.objects.filter(user=user, pk=int(chosen[:18]))))
            if request.user.is_authenticated:
                messages.success(request, _("That device is signed out."))
        return redirect("usersessions_list")
    return render(request, "accounts/sessions.html", {"sessions": _own_sessions(request)})


class Connections(Page, social.ConnectionsView):
    """The identity of the organisation: connect, disconnect."""

    template_name = "accounts/connections.html"
    success_url = reverse_lazy("socialaccount_connections")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "accounts": SocialAccount.objects.filter(user=self.request.user).order_by("pk"),
            "identity_name": settings.OIDC_NAME if identity.is_configured() else "",
            "provider_id": identity.PROVIDER_ID,
            "tax_code_claim": settings.OIDC_TAX_CODE_CLAIM,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if get_adapter().is_reauthentication_required(app="allauth.socialaccount"):
            raise ReauthenticationRequired
        return super().post(request, *args, **kwargs)


class ChangePassword(Page, library.PasswordChangeView):
    template_name = "accounts/password_change.html"
    form_class = ChangePasswordForm


class SetPassword(Page, library.PasswordSetView):
    """For somebody who came with an identity and has no password yet."""

    template_name = "accounts/password_set.html"
    form_class = SetPasswordForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if get_adapter().is_reauthentication_required(app="allauth.account"):
            raise ReauthenticationRequired
        return super().post(request, *args, **kwargs)


class ConfirmPassword(Confirm, library.ReauthenticateView):
    template_name = "accounts/confirm_password.html"
    form_class = ReauthenticateForm


# --- the forgotten password ---------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class Forgotten(Page, library.PasswordResetView):
    """The same answer for every address."""

    template_name = "accounts/password_forgotten.html"
    form_class = ResetPasswordForm
    success_url = reverse_lazy("account_reset_password_done")

    def form_valid(self, form: Any) -> HttpResponse:
        """Not earlier for a stranger's address than for one that is known here."""
        begun = time.monotonic()
        answer: HttpResponse = super().form_valid(form)
        time.sleep(max(0.0, SAME_TIME_SECONDS - (time.monotonic() - begun)))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Past the library's own, which names pages that this site does not have.
        context: dict[str, Any] = super(library.PasswordResetView, self).get_context_data(**kwargs)
        return context


@method_decorator(login_not_required, name="dispatch")
class Sent(library.PasswordResetDoneView):
    template_name = "accounts/password_sent.html"


@method_decorator(login_not_required, name="dispatch")
class Choose(Page, library.PasswordResetFromKeyView):
    """Opening the link changes nothing; sending the form uses it up."""

    template_name = "accounts/password_choose.html"
    form_class = ResetPasswordKeyForm
    success_url = reverse_lazy("account_reset_password_from_key_done")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = super().dispatch(request, *args, **kwargs)
        answer["Referrer-Policy"] = "no-referrer"
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Without a person there is no form to fill: the link is used up, too old or invented.
        context: dict[str, Any] = {} if kwargs.get("token_fail") else super().get_context_data(**kwargs)
        return context | {"token_fail": kwargs.get("token_fail", False)}


@method_decorator(login_not_required, name="dispatch")
class Chosen(library.PasswordResetFromKeyDoneView):
    template_name = "accounts/password_chosen.html"


connections = never_cache(Connections.as_view())
change_password = never_cache(ChangePassword.as_view())
set_password = never_cache(SetPassword.as_view())
confirm_password = before_second_factor(never_cache(ConfirmPassword.as_view()))
forgotten = never_cache(Forgotten.as_view())
sent = never_cache(Sent.as_view())
choose = never_cache(Choose.as_view())
chosen = never_cache(Chosen.as_view())
