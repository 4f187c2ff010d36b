"""Enterprise and officer write to each other inside the dossier."""

from datetime import timedelta

import pytest
from django.http import Http404

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from dossiers import talk
from dossiers.models import Message, StaffNote
from mail.models import Letter
from tests.dossiers.applicant import signed_in, tell_time, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


def say(story, dossier, who, text="Xin hỏi về giấy môi trường."):
    return talk.write(dossier=dossier, text=text, by=who, at=story.tick())


def test_both_sides_write_and_read(story):
    dossier = story.checking()
    clerk, officer = signed_in(story.person("clerk")), signed_in(story.officer)

    assert clerk.post(url("messages", dossier), {"text": "Câu hỏi của chúng tôi"}).status_code == 302
    page = words(officer.get(url("desk_messages", dossier)))
    assert "Câu hỏi của chúng tôi" in page
    assert str(story.person("clerk")) in page
    assert officer.post(url("desk_messages", dossier), {"text": "Câu trả lời"}).status_code == 302

    page = words(clerk.get(url("messages", dossier)))
    assert "Câu trả lời" in page
    assert "Sở Công Thương" in page
    assert str(story.officer) not in page.split("<main")[1]
    assert AuditEvent.objects.filter(act="message.written").count() == 2


def test_reading_marks_what_the_other_side_wrote_and_nothing_else(story):
    dossier = story.checking()
    mine, theirs = say(story, dossier, story.person("clerk")), say(story, dossier, story.officer, "Trả lời.")

    signed_in(story.person("clerk")).get(url("messages", dossier))

    mine.refresh_from_db(), theirs.refresh_from_db()
    assert mine.read_at is None
    assert theirs.read_at is not None


def test_whoever_only_watches_marks_nothing(story):
    from enterprises.models import Representative

    dossier = story.checking()
    say(story, dossier, story.person("clerk"))
    say(story, dossier, story.officer, "Trả lời.")
    reader = story.person("reader")
    Representative.objects.create(user=reader, enterprise=dossier.enterprise, role="reads", since=story.now)

    assert signed_in(story.secretary).get(url("desk_messages", dossier)).status_code == 200
    assert signed_in(reader).get(url("messages", dossier)).status_code == 200

    assert not Message.objects.exclude(read_at=None).exists()


def test_new_messages_are_counted_for_each_side(story):
    dossier, other = story.checking(), story.checking("b")
    for text in ("Một.", "Hai."):
        say(story, dossier, story.person("clerk"), text)
    say(story, other, story.officer, "Ba.")

    assert talk.unread_by_dossier([dossier, other], for_department=True) == {dossier.pk: 2}
    assert talk.unread_by_dossier([dossier, other], for_department=False) == {other.pk: 1}
    assert list(talk.waiting_for_department(story.officer)) == [dossier]
    page = words(signed_in(story.officer).get(url("desk_inbox")))
    assert dossier.number in page
    assert other.number not in page


def test_the_inbox_asks_as_often_for_three_as_for_one(story):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    say(story, story.checking("a"), story.person("a"))
    signed_in(story.officer).get(url("desk_inbox"))
    with CaptureQueriesContext(connection) as one:
        signed_in(story.officer).get(url("desk_inbox"))
    for key in "bc":
        say(story, story.checking(key), story.person(key))
    with CaptureQueriesContext(connection) as three:
        signed_in(story.officer).get(url("desk_inbox"))

    assert len(three) == len(one)


def test_the_other_side_gets_one_letter_until_it_has_read(story):
    dossier = story.checking()
    clerk = story.person("clerk")

    say(story, dossier, clerk, "Một.")
    say(story, dossier, clerk, "Hai.")
    assert [letter.to_user for letter in Letter.objects.filter(kind="message_waiting")] == [story.officer]
    talk.mark_read(dossier=dossier, by=story.officer, at=story.tick())
    say(story, dossier, clerk, "Ba.")
    say(story, dossier, story.officer, "Trả lời.")

    sent = Letter.objects.filter(kind="message_waiting").order_by("pk")
    assert [letter.to_user for letter in sent] == [story.officer, story.officer, clerk]
    assert len({letter.key for letter in sent}) == 3
    assert not sent.filter(text__contains="Trả lời.").exists(), "the words stay in the system"


