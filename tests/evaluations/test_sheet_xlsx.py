"""Scoring in Excel: out, filled in, differences, refused in words, written whole or not at all."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from core.canonical import digest
from core.models import AuditEvent, StoredFile
from core.uploads import XLSX
from core.xlsx.reading import pages
from evaluations import actions, queries, sheet_book
from evaluations.answers import Answer
from evaluations.models import Mark, ScoreSheet
from tests.evaluations.sheet_story import rich

EXCEL = "evaluations:sheet_excel"


@pytest.fixture
def scoring(db):
    story, dossiers, seat = rich(2)
    actions.save_sheet(
        dossier=dossiers[0],
        answers={"G": Answer(points=Decimal("30.5")), "C": Answer(points=Decimal(10), option=2)},
        by=seat.user,
        at=story.tick(),
    )
    return story, dossiers, seat


class Filled:
    """A workbook as a member has it open: cells by (row, column), the hidden facts, and saved anew by another
    program, which keeps neither locks nor validation."""

    def __init__(self, content):
        self.content = content
        shown, self.facts = pages(content)
        self.cells = shown[0].cells

    def row(self, number, code):
        return next(row for row in self.cells if row[0] == number and row[2] == code)

    def names(self):
        return {(row[0], row[2]) for row in self.cells[4:] if row[0]}

    def bytes(self):
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False})
        page, keys = book.add_worksheet("Phiếu chấm"), book.add_worksheet("_kip")
        keys.very_hidden()
        for y, row in enumerate(self.cells):
            for x, value in enumerate(row):
                if isinstance(value, str) and value.startswith("="):
                    page.write_formula(y, x, value, None, 2)
                elif value != "":
                    page.write(y, x, value)
        for y, (key, value) in enumerate(self.facts.items()):
            keys.write_string(y, 0, key)
            keys.write_string(y, 1, value)
        book.close()
        return stream.getvalue()


def downloaded(client, seat):
    client.force_login(seat.user)
    answer = client.get(reverse("evaluations:sheet_workbook"))
    assert answer["Content-Type"] == XLSX
    return Filled(answer.content)


def sent(client, book):
    return uploaded(client, book.bytes())


def uploaded(client, content, name="phieu.xlsx"):
    return client.post(reverse(EXCEL), {"file": SimpleUploadedFile(name, content, XLSX)})


def shown(client, answer):
    assert answer.status_code == 302, answer.context["reasons"]
    return client.get(answer["Location"])


def test_the_workbook_holds_every_open_sheet_locked_but_for_what_is_filled_in(client, scoring):
    _story, dossiers, seat = scoring
    book = downloaded(client, seat)
    package = zipfile.ZipFile(io.BytesIO(book.content))
    sheet = package.read("xl/worksheets/sheet1.xml").decode()

    assert book.names() == {(d.number, code) for d in dossiers for code in ("G", "E", "C", "N", "*")}
    assert "<sheetProtection" in sheet
    assert 'locked="0"' in package.read("xl/styles.xml").decode()
    assert book.row(dossiers[0].number, "G")[5] == 30.5
    assert book.row(dossiers[0].number, "C")[6].startswith("3) 10: tự công bố")
    limits = re.findall(r'type="decimal".*?<formula1>(.*?)</formula1><formula2>(.*?)</formula2>', sheet)
    assert {(float(low), float(high)) for low, high in limits} == {(0, 40), (0, 20), (0, 15)}
    assert re.search(r'name="_kip"[^>]*state="veryHidden"', package.read("xl/workbook.xml").decode())


def test_filled_in_and_uploaded_it_shows_the_differences_and_then_writes_them(client, scoring):
    _story, dossiers, seat = scoring
    one, two = (d.number for d in dossiers)
    book = downloaded(client, seat)
    book.row(one, "G")[5] = 31
    book.row(one, "E")[5] = "9,5"
    book.row(two, "C")[6] = "2) 25: nhiều"
    book.row(two, "E")[7], book.row(two, "E")[9] = "x", "Không đúng chuyên môn"
    book.row(two, "*")[6] = "1) đồng ý"

    answer = sent(client, book)
    page = shown(client, answer)

    assert page.context["plan"].counts == {"same": 5, "changed": 1, "new": 4}
    assert "30,5 điểm" in page.content.decode()
    assert Mark.objects.count() == 2  # nothing is written yet
    client.post(answer["Location"], {"basis": page.context["plan"].basis})
    marks = {(m.sheet.dossier.number, m.criterion.code): m for m in Mark.objects.select_related("sheet__dossier")}
    assert marks[one, "G"].points == 31
    assert marks[one, "E"].points == Decimal("9.5")
    assert marks[two, "C"].option == 1
    assert marks[two, "E"].abstains
    assert ScoreSheet.objects.get(dossier=dossiers[1]).ballot is True
    assert not ScoreSheet.objects.filter(signed_at__isnull=False).exists()


def test_the_file_is_kept_as_evidence(client, scoring):
    _story, _dossiers, seat = scoring
    book = downloaded(client, seat)
    sent(client, book)

    event = AuditEvent.objects.get(act="sheets.workbook_received")
    assert StoredFile.objects.filter(sha256=event.detail["sha256"]).exists()


def test_what_the_member_changed_on_the_page_meanwhile_is_never_overwritten(client, scoring):
    story, dossiers, seat = scoring
    number = dossiers[0].number
    book = downloaded(client, seat)
    book.row(number, "G")[5] = 20
    book.row(number, "E")[5] = 5
    actions.save_sheet(dossier=dossiers[0], answers={"G": Answer(points=Decimal(33))}, by=seat.user, at=story.tick())

    answer = sent(client, book)
    page = shown(client, answer)

    (row,) = page.context["plan"].of("refused")
    assert "trên trang là 33 điểm, trong tệp là 20 điểm" in row.words
    assert client.post(answer["Location"], {"basis": page.context["plan"].basis}).status_code == 409
    assert dict(Mark.objects.filter(sheet__dossier=dossiers[0]).values_list("criterion__code", "points")) == {
        "G": 33,
        "C": 10,
    }


def test_a_row_that_the_file_did_not_change_takes_nothing_back(client, scoring):
    story, dossiers, seat = scoring
    book = downloaded(client, seat)
    actions.save_sheet(dossier=dossiers[0], answers={"G": Answer(points=Decimal(33))}, by=seat.user, at=story.tick())

    page = shown(client, sent(client, book))

    assert page.context["plan"].counts == {"same": 10}
    assert "Tệp không thay đổi gì." in page.content.decode()


def test_what_changed_between_the_differences_and_the_confirmation_is_shown_anew(client, scoring):
    story, dossiers, seat = scoring
    book = downloaded(client, seat)
    book.row(dossiers[0].number, "E")[5] = 5
    answer = sent(client, book)
    basis = shown(client, answer).context["plan"].basis
    actions.save_sheet(dossier=dossiers[0], answers={"E": Answer(points=Decimal(1))}, by=seat.user, at=story.tick())

    again = client.post(answer["Location"], {"basis": basis})

    assert again.status_code == 409
    assert Mark.objects.get(criterion__code="E").points == 1


WRONG_CELLS = (
    (5, 41, "Cho từ 0 đến 40 điểm."),
    (5, -1, "Cho từ 0 đến 40 điểm."),
    (5, "NaN", "Ghi điểm bằng số"),
    (5, "1e309", "Ghi điểm bằng số"),
    (5, 9.555, "Tối đa hai chữ số thập phân."),
    (5, "0," + "1" * 30, "Tối đa hai chữ số thập phân."),
    (7, "x", "Nêu lý do không chấm."),
    (8, "x", "Tiêu chí này không có điều kiện loại."),
    (5, "=1+1", "Không đọc công thức."),
    (9, '=HYPERLINK("http://x")', "Không đọc công thức."),
)


def test_each_wrong_cell_is_refused_in_words_and_nothing_is_written(client, scoring):
    _story, dossiers, seat = scoring
    for column, value, words in WRONG_CELLS:
        book = downloaded(client, seat)
        book.row(dossiers[1].number, "G")[column] = value
        book.row(dossiers[1].number, "E")[5] = 7

        answer = sent(client, book)
        page = shown(client, answer)

        assert next(row.words for row in page.context["plan"].of("refused")).startswith(words), value
        assert client.post(answer["Location"], {"basis": page.context["plan"].basis}).status_code == 409, value
        assert not Mark.objects.filter(sheet__dossier=dossiers[1]).exists(), value


def test_an_edited_number_or_criterion_of_a_row_is_refused(client, scoring):
    _story, dossiers, seat = scoring
    book = downloaded(client, seat)
    book.row(dossiers[0].number, "G")[0] = "H26.12-999999-0001"
    book.row(dossiers[1].number, "E")[2] = "G"

    words = [row.words for row in shown(client, sent(client, book)).context["plan"].of("refused")]

    assert any("không thuộc tệp" in sentence for sentence in words)
    assert any("xuất hiện hai lần" in sentence for sentence in words)


def refusal(answer):
    assert answer.status_code == 409
    return " ".join(answer.context["reasons"])


def test_an_edited_hidden_key_another_member_and_another_season_are_refused(client, scoring):
    _story, _dossiers, seat = scoring
    book = downloaded(client, seat)

    book.facts["member"] = "M9"
    assert "Khóa ẩn của tệp đã bị sửa" in refusal(sent(client, book))

    def resealed(**changed):
        """What somebody with the key of the server could make."""
        book.facts |= changed
        own = ("format", "language", "seal")
        facts = {k: v for k, v in book.facts.items() if not k.startswith("column:") and k not in own}
        book.facts["seal"] = sheet_book.seal_of(facts)
        return refusal(sent(client, book))

    assert "ủy viên khác" in resealed(member="M9")
    assert "thuộc kỳ xét chọn 2025" in resealed(season="2025", member=seat.alias)


def test_the_workbook_of_a_colleague_cannot_be_uploaded(client, scoring):
    story, _dossiers, seat = scoring
    other = story.seats()[1]
    book = downloaded(client, other)
    client.force_login(seat.user)

    assert "ủy viên khác" in refusal(sent(client, book))
    assert not AuditEvent.objects.filter(act="sheets.workbook_received").exists()


def test_the_differences_of_a_colleague_are_a_404(client, scoring):
    story, _dossiers, seat = scoring
    address = sent(client, downloaded(client, seat))["Location"]
    client.force_login(story.seats()[1].user)

    assert client.get(address).status_code == 404
    assert client.get(reverse("evaluations:sheet_differences", args=["tùy-ý"])).status_code == 404


def test_a_million_rows_a_strange_file_and_no_file_are_refused_in_words(client, scoring):
    _story, _dossiers, seat = scoring
    book = downloaded(client, seat)
    parts = zipfile.ZipFile(io.BytesIO(book.content))
    huge = io.BytesIO()
    with zipfile.ZipFile(huge, "w", zipfile.ZIP_DEFLATED) as package:
        for part in parts.namelist():
            xml = parts.read(part)
            if part == "xl/worksheets/sheet1.xml":
                far = b'<row r="1000000"><c r="A1000000" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
                xml = xml.replace(b"</sheetData>", far)
            package.writestr(part, xml)

    assert "5000 dòng" in refusal(uploaded(client, huge.getvalue())).replace(".", "")
    assert refusal(uploaded(client, b"%PDF-1.4"))
    assert refusal(client.post(reverse(EXCEL), {}))
    book.facts = {}
    assert "Đây không phải tệp phiếu chấm" in refusal(sent(client, book))


def test_the_workbook_speaks_english_and_is_read_in_either_language(client, scoring):
    _story, dossiers, seat = scoring
    client.force_login(seat.user)
    with override("en"):
        answer = client.get(reverse("evaluations:sheet_workbook"))
    book = Filled(answer.content)
    assert book.cells[3][5] == "Points"
    book.row(dossiers[0].number, "E")[5] = 9.5

    page = shown(client, sent(client, book))

    assert page.context["plan"].counts == {"same": 9, "new": 1}


def test_a_signed_sheet_stays_out_of_the_file_and_is_not_changed_by_an_older_one(client, scoring):
    story, dossiers, seat = scoring
    book = downloaded(client, seat)
    book.row(dossiers[0].number, "G")[5] = 1
    whole = {
        "G": Answer(points=Decimal(30)),
        "E": Answer(points=Decimal(5)),
        "C": Answer(points=Decimal(25), option=1),
        "N": Answer(points=Decimal(5)),
    }
    actions.save_sheet(dossier=dossiers[0], answers=whole, cells={"ballot": True}, by=seat.user, at=story.tick())
    actions.sign_sheet(dossier=dossiers[0], by=seat.user, at=story.tick())

    page = shown(client, sent(client, book))

    assert "đã ký" in page.context["plan"].of("refused")[0].words
    assert {number for number, _code in downloaded(client, seat).names()} == {dossiers[1].number}


def test_the_basis_of_a_confirmation_names_every_change(scoring):
    _story, _dossiers, seat = scoring
    desks = [task.desk for task in queries.tasks(seat)]
    facts = sheet_book.keys_of(seat, desks)

    assert facts["member"] == seat.alias
    assert sheet_book.is_ours(facts)
    assert not sheet_book.is_ours(facts | {"season": "2025"})
    assert len(digest(facts)) == 64
