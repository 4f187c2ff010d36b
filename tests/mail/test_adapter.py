"""The sign-in library's own mails come out of our outbox, in our words, and lead to our address only."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from mail import registry
from mail.adapter import KINDS
from mail.models import Letter
from mail.sending import message_of


@pytest.fixture
def adapter(db):
    request = RequestFactory().get(
        "/", HTTP_HOST="localhost", HTTP_USER_AGENT="Firefox\r\nBcc: x", REMOTE_ADDR="203.0.113.7"
    )
    request.user = AnonymousUser()
    with context.request_context(request):
        yield get_adapter(request)


RESET = "http://forged.example/dat-lai/abc-d2k3j4h5-0123456789abcdef0123456789/?x=1"


def test_every_mail_of_the_library_has_a_kind_of_ours():
    folder = Path(allauth.__file__).parent / "templates"
    prefixes = {
        str(path.relative_to(folder))[: -len("_subject.txt")]
        for app in ("account", "mfa", "socialaccount")
        for path in (folder / app / "email").glob("*_subject.txt")
    }

    assert prefixes == set(KINDS)
    for code in KINDS.values():
        assert registry.room_of(code) == "mail"


@pytest.mark.parametrize("prefix", sorted(KINDS))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_of_them_is_written_in_the_persons_language(adapter, person, prefix, language):
    person.language = language
    person.save()
    given = {
        "user": person,
        "password_reset_url": RESET,
        "activate_url": RESET,
        "signup_url": RESET,
        "from_email": "cu@example.vn",
        "to_email": "moi@example.vn",
        "deleted_email": "cu@example.vn",
        "provider": "VNeID",
        "ip": "203.0.113.7",
        "user_agent": "Firefox",
    }
    if prefix.endswith("_code"):
        given["code"] = "7KQ4-M2XD"

    adapter.send_mail(prefix, "ha@example.vn", given)

    letter = Letter.objects.get()
    kind = registry.kind_named(KINDS[prefix])
    assert (letter.to_user, letter.language) == (person, language)
    assert letter.subject == kind.standard(language)[0]
    assert "forged.example" not in message_of(letter).body
    assert letter.text.startswith("Kính gửi" if language == "vi" else "Dear")


def test_a_confirmation_by_code_says_the_code(adapter, person):
    adapter.send_mail("account/email/email_confirmation", "ha@example.vn", {"user": person, "code": "7KQ4-M2XD"})

    letter = Letter.objects.get()
    assert letter.kind == "account_confirm_code"
    assert "7KQ4-M2XD" in message_of(letter).body
    assert "7KQ4-M2XD" not in letter.text


def test_a_reset_link_stands_under_the_address_from_the_settings(adapter, person):
    adapter.send_password_reset_mail(person, person.email, {"user": person, "password_reset_url": RESET})

    body = message_of(Letter.objects.get()).body
    assert "https://kip.example.gov.vn/dat-lai/abc-d2k3j4h5-0123456789abcdef0123456789/?x=1" in body
    assert re.findall(r"https?://[^/\s]+", body) == ["https://kip.example.gov.vn"]


def test_the_same_link_is_told_once_and_every_notice_on_its_own(adapter, person):
    for _ in range(2):
        adapter.send_password_reset_mail(person, person.email, {"user": person, "password_reset_url": RESET})
        adapter.send_notification_mail("account/email/password_changed", person)

    assert Letter.objects.filter(kind="account_password_reset").count() == 1
    assert Letter.objects.filter(kind="account_password_changed").count() == 2


def test_a_notice_says_when_and_from_where(adapter, person):
    adapter.send_notification_mail("mfa/email/totp_activated", person)

    letter = Letter.objects.get()
    assert (letter.kind, letter.to_email) == ("account_app_added", "ha@example.vn")
    assert "Địa chỉ mạng: 203.0.113.7" in letter.text
    assert "Trình duyệt: Firefox Bcc: x" in letter.text


def test_an_unknown_address_gets_both_languages_and_no_account(adapter):
    adapter.send_mail("account/email/unknown_account", "ai@example.vn", {"signup_url": "http://x/dang-ky/"})

    letter = Letter.objects.get()
    assert letter.to_user is None
    assert letter.subject == "Không có tài khoản với địa chỉ này / No account with this address"
    assert "https://kip.example.gov.vn/dang-ky/" in letter.text


def test_a_mail_nobody_thought_of_is_an_error(adapter):
    with pytest.raises(KeyError):
        adapter.send_mail("account/email/new_in_the_library", "ai@example.vn", {})
