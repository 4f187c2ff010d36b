"""The page of the figures: Excel down and up, questions, what is drawn."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from core.uploads import XLSX
from core.xlsx.reading import open_upload
from dossiers import figures_sheet
from dossiers.models import Dossier
from programme.models import Season
from tests.dossiers.applicant import pdf, url, words


@pytest.fixture
def draft(story, client) -> Dossier:
    dossier = story.draft()
    client.force_login(story.person("clerk"))
    return dossier


def upload(content: bytes, name: str = "so-lieu.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=XLSX)


def sheet(dossier: Dossier, **figures) -> bytes:
    """A filled-in template: `figures` maps measure_year to a value."""
    by_year: dict[int, dict[str, object]] = {}
    for name, value in figures.items():
        measure, _, year = name.rpartition("_")
        by_year.setdefault(int(year), {})[measure] = value
    return figures_sheet.build(
        dossier_pk=dossier.pk,
        season_year=dossier.season.year,
        years=(2023, 2024, 2025),
        figures=by_year,
        product=dossier.product.name_vi,
        enterprise=dossier.enterprise.name_vi,
    )


def revenue(dossier: Dossier, year: int = 2025) -> Decimal | None:
    return dossier.figures.get(year=year).revenue_vnd_billion


# --- Excel --------------------------------------------------------------------------------------------
def test_the_template_comes_down_with_what_is_known_and_goes_up_unchanged(draft, client):
    client.post(url("figures", draft), {"revenue_vnd_billion_2025": "150,5"})

    answer = client.get(url("figures_sheet", draft))
    again = client.post(url("figures_sheet_up", draft), {"file": upload(answer.content)}, follow=True)

    assert answer["Content-Type"] == XLSX
    assert "attachment" in answer["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert 150.5 in cells
    assert "Đã lấy 0 số liệu từ Excel." in words(again)
    assert revenue(draft) == Decimal("150.5")


def test_a_filled_in_template_fills_the_grid(draft, client):
    content = sheet(draft, revenue_vnd_billion_2024=120, revenue_vnd_billion_2025=150.25, workers_2025=80)

    page = client.post(url("figures_sheet_up", draft), {"file": upload(content)}, follow=True)

    assert "Đã lấy 3 số liệu từ Excel." in words(page)
    assert (revenue(draft, 2024), revenue(draft)) == (Decimal(120), Decimal("150.25"))
    assert draft.figures.get(year=2025).workers == 80


def test_one_wrong_cell_and_nothing_is_taken_over(draft, client):
    client.post(url("figures", draft), {"revenue_vnd_billion_2025": "99"})
    content = sheet(draft, revenue_vnd_billion_2025="chưa rõ", revenue_vnd_billion_2024=120)

    page = words(client.post(url("figures_sheet_up", draft), {"file": upload(content)}))

    assert "Dòng 6, cột 2025" in page
    assert "chưa rõ" in page
    assert (revenue(draft, 2024), revenue(draft)) == (None, Decimal(99))


def test_the_wrong_cells_come_back_marked(draft, client):
    content = sheet(draft, revenue_vnd_billion_2025="chưa rõ")

    answer = client.post(url("figures_sheet_up", draft), {"file": upload(content), "copy": "1"})

    assert answer["Content-Type"] == XLSX
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert "chưa rõ" in [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert len(book.sheet_names) > 1


def test_the_take_over_can_be_undone_until_somebody_changes_a_cell(draft, client):
    client.post(url("figures", draft), {"revenue_vnd_billion_2025": "99"})
    content = sheet(draft, revenue_vnd_billion_2025=150)

    client.post(url("figures_sheet_up", draft), {"file": upload(content)})
    page = client.post(url("figures_undo", draft), follow=True)

    assert "Đã trả số liệu về như trước." in words(page)
    assert revenue(draft) == Decimal(99)

    client.post(url("figures_sheet_up", draft), {"file": upload(content)})
    client.post(url("figures", draft), {"revenue_vnd_billion_2025": "151"})
    refused = client.post(url("figures_undo", draft))

    assert refused.status_code == 409
    assert "Đã có số liệu được sửa sau đó" in words(refused)
    assert revenue(draft) == Decimal(151)


def test_there_is_nothing_to_undo_without_a_take_over(draft, client):
    assert "Không có gì để hoàn tác." in words(client.post(url("figures_undo", draft)))


def test_the_template_of_another_dossier_is_refused(draft, story, client):
    other = story.draft("other")

    page = words(client.post(url("figures_sheet_up", draft), {"file": upload(sheet(other, workers_2025=5))}))

    assert "hồ sơ khác" in page
    assert draft.figures.get(year=2025).workers is None


def test_a_table_of_ones_own_is_read_by_its_headings(draft, client):
    stream = BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Chỉ tiêu", 2023, 2024, 2025])
        page.write_row(1, 0, ["Doanh thu của sản phẩm", 100, 110, 121])

    told = words(client.post(url("figures_sheet_up", draft), {"file": upload(stream.getvalue())}, follow=True))

    assert "Đã lấy 3 số liệu từ Excel." in told
    assert revenue(draft) == Decimal(121)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.xlsx", b"", "không có nội dung"),
        ("a.xlsx", b"not a workbook", "XLSX"),
        ("a.pdf", pdf(), ".xlsx"),
    ],
)
def test_another_file_is_refused_in_words(draft, client, name, content, expected):
    answer = client.post(url("figures_sheet_up", draft), {"file": upload(content, name)})

    assert answer.status_code == 200
    assert expected in words(answer)


def test_without_a_file_the_page_asks_for_one(draft, client):
    assert "Hãy chọn tệp" in words(client.post(url("figures_sheet_up", draft)))


# --- questions ----------------------------------------------------------------------------------------
@pytest.fixture
def jump(draft, client) -> Dossier:
    client.post(url("figures", draft), {"revenue_vnd_billion_2024": "15", "revenue_vnd_billion_2025": "1500"})
    return draft


def test_an_unusual_value_asks_and_is_kept(jump, client):
    page = words(client.get(url("figures", jump)))

    assert "Đơn vị tính của cả hai năm đã đúng chưa?" in page
    assert "Đúng, số này chính xác" in page
    assert revenue(jump) == Decimal(1500)


def test_a_confirmed_question_names_who_confirmed_and_comes_back_when_the_value_changes(jump, client):
    key = client.get(url("figures", jump)).context["questions"][0].key

    page = words(client.post(url("figures_confirm", jump), {"key": key}, follow=True))

    assert "Người clerk đã xác nhận số này." in page
    assert "Đúng, số này chính xác" not in page
    jump.refresh_from_db()
    assert [known["key"] for known in jump.confirmed_figures] == [key]

    client.post(url("figures", jump), {"revenue_vnd_billion_2024": "15", "revenue_vnd_billion_2025": "1600"})

    assert "Đúng, số này chính xác" in words(client.get(url("figures", jump)))


def test_a_question_that_no_longer_stands_cannot_be_confirmed(jump, client):
    answer = client.post(url("figures_confirm", jump), {"key": "made:up:2025:"})

    assert answer.status_code == 409
    jump.refresh_from_db()
    assert jump.confirmed_figures == []


def test_the_part_below_the_grid_is_drawn_anew_by_itself(jump, client):
    page = client.get(url("figures_view", jump))

    assert "<html" not in page.content.decode()
    assert "Đơn vị tính của cả hai năm đã đúng chưa?" in words(page)


def test_the_export_share_is_printed_at_the_rate_of_the_season(draft, client):
    Season.objects.update(usd_rate_vnd=25_000)

    client.post(url("figures", draft), {"revenue_vnd_billion_2025": "200", "export_usd_million_2025": "2"})
    page = words(client.get(url("figures", draft)))

    assert "25,0 %" in page
    assert "theo 25.000 đồng một USD" in page


def test_without_a_rate_no_share_is_claimed(draft, client):
    assert "Tỷ lệ xuất khẩu" not in words(client.get(url("figures", draft)))


# --- whose figures ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["figures_sheet_up", "figures_undo", "figures_confirm"])
def test_a_stranger_changes_nothing(draft, story, client, name):
    story.enterprise("stranger")
    client.force_login(story.person("stranger"))
    before = list(draft.figures.values_list())

    answer = client.post(url(name, draft), {"file": upload(sheet(draft, workers_2025=5)), "key": "x"})

    assert answer.status_code == 404
    assert list(draft.figures.values_list()) == before


def test_after_sending_the_template_goes_neither_up_nor_down(story, client):
    dossier = story.submitted()
    client.force_login(story.person("clerk"))

    assert client.get(url("figures_sheet", dossier)).status_code == 302
    assert client.post(url("figures_sheet_up", dossier), {"file": upload(b"x")}).status_code == 409


def test_the_workbook_passes_the_checks_of_every_upload(draft):
    assert open_upload(upload(sheet(draft, workers_2025=5)))
