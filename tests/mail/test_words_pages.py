"""Staff change what letters say; faults are refused in words; every version is kept."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from mail.actions import change_words, post, restore_words
from mail.models import LetterText
from mail.views.common import LOCKED
from tests.mail.conftest import NOW

NEW = {"subject": "Tin về {dossier}", "body": "Kính báo: {words}\n\n[Xem](link)", "seen_version": "0"}


@pytest.fixture
def desk(officer):
    client = Client()
    client.force_login(officer)
    return client


def editor(kind="test_note", language="vi", name="text"):
    return reverse(f"mail:{name}", args=[kind, language])


def test_new_words_are_used_from_now_on_and_only_in_their_language(desk, person, values):
    before = post(kind="test_note", to=person, context=values, key="a", at=NOW)
    assert desk.post(editor(), NEW).status_code == 302

    after = post(kind="test_note", to=person, context=values, key="b", at=NOW)
    person.language = "en"
    english = post(kind="test_note", to=person, context=values, key="c", at=NOW)
    before.refresh_from_db()
    assert before.subject == "Hồ sơ H26.12-261005-0007: có việc"
    assert after.subject == "Tin về H26.12-261005-0007"
    assert "Kính báo: Thiếu giấy." in after.text
    assert english.subject == "Dossier H26.12-261005-0007: news"
    event = AuditEvent.objects.get(act="letter_text.changed")
    assert event.detail == {"kind": "test_note", "language": "vi", "version": 1}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"subject": "Về {nothing}"}, "Thư này không có trường {nothing}. Hãy chọn trong danh sách."),
        ({"body": "{dossier"}, "Thiếu hoặc thừa dấu ngoặc nhọn: “{dossier”"),
        ({"body": "{dossier.number}"}, "Thiếu hoặc thừa dấu ngoặc nhọn: “{dossier.number}”"),
        ({"body": "[Bấm](https://evil.example/)"}, "Nút “[Bấm](https://evil.example/)” chưa đúng"),
        ({"body": "[Bấm](lonk)"}, "Thư này không có trường {lonk}"),
        ({"body": "[Bấm](words)"}, "Trường {words} không phải là địa chỉ trang"),
    ],
)
def test_words_with_a_fault_are_refused_in_a_sentence(desk, words, sentence):
    response = desk.post(editor(), NEW | words)

    assert response.status_code == 409
    from html import unescape

    assert sentence in unescape(response.content.decode())
    assert next(iter(words.values())) in unescape(response.content.decode())  # what was typed is still there
    assert not LetterText.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        {"subject": ""},
        {"body": " \n "},
        {"subject": "x" * 201},
        {"body": "x" * 8001},
        {"seen_version": "x"},
        {"seen_version": "-1"},
        {"seen_version": "²"},
        {"seen_version": ""},
    ],
)
def test_incomplete_forms_are_refused(desk, words):
    assert desk.post(editor(), NEW | words).status_code == 409
    assert not LetterText.objects.exists()


def test_two_editors_do_not_overwrite_each_other(desk):
    assert desk.post(editor(), NEW).status_code == 302

    response = desk.post(editor(), NEW | {"subject": "Của người khác"})

    assert response.status_code == 409
    assert "Người khác vừa sửa lời thư này" in response.content.decode()
    assert LetterText.objects.get().subject == "Tin về {dossier}"


def test_back_to_the_standard_words_with_the_history_kept(desk, person, values):
    desk.post(editor(), NEW)
    assert "Trở về lời chuẩn" in desk.get(editor()).content.decode()
    assert desk.post(editor(name="text_restore"), {"seen_version": "0"}).status_code == 409
    assert desk.post(editor(name="text_restore")).status_code == 409

    assert desk.post(editor(name="text_restore"), {"seen_version": "1"}).status_code == 302

    assert [(t.version, t.is_standard) for t in LetterText.objects.all()] == [(2, True), (1, False)]
    letter = post(kind="test_note", to=person, context=values, key="a", at=NOW)
    assert letter.subject == "Hồ sơ H26.12-261005-0007: có việc"
    page = desk.get(editor()).content.decode()
    assert "Tin về {dossier}" in page
    assert "trở về lời chuẩn" in page


def test_kept_words_whose_field_the_code_dropped_give_way_to_the_standard_ones(officer, person, values):
    LetterText.objects.create(
        kind="test_note", language="vi", version=1, subject="{gone}", body="x", changed_by_name="x", changed_at=NOW
    )

    letter = post(kind="test_note", to=person, context=values, key="a", at=NOW)

    assert letter.subject == "Hồ sơ H26.12-261005-0007: có việc"


def test_both_faces_are_previewed_with_example_values(desk):
    page = desk.get(editor())
    assert "Hồ sơ H26.12-261005-0007 có lời nhắn:" in page.context["shown"].text
    assert f'src="{editor(name="text_preview")}"' in page.content.decode()

    kept = desk.get(editor(name="text_preview"))
    typed = desk.post(editor(name="text_preview"), {"subject": "S", "body": "Chữ mới <b>{words}</b>"})
    broken = desk.post(editor(name="text_preview"), {"subject": "S", "body": "{wrong}"})

    assert "Thiếu báo cáo tài chính." in kept.content.decode()
    assert "Chữ mới &lt;b&gt;Thiếu báo cáo tài chính.&lt;/b&gt;" in typed.content.decode()
    assert "Thư này không có trường {wrong}" in broken.content.decode()
    for response in (kept, typed, broken):
        assert response["Content-Security-Policy"] == LOCKED
    assert not LetterText.objects.exists()


def test_unknown_kinds_and_languages_are_not_found(desk):
    assert desk.get(editor("nothing")).status_code == 404
    assert desk.get(editor(language="fr")).status_code == 404
    assert desk.post(editor("nothing", name="text_preview")).status_code == 404


def test_the_list_of_words_asks_the_same_number_of_questions(desk, officer):
    def count():
        with CaptureQueriesContext(connection) as found:
            assert desk.get("/lam-viec/thu/mau/").status_code == 200
        return len(found)

    def change(kind):
        change_words(kind=kind, language="vi", subject="S", body="B", seen_version=0, by=officer, at=NOW)

    change("test_note")
    count()
    one = count()
    change("test_reminder")
    change("test_decision")

    assert count() == one


def test_only_staff_change_words(person, secretary):
    client = Client()
    client.force_login(person)
    assert client.get("/lam-viec/thu/mau/").status_code == 404
    assert client.post(editor(), NEW).status_code == 404
    assert client.post(editor(name="text_restore"), {"seen_version": "0"}).status_code == 404
    assert not LetterText.objects.exists()
    restore_words(kind="test_note", language="en", seen_version=0, by=secretary, at=NOW)
    assert LetterText.objects.get().is_standard
