"""The demonstration shows every letter in the browser; no other installation has the page."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import jobs
from core.models import Job
from mail.actions import post
from mail.kinds import CalendarEntry
from mail.models import DemoMessage
from mail.views.common import LOCKED
from tests.mail.conftest import NOW


@pytest.fixture
def demo(settings):
    settings.LOAD_DEMO = True
    settings.EMAIL_BACKEND = "mail.backends.DemoMailbox"


@pytest.fixture
def arrived(demo, person):
    link = "https://kip.example.gov.vn/dat-lai/d2k3j4h5-0123456789abcdef0123456789/"
    entry = CalendarEntry("Hạn", timezone.localdate())
    letter = post(kind="account_password_reset", to=person, context={"link": link}, key="k", at=NOW, calendar=entry)
    jobs.perform(Job.objects.get(kind="mail.send", key=str(letter.pk)).pk)
    return DemoMessage.objects.get()


def test_a_letter_is_followed_from_the_list_to_its_link(client, arrived):
    assert "Đặt lại mật khẩu" in client.get("/hop-thu-mau/").content.decode()

    page = client.get(f"/hop-thu-mau/{arrived.pk}/")

    link = "https://kip.example.gov.vn/dat-lai/d2k3j4h5-0123456789abcdef0123456789/"
    assert page.context["links"] == [{"url": link, "words": "Đặt mật khẩu mới"}]
    assert f'href="{link}"' in page.content.decode()
    assert "Kính gửi Nguyễn Thị Hà" in page.context["text"]
    assert client.get(f"/en/sample-mailbox/{arrived.pk}/").status_code == 200


def test_the_html_is_locked_and_attachments_are_downloads(client, arrived):
    html = client.get(f"/hop-thu-mau/{arrived.pk}/html/")
    file = client.get(f"/hop-thu-mau/{arrived.pk}/tep/1/")

    assert html["Content-Security-Policy"] == LOCKED
    assert file["Content-Disposition"] == 'attachment; filename="thoi-han.ics"'
    assert file["Content-Type"] == "application/octet-stream"
    assert file.content.startswith(b"BEGIN:VCALENDAR")
    assert client.get(f"/hop-thu-mau/{arrived.pk}/tep/2/").status_code == 404
    assert client.get(f"/hop-thu-mau/{arrived.pk}/tep/0/").status_code == 404


def test_without_a_demonstration_there_is_no_such_page(client, arrived, settings):
    settings.LOAD_DEMO = False

    for path in ("", f"{arrived.pk}/", f"{arrived.pk}/html/", f"{arrived.pk}/tep/1/"):
        assert client.get(f"/hop-thu-mau/{path}").status_code == 404


def message(number, **more):
    return EmailMultiAlternatives(
        **{"subject": f"Thư {number}", "body": "x", "to": [f"a{number}@example.vn"], "from_email": "b@c.vn"} | more
    )


def test_hostile_mail_is_shown_as_text(client, demo, db):
    hostile = message(1, subject="<script>x</script>", body="https://evil.example/\n<script>x</script>")
    hostile.attach("../../<x>.html", "<script>x</script>", "text/html")
    get_connection().send_messages([hostile, message(2)])
    row, plain = DemoMessage.objects.order_by("pk")

    page = client.get(f"/hop-thu-mau/{row.pk}/")
    file = client.get(f"/hop-thu-mau/{row.pk}/tep/1/")
    assert b"<script>x" not in page.content + client.get("/hop-thu-mau/").content
    assert page.context["links"] == []
    assert file["Content-Type"] == "application/octet-stream"
    assert "<" not in file["Content-Disposition"]
    assert "/" not in file["Content-Disposition"]
    assert client.get(f"/hop-thu-mau/{plain.pk}/html/").status_code == 404
    assert client.get("/hop-thu-mau/99999/").status_code == 404


def test_the_list_asks_the_same_for_one_and_three_searches_and_ends_at_two_hundred(client, demo, db):
    def count():
        with CaptureQueriesContext(connection) as found:
            client.get("/hop-thu-mau/")
        return len(found)

    box = get_connection()
    box.send_messages([message(0)])
    one = count()
    box.send_messages([message(1), message(2)])
    assert count() == one
    assert [row.to for row in client.get("/hop-thu-mau/?q=a2@").context["rows"]] == ["a2@example.vn"]
    assert len(client.get("/hop-thu-mau/?q=Thư").context["rows"]) == 3
    box.send_messages([message(n) for n in range(3, 210)])
    assert len(client.get("/hop-thu-mau/").context["rows"]) == 200


def test_the_mailbox_forgets_the_oldest(demo, db, monkeypatch):
    monkeypatch.setattr("mail.backends.KEPT", 5)
    for number in range(8):
        get_connection().send_messages([message(number)])

    assert [row.subject for row in DemoMessage.objects.all()] == [f"Thư {n}" for n in (7, 6, 5, 4, 3)]


def test_an_empty_mailbox_says_what_to_do(demo, db):
    assert "Chưa có thư nào đến" in Client().get("/hop-thu-mau/").content.decode()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"KIP_DEMO": "1"}, "mail.backends.DemoMailbox localhost False False"),
        (
            {"KIP_DEMO": "1", "KIP_EMAIL_HOST": "smtp.x.vn"},
            "django.core.mail.backends.smtp.EmailBackend smtp.x.vn False False",
        ),
        ({"KIP_DEMO": "0"}, "django.core.mail.backends.smtp.EmailBackend localhost False False"),
        (
            {"KIP_DEMO": "0", "KIP_EMAIL_TLS": "starttls"},
            "django.core.mail.backends.smtp.EmailBackend localhost True False",
        ),
        (
            {"KIP_DEMO": "0", "KIP_EMAIL_TLS": "tls"},
            "django.core.mail.backends.smtp.EmailBackend localhost False True",
        ),
        ({"KIP_DEMO": "0", "KIP_EMAIL_TLS": "yes"}, "KeyError: 'yes'"),
    ],
)
def test_the_environment_says_where_letters_go(given, expected):
    """A misspelt encryption stops the start; letters never go out unencrypted by mistake."""
    code = (
        "from hanoi_kip import settings as s; print(s.EMAIL_BACKEND, s.EMAIL_HOST, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL)"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KIP_EMAIL")}

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=site.BASE_DIR, env=clean | given, capture_output=True, text=True, check=False
    )

    assert expected in done.stdout + done.stderr
