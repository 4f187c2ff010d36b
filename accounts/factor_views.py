"""The second step: at the door, and set up, proven and taken away on the pages of the own account."""

import json
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as passkey_flows
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from accounts import factor_forms, second_factor
from accounts.library_views import Page, is_throttled
from accounts.middleware import before_second_factor
from accounts.queries import second_factors
from core import audit

NEXT = "after_second_factor"


def for_browser(options: Any) -> str:
    """The question to a passkey, for an attribute of the page that static/js/accounts.js reads."""
    return json.dumps(options, cls=DjangoJSONEncoder)


def proven_now(request: HttpRequest, authenticator: Authenticator) -> None:
    """Whoever has just shown that a new factor works has done the second step of this session as well."""
    record_authentication(request, authenticator.user, "mfa", id=authenticator.pk, type=authenticator.type)


def _may_follow(request: HttpRequest, address: str) -> bool:
    return bool(address) and url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/")


# --- at the door --------------------------------------------------------------------------------------
@method_decorator(login_not_required, name="dispatch")
class Code(Page, base.AuthenticateView):
    """After the password."""

    template_name = "accounts/code.html"
    form_class = factor_forms.CodeForm
    webauthn_form_class = factor_forms.PasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        context: dict[str, Any] = {"form": self.auth_form, "webauthn_form": self.webauthn_form, "person": user}
        own = second_factors(user)
        context |= {"has_codes": own.totp is not None or own.codes_left, "demo_code": second_factor.demo_code(user)}
        if own.passkeys:
            context["request_options"] = for_browser(webauthn.begin_authentication(user))
        return context


@method_decorator(login_not_required, name="dispatch")
class PasskeyAlone(Page, passkeys.LoginWebAuthnView):
    """A passkey instead of everything else: asked for by the script of the sign-in page."""

    form_class = factor_forms.PasskeyAloneForm

    def form_invalid(self, form: Any) -> HttpResponse:
        from accounts.views import SignIn

        self.request.method = "GET"
        status = 429 if is_throttled(form) else 403
        page = SignIn.as_view(reasons=[str(e) for e in form.errors.get("credential", [])], status=status)
        answer: HttpResponse = page(self.request)
        return answer


# --- the pages of the own account ---------------------------------------------------------------------
class SecondFactor(TemplateView):
    """What this person has, and what can be added. Whoever must have one and has none is led here."""

    template_name = "accounts/second_factor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("next", "")
        if _may_follow(request, wanted):
            request.session[NEXT] = wanted
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.request
        return super().get_context_data(**kwargs) | {
            "own": second_factors(request.user),
            "is_required": second_factor.is_required(request.user),
            "is_given": second_factor.is_given(request),
            "on": self.request.session.get(NEXT, "") if second_factor.is_given(request) else "",
        }


class _SetUp(Page):
    """After the new factor: the recovery codes when they are new, then where the person wanted to go."""

    did_generate_recovery_codes: bool
    request: HttpRequest

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_index")

    def write_down(self, added: Authenticator) -> None:
        """Into the log of acts, and into this session as proven."""
        kinds = [added.type] + [Authenticator.Type.RECOVERY_CODES] * self.did_generate_recovery_codes
        second_factor.record_added(user=self.request.user, kinds=kinds, at=timezone.now())
        proven_now(self.request, added)


class ActivateTotp(_SetUp, totp.ActivateTOTPView):
    template_name = "accounts/totp_activate.html"
    form_class = factor_forms.ActivateForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return context | {"secret": " ".join(groups)}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        added = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        second_factor.use_code_once(self.request.user, form.cleaned_data["code"])
        self.write_down(added)
        return answer


class DeactivateTotp(Page, totp.DeactivateTOTPView):
    template_name = "accounts/totp_deactivate.html"

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        return answer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")


class AddPasskey(_SetUp, passkeys.AddWebAuthnView):
    template_name = "accounts/passkey_add.html"
    form_class = factor_forms.AddPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super(passkeys.AddWebAuthnView, self).get_context_data(**kwargs)
        options = webauthn.begin_registration(self.request.user, True)
        return context | {"creation_options": for_browser(options)}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        self.write_down(
            Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN).latest("pk")
        )
        return answer


class RenamePasskey(Page, passkeys.EditWebAuthnView):
    template_name = "accounts/passkey_rename.html"
    form_class = factor_forms.RenamePasskeyForm
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")


class RemovePasskey(Page, passkeys.RemoveWebAuthnView):
    template_name = "accounts/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = get_mfa_adapter().can_delete_authenticator(self.object)
        return super().get_context_data(**kwargs) | {"may_remove": may}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if not get_mfa_adapter().can_delete_authenticator(self.object):
            return self.render_to_response(self.get_context_data(), status=409)
        with transaction.atomic():
            passkey_flows.remove_authenticator(request, self.object)
        return redirect(self.get_success_url())


class RecoveryCodes(Page, codes.ViewRecoveryCodesView):
    template_name = "accounts/recovery_codes.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"on": self.request.session.get(NEXT, "")}


class NewRecoveryCodes(Page, codes.GenerateRecoveryCodesView):
    template_name = "accounts/recovery_codes_new.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not second_factor.is_set_up(request.user):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        user: Any = self.request.user
        audit.record("account.recovery_codes_renewed", user, by=user, at=timezone.now())
        return answer


# --- is it still you? ---------------------------------------------------------------------------------
class Confirm(Page):
    """Before something sensitive, or as the late second step of this session."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.request
        second_step = second_factor.is_required(request.user) and not second_factor.is_given(request)
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        context["second_step"] = second_step
        if second_step:
            # A password alone would lead straight back here.
            here = reverse("account_reauthenticate")
            context["reauthentication_alternatives"] = [
                way for way in context["reauthentication_alternatives"] if not way["url"].startswith(here)
            ]
        return context

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not get_adapter().get_reauthentication_methods(request.user):
            return redirect("accounts:account")
        return super().dispatch(request, *args, **kwargs)


class ConfirmCode(Confirm, base.ReauthenticateView):
    template_name = "accounts/confirm_code.html"
    form_class = factor_forms.ConfirmCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"demo_code": second_factor.demo_code(self.request.user)}


class ConfirmPasskey(Confirm, passkeys.ReauthenticateWebAuthnView):
    template_name = "accounts/confirm_passkey.html"
    form_class = factor_forms.ConfirmPasskeyForm

    def get_form(self, form_class: Any = None) -> Any:
        """Checked once: the question to the passkey is used up by the first look at its answer."""
        if not hasattr(self, "_form"):
            self._form = super().get_form(form_class)
        return self._form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"request_options": for_browser(webauthn.begin_authentication(self.request.user))}

    def form_invalid(self, form: Any) -> HttpResponse:
        status = 429 if is_throttled(form) else 403
        return self.render_to_response(self.get_context_data(form=form), status=status)


code = Code.as_view()
passkey_alone = PasskeyAlone.as_view()
index = before_second_factor(never_cache(SecondFactor.as_view()))
activate_totp = before_second_factor(never_cache(ActivateTotp.as_view()))
deactivate_totp = never_cache(DeactivateTotp.as_view())
add_passkey = before_second_factor(never_cache(AddPasskey.as_view()))
rename_passkey = never_cache(RenamePasskey.as_view())
remove_passkey = never_cache(RemovePasskey.as_view())
recovery_codes = never_cache(RecoveryCodes.as_view())
new_recovery_codes = never_cache(NewRecoveryCodes.as_view())
confirm_code = before_second_factor(never_cache(ConfirmCode.as_view()))
confirm_passkey = before_second_factor(never_cache(ConfirmPasskey.as_view()))
