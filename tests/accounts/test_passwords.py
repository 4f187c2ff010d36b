"""The forgotten and the changed password: the same answer for everybody, a link that works once, sessions that end."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.adapter import AccountAdapter
from core.models import AuditEvent
from tests.accounts.conftest import sign_in, sign_in_with_code, words

pytestmark = pytest.mark.django_db
FORGOTTEN = "/quen-mat-khau/"
NEW = "con ngựa đỏ ăn cỏ xanh"


class Adapter(AccountAdapter):
    """The letter itself is the business of the room `mail`; here its link is read."""

    sent: list = []

    def send_mail(self, template_prefix, email, context):
        self.sent.append((template_prefix, email, context))


@pytest.fixture(autouse=True)
def _letters_are_caught(settings, monkeypatch, request):
    settings.ACCOUNT_ADAPTER = "tests.accounts.test_passwords.Adapter"
    Adapter.sent = []
    if "same_time" not in request.node.name:
        monkeypatch.setattr("accounts.account_views.SAME_TIME_SECONDS", 0)


def link_for(client, email):
    client.post(FORGOTTEN, {"email": email})
    (_prefix, _email, context) = Adapter.sent[-1]
    return context["password_reset_url"].removeprefix("http://testserver")


def plain(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", words(response))


def test_known_unknown_and_closed_addresses_get_the_same_answer(story):
    known, closed = story.person("clerk"), story.person("gone")
    closed.is_active = False
    closed.save()

    answers = []
    for email in (known.email, "nobody@kip.test", closed.email):
        client = Client()
        answer = client.post(FORGOTTEN, {"email": email})
        answers.append((answer.status_code, answer.url, plain(client.get(answer.url))))

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][:2] == (302, "/quen-mat-khau/da-gui/")
    assert [(prefix.rpartition("/")[2], email) for prefix, email, _context in Adapter.sent] == [
        ("password_reset_key", known.email),
        ("unknown_account", "nobody@kip.test"),
        ("unknown_account", closed.email),
    ]


def test_known_and_unknown_addresses_are_answered_after_the_same_time(story):
    import time

    from accounts.account_views import SAME_TIME_SECONDS

    story.person("clerk")
    took = []
    Client().post(FORGOTTEN, {"email": "warm-up@kip.test"})
    for email in ("clerk@kip.test", "nobody@kip.test"):
        begun = time.monotonic()
        Client().post(FORGOTTEN, {"email": email})
        took.append(time.monotonic() - begun)

    assert min(took) >= SAME_TIME_SECONDS
    assert abs(took[0] - took[1]) < SAME_TIME_SECONDS


def test_signing_in_hashes_once_whoever_is_asked_for(story, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    known, closed = story.person("clerk"), story.person("gone")
    closed.is_active = False
    closed.save()
    count = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: count.append(1) or encode(*a, **k))

    work = []
    for email in (known.email, "nobody@kip.test", closed.email):
        count.clear()
        sign_in(Client(), email, "nhầm rồi nhé bạn")
        work.append(len(count))

    assert work == [1, 1, 1]


def test_opening_the_link_changes_nothing_and_sending_the_form_uses_it_up(story, client):
    person = story.person("clerk")
    link = link_for(client, person.email)

    first = client.get(link)
    shown = client.get(first.url)
    again = Client().get(link)
    assert first.status_code == again.status_code == 302
    assert link.split("-", 3)[-1].strip("/") not in first.url
    assert shown.headers["Referrer-Policy"] == first.headers["Referrer-Policy"] == "no-referrer"
    person.refresh_from_db()
    assert person.check_password("một mật khẩu đủ dài")

    done = client.post(first.url, {"password1": NEW, "password2": NEW})
    person.refresh_from_db()

    assert done.url == "/quen-mat-khau/xong/"
    assert person.check_password(NEW)
    used = Client()
    assert "Liên kết này không còn dùng được" in words(used.get(link))
    assert AuditEvent.objects.filter(act="account.password_reset").count() == 1


def test_a_link_lives_for_half_an_hour(story, client, monkeypatch):
    from datetime import datetime, timedelta

    from django.contrib.auth.tokens import PasswordResetTokenGenerator

    link = link_for(client, story.person("clerk").email)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: datetime.now() + timedelta(minutes=29))
    assert Client().get(link).status_code == 302
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: datetime.now() + timedelta(minutes=31))

    assert "Liên kết này không còn dùng được" in words(Client().get(link))


@pytest.mark.parametrize("change", ["password", "email", "signed in"])
def test_a_link_dies_with_the_password_the_address_and_the_next_sign_in(story, client, change):
    person = story.person("clerk")
    link = link_for(client, person.email)
    if change == "password":
        person.set_password("đổi sang cái khác")
        person.save()
    elif change == "email":
        person.email = "other@kip.test"
        person.save()
    else:
        sign_in(Client(), person.email)

    assert "Liên kết này không còn dùng được" in words(Client().get(link))


def test_a_link_of_one_person_does_not_open_another(story, client):
    link, other = link_for(client, story.person("clerk").email), story.person("other")
    number = link.split("/")[2].split("-")[0]

    answer = Client().get(link.replace(f"/{number}-", f"/{other.pk:x}-"))

    assert "Liên kết này không còn dùng được" in words(answer)


@pytest.mark.parametrize("path", ["1-x", "zzzzzzzzzzzzz-x", "0-", "1-set-password", "1-%00"])
def test_invented_links_are_answered_in_words(client, db, path):
    answer = client.get(f"{FORGOTTEN}{path}/")

    assert answer.status_code in (200, 404)


def test_the_link_comes_from_the_settings_not_from_the_host(story, client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://kip.example.gov.vn"
    person = story.person("clerk")

    client.post(
        FORGOTTEN, {"email": person.email}, headers={"host": "evil.example", "x-forwarded-host": "evil.example"}
    )

    assert Adapter.sent[-1][2]["password_reset_url"].startswith("https://kip.example.gov.vn/quen-mat-khau/")


def test_after_a_reset_every_open_session_is_over_and_the_second_step_stays(story, client):
    office = Client()
    sign_in_with_code(office, story.officer)
    assert office.get("/lam-viec/").status_code == 200
    first = client.get(link_for(client, story.officer.email))
    client.post(first.url, {"password1": NEW, "password2": NEW})

    assert office.get("/lam-viec/").url.startswith("/dang-nhap/")
    assert sign_in(Client(), story.officer.email, NEW).url == "/dang-nhap/ma/"


def test_changing_the_password_ends_the_other_sessions_only(story, client):
    person = story.person("clerk")
    other = Client()
    for one in (client, other):
        sign_in(one, person.email)

    answer = client.post(
        "/tai-khoan/mat-khau/", {"oldpassword": "một mật khẩu đủ dài", "password1": NEW, "password2": NEW}
    )

    assert answer.url == "/tai-khoan/"
    assert client.get("/tai-khoan/").status_code == 200
    assert other.get("/tai-khoan/").url.startswith("/dang-nhap/")
    assert AuditEvent.objects.filter(act="account.password_changed").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"oldpassword": "nhầm", "password1": NEW, "password2": NEW}, "Đây không phải mật khẩu hiện tại"),
        ({"password1": "ngắn", "password2": "ngắn"}, "Mật khẩu quá ngắn"),
        ({"password1": "password123", "password2": "password123"}, "dễ đoán|đoán"),
        ({"password1": NEW, "password2": NEW + "x"}, "Hai mật khẩu không giống nhau"),
        ({"password1": "", "password2": ""}, "Hãy nhập mật khẩu"),
    ],
)
def test_a_password_is_refused_with_its_reason(story, client, given, said):
    sign_in(client, story.person("clerk").email)

    answer = client.post("/tai-khoan/mat-khau/", {"oldpassword": "một mật khẩu đủ dài"} | given)

    assert answer.status_code == 200
    assert re.search(said, words(answer))
    assert "Password" not in words(answer).split("<main")[1]


def test_asking_for_links_is_throttled_with_words_whether_or_not_the_account_exists(story, client):
    story.person("clerk")
    for email in ("clerk@kip.test", "nobody@kip.test"):
        answers = [Client().post(FORGOTTEN, {"email": email}) for _ in range(6)]
        assert [a.status_code for a in answers] == [302] * 5 + [429]
        assert "Quá nhiều lần thử" in words(answers[-1])
    assert not mail.outbox


def test_changing_the_password_is_throttled(story, client):
    sign_in(client, story.person("clerk").email)

    answers = [client.post("/tai-khoan/mat-khau/", {"oldpassword": "nhầm"}) for _ in range(6)]

    assert answers[-1].status_code == 429


def test_throttled_sign_in_is_answered_with_429(story, client):
    answers = [sign_in(client, story.person("clerk").email, "nhầm rồi nhé bạn") for _ in range(6)]

    assert [a.status_code for a in answers] == [200] * 5 + [429]


def test_without_the_cache_no_link_is_sent_and_nothing_breaks(story, client, monkeypatch):
    from django.core.cache import cache
    from redis.exceptions import ConnectionError as Gone

    def fail(*args, **kwargs):
        raise Gone("no cache")

    for name in ("get", "set", "add", "incr", "delete"):
        monkeypatch.setattr(cache, name, fail, raising=False)

    answer = client.post(FORGOTTEN, {"email": "clerk@kip.test"})

    assert answer.status_code == 503
    assert "Tạm thời chưa thực hiện được" in words(answer)
