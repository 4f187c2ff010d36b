"""Form 07, the book of the season, and the list of late checks."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from dossiers import actions as dossiers
from onestop import queries
from onestop.actions import make_form
from onestop.kinds import BOOK
from programme.models import Season
from reference.queries import holidays

pytestmark = pytest.mark.django_db
HEADINGS = [
    "STT", "Mã hồ sơ", "Tên thủ tục hành chính", "Số lượng hồ sơ (bộ)", "Tên tổ chức, cá nhân",
    "Địa chỉ, số điện thoại", "Cơ quan chủ trì giải quyết", "Ngày nhận hồ sơ", "Ngày hẹn trả kết quả",
    "Ngày trả kết quả", "Phương thức nhận", "Ký nhận", "Ghi chú",
]  # fmt: skip


def file(client, face, **query):
    return client.get(reverse("onestop:book_file", args=[face]), query)


def rows_of(response):
    """The heading and the rows below it."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
    return [row for row in sheet.to_python(skip_empty_area=False) if str(row[0]).strip()][1:]


def test_the_workbook_has_the_columns_of_the_form_typed(story, client):
    first, second = story.submitted("clerk-1"), story.eligible("clerk-2")
    client.force_login(story.officer)

    rows = rows_of(file(client, "xlsx", season="2026"))

    assert list(rows[0]) == HEADINGS
    assert [row[1] for row in rows[1:]] == [first.number, second.number]
    assert rows[1][7] == timezone.localdate(first.submitted_at)
    assert rows[1][8] == queries.book_rows([first], holidays())[0]["ngày hẹn trả"]
    assert rows[1][9] == ""
    assert rows[2][9] != ""
    assert rows[1][11] == ""


def test_a_name_that_looks_like_a_formula_stays_text(story, client):
    dossier = story.submitted()
    type(dossier.enterprise).objects.update(name_vi="=HYPERLINK(1)")
    client.force_login(story.officer)

    content = file(client, "xlsx", season="2026").content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = "".join(package.read(n).decode() for n in package.namelist() if n.startswith("xl/worksheets/"))

    assert rows_of(file(client, "xlsx", season="2026"))[1][4] == "=HYPERLINK(1)"
    assert "<f>" not in sheets


@pytest.mark.pdf
@pytest.mark.parametrize("face", ["pdf", "docx"])
def test_the_book_is_a_paper_too(story, client, face):
    dossier = story.submitted()
    client.force_login(story.secretary)

    response = file(client, face, season="2026")

    assert response.status_code == 200
    if face == "docx":
        cells = [cell.text for cell in Document(io.BytesIO(response.content)).tables[1].rows[1].cells]
        assert cells[1] == dossier.number
        assert len(cells) == len(HEADINGS)
    else:
        assert response.content.startswith(b"%PDF")


def test_the_dates_narrow_the_book(story, client):
    early = story.submitted("clerk-1")
    story.tick(days=3)
    late = story.submitted("clerk-2")
    day = timezone.localdate(late.submitted_at)
    client.force_login(story.officer)

    page = client.get("/lam-viec/so-theo-doi/", {"season": "2026", "first": f"{day:%d/%m/%Y}"}).content.decode()
    assert late.number in page
    assert early.number not in page
    until = client.get("/lam-viec/so-theo-doi/", {"season": "2026", "last": f"{day - timedelta(1):%d/%m/%Y}"})
    assert early.number in until.content.decode()
    assert late.number not in until.content.decode()
    assert len(rows_of(file(client, "xlsx", season="2026", first=f"{day:%d/%m/%Y}"))) == 2


@pytest.mark.parametrize(
    "query",
    [{"season": "1999"}, {"first": "31/02/2026"}, {"first": "05/03/2026", "last": "01/03/2026"}, {"season": "x"}],
)
def test_a_question_that_makes_no_sense_is_answered_in_words(story, client, query):
    story.submitted()
    client.force_login(story.officer)

    page = client.get("/lam-viec/so-theo-doi/", query)
    assert page.status_code == 409
    assert "error-summary" in page.content.decode()
    assert file(client, "xlsx", **query).status_code == 404


def test_an_empty_book_says_so_and_has_its_heading(story, client):
    story.season()
    client.force_login(story.officer)

    assert "Không có hồ sơ nhận trong những ngày này" in client.get("/lam-viec/so-theo-doi/").content.decode()
    values = queries.book_values(story.season(), [], None, None, by=story.officer, at=story.tick())
    assert (values["số hồ sơ"], values["hồ sơ"]) == ("0", [])
    assert BOOK.lists[0].required is False


def test_drafts_and_the_own_enterprise_stay_out_of_the_book(story, client):
    from enterprises.actions import add_representative

    story.draft("clerk-1")
    own, other = story.submitted("clerk-2"), story.submitted("clerk-3")
    add_representative(enterprise=own.enterprise, user=story.officer, position="", by=story.officer, at=story.tick())

    assert [d.pk for d in queries.book(story.season(), None, None, for_user=story.officer)] == [other.pk]


def test_late_checks_are_listed_until_an_apology_was_made(story, client, monkeypatch):
    dossier = story.checking()
    story.submitted("clerk-2")
    today = timezone.localdate(story.now)
    assert queries.overdue(story.season(), today, for_user=story.officer) == []

    rows = queries.overdue(story.season(), today + timedelta(days=60), for_user=story.officer)
    assert len(rows) == 2
    assert rows[0]["dossier"].pk == dossier.pk
    assert rows[0]["days"] > 20
    assert rows[0]["made"] is None


@pytest.mark.pdf
def test_the_list_of_apologies_leads_to_the_form_and_to_what_was_made(story, client):
    dossier = story.checking()
    client.force_login(story.officer)
    page = client.get("/lam-viec/xin-loi/").content.decode()
    assert reverse("onestop:form", args=[dossier.pk, "04"]) in page

    made = make_form(
        form="04",
        dossier=dossier,
        typed={"ngày hẹn lại": "ngày 02 tháng 12 năm 2026", "lý do chậm": "Chờ giám định."},
        by=story.officer,
        at=story.tick(),
    )
    assert reverse("onestop:made", args=[made.pk]) in client.get("/lam-viec/xin-loi/").content.decode()
    dossiers.admit(dossier=dossier, by=story.officer, at=story.tick())
    assert "Không có hồ sơ quá hạn" in client.get("/lam-viec/xin-loi/").content.decode()


@pytest.mark.parametrize("name", ["book", "apologies"])
def test_the_lists_ask_the_same_number_of_queries_for_one_and_three_rows(story, client, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(story.officer)
    address = reverse(f"onestop:{name}")
    story.submitted("clerk-1")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    story.submitted("clerk-2")
    story.submitted("clerk-3")
    with CaptureQueriesContext(connection) as three:
        page = client.get(address).content.decode()

    assert page.count('class="code"><a') == 3
    assert len(three) == len(one)
    assert Season.objects.count() == 1
