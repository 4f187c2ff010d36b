"""Where somebody is signed in, for how long, and how it ends; the page of the own account."""

from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as project
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import close_account
from accounts.devices import device_of
from accounts.models import User
from core.models import AuditEvent
from tests.accounts.conftest import sign_in, sign_in_with_code, words

pytestmark = pytest.mark.django_db
DEVICES = "/tai-khoan/thiet-bi/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_staff_are_signed_out_after_half_an_hour_and_read_what_was_kept(story, client, later):
    sign_in_with_code(client, story.officer)
    later(29 * 60)
    assert client.get("/lam-viec/?q=1").status_code == 200

    later(31 * 60)
    led = client.get("/lam-viec/?q=1")
    page = words(client.get(led.url))

    assert led.url.startswith("/het-phien/?after=30&next=/lam-viec/")
    assert "Do 30 phút không thao tác" in page
    assert "Những gì được giữ lại" in page
    assert "?next=%2Flam-viec%2F%3Fq%3D1" in page
    assert client.get("/lam-viec/").url.startswith("/dang-nhap/")


def test_applicants_have_two_hours(story, client, later):
    story.enterprise()
    sign_in(client, "clerk@kip.test")

    later(119 * 60)
    assert client.get("/ho-so/").status_code == 200
    later(121 * 60)

    assert client.get("/ho-so/").url.startswith("/het-phien/?after=120")


def test_a_public_page_after_a_pause_is_simply_read(story, client, later):
    sign_in(client, story.person("clerk").email)
    later(121 * 60)

    page = client.get("/san-pham/")

    assert page.status_code == 200
    assert not page.wsgi_request.user.is_authenticated


def test_the_settings_say_how_long(story, client, later, settings):
    settings.STAFF_IDLE_MINUTES = 5
    sign_in_with_code(client, story.officer)
    later(5 * 60 + 31)

    assert client.get("/lam-viec/").url.startswith("/het-phien/?after=5")


def test_staying_moves_the_end(story, client, later):
    sign_in_with_code(client, story.officer)
    for _ in range(3):
        later(25 * 60)
        answer = client.post("/con-lam-viec/", headers={"accept": "application/json"})
        assert answer.json() == {"seconds": 1800}

    assert client.get("/lam-viec/").status_code == 200
    later(31 * 60)
    assert client.post("/con-lam-viec/").url.startswith("/het-phien/")


def test_the_warning_is_on_every_page_of_a_signed_in_person_only(story, client):
    assert "session-warning" not in words(client.get("/"))
    sign_in_with_code(client, story.officer)

    for path in ("/", "/lam-viec/", "/en/desk/"):
        page = words(client.get(path))
        assert 'data-seconds="1800"' in page
        assert "js/session.js" in page


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil", "javascript:alert(1)"])
def test_the_page_of_the_pause_leads_nowhere_else(client, db, target):
    assert "evil" not in words(client.get("/het-phien/", {"next": target, "after": "x"})).split("<main")[1]


def test_sessions_are_listed_with_device_and_address_this_one_first(story, client):
    person = story.person("clerk")
    sign_in(Client(headers={"user-agent": FIREFOX}), person.email)
    sign_in(client, person.email)

    page = client.get(DEVICES)

    assert [s.is_current for s in page.context["sessions"]] == [True, False]
    assert "Firefox, Windows" in words(page)
    assert "127.0.0.1" in words(page)


def test_one_other_session_is_ended_and_this_one_stays(story, client):
    person = story.person("clerk")
    other = Client()
    for one in (other, client):
        sign_in(one, person.email)
    pk = UserSession.objects.get(session_key=other.session.session_key).pk

    client.post(DEVICES, {"session": pk})

    assert other.get("/tai-khoan/").url.startswith("/dang-nhap/")
    assert client.get("/tai-khoan/").status_code == 200


def test_all_others_are_ended_at_once(story, client):
    person = story.person("clerk")
    others = [Client(), Client()]
    for one in (*others, client):
        sign_in(one, person.email)

    client.post(DEVICES, {"session": "others"})

    assert all(one.get("/tai-khoan/").url.startswith("/dang-nhap/") for one in others)
    assert client.get("/tai-khoan/").status_code == 200


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40, "\x00"])
def test_odd_choices_end_nothing(story, client, value):
    sign_in(client, story.person("clerk").email)

    assert client.post(DEVICES, {"session": value}).url == DEVICES
    assert client.get("/tai-khoan/").status_code == 200


