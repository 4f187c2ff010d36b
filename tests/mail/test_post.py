"""A letter is written once, in the right language, and nothing in it does anything."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html.parser import HTMLParser

import pytest
from django.db import connection, transaction
from icalendar import Calendar

from core.errors import Refused
from core.models import Job
from mail import queries, registry
from mail.actions import post
from mail.kinds import Addressee, CalendarEntry
from mail.models import Letter
from mail.sending import message_of
from tests.mail.conftest import NOW, sample


def write(to, values, **more):
    return post(**{"kind": "test_note", "to": to, "context": values, "key": "k", "at": NOW} | more)


def test_a_letter_is_written_with_its_job(person, values):
    letter = write(person, values, about=person)

    assert letter.subject == "Hồ sơ H26.12-261005-0007: có việc"
    assert "Kính gửi Nguyễn Thị Hà," in letter.text
    assert "Mở hồ sơ:\nhttps://kip.example.gov.vn/ho-so/7/" in letter.text
    assert 'href="https://kip.example.gov.vn/ho-so/7/"' in letter.html
    assert Job.objects.get(kind="mail.send").key == str(letter.pk)
    assert queries.letters_about(person) == [letter]


def test_the_same_key_gives_the_same_letter(person, values):
    first = write(person, values)
    second = write(person, values | {"words": "Khác."})

    assert first.pk == second.pk
    assert Letter.objects.count() == Job.objects.filter(kind="mail.send").count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_with_one_key_write_one_letter(public, values):
    def one(_):
        try:
            return write(public, values).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        found = set(pool.map(one, range(20)))

    assert len(found) == 1
    assert Letter.objects.count() == Job.objects.filter(kind="mail.send").count() == 1


def test_a_letter_goes_back_with_the_act_that_failed(person, values):
    with transaction.atomic():
        write(person, values)
        transaction.set_rollback(True)

    assert not Letter.objects.exists()
    assert not Job.objects.filter(kind="mail.send").exists()


def test_a_decision_waits_for_a_person(person, values):
    letter = write(person, values, kind="test_decision")

    assert letter.state == Letter.State.HELD
    assert not Job.objects.filter(kind="mail.send").exists()


def test_a_person_reads_his_language_and_the_public_both(person, public, values):
    person.language = "en"
    english = write(person, values)
    both = write(public, values, key="k2")
    asked = write(Addressee("a@example.vn", "", "en"), values, key="k3")

    assert english.subject == "Dossier H26.12-261005-0007: news"
    assert "Dear Nguyễn Thị Hà," in english.text
    assert "Kính gửi" not in english.text
    assert both.subject == "Hồ sơ H26.12-261005-0007: có việc / Dossier H26.12-261005-0007: news"
    assert 0 <= both.text.index("Kính gửi Trần Văn Dân") < both.text.index("Dear Trần Văn Dân")
    assert both.html.index('<td lang="vi"') < both.html.index('<td lang="en"')
    assert asked.text.startswith("Dear reader,")


@pytest.mark.parametrize("missing", ["dossier", "words", "link"])
def test_a_missing_field_is_named(person, values, missing):
    del values[missing]

    with pytest.raises(ValueError, match=missing):
        write(person, values)
    assert not Letter.objects.exists()


def test_foreign_fields_other_types_and_unknown_kinds_are_errors(person, values):
    with pytest.raises(ValueError, match="extra"):
        write(person, values | {"extra": "x"})
    with pytest.raises(ValueError, match="words"):
        write(person, values | {"words": 7})
    with pytest.raises(LookupError, match="nothing"):
        write(person, values, kind="nothing")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "https://kip.example.gov.vn.evil.example/",
        "https://kip.example.gov.vn@evil.example/",
        "http://kip.example.gov.vn/",
        "//kip.example.gov.vn/",
        "javascript:alert(1)",
        "/ho-so/7/",
        'https://kip.example.gov.vn/"onclick="x',
        "https://kip.example.gov.vn/ a",
        "https://kip.example.gov.vn/\r\nBcc: x",
        "",
    ],
)
def test_a_button_leads_to_this_site_only(person, values, address):
    with pytest.raises(ValueError, match="link"):
        write(person, values | {"link": address})


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<a href='https://evil.example/'>bấm</a>",
    "https://evil.example/login",
    "[Bấm](link)",
    "{link}",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "x\r\nBcc: all@example.vn\r\n\r\nbody",
    "x\nContent-Type: text/html",
    "=?utf-8?q?a=0ABcc:_x?=",
    "\u202egpj.exe",
    "a" * 300,
]


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.django_db
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_values_are_text_in_every_part_of_the_message(values, hostile):
    to = Addressee("dan@example.vn", hostile)
    letter = write(to, values | {"dossier": hostile, "words": hostile})

    message = message_of(letter).message()
    tags = Tags(letter.html).found
    assert {name.lower() for name in message} == {
        "content-type", "mime-version", "subject", "from", "to", "reply-to", "date", "message-id",
        "auto-submitted", "x-auto-response-suppress",
    }  # fmt: skip
    assert message["To"] == "dan@example.vn"
    assert {tag for tag, _ in tags} <= {
        "html", "head", "meta", "title", "body", "table", "tr", "td", "p", "b", "br", "a"
    }  # fmt: skip
    assert {attributes["href"] for tag, attributes in tags if tag == "a"} == {values["link"]}
    assert not any(name.startswith("on") for _, attributes in tags for name in attributes)
    assert "https://evil" not in letter.text + letter.html
    assert len(letter.subject.splitlines()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "x", "a@b\r\nBcc: c@d.vn", "a@example.vn, b@example.vn", "a b@example.vn"])
def test_an_address_that_is_none_is_refused_in_words(values, email):
    with pytest.raises(Refused, match="không phải là địa chỉ thư"):
        write(Addressee(email), values)


@pytest.mark.django_db
@pytest.mark.parametrize("filler", ["x", "ệ", '"', "<&>"])
def test_no_letter_is_larger_than_sixty_kilobytes(values, public, filler):
    letter = write(public, values | {"words": filler * 40_000})

    assert len(letter.html.encode()) <= 60_000
    assert "…" in letter.text
    assert values["link"] in letter.text


def test_every_declared_letter_is_whole_in_both_languages():
    from mail.rendering import example

    assert [problem for kind in registry.all_kinds() for problem in registry.problems_of(kind)] == []
    for kind in registry.all_kinds():
        for language in ("vi", "en"):
            rendered = example(kind, language, *kind.standard(language))
            assert rendered.subject
            assert not re.search(r"[{}]", rendered.text)
            assert len(rendered.html.encode()) < 60_000


def test_a_code_declared_twice_and_an_undeclared_field_stop_the_start():
    registry.add("exchange", [sample("test_note")])
    registry.add("exchange", [sample("test_bad")])
    object.__setattr__(registry.kind_named("test_bad"), "body_en", "{nothing} {open")

    messages = [error.msg for error in registry.check(None)]

    assert "The letter test_note is declared in dossiers and in exchange." in messages
    assert "The letter test_bad: unknown: nothing (en)." in messages
    assert "The letter test_bad: braces: {nothing} {open (en)." in messages


def test_a_deadline_comes_as_a_calendar_entry(person, values):
    letter = write(
        person,
        values,
        calendar=CalendarEntry("Hạn bổ sung\r\nATTENDEE:x", date(2026, 10, 12), "Hồ sơ; 7, hết hạn", uid="sup-7"),
    )

    part = next(p for p in message_of(letter).message().walk() if p.get_content_type() == "text/calendar")
    event = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
    assert part.get_filename() == "thoi-han.ics"
    assert event["SUMMARY"] == "Hạn bổ sung ATTENDEE:x"
    assert "ATTENDEE" not in event
    assert event["UID"] == "sup-7@kip.example.gov.vn"
    assert event["DTSTART"].dt == date(2026, 10, 12)
    assert event["DESCRIPTION"] == "Hồ sơ; 7, hết hạn"


def test_keys_of_links_and_codes_are_not_kept_where_staff_read(person):
    token = "d2k3j4h5-0123456789abcdef0123456789abcdef"
    link = f"https://kip.example.gov.vn/dat-lai/{token}/"
    reset = write(person, {"link": link}, kind="account_password_reset")
    code = write(person, {"code": "7KQ4-M2XD"}, kind="account_sign_in_code", key="k2")

    for letter, secret in ((reset, token), (code, "7KQ4-M2XD")):
        assert secret not in letter.text + letter.html + letter.subject
        message = message_of(letter)
        assert secret in message.body
        assert secret in message.alternatives[0][0]
