"""Sign in, sign out, and the way to one's own work."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.story import PASSWORD

pytestmark = pytest.mark.django_db

SIGN_IN = "/dang-nhap/"


@pytest.fixture(autouse=True)
def _fast_and_vietnamese(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    translation.activate("vi")


def sign_in(client, email, password=PASSWORD, **data):
    return client.post(SIGN_IN, {"login": email, "password": password} | data)


def words(response):
    return response.content.decode()


def test_the_page_has_its_address_in_both_languages(client):
    assert "Đăng nhập" in words(client.get("/dang-nhap/"))
    assert "Sign in" in words(client.get("/en/sign-in/"))


def test_the_right_pair_signs_in_and_goes_home(story, client):
    story.person("clerk")

    answer = sign_in(client, "clerk@kip.test")

    assert answer.url == "/cua-toi/"
    assert client.get("/cua-toi/").url == "/ho-so/"


def test_letters_of_the_address_may_be_large_and_spaces_do_not_matter(story, client):
    story.person("clerk")

    assert sign_in(client, " Clerk@KIP.test ").status_code == 302


def test_no_message_is_left_behind_by_signing_in(story, client):
    story.enterprise()

    sign_in(client, "clerk@kip.test")

    assert "Successfully" not in words(client.get("/ho-so/"))


def answer_to_wrong(client, email, password):
    page = words(sign_in(client, email, password)).split("<main")[1]
    token = page.split("csrfmiddlewaretoken")[1].split('"')[2]
    return page.replace(token, "").replace(email, "EMAIL")


def test_a_wrong_pair_never_says_which_part_was_wrong(story, client):
    known, gone = story.person("clerk"), story.person("gone")
    gone.is_active = False
    gone.save()

    wrong_password = answer_to_wrong(client, known.email, "another password")
    unknown = answer_to_wrong(client, "nobody@kip.test", PASSWORD)
    closed = answer_to_wrong(client, gone.email, PASSWORD)

    assert wrong_password == unknown == closed
    assert "Địa chỉ email hoặc mật khẩu không đúng." in unknown


@pytest.mark.parametrize(
    ("email", "password"), [("", ""), ("\x00", "\x00"), ("không", "x"), ("a" * 999 + "@x.vn", "y" * 5000)]
)
def test_odd_input_is_an_error_of_the_form(db, client, email, password):
    assert sign_in(client, email, password).status_code == 200


def test_attempts_are_counted(story, client, settings):
    story.person("clerk")

    pages = [words(sign_in(client, "clerk@kip.test", "another password")) for _ in range(6)]

    assert "Bạn đã thử quá nhiều lần" in pages[-1]
    assert "Bạn đã thử quá nhiều lần" in words(sign_in(client, "clerk@kip.test"))


def test_the_page_that_was_asked_for_comes_after_signing_in(story, client):
    story.person("clerk")

    page = words(client.get(SIGN_IN + "?next=/ho-so/moi/"))
    answer = sign_in(client, "clerk@kip.test", next="/ho-so/moi/")

    assert 'name="next" value="/ho-so/moi/"' in page
    assert answer.url == "/ho-so/moi/"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "\x00//x",
    ],
)
def test_no_other_site_comes_after_signing_in(story, client, target):
    story.person("clerk")

    assert sign_in(client, "clerk@kip.test", next=target).url == "/cua-toi/"


def test_a_signed_in_person_is_not_asked_again(story, client):
    client.force_login(story.person("clerk"))

    assert client.get(SIGN_IN).status_code == 302


def test_without_the_cache_nobody_signs_in_and_nothing_breaks(story, client, monkeypatch):
    from django.core.cache import cache
    from redis.exceptions import ConnectionError as Gone

    def fail(*args, **kwargs):
        raise Gone("no cache")

    story.person("clerk")
    for name in ("get", "set", "add", "incr", "delete"):
        monkeypatch.setattr(cache, name, fail, raising=False)

    answer = sign_in(client, "clerk@kip.test")

    assert answer.status_code == 503
    assert "Tạm thời chưa đăng nhập được" in words(answer)


def test_signing_out_is_a_post_and_ends_the_session(story, client):
    client.force_login(story.person("clerk"))

    assert client.get(reverse("accounts:sign_out")).status_code == 405
    assert client.get("/ho-so/").status_code == 200
    answer = client.post(reverse("accounts:sign_out"))

    assert answer.status_code == 302
    assert client.get("/ho-so/").status_code == 302


def test_forms_of_another_site_change_nothing(story):
    client = Client(enforce_csrf_checks=True)

    assert sign_in(client, "clerk@kip.test").status_code == 403
    assert client.post("/dang-ky/", {}).status_code == 403
    assert client.post("/dang-xuat/").status_code == 403


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        (["officer"], "dossiers:desk"),
        (["secretary"], "dossiers:desk"),
        (["member"], "evaluations:queue"),
        (["member", "officer"], "dossiers:desk"),
        (["it_officer"], "dossiers:mine"),
        ([], "dossiers:mine"),
    ],
)
def test_everybody_is_led_to_the_own_work(story, client, roles, page):
    from accounts.actions import grant_role

    person = story.person("somebody")
    for role in roles:
        grant_role(user=person, role=role, by=None, at=story.tick())
    client.force_login(person)

    assert client.get("/cua-toi/").url == reverse(page)


def test_home_asks_strangers_to_sign_in(client):
    assert client.get("/cua-toi/").url == "/dang-nhap/?next=/cua-toi/"
