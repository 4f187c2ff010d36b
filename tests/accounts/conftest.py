"""The way in as a browser takes it: pages, codes, and a small house of identities."""

import time

import pytest
import requests
from allauth.mfa.models import Authenticator

from accounts import second_factor, totp
from tests.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.story import PASSWORD

SIGN_IN = "/dang-nhap/"
START = "/dang-nhap/dinh-danh/organisation/"
SITE = "http://testserver"


def words(response):
    return response.content.decode()


def sign_in(client, email, password=PASSWORD, **data):
    return client.post(SIGN_IN, {"login": email, "password": password} | data)


def secret_of(user):
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return second_factor.MfaAdapter().decrypt(stored.data["secret"])


def give_app(user):
    """An authenticator app for this person; returns its secret."""
    secret = totp.random_secret()
    sealed = second_factor.MfaAdapter().encrypt(secret)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": sealed})
    return secret


def code_now(secret, shift=0):
    return totp.code_at(secret, time.time() + shift)


def sign_in_with_code(client, user):
    """Password and code; returns the last answer."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        give_app(user)
    first = sign_in(client, user.email)
    assert first.url == "/dang-nhap/ma/", first
    return client.post(first.url, {"code": code_now(secret_of(user))})


@pytest.fixture
def later(monkeypatch):
    """`later(seconds)` moves the clock of sessions and codes."""
    real, offset = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + offset[0])

    def move(seconds):
        offset[0] += seconds

    return move


# --- with the identity of an organisation -----------------------------------------------------------------
@pytest.fixture
def idp(settings):
    with IdentityProvider() as provider:
        settings.OIDC_NAME = "VNeID minh họa"
        settings.OIDC_ISSUER = provider.issuer
        settings.OIDC_CLIENT_ID, settings.OIDC_SECRET = CLIENT_ID, CLIENT_SECRET
        yield provider


def leave(client, path=START, **data):
    """Press the button; returns the address at the identity provider."""
    page = client.post(path, data)
    assert page.status_code == 200, page
    address = page.headers["Refresh"].removeprefix("0; url=")
    assert address in words(page).replace("&amp;", "&")
    return address


def come_back(address):
    """The person says yes there; returns the way back to our site."""
    answer = requests.get(address, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    return answer.headers["Location"].removeprefix(SITE)


def through(client, **data):
    return client.get(come_back(leave(client, **data)))