def test_a_dossier_in_nobodys_hands_waits_in_the_inbox_without_a_letter(story):
    dossier = story.submitted()

    say(story, dossier, story.person("clerk"))

    assert not Letter.objects.filter(kind="message_waiting").exists()
    assert list(talk.waiting_for_department(story.officer)) == [dossier]


@pytest.mark.parametrize(
    ("text", "works"),
    [("", False), ("   \n ", False), ("x" * 4000, True), ("x" * 4001, False), ("\u202e\u200b", False)],
)
def test_a_message_has_words_and_at_most_4000_characters(story, text, works):
    dossier = story.checking()

    answer = signed_in(story.person("clerk")).post(url("messages", dossier), {"text": text})

    assert answer.status_code == (302 if works else 409)
    assert Message.objects.exists() == works


def test_markup_stays_text(story):
    dossier = story.checking()
    say(story, dossier, story.person("clerk"), '<script>alert(1)</script> <a href="x">y</a>')

    for page in (
        words(signed_in(story.officer).get(url("desk_messages", dossier))),
        words(signed_in(story.person("clerk")).get(url("messages", dossier))),
        words(signed_in(story.person("clerk")).get(url("follow", dossier))),
    ):
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_twenty_in_an_hour_are_enough_and_a_double_press_is_one(story):
    dossier = story.checking()
    clerk = story.person("clerk")
    at = story.tick()

    first = talk.write(dossier=dossier, text="Một.", by=clerk, at=at)
    assert talk.write(dossier=dossier, text="Một.", by=clerk, at=at + timedelta(seconds=2)) == first
    for n in range(19):
        talk.write(dossier=dossier, text=f"Tin {n}", by=clerk, at=at + timedelta(seconds=n))
    with pytest.raises(Refused):
        talk.write(dossier=dossier, text="Nữa", by=clerk, at=at + timedelta(minutes=5))
    talk.write(dossier=dossier, text="Nữa", by=clerk, at=at + timedelta(minutes=61))
    assert Message.objects.count() == 21


def test_strangers_find_nothing_and_write_nothing(story):
    dossier = story.checking()
    say(story, dossier, story.person("clerk"))
    stranger = story.enterprise("song-to").representatives.get().user
    member = story.person("member", Role.MEMBER)

    for who in (stranger, member, story.person("nobody")):
        for name in ("messages", "desk_messages"):
            assert signed_in(who).get(url(name, dossier)).status_code == 404
            assert signed_in(who).post(url(name, dossier), {"text": "x"}).status_code == 404
        with pytest.raises((Http404, Refused)):
            say(story, dossier, who)
    assert signed_in(story.secretary).post(url("desk_messages", dossier), {"text": "x"}).status_code == 404
    assert signed_in(story.officer).get(url("messages", dossier)).status_code == 404
    assert signed_in(story.person("clerk")).get(url("desk_messages", dossier)).status_code == 404
    assert Message.objects.count() == 1


def test_a_draft_has_nobody_to_write_to(story):
    draft = story.draft()
    client = signed_in(story.person("clerk"))

    assert "sau khi nộp hồ sơ" in words(client.get(url("messages", draft)))
    assert client.post(url("messages", draft), {"text": "x"}).status_code == 409
    assert not Message.objects.exists()


def test_staff_notes_are_not_messages(story):
    dossier = story.checking()
    StaffNote.objects.create(dossier=dossier, text="CHIM-HOANG-YEN", written_at=story.now, written_by=story.officer)

    assert talk.conversation(dossier, for_department=False) == []
    assert "CHIM-HOANG-YEN" not in words(signed_in(story.person("clerk")).get(url("messages", dossier)))
