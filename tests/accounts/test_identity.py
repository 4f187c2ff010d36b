"""Sign-in with the identity of an organisation against a small identity provider, honest and dishonest."""

import base64
import hashlib
import hmac
import json
import time

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from accounts.models import User
from accounts.queries import organisation_claims
from core.models import AuditEvent
from tests.accounts.conftest import START, come_back, leave, sign_in, sign_in_with_code, through, words
from tests.accounts.identity_provider import (
    CLIENT_ID,
    OTHER_KEY,
    public_pem,
    sign,
)

pytestmark = pytest.mark.django_db


def connected(idp, user):
    return SocialAccount.objects.create(
        user=user, provider="organisation", uid=f"{idp.issuer}|{idp.person['sub']}", extra_data={}
    )


def nobody_is_in(client):
    return client.get("/tai-khoan/").status_code == 302


# --- the button ---------------------------------------------------------------------------------------
def test_without_settings_there_is_no_button_and_no_address(client, db):
    assert "VNeID" not in words(client.get("/dang-nhap/"))
    assert client.post(START).status_code == 404
    assert client.get("/identity/organisation/callback/?code=x&state=y").status_code == 404


def test_with_settings_the_button_appears_in_both_languages(idp, client):
    assert "Đăng nhập bằng VNeID minh họa" in words(client.get("/dang-nhap/"))
    assert "Sign in with VNeID minh họa" in words(client.get("/en/sign-in/"))


def test_leaving_is_a_post_of_this_site(idp, client):
    assert client.get(START).status_code == 405
    assert Client(enforce_csrf_checks=True).post(START).status_code == 403
    assert client.post("/dang-nhap/dinh-danh/someone-else/").status_code == 404


def test_the_question_asks_for_what_the_settings_say_and_nothing_of_the_address(idp, client, settings):
    settings.OIDC_SCOPE = ["openid", "organisation"]

    address = leave(client, path=START + "?scope=admin&auth_params=prompt%3Dnone")

    assert "admin" not in address
    assert "prompt" not in address
    assert "scope=openid+organisation" in address or "scope=organisation+openid" in address
    assert "nonce=" in address
    assert "code_challenge=" in address
    assert "redirect_uri=http%3A%2F%2Ftestserver%2Fidentity%2Forganisation%2Fcallback%2F" in address


# --- who is it ----------------------------------------------------------------------------------------
def test_a_known_identity_signs_in_and_goes_where_it_wanted(idp, client, story):
    story.enterprise()
    person = story.person("clerk")
    connected(idp, person)

    answer = through(client, next="/ho-so/moi/")

    assert answer.url == "/ho-so/moi/"
    assert client.get("/tai-khoan/").context["user"] == person
    assert not SocialToken.objects.exists()


def test_the_mail_address_never_decides_who_it_is(idp, client, story):
    person = story.person("clerk")
    idp.person["email"], idp.person["email_verified"] = person.email, True

    answer = through(client)

    assert answer.url == "/dang-nhap/dinh-danh/moi/"
    assert nobody_is_in(client)
    refused = client.post(answer.url)
    assert "Không mở được tài khoản bằng định danh này" in words(refused)
    assert nobody_is_in(client)


def test_the_same_subject_of_another_issuer_is_somebody_else(idp, client, story):
    SocialAccount.objects.create(
        user=story.person("clerk"), provider="organisation", uid=f"https://other.example|{idp.person['sub']}"
    )

    assert through(client).url == "/dang-nhap/dinh-danh/moi/"
    assert nobody_is_in(client)


