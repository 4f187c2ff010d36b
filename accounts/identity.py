"""Sign-in with the identity of an organisation (OpenID Connect), configured by the environment alone.

A person is the issuer and the subject, never a mail address. The library fetches and keeps the state; what decides
whether an answer is believed stands here and fails closed.
"""

import hashlib
import logging
import secrets
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from requests import RequestException

from core import vietnamese

log = logging.getLogger(__name__)
PROVIDER_ID = "organisation"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
# Clocks of two houses differ a little.
LEEWAY_SECONDS = 30
NONCE, LANGUAGE = "nonce", "language"


def is_configured() -> bool:
    return bool(settings.OIDC_NAME and settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID)


class OrganisationAdapter(OpenIDConnectOAuth2Adapter):
    """Talks to the identity provider, and believes only a token that was signed by it, for us, for this sign-in."""

    nonce: str = ""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        path = reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})
        return f"{settings.SITE_URL}{path}"

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        try:
            claims = self._believed(app, kwargs["response"].get("id_token"))
            about = self._about(token.token, claims)
        except (KeyError, TypeError, ValueError, AttributeError, jwt.PyJWTError) as error:
            raise OAuth2Error("The answer of the identity provider is not usable") from error
        return self.get_provider().sociallogin_from_response(request, about | _core(claims))

    def _believed(self, app: Any, id_token: Any) -> dict[str, Any]:
        if not isinstance(id_token, str):
            raise OAuth2Error("No identity token")
        config = self.openid_config
        if config["issuer"] != settings.OIDC_ISSUER.rstrip("/") and config["issuer"] != settings.OIDC_ISSUER:
            raise OAuth2Error("Another issuer than the configured one")
        algorithm, key = jwtkit.fetch_key(id_token, config["jwks_uri"], jwtkit.lookup_kid_jwk)
        if algorithm not in ALGORITHMS:
            raise OAuth2Error("Not an algorithm that proves who signed")
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=key,
            algorithms=[algorithm],
            issuer=config["issuer"],
            audience=app.client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
        if len(_as_list(claims["aud"])) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("Made for another party")
        if not self.nonce or not secrets.compare_digest(str(claims["nonce"]).encode(), self.nonce.encode()):
            raise OAuth2Error("Not the answer to this question")
        jwtkit.verify_jti(claims)
        return claims

    def _about(self, access_token: str, claims: dict[str, Any]) -> dict[str, Any]:
        """What the provider tells about the person; it must speak of the same subject."""
        if "userinfo_endpoint" not in self.openid_config:
            return claims
        about: dict[str, Any] = self._fetch_user_info(access_token)
        if about["sub"] != claims["sub"]:
            raise OAuth2Error("Two different persons in one answer")
        return claims | about


def _core(claims: dict[str, Any]) -> dict[str, Any]:
    return {"iss": claims["iss"], "sub": claims["sub"]}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class OrganisationProvider(OpenIDConnectProvider):
    oauth2_adapter_class = OrganisationAdapter
    pkce_enabled_default = True

    def redirect(
        self, request: HttpRequest, process: str, next_url: Any = None, data: Any = None, **kwargs: Any
    ) -> Any:
        nonce = secrets.token_urlsafe(24)
        parameters = dict(self.get_auth_params()) | {NONCE: nonce}
        # Neither scope nor parameters are taken from the address of the request.
        kwargs |= {"auth_params": parameters, "scope": self.get_scope()}
        kept = {NONCE: nonce, LANGUAGE: get_language()}
        return super().redirect(request, process, next_url, kept, **kwargs)

    def extract_uid(self, data: dict[str, Any]) -> str:
        issuer, subject = str(data["iss"]), str(data["sub"])
        if not subject:
            raise OAuth2Error("No subject")
        whole = f"{issuer}|{subject}"
        return whole if len(whole) <= 190 else hashlib.sha256(whole.encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Only what registration can use."""
        kept = {
            "iss",
            "sub",
            "name",
            "email",
            settings.OIDC_TAX_CODE_CLAIM,
            settings.OIDC_ORGANISATION_CLAIM,
            settings.OIDC_REPRESENTATIVE_CLAIM,
        }
        return {key: str(data[key])[:300] for key in kept if isinstance(data.get(key), str | int)}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"name": data.get("name"), "email": data.get("email")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


class IdentityAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": gettext_lazy(
            "Choose a password first: without it and without this identity you could not sign in."
        ),
        "connected_other": gettext_lazy("This identity belongs to another account of this site."),
    }

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:
        """One provider, from the settings. Rows of the database are never asked."""
        from allauth.socialaccount.models import SocialApp

        if not is_configured() or provider not in (None, PROVIDER_ID, OpenIDConnectProvider.id):
            return []
        return [
            SocialApp(
                provider=OpenIDConnectProvider.id,
                provider_id=PROVIDER_ID,
                name=settings.OIDC_NAME,
                client_id=settings.OIDC_CLIENT_ID,
                secret=settings.OIDC_SECRET,
                settings={"server_url": settings.OIDC_ISSUER.rstrip("/"), "scope": settings.OIDC_SCOPE},
            )
        ]

    def get_provider(self, request: Any, provider: Any, client_id: Any = None) -> OrganisationProvider:
        return OrganisationProvider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """The access token has done its work; it is kept nowhere, not even in the session."""
        sociallogin.token = None

    def on_authentication_error(
        self, request: Any, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        raise ImmediateHttpResponse(refusal(request, exception, cancelled=error == AuthError.CANCELLED))

    def populate_user(self, request: Any, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = sociallogin.user
        user.full_name = name_of(data)
        user.email = address_of(data)
        return user

    def is_auto_signup_allowed(self, request: Any, sociallogin: Any) -> bool:
        """A new person sees first what will be kept, and says yes."""
        return False

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        return True

    def get_connect_redirect_url(self, request: Any, socialaccount: Any) -> str:
        return reverse("socialaccount_connections")


def name_of(claims: dict[str, Any]) -> str:
    return vietnamese.nfc(str(claims.get("name") or ""))[:120]


def address_of(claims: dict[str, Any]) -> str:
    """The mail address of the claims, or nothing when it is none."""
    value = str(claims.get("email") or "").strip().lower()
    try:
        validate_email(value)
    except ValidationError:
        return ""
    return value


def refusal(request: HttpRequest, exception: BaseException | None, *, cancelled: bool = False) -> HttpResponse:
    """Signed in or not, never a fault: what happened, and the way that works without the identity provider."""
    down = isinstance(exception, RequestException) and not isinstance(exception, ValueError)
    if exception is not None:
        log.warning("identity provider: %s: %s", type(exception).__name__, exception)
    context = {"name": settings.OIDC_NAME, "down": down, "cancelled": cancelled}
    return render(
        request, "accounts/identity_refused.html", context, status=503 if down else 200 if cancelled else 403
    )
