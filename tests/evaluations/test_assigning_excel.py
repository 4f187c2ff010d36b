"""The matrix of the assignment as a workbook: out, looked at, in."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import Role
from core.uploads import XLSX
from core.xlsx.columns import Column
from core.xlsx.writing import Sheet, write
from evaluations import actions
from evaluations.models import Assignment, Seat


def at(name, *args, year=2026):
    return reverse(f"evaluations:{name}", args=[year, *args])


@pytest.fixture
def secretary(story, client):
    story.season()
    client.force_login(story.secretary)
    return client


def panel(story, seats: int = 4, dossiers: int = 3):
    found = [story.eligible(f"clerk-{n}") for n in range(dossiers)]
    story.seats(seats)
    story.declared()
    return found


def held() -> set[tuple[int, int, str]]:
    return set(Assignment.objects.values_list("seat_id", "dossier_id", "criterion__code"))


def tried(secretary, **settings):
    return secretary.post(at("assignment"), {"do": "try", "per_criterion": "2"} | settings)


# --- the workbook -------------------------------------------------------------------------------------
def sheets_of(content: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def upload(secretary, content: bytes, name: str = "phan-cong.xlsx"):
    file = SimpleUploadedFile(name, content, content_type=XLSX)
    return secretary.post(at("assignment_import"), {"file": file})


def workbook(rows: list[dict], seats: list[Seat], *, season: str = "2026", panel: str = "", kind: str = "assignment"):
    columns = [
        Column("number", "Số hồ sơ", "code", needed=True),
        *(Column(f"seat:{s.pk}", str(s), "code") for s in seats),
    ]
    return write(Sheet("Phân công", columns, rows), keys={"kind": kind, "season": season, "panel": panel})


def test_what_goes_out_comes_back_unchanged(secretary, story):
    first, *_others = panel(story)
    seats = story.seats()
    actions.assign(season=story.season(), per_criterion=2, by=story.secretary, at=story.tick())
    actions.set_assignment(seat=seats[0], dossier=first, codes=["1", "3"], by=story.secretary, at=story.tick())

    content = secretary.get(at("assignment_xlsx")).content
    answer = upload(secretary, content)

    assert answer.status_code == 200
    plan = answer.context["plan"]
    assert (plan.rows, plan.changes, plan.errors, plan.unread) == (3, [], [], [])
    assert "Không có gì để ghi" in answer.content.decode()
    texts = str(sheets_of(content))
    assert "1; 3" in texts


def test_the_workbook_shows_conflicts_and_the_hidden_sheet_holds_the_keys_only(secretary, story):
    first, *_others = panel(story)
    seat = story.seats()[1]
    statement = actions.Statement(first, True, "Vợ là cổ đông lớn")
    actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())

    sheets = sheets_of(secretary.get(at("assignment_xlsx")).content)

    assert "xung đột" in str(sheets)
    assert "cổ đông" not in str(sheets)
    assert {row[0] for row in sheets["_kip"]} >= {"kind", "season", "panel", "column:number"}


def test_a_workbook_is_looked_at_first_and_written_after_the_confirmation(secretary, story):
    first, second, _third = panel(story)
    one, two, *_rest = story.seats()
    rows = [
        {"number": first.number, f"seat:{one.pk}": "tất cả", f"seat:{two.pk}": "1; 2"},
        {"number": second.number, f"seat:{one.pk}": "x", f"seat:{two.pk}": ""},
    ]

    looked = upload(secretary, workbook(rows, [one, two]))
    assert not held()
    assert [(c.seat, c.dossier, c.before, c.after) for c in looked.context["plan"].changes] == [
        (one, first, (), ("1", "2", "3")),
        (two, first, (), ("1", "2")),
        (one, second, (), ("1", "2", "3")),
    ]
    answer = secretary.post(at("assignment_import"), {"plan": looked.context["token"]}, follow=True)

    assert "Đã thay đổi 3 ô" in answer.content.decode()
    assert len(held()) == 3 + 2 + 3


def test_cells_that_cannot_be_read_or_written_are_named_and_nothing_is_written(secretary, story):
    first, second, third = panel(story)
    one, two, *_rest = story.seats()
    statement = actions.Statement(first, True, "Cổ đông")
    actions.declare_interests(seat=two, statements=[statement], by=two.user, at=story.tick())
    rows = [
        {"number": first.number, f"seat:{one.pk}": "1; 99", f"seat:{two.pk}": "1"},
        {"number": second.number, f"seat:{one.pk}": "=1+1"},
        {"number": "KIP-2026-9999", f"seat:{one.pk}": "tất cả"},
        {"number": first.number, f"seat:{one.pk}": "1"},
        {"number": third.number, f"seat:{one.pk}": "???"},
    ]

    answer = upload(secretary, workbook(rows, [one, two]))

    words = [(e.row, e.words) for e in answer.context["plan"].errors]
    assert words == [
        (2, "Hồ sơ này không có tiêu chí 99."),
        (2, f"{two} không được chấm {first.number} vì có xung đột lợi ích."),
        (3, "Hồ sơ này không có tiêu chí =1+1."),
        (4, "Hội đồng không có hồ sơ “KIP-2026-9999”."),
        (5, "Dòng 2 của tệp này cũng về hồ sơ đó. Hãy giữ lại một dòng."),
        (6, "Hồ sơ này không có tiêu chí ???."),
    ]
    text = answer.content.decode()
    assert "Không ghi được gì từ tệp này" in text
    assert 'name="plan"' not in text
    # even with the token of this look in hand nothing refused is written
    secretary.post(at("assignment_import"), {"plan": answer.context["token"]})
    assert not held()


def test_a_number_that_excel_made_of_a_list_is_asked_back(secretary, story):
    first, *_others = panel(story)
    seat = story.seats()[0]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Phân công")
    sheet.write_row(0, 0, ["Số hồ sơ", str(seat)])
    sheet.write_string(1, 0, first.number)
    sheet.write_number(1, 1, 1.3)
    book.close()

    answer = upload(secretary, stream.getvalue())

    assert [e.words for e in answer.context["plan"].errors] == [
        "Excel đã đổi ô này thành số. Hãy ghi các tiêu chí dạng văn bản, cách nhau bằng dấu chấm phẩy."
    ]


def test_a_formula_is_not_evaluated(secretary, story):
    """Its stored value is what Excel left there; nothing of the formula itself runs here."""
    first, *_others = panel(story)
    seat = story.seats()[0]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Phân công")
    sheet.write_row(0, 0, ["Số hồ sơ", str(seat)])
    sheet.write_string(1, 0, first.number)
    sheet.write_formula(1, 1, '="1"&";2"', None, "")
    book.close()

    answer = upload(secretary, stream.getvalue())

    assert answer.status_code == 200
    assert not answer.context["plan"].changes


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"season": "2021"}, " 2021, không phải "),
        ({"kind": "products"}, "Tệp này không phải bảng phân công."),
    ],
)
def test_a_workbook_of_something_else_is_refused(secretary, story, facts, words):
    first, *_others = panel(story)

    answer = upload(secretary, workbook([{"number": first.number}], story.seats(), **facts))

    assert answer.status_code == 409
    assert words in answer.content.decode()


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04nothing"])
def test_a_file_that_is_no_workbook_is_refused_in_words(secretary, story, content):
    panel(story)

    assert upload(secretary, content).status_code == 409
    assert secretary.post(at("assignment_import"), {}).status_code == 409


def test_a_workbook_older_than_the_panel_says_so(secretary, story):
    first, *_others = panel(story)
    content = secretary.get(at("assignment_xlsx")).content
    seat = story.seats()[0]
    actions.set_assignment(seat=seat, dossier=first, codes=["1"], by=story.secretary, at=story.tick())

    answer = upload(secretary, content)

    assert answer.context["is_old"]
    assert [(c.before, c.after) for c in answer.context["plan"].changes] == [(("1",), ())]
    assert "Bảng phân công đã thay đổi từ khi tải tệp này" in answer.content.decode()


def test_a_confirmed_workbook_stops_when_the_panel_changed_after_the_look(secretary, story):
    first, second, _third = panel(story)
    one, two, *_rest = story.seats()
    looked = upload(secretary, workbook([{"number": first.number, f"seat:{one.pk}": "1"}], [one]))
    other = story.person("secretary-2", Role.SECRETARY)
    actions.set_assignment(seat=two, dossier=second, codes=["2"], by=other, at=story.tick())

    answer = secretary.post(at("assignment_import"), {"plan": looked.context["token"]})

    assert answer.status_code == 409
    assert held() == {(two.pk, second.pk, "2")}