def test_a_new_person_sees_the_claims_and_opens_an_account(idp, client):
    answer = through(client)
    page = words(client.get(answer.url))
    for value in ("Công ty Cổ phần Minh Họa", "Lê Thị Đại Diện", "vanthu@minh-hoa.vn", "0100109106"):
        assert value in page
    assert "<input" not in page.split("identity-facts")[1].split("</dl>")[0]

    done = client.post(answer.url, {"full_name": "Kẻ khác", "email": "other@evil.example", "tax_code": "999"})
    user = User.objects.get(email="vanthu@minh-hoa.vn")

    assert done.url == "/cua-toi/"
    assert client.get("/tai-khoan/").context["user"] == user
    assert user.full_name == "Công ty Cổ phần Cơ khí Minh Họa"
    assert not user.has_usable_password()
    assert organisation_claims(user) == {
        "issuer": idp.issuer,
        "subject": "0100109106-7",
        "name": "Công ty Cổ phần Cơ khí Minh Họa",
        "email": "vanthu@minh-hoa.vn",
        "tax_code": "0100109106",
        "organisation": "Công ty Cổ phần Minh Họa",
        "representative": "Lê Thị Đại Diện",
    }
    assert AuditEvent.objects.filter(act="account.identity_connected").count() == 1


def test_what_the_identity_does_not_say_is_asked(idp, client):
    del idp.person["email"], idp.person["name"]
    answer = through(client)

    empty = client.post(answer.url)
    done = client.post(answer.url, {"full_name": "Trần Thị Bông", "email": "bong@congty.vn"})

    assert len(empty.context["form"].errors) == 2
    assert "error-summary" in words(empty)
    assert done.url == "/cua-toi/"
    assert User.objects.get(email="bong@congty.vn").full_name == "Trần Thị Bông"


def test_the_tax_code_claim_has_the_name_of_the_settings(idp, client, settings):
    settings.OIDC_TAX_CODE_CLAIM = "maSoThue"
    idp.person["maSoThue"] = "0101234567"
    client.post(through(client).url)

    assert organisation_claims(User.objects.get(email="vanthu@minh-hoa.vn"))["tax_code"] == "0101234567"


def test_the_claims_of_name_and_representative_have_the_names_of_the_settings(idp, client, settings):
    settings.OIDC_ORGANISATION_CLAIM, settings.OIDC_REPRESENTATIVE_CLAIM = "tenToChuc", "nguoiDaiDien"
    idp.person |= {"tenToChuc": "Công ty Tên Khác", "nguoiDaiDien": "Phạm Văn Ký"}
    client.post(through(client).url)
    claims = organisation_claims(User.objects.get(email="vanthu@minh-hoa.vn"))

    assert (claims["organisation"], claims["representative"]) == ("Công ty Tên Khác", "Phạm Văn Ký")


def test_claims_of_somebody_with_a_password_only_are_empty(story):
    assert organisation_claims(story.person("clerk")) == {}
    assert organisation_claims(None) == {}


