"""Staff read what was sent and decide what waits; letters of the council are the secretary's."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent, Job
from mail import queries
from mail.actions import post
from mail.models import Letter
from mail.views.common import LOCKED
from tests.mail.conftest import NOW


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def write(person, values):
    def one(key, kind="test_note", **more):
        return post(kind=kind, to=person, context=values | more, key=key, at=NOW, about=person)

    return one


def test_the_outbox_lists_letters_by_state_and_finds_words(write, officer):
    write("a")
    write("b", kind="test_decision")
    sent = write("c", dossier="H26.12-261005-0099")
    Letter.objects.filter(pk=sent.pk).update(state="sent", sent_at=NOW)
    client = signed_in(officer)

    def keys(query):
        return [row["letter"].key for row in client.get(f"/lam-viec/thu/{query}").context["rows"]]

    assert keys("") == ["c", "b", "a"]
    assert keys("?list=held") == ["b"]
    assert keys("?list=waiting") == ["a"]
    assert keys("?list=sent") == ["c"]
    assert keys("?list=trouble") == []
    assert keys("?q=0099") == ["c"]
    assert keys("?q=ha@example.vn+0007") == ["b", "a"]
    assert keys("?list=nothing&q=%00") == ["c", "b", "a"]
    assert keys("?page=999&q=x'%22--") == []


def test_the_outbox_asks_the_same_number_of_questions_for_one_and_three(write, officer):
    client = signed_in(officer)

    def count():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/lam-viec/thu/").status_code == 200
        return len(found)

    write("a")
    client.get("/lam-viec/thu/")
    one = count()
    write("b")
    write("c")

    assert count() == one


def test_a_letter_asks_the_same_number_of_questions_for_one_and_three_attempts(write, officer):
    letter, client = write("a"), signed_in(officer)

    def count():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("mail:letter", args=[letter.pk]))
        return len(found)

    letter.attempts.create(number=1, round=1, started_at=NOW)
    count()
    one = count()
    for number in (2, 3):
        letter.attempts.create(number=number, round=1, started_at=NOW, outcome="refused", answer="451 later")

    assert count() == one


def test_letters_of_the_council_are_seen_by_the_secretary_alone(write, officer, secretary):
    secret = write("a", kind="test_council")
    for who, status, rows in ((officer, 404, 0), (secretary, 200, 1)):
        client = signed_in(who)
        assert client.get(reverse("mail:letter", args=[secret.pk])).status_code == status
        assert client.get(reverse("mail:letter_html", args=[secret.pk])).status_code == status
        assert client.get(reverse("mail:text", args=["test_council", "vi"])).status_code == status
        assert len(client.get("/lam-viec/thu/").context["rows"]) == rows
        assert client.get("/lam-viec/thu/").context["total"] == rows
        assert (b"test_council" in client.get("/lam-viec/thu/mau/").content) == bool(rows)
        assert len(queries.letters_about(secret.to_user, who)) == rows
    client = signed_in(officer)
    for name in ("send_now", "send_again", "count_as_sent", "cancel"):
        assert client.post(reverse(f"mail:{name}", args=[secret.pk]), {"reason": "x"}).status_code == 404
    secret.refresh_from_db()
    assert secret.state == Letter.State.WAITING


def test_the_html_of_a_letter_can_do_nothing(write, officer):
    letter = write("a", words="<script>alert(1)</script>")

    response = signed_in(officer).get(reverse("mail:letter_html", args=[letter.pk]))

    assert response["Content-Security-Policy"] == LOCKED
    assert "sandbox" in LOCKED
    assert "default-src 'none'" in LOCKED
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert b"&lt;script&gt;" in response.content
    assert b"<script" not in response.content


def test_a_held_letter_is_sent_by_a_person(write, officer):
    letter, client = write("a", kind="test_decision"), signed_in(officer)
    page = client.get(reverse("mail:letter", args=[letter.pk]))
    assert "Gửi ngay" in page.content.decode()

    response = client.post(reverse("mail:send_now", args=[letter.pk]))

    assert response.status_code == 302
    letter.refresh_from_db()
    assert letter.state == Letter.State.WAITING
    assert Job.objects.filter(kind="mail.send", key=str(letter.pk)).exists()
    assert AuditEvent.objects.get(act="letter.released").actor_id == officer.pk
    again = client.post(reverse("mail:send_now", args=[letter.pk]))
    assert again.status_code == 409
    assert "Thư này nay ở trạng thái “chờ gửi”" in again.content.decode()


def test_cancelling_needs_a_reason(write, officer):
    letter, client = write("a", kind="test_decision"), signed_in(officer)
    address = reverse("mail:cancel", args=[letter.pk])

    for reason in ("", "   ", "x" * 501):
        assert client.post(address, {"reason": reason}).status_code == 409
    letter.refresh_from_db()
    assert letter.state == Letter.State.HELD
    assert client.post(address, {"reason": "Quyết định sai số"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.cancel_reason) == (Letter.State.CANCELLED, "Quyết định sai số")


def test_an_unsure_letter_asks_before_it_is_repeated(write, officer):
    letter, client = write("a"), signed_in(officer)
    Letter.objects.update(state="unsure")
    words = client.get(reverse("mail:letter", args=[letter.pk])).content.decode()
    assert "Chưa rõ thư này đã đi hay chưa" in words

    client.post(reverse("mail:send_again", args=[letter.pk]))

    letter.refresh_from_db()
    assert (letter.state, letter.round) == (Letter.State.WAITING, 2)
    assert Job.objects.filter(key=f"{letter.pk}/2").exists()


def test_the_desk_never_shows_the_key_of_a_link(person, officer):
    token = "d2k3j4h5-0123456789abcdef0123456789abcdef"
    link = f"https://kip.example.gov.vn/dat-lai/{token}/"
    letter = post(kind="account_password_reset", to=person, context={"link": link}, key="k", at=NOW)
    client = signed_in(officer)

    for name in ("letter", "letter_html"):
        content = client.get(reverse(f"mail:{name}", args=[letter.pk])).content.decode()
        assert token not in content
        assert "•••1•••" in content


def test_a_door_stands_in_the_rail_with_the_number_that_waits(write, officer, person):
    write("a", kind="test_decision")
    write("b", kind="test_council")
    Letter.objects.filter(key="b").update(state="held")

    page = signed_in(officer).get("/lam-viec/thu/").content.decode()

    assert 'aria-current="page">Hộp thư đi<span>1</span>' in page
    assert signed_in(person).get("/lam-viec/thu/").status_code == 404


def test_a_page_of_another_room_shows_what_was_written(write, officer):
    from django.template.loader import render_to_string

    letter = write("a")

    found = queries.letters_about(letter.to_user, officer)
    words = render_to_string("mail/_letters_about.html", {"letters": found})
    assert reverse("mail:letter", args=[letter.pk]) in words
    assert "Chưa có thư nào." in render_to_string("mail/_letters_about.html", {"letters": []})


def test_a_letter_of_a_kind_that_no_longer_exists_still_opens(write, officer):
    letter = write("a")
    Letter.objects.update(kind="gone")

    assert "gone" in signed_in(officer).get(reverse("mail:letter", args=[letter.pk])).content.decode()
