"""Sign in with the identity of an organisation: there, back, and the first time."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.internal import flows
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from requests import RequestException

from accounts import identity
from accounts.actions import open_account_of_identity
from accounts.forms import not_an_email
from accounts.library_views import sheltered
from core.errors import Refused
from core.forms import TextField

BROKEN = (RequestException, OAuth2Error, KeyError, TypeError, ValueError, AttributeError)


@sheltered
@require_POST
@login_not_required
@never_cache
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the identity provider. A page that goes on by itself, because a form must not lead to another site."""
    try:
        provider = identity.IdentityAdapter(request).get_provider(request, provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    kwargs = provider.get_redirect_from_request_kwargs(request)
    if kwargs["process"] != AuthProcess.CONNECT:
        kwargs["process"] = AuthProcess.LOGIN
    try:
        there: HttpResponse = provider.redirect(request, **kwargs)
    except BROKEN as error:
        return identity.refusal(request, error)
    if not isinstance(there, HttpResponseRedirect):
        return there
    page = render(request, "accounts/identity_leaving.html", {"name": settings.OIDC_NAME, "address": there.url})
    page["Refresh"] = f"0; url={there.url}"
    return page


class Callback(OAuth2CallbackView):
    """The way back: state, nonce and issuer must be those of this browser's own question."""

    adapter: identity.OrganisationAdapter

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        kept = (state or {}).get("data") or {}
        if kept.get(identity.LANGUAGE):
            translation.activate(kept[identity.LANGUAGE])
            request.LANGUAGE_CODE = kept[identity.LANGUAGE]  # type: ignore[attr-defined]
        self.adapter.nonce = kept.get(identity.NONCE) or ""
        says = request.GET.get("iss", settings.OIDC_ISSUER)
        if state is not None and says.rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            return None, identity.refusal(request, OAuth2Error("An answer of another issuer"))
        return state, answer


@sheltered
@require_GET
@login_not_required
@never_cache
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    if not identity.is_configured() or provider_id != identity.PROVIDER_ID:
        raise Http404
    try:
        view = Callback.adapter_view(identity.OrganisationAdapter(request, provider_id))
        answer: HttpResponse = view(request)
    except ImmediateHttpResponse as error:
        return error.response
    except BROKEN as error:
        return identity.refusal(request, error)
    return answer


class NewPersonForm(forms.Form):
    """What the identity does not say must be said by the person."""

    full_name = TextField(
        label=gettext_lazy("Your full name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter your full name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        help_text=gettext_lazy("The Department writes to it."),
        error_messages={"required": gettext_lazy("Enter your email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, known: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = not_an_email()
        for name, value in known.items():
            if value:
                del self.fields[name]


@sheltered
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def new_person(request: HttpRequest) -> HttpResponse:
    """The identity is not known here: open an account with it, or sign in to one and connect."""
    if request.user.is_authenticated:
        return redirect("socialaccount_connections")
    pending = _pending(request)
    if pending is None:
        return redirect("accounts:sign_in")
    claims = pending.account.extra_data
    known = {"full_name": identity.name_of(claims), "email": identity.address_of(claims)}
    form = NewPersonForm(request.POST if request.method == "POST" else None, known=known)
    reasons: list[str] = []
    if form.is_valid():
        values = known | {key: value for key, value in form.cleaned_data.items() if value}
        try:
            pending.user = open_account_of_identity(
                account=pending.account,
                email=values["email"].lower(),
                full_name=values["full_name"],
                at=timezone.now(),
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            flows.signup.clear_pending_signup(request)
            answer: HttpResponse = flows.signup.complete_social_signup(request, pending)
            return answer
    context = {
        "form": form,
        "reasons": reasons,
        "known": known,
        "tax_code": claims.get(settings.OIDC_TAX_CODE_CLAIM, ""),
        "organisation": claims.get(settings.OIDC_ORGANISATION_CLAIM, ""),
        "representative": claims.get(settings.OIDC_REPRESENTATIVE_CLAIM, ""),
        "name": settings.OIDC_NAME,
    }
    return render(request, "accounts/identity_new.html", context)


def _pending(request: HttpRequest) -> SocialLogin | None:
    try:
        found: SocialLogin | None = flows.signup.get_pending_signup(request)
    except SocialApp.DoesNotExist:
        return None
    return found