def test_a_signed_in_person_connects_and_disconnects(idp, client, story):
    person = story.person("clerk")
    sign_in(client, person.email)

    answer = through(client, process="connect")
    page = words(client.get(answer.url))
    fresh = Client()

    assert answer.url == "/tai-khoan/dinh-danh/"
    assert "0100109106" in page
    assert through(fresh).url == "/cua-toi/"
    assert fresh.get("/tai-khoan/").context["user"] == person
    client.post(answer.url, {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()
    acts = set(AuditEvent.objects.values_list("act", flat=True))
    assert {"account.identity_connected", "account.identity_disconnected"} <= acts


def test_connecting_asks_again_who_it_is_after_a_while(idp, client, story, later):
    sign_in(client, story.person("clerk").email)
    later(400)
    idp.claims = lambda claims: claims | {"iat": claims["iat"] - 400, "exp": claims["exp"] - 400}

    answer = through(client, process="connect")

    assert answer.url.startswith("/tai-khoan/xac-nhan/")
    assert not SocialAccount.objects.exists()
    assert client.post(answer.url, {"password": "một mật khẩu đủ dài"}).url == "/tai-khoan/dinh-danh/"
    assert SocialAccount.objects.exists()


def test_an_identity_of_another_account_is_not_taken_over(idp, client, story):
    connected(idp, story.person("other"))
    sign_in(client, story.person("clerk").email)

    answer = through(client, process="connect")

    assert "thuộc một tài khoản khác" in words(client.get(answer.url))
    assert SocialAccount.objects.get().user == story.person("other")


def test_the_only_way_in_cannot_be_taken_away(idp, client):
    client.post(through(client).url)

    answer = client.post("/tai-khoan/dinh-danh/", {"account": SocialAccount.objects.get().pk})

    assert "Hãy đặt mật khẩu trước" in words(answer)
    assert SocialAccount.objects.exists()
    done = client.post("/tai-khoan/mat-khau/moi/", {"password1": "cỏ xanh rất dài", "password2": "cỏ xanh rất dài"})
    assert done.url == "/tai-khoan/"
    client.post("/tai-khoan/dinh-danh/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()


def test_the_identity_does_not_replace_the_second_step(idp, story, client):
    other = Client()
    sign_in_with_code(other, story.officer)
    connected(idp, story.officer)

    answer = through(client, next="/lam-viec/")

    assert answer.url == "/dang-nhap/ma/"
    assert nobody_is_in(client)


def test_a_closed_account_stays_closed(idp, client, story):
    person = story.person("clerk")
    connected(idp, person)
    User.objects.filter(pk=person.pk).update(is_active=False)

    answer = through(client)

    assert "Tài khoản này đã đóng" in words(client.get(answer.url))
    assert nobody_is_in(client)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_no_other_site_comes_after_it(idp, client, story, target):
    connected(idp, story.person("clerk"))

    assert through(client, next=target).url == "/cua-toi/"


def test_the_language_of_the_page_one_left_is_spoken_on_the_way_back(idp, client):
    idp.claims = lambda claims: claims | {"aud": "somebody else"}

    answer = client.get(come_back(leave(client, path="/en/sign-in/identity/organisation/")))

    assert "was not accepted" in words(answer)


# --- dishonest answers --------------------------------------------------------------------------------
def without(name):
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def unsigned(claims):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims)}."


def signed_with_the_public_key(claims):
    """The old trick: an HMAC under the provider's public key, announced as HS256."""

    def part(value):
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    head = part(json.dumps({"alg": "HS256", "kid": "one", "typ": "JWT"}).encode())
    body = f"{head}.{part(json.dumps(claims).encode())}"
    return f"{body}.{part(hmac.new(public_pem(), body.encode(), hashlib.sha256).digest())}"


def tampered(claims):
    head, _body, tail = sign(claims).split(".")
    changed = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "somebody"}).encode()).decode().rstrip("=")
    return f"{head}.{changed}.{tail}"


CLAIMS = {
    "another audience": lambda c: c | {"aud": "another-site"},
    "an audience of two without saying who asked": lambda c: c | {"aud": [CLIENT_ID, "another-site"]},
    "another issuer": lambda c: c | {"iss": "https://evil.example"},
    "too old": lambda c: c | {"exp": int(time.time()) - 60, "iat": int(time.time()) - 400},
    "from the future": lambda c: c | {"iat": int(time.time()) + 3600},
    "another nonce": lambda c: c | {"nonce": "of yesterday"},
    "an empty nonce": lambda c: c | {"nonce": ""},
    "no nonce": without("nonce"),
    "no subject": without("sub"),
    "no end": without("exp"),
    "no audience": without("aud"),
    "no issuer": without("iss"),
}
TOKENS = {
    "another key": lambda c: sign(c, key=OTHER_KEY),
    "an unknown key": lambda c: sign(c, kid="two"),
    "no signature": unsigned,
    "the public key as a secret": signed_with_the_public_key,
    "changed on the way": tampered,
    "not a token": lambda c: "x.y.z",
    "a number": lambda c: 5,
    "nothing": lambda c: None,
}


@pytest.mark.parametrize("lie", [*CLAIMS, *TOKENS])
def test_a_false_token_is_refused_in_words(idp, client, story, lie):
    connected(idp, story.person("clerk"))
    if lie in CLAIMS:
        idp.claims = CLAIMS[lie]
    else:
        idp.token = TOKENS[lie]

    answer = through(client)

    assert answer.status_code == 403
    assert "không được chấp nhận" in words(answer)
    assert 'href="/dang-nhap/"' in words(answer)
    assert nobody_is_in(client)


