"""Notes of the Department: kept, taken back by their author, and never in anything that the applicant can open."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from dossiers import actions
from dossiers.models import StaffNote
from tests.dossiers.desk import page, url

CANARY = "CHIM-HOANG-YEN-7719"


@pytest.fixture
def desk(story, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: story.now)

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def test_a_note_is_kept_with_its_author_and_time_and_taken_back_by_its_author_alone(desk, story):
    dossier = story.checking()
    client, colleague = desk(story.officer), desk(story.person("colleague", Role.OFFICER))

    client.post(url("check_notes", dossier.pk), {"text": "Gọi lại cho kế toán."})
    note = StaffNote.objects.get()
    text = page(colleague, url("check", dossier.pk))
    assert "Gọi lại cho kế toán." in text
    assert "Người officer" in text
    assert url("remove_note", dossier.pk, note.pk) not in text

    assert colleague.post(url("remove_note", dossier.pk, note.pk)).status_code == 409
    note.refresh_from_db()
    assert note.removed_at is None
    assert client.post(url("remove_note", dossier.pk, note.pk)).status_code == 302
    note.refresh_from_db()
    assert note.removed_at is not None
    assert "đã gỡ" in page(client, url("check", dossier.pk))


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_an_empty_or_endless_note_is_refused_in_words(desk, story, text):
    dossier = story.checking()

    response = desk(story.officer).post(url("check_notes", dossier.pk), {"text": text})

    assert response.status_code == 409
    assert "error-summary" in response.content.decode()
    assert not StaffNote.objects.exists()


def test_a_note_of_another_dossier_is_not_there(desk, story):
    one, other = story.checking("a"), story.checking("b")
    note = actions.write_note(dossier=other, text="x", by=story.officer, at=story.tick())

    assert desk(story.officer).post(url("remove_note", one.pk, note.pk)).status_code == 404


def test_what_a_note_says_is_printed_as_text(desk, story):
    dossier = story.checking()
    client = desk(story.officer)
    client.post(url("check_notes", dossier.pk), {"text": "<script>alert(1)</script>"})

    text = page(client, url("check", dossier.pk))

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def crawl(client, start):
    """Every page and file that links lead to from here, within the site."""
    seen, waiting = {}, list(start)
    while waiting and len(seen) < 150:
        address = waiting.pop().split("#")[0]
        if not address.startswith("/") or address in seen or address.startswith(("/static/", "/dang-xuat")):
            continue
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        seen[address] = body.decode(errors="replace")
        if response.get("Location"):
            waiting.append(response["Location"])
        if "html" in response.get("Content-Type", ""):
            waiting += [link.replace("&amp;", "&") for link in re.findall(r'(?:href|src)="(/[^"]+)"', seen[address])]
    return seen


def test_no_page_letter_or_file_of_the_applicant_holds_a_note(desk, story, mailoutbox):
    dossier = story.supplement()
    actions.write_note(dossier=dossier, text=CANARY, by=story.officer, at=story.tick())
    gone = actions.write_note(dossier=dossier, text=CANARY + "-2", by=story.officer, at=story.tick())
    actions.remove_note(note=gone, by=story.officer, at=story.tick())
    client = desk(story.person("clerk"))

    own = [f"/ho-so/{dossier.pk}/{part}" for part in ("", "theo-doi/", "bo-sung/", "da-nop/", "kiem-tra/", "giay-to/")]
    seen = crawl(client, ["/ho-so/", *own, "/tra-cuu/", "/api/v1/"])
    track = client.post("/tra-cuu/", {"number": dossier.number, "tax_code": dossier.enterprise.tax_code[-4:]})

    assert len(seen) > 15
    assert [address for address, text in seen.items() if CANARY in text] == []
    assert CANARY not in track.content.decode()
    assert CANARY in page(desk(story.officer), url("check", dossier.pk))  # the canary sings where it may
    assert [letter for letter in mailoutbox if CANARY in letter.body] == []
    from core.models import AuditEvent

    assert not AuditEvent.objects.filter(detail__icontains=CANARY).exists()
    assert not AuditEvent.objects.filter(object_name__icontains=CANARY).exists()
