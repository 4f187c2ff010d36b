"""Staff change the words of a form without code; what would break a paper is refused with its line."""

import pytest
from django.db import IntegrityError, transaction

from onestop import actions, queries
from onestop.kinds import BY_CODE
from onestop.models import FormText

pytestmark = pytest.mark.django_db
ADDRESS = "/lam-viec/mau-giay-to/01/"


@pytest.fixture
def officer(story, client):
    client.force_login(story.officer)
    return story.officer


def keep(client, body, seen=0, **more):
    return client.post(ADDRESS, {"body": body, "seen_version": seen, "dossier": ""} | more)


def test_a_changed_text_is_a_version_and_the_standard_comes_back(client, officer, story):
    assert queries.text_of(BY_CODE["01"]).version == 0
    assert keep(client, "# Giấy mới\nHồ sơ {mã hồ sơ}").status_code == 302
    assert keep(client, "# Giấy mới hơn\nHồ sơ {mã hồ sơ}", seen=1).status_code == 302
    text = queries.text_of(BY_CODE["01"])
    assert (text.version, text.body) == (2, "# Giấy mới hơn\nHồ sơ {mã hồ sơ}")

    assert client.post(f"{ADDRESS}mau-goc/", {"seen_version": 2}).status_code == 302
    text = queries.text_of(BY_CODE["01"])
    assert (text.version, text.body) == (3, BY_CODE["01"].standard())
    page = client.get(ADDRESS).content.decode()
    assert "Giấy mới hơn" in page
    assert page.count(officer.full_name) >= 3


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("# A\n{không có trường}", "Mẫu này không có trường {không có trường}."),
        ("# A\n{#mỗi bước}\nx\n{/mỗi}", "Mẫu này không có danh sách “bước”."),
        ("# A\n{tên giấy tờ}", "Mẫu này không có trường {tên giấy tờ}."),
        ("# A\n\nba {", "Dòng 3: Có dấu ngoặc nhọn đứng lẻ: “ba {”."),
        ("# A\n{{ dossier.enterprise }}", "Dòng 2:"),
        ("# A\n[trái]\nx", "Dòng 2: Phần hai cột bắt đầu ở đây chưa kết thúc."),
        ("# A\n| a | b |\n| c |", "Các dòng của một bảng phải có số ô bằng nhau."),
        ("# A\n**đậm", "Dòng 2: Dấu sao mở mà không đóng"),
        ("   ", "Hãy viết nội dung của mẫu."),
        ("a" * 20_001, "20"),
    ],
)
def test_a_text_that_would_break_a_paper_is_refused_and_stays_in_the_page(client, officer, body, sentence):
    response = keep(client, body)

    assert response.status_code == 409
    page = response.content.decode()
    assert sentence in page.replace("&#x27;", "'")
    assert not FormText.objects.exists()
    if body.strip() and len(body) < 1000:
        assert body.strip().splitlines()[-1] in page


def test_two_editors_do_not_overwrite_each_other(client, officer, story):
    keep(client, "# Của tôi")
    response = keep(client, "# Của người khác", seen=0)

    assert response.status_code == 409
    assert f"{officer.full_name} vừa sửa mẫu này." in response.content.decode()
    assert FormText.objects.get().body == "# Của tôi"
    assert client.post(f"{ADDRESS}mau-goc/", {"seen_version": 0}).status_code == 409


@pytest.mark.pdf
@pytest.mark.parametrize("face", ["pdf", "docx"])
def test_what_is_typed_is_shown_as_a_file_and_not_kept(client, officer, face):
    response = keep(client, "# Chỉ xem\n{tên tổ chức}", show=face)

    assert response.status_code == 200
    assert response.content.startswith(b"%PDF" if face == "pdf" else b"PK")
    assert not FormText.objects.exists()


def test_the_preview_shows_invented_values_or_a_real_dossier(client, officer, story):
    dossier = story.submitted()
    body = "# Xem\nCủa {tên tổ chức}"

    assert "Của Công ty Cổ phần Ví dụ" in keep(client, body, show="page").content.decode()
    shown = keep(client, body, show="page", dossier=dossier.number).content.decode()
    assert f"Của {dossier.enterprise.name_vi}" in shown
    missing = keep(client, body, show="page", dossier="H26.12-000000-0000")
    assert missing.status_code == 409
    assert "Không có hồ sơ mang mã này" in missing.content.decode()
    assert not FormText.objects.exists()


def test_markup_and_scripts_in_a_text_reach_the_page_as_letters(client, officer):
    page = keep(client, "# <script>alert(1)</script>\n<b>{mã hồ sơ}</b>", show="page").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_required_field_that_left_the_text_is_pointed_out(client, officer):
    page = keep(client, "# A\n{mã hồ sơ}", show="page").content.decode()

    assert "Những trường này cần có trên mẫu mà nội dung chưa dùng:" in page
    assert "{ngày hẹn trả}" in page


def test_every_form_has_its_editor_and_the_list_names_all_seven(client, officer):
    listed = client.get("/lam-viec/mau-giay-to/").content.decode()
    for kind in BY_CODE.values():
        assert kind.title_vi in listed
        assert client.get(f"/lam-viec/mau-giay-to/{kind.code}/").status_code == 200
    assert client.get("/lam-viec/mau-giay-to/08/").status_code == 404


@pytest.mark.parametrize("who", ["clerk", "member-1", "it"])
def test_others_neither_read_nor_change_a_text(client, story, who):
    roles = {"member-1": "member", "it": "it_officer"}
    user = story.person(who, roles.get(who))
    client.force_login(user)

    assert client.get(ADDRESS).status_code == 404
    assert keep(client, "# A").status_code == 404
    assert client.post(f"{ADDRESS}mau-goc/", {"seen_version": 0}).status_code == 404
    assert not FormText.objects.exists()


def test_a_version_without_words_cannot_be_written(story):
    with pytest.raises(IntegrityError), transaction.atomic():
        FormText.objects.create(form="01", version=1, body="", changed_by_name="x", changed_at=story.now)


def test_the_change_stands_in_the_log(story):
    from core.models import AuditEvent

    actions.change_text(form="02", body="# A", seen_version=0, by=story.officer, at=story.tick())

    event = AuditEvent.objects.get(act="form_text.changed")
    assert (event.object_name, event.detail) == ("02 (1)", {"version": 1, "standard": False})