def test_the_same_token_a_second_time_is_refused(idp, client, story):
    connected(idp, story.person("clerk"))
    kept = {}
    idp.claims = lambda claims: kept.setdefault("claims", claims)
    assert through(client).status_code == 302

    again = Client()
    assert through(again).status_code == 403
    assert nobody_is_in(again)


def test_userinfo_of_another_person_is_refused(idp, client, story):
    connected(idp, story.person("clerk"))
    idp.about = lambda about: about | {"sub": "somebody else"}

    assert through(client).status_code == 403
    assert nobody_is_in(client)


@pytest.mark.parametrize("answer", [[], "x", None, {}])
def test_userinfo_of_an_odd_shape_is_refused(idp, client, story, answer):
    connected(idp, story.person("clerk"))
    idp.about = lambda about: answer

    assert through(client).status_code == 403


def test_the_way_back_works_once_and_in_this_browser_only(idp, client, story):
    connected(idp, story.person("clerk"))
    back = come_back(leave(client))
    stranger = Client()

    assert stranger.get(back).status_code == 403
    assert nobody_is_in(stranger)
    assert client.get(back).status_code == 302
    client.post("/dang-xuat/")
    assert client.get(back).status_code == 403
    assert nobody_is_in(client)


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=y", "?code=%00&state=%00"])
def test_an_invented_way_back_is_refused_in_words(idp, client, query):
    answer = client.get(f"/identity/organisation/callback/{query}")

    assert answer.status_code == 403
    assert "không được chấp nhận" in words(answer)


def test_an_answer_that_names_another_issuer_is_refused(idp, client, story):
    connected(idp, story.person("clerk"))

    assert client.get(come_back(leave(client)) + "&iss=https://evil.example").status_code == 403
    assert nobody_is_in(client)


def test_a_provider_that_calls_itself_otherwise_is_refused(idp, client, story):
    connected(idp, story.person("clerk"))
    idp.discovery = {"issuer": "https://evil.example"}
    idp.claims = lambda claims: claims | {"iss": "https://evil.example"}

    assert through(client).status_code == 403


def test_no_at_the_identity_provider_is_no_fault(idp, client):
    address = leave(client)
    state = address.split("state=")[1].split("&")[0]

    answer = client.get(f"/identity/organisation/callback/?error=access_denied&state={state}")

    assert answer.status_code == 200
    assert "Đã hủy đăng nhập" in words(answer)


# --- the provider is down -----------------------------------------------------------------------------
@pytest.mark.parametrize("part", ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"])
def test_when_the_provider_fails_the_local_way_is_offered(idp, client, part):
    if part == "/.well-known/openid-configuration":
        idp.broken.add(part)
        answer = client.post(START)
    else:
        back = come_back(leave(client))
        idp.broken.add(part)
        answer = client.get(back)

    assert answer.status_code in (403, 503)
    assert 'href="/dang-nhap/"' in words(answer)
    assert nobody_is_in(client)


def test_when_the_provider_is_away_the_page_says_so(idp, client, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"

    answer = client.post(START)

    assert answer.status_code == 503
    assert "VNeID minh họa không trả lời" in words(answer)
    assert 'href="/quen-mat-khau/"' in words(answer)


def test_when_the_provider_goes_away_meanwhile_the_page_says_so(idp, client):
    back = come_back(leave(client))
    idp.broken.add("/.well-known/openid-configuration")

    answer = client.get(back)

    assert answer.status_code == 503
    assert "không trả lời" in words(answer)


@pytest.mark.parametrize("config", [{"authorization_endpoint": None}, {"token_endpoint": 5}, {"jwks_uri": None}])
def test_an_odd_configuration_is_no_fault_of_ours(idp, client, config):
    idp.discovery = config

    page = client.post(START)
    if page.headers.get("Refresh", "").startswith(f"0; url={idp.issuer}"):
        page = client.get(come_back(page.headers["Refresh"].removeprefix("0; url=")))

    assert page.status_code in (200, 403, 503)
    assert nobody_is_in(client)