def test_nobody_ends_the_session_of_another(story, client):
    victim = Client()
    sign_in(victim, story.person("victim").email)
    sign_in(client, story.person("clerk").email)

    client.post(DEVICES, {"session": UserSession.objects.get(user=story.person("victim")).pk})

    assert victim.get("/tai-khoan/").status_code == 200


def test_a_list_of_three_costs_what_a_list_of_one_costs(story, client):
    person = story.person("clerk")
    sign_in(client, person.email)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            sign_in(Client(), person.email)
        client.get(DEVICES)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(DEVICES).context["sessions"]) == 1 + more
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_what_lets_nobody_in_any_more_is_not_listed(story, client):
    person = story.person("clerk")
    ended, old, past = Client(), Client(), Client()
    for one in (ended, old, past):
        sign_in(one, person.email)
    Session.objects.get(session_key=ended.session.session_key).delete()
    Session.objects.filter(session_key=past.session.session_key).update(expire_date="2020-01-01T00:00Z")
    person.set_password("một mật khẩu khác hẳn")
    person.save()
    sign_in(client, person.email, "một mật khẩu khác hẳn")

    listed = client.get(DEVICES).context["sessions"]

    assert [one.is_current for one in listed] == [True]
    assert UserSession.objects.filter(user=person).count() == 1


def test_a_closed_account_is_out_at_the_next_page_and_does_not_come_back(story, client):
    person = story.person("clerk")
    sign_in(client, person.email)

    close_account(user=person, by=story.officer, at=story.tick())
    assert client.get("/tai-khoan/").url.startswith("/dang-nhap/")
    User.objects.filter(pk=person.pk).update(is_active=True)

    assert client.get("/tai-khoan/").url.startswith("/dang-nhap/")
    assert AuditEvent.objects.filter(act="account.closed").exists()


def test_an_account_switched_off_by_hand_is_out_and_its_session_does_not_wake_up(story, client):
    person = story.person("clerk")
    sign_in(client, person.email)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/tai-khoan/").url.startswith("/dang-nhap/")
    User.objects.filter(pk=person.pk).update(is_active=True)

    assert client.get("/tai-khoan/").url.startswith("/dang-nhap/")


def test_signing_in_gives_a_new_session_and_guarded_cookies(story, client, settings):
    client.get("/dang-nhap/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    sign_in(client, story.person("clerk").email)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]

    assert cookie.value != session.session_key
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"


def test_over_tls_the_session_cookie_is_bound_to_its_host():
    source = (Path(project.BASE_DIR) / "hanoi_kip/settings.py").read_text()

    assert '"kip-session" if INSECURE_HTTP else "__Host-kip-session"' in source
    assert "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP" in source


def test_the_account_page_keeps_name_language_and_keys(story, client):
    person = story.person("clerk")
    sign_in(client, person.email)
    assert "data-keys" not in words(client.get("/tai-khoan/")).split("<header")[0]

    answer = client.post("/tai-khoan/", {"full_name": "  Trần  Thị  Bông ", "language": "en"})
    person.refresh_from_db()

    assert answer.url == "/tai-khoan/"
    assert (person.full_name, person.language, person.single_keys) == ("Trần Thị Bông", "en", False)
    assert 'data-keys="off"' in words(client.get("/tai-khoan/")).split("<header")[0]
    assert AuditEvent.objects.get(act="account.changed").detail == {"fields": ["full_name", "language", "single_keys"]}


def test_the_account_page_takes_nothing_else(story, client):
    person = story.person("clerk")
    sign_in(client, person.email)
    before = User.objects.filter(pk=person.pk).values().get()

    client.post(
        "/tai-khoan/",
        {
            "full_name": person.full_name,
            "language": "vi",
            "single_keys": "on",
            "email": "boss@kip.test",
            "is_superuser": "on",
            "is_active": "",
            "role": "officer",
            "pk": "1",
            "password": "x",
        },
    )

    assert User.objects.filter(pk=person.pk).values().get() == before


@pytest.mark.parametrize("given", [{}, {"full_name": " ", "language": "vi"}, {"full_name": "x", "language": "xx"}])
def test_a_wrong_entry_on_the_account_page_is_an_error_of_the_form(story, client, given):
    sign_in(client, story.person("clerk").email)

    answer = client.post("/tai-khoan/", given)

    assert answer.status_code == 200
    assert "error-summary" in words(answer)


def test_the_menu_leads_to_the_account(story, client):
    sign_in_with_code(client, story.officer)

    assert 'href="/tai-khoan/"' in words(client.get("/lam-viec/"))


@pytest.mark.parametrize(
    ("name", "device"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36 Edg/140.0", "Edge, Android"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_a_few_words(name, device):
    assert device_of(name) == device
