"""Tables for Excel: what is written is typed and harmless, what is read is judged before it is parsed."""

import io
import re
import unicodedata
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core import vietnamese
from core.errors import Refused
from core.xlsx.columns import Column, safe_csv
from core.xlsx.legacy import is_legacy
from core.xlsx.reading import read
from core.xlsx.writing import Sheet, error_copy, write

COLUMNS = (
    Column("code", "Mã số thuế", "code", needed=True, from_number=lambda digits: digits.zfill(10)),
    Column("name", "Tên", others=("Name",)),
    Column("count", "Số lao động", "whole", minimum=Decimal(0)),
    Column("amount", "Doanh thu", "decimal"),
    Column("day", "Ngày", "date"),
    Column("moment", "Nhận lúc", "moment"),
)
ROW = {
    "code": "0101234567",
    "name": "Công ty Thử",
    "count": 1234,
    "amount": Decimal("1250.5"),
    "day": date(2026, 3, 5),
    "moment": datetime(2026, 3, 5, 3, 30, tzinfo=UTC),
}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def sheet(*rows, **facts):
    return write(Sheet("Danh sách", COLUMNS, rows, **facts), keys={"kind": "test"})


def parts(content, pattern=r"xl/worksheets/.*"):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {n: package.read(n).decode() for n in package.namelist() if re.fullmatch(pattern, n)}


def repacked(content, **changes):
    """The package with some parts replaced; keys are the last part of their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            short = name.rpartition("/")[2].replace(".", "_")
            new.writestr(name, changes.pop(short) if short in changes else old.read(name))
    assert not changes
    return stream.getvalue()


def cells(*rows, head=None, numbered=False):
    """A sheet as somebody else's program would write it: plain cells under a heading."""
    names = head or [column.label for column in COLUMNS]
    plain = [Column(f"c{i}", str(name), "text") for i, name in enumerate(names)]
    given = [{f"c{i}": cell for i, cell in enumerate(row)} for row in rows]
    content = write(Sheet("Sheet1", plain, given, numbered=numbered))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            xml = old.read(name)
            if name == "xl/workbook.xml":
                xml = xml.replace(b'name="_kip"', b'name="_other"')
            new.writestr(name, xml)
    return stream.getvalue()


# --- writing ------------------------------------------------------------------------------------------
def test_cells_have_their_types_and_come_back_equal():
    table = read(sheet(ROW), COLUMNS)

    assert table.errors == []
    assert table.rows[0].values == ROW
    assert table.facts["kind"] == "test"


def test_codes_are_text_and_dates_are_dates_for_excel_itself():
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheet(ROW)))

    number, code, _name, count, amount, day, moment = book.get_sheet_by_index(0).to_python()[1]

    assert (number, code, count, amount) == (1.0, "0101234567", 1234.0, 1250.5)
    assert (day, moment) == (date(2026, 3, 5), datetime(2026, 3, 5, 10, 30))


def test_numbers_and_dates_are_shown_as_in_vietnam():
    styles = parts(sheet(ROW), r"xl/styles\.xml")["xl/styles.xml"]

    assert 'formatCode="dd/mm/yyyy"' in styles
    assert 'formatCode="#,##0.0"' in styles
    assert 'formatCode="#,##0"' in styles  # Excel shows 1.234 where Windows speaks Vietnamese


@pytest.mark.parametrize("text", ["=1+1", "+84 24", "-2", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")', "http://x.vn"])
def test_no_text_becomes_a_formula_or_a_link(text):
    content = sheet(ROW | {"name": text})
    written = "".join(parts(content).values())

    assert "<f>" not in written
    assert "hyperlink" not in written
    assert read(content, COLUMNS).rows[0].values["name"] == vietnamese.nfc(text)
    if text[0] in "=+-@":
        assert 'quotePrefix="1"' in parts(content, r"xl/styles\.xml")["xl/styles.xml"]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@x", "\tx", "\rx", "\nx", "＝1", "|calc", "%x"])
def test_csv_cells_that_a_spreadsheet_would_run_get_an_apostrophe(text):
    assert safe_csv(text) == f"'{text}"


def test_csv_numbers_and_plain_text_stay():
    assert [safe_csv(v) for v in (-2, Decimal("-1.5"), "Công ty", "", None)] == [
        -2,
        Decimal("-1.5"),
        "Công ty",
        "",
        None,
    ]


def test_the_heading_is_frozen_filtered_and_the_columns_have_widths():
    xml = parts(sheet(ROW, title="Danh sách"))["xl/worksheets/sheet1.xml"]

    assert '<pane xSplit="2" ySplit="3"' in xml
    assert '<autoFilter ref="A3:G4"/>' in xml
    assert 'width="18' in xml


def test_long_lists_stand_on_a_hidden_sheet():
    words = tuple(f"Phường số {n}" for n in range(126))
    column = Column("ward", "Phường", choices=words)

    content = write(Sheet("A", [COLUMNS[0], column], [], for_entry=True))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))

    assert "<formula1>_lists!$A$1:$A$126</formula1>" in parts(content)["xl/worksheets/sheet1.xml"]
    hidden = {m.name: str(m.visible) for m in book.sheets_metadata}
    assert hidden["_lists"] == hidden["_kip"] == "SheetVisibleEnum.VeryHidden"


def test_the_guide_says_what_belongs_into_each_column():
    content = write(Sheet("A", COLUMNS, [ROW]), guide=["Fill in the rows."])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))

    said = [cell for row in book.get_sheet_by_name("Guide").to_python() for cell in row]

    assert "Fill in the rows." in said
    assert "Mã số thuế" in said
    assert "Must be filled in." in said


def test_letters_that_look_like_escapes_stay_what_they_are():
    assert read(sheet(ROW | {"name": "a_x0041_b"}), COLUMNS).rows[0].values["name"] == "a_x0041_b"


# --- reading ------------------------------------------------------------------------------------------
def test_title_rows_above_the_heading_are_skipped():
    content = sheet(ROW, title="DANH SÁCH DOANH NGHIỆP NĂM 2026")

    table = read(content, COLUMNS)

    assert (table.heading_row, table.rows[0].number) == (3, 4)


def test_headings_are_found_without_accents_in_any_order_and_in_the_other_language():
    table = read(cells(["Tên A", "0101234567"], head=["name", "MA SO THUE *"]), COLUMNS)

    assert table.rows[0].values == {"code": "0101234567", "name": "Tên A"}


def test_headings_in_nfd_are_found():
    head = unicodedata.normalize("NFD", "Mã số thuế"), "Tên"

    assert read(cells(["0101234567", "A"], head=head), COLUMNS).keys == {"code", "name"}


def test_text_comes_back_in_nfc():
    name = unicodedata.normalize("NFD", "Cơ khí Hà Nội")

    assert read(sheet(ROW | {"name": name}), COLUMNS).rows[0].values["name"] == "Cơ khí Hà Nội"


def test_a_code_that_excel_made_a_number_gets_its_zero_back():
    content = write(
        Sheet("A", [Column("code", "Mã số thuế", "whole"), COLUMNS[1]], [{"code": 101234567, "name": "A"}])
    )

    assert read(content, COLUMNS).rows[0].values["code"] == "0101234567"


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.234,5", "vi", Decimal("1234.5")),
        ("1234,5", "vi", Decimal("1234.5")),
        ("1.234.567,89", "vi", Decimal("1234567.89")),
        ("1,234.5", "en", Decimal("1234.5")),
        (" 150 ", "vi", Decimal(150)),
    ],
)
def test_numbers_typed_as_text_are_read_as_people_write_them(text, language, value):
    with translation.override(language):
        table = read(cells(["0101234567", text], head=["Mã số thuế", "Doanh thu"]), COLUMNS)

        assert table.errors == []
        assert table.rows[0].values["amount"] == value


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("Doanh thu", "1.234", "“1.234” has two meanings. Enter it as a number of Excel, or with all its decimals."),
        ("Doanh thu", "abc", "“abc” is not a number."),
        ("Số lao động", "12x", "“12x” is not a whole number."),
        ("Số lao động", "-5", "The number must not be below 0."),
        ("Ngày", "31/02/2026", "“31/02/2026” is not a date. Enter it as 05/03/2026."),
        ("Nhận lúc", "30/09/2026", "“30/09/2026” is not a time. Enter it as 17:00 30/09/2026."),
    ],
)
def test_a_wrong_cell_is_named_by_row_column_and_reason(column, text, words):
    table = read(cells(["0101234567", "1"], ["0101234567", text], head=["Mã số thuế", column]), COLUMNS)

    wrong = [e for e in table.errors if e.row == 3]
    assert [(e.row, e.column, e.words) for e in wrong] == [(3, column, words)]


def test_us_numbers_are_refused_on_vietnamese_pages():
    with translation.override("vi"):
        table = read(cells(["0101234567", "1,234,567.89"], head=["Mã số thuế", "Doanh thu"]), COLUMNS)

    assert len(table.errors) == 1


def test_dust_behind_the_fifteenth_digit_is_no_figure():
    assert read(sheet(ROW | {"amount": 0.1 + 0.2}), COLUMNS).rows[0].values["amount"] == Decimal("0.3")


def test_an_error_of_excel_is_not_an_empty_cell():
    xml = parts(sheet(ROW))["xl/worksheets/sheet1.xml"]
    broken = re.sub(r'(<c r="D2"[^>]*)><v>1234</v>', r'\1 t="e"><f>1/0</f><v>#DIV/0!</v>', xml)

    table = read(repacked(sheet(ROW), sheet1_xml=broken), COLUMNS)

    assert [(e.row, e.column) for e in table.errors] == [(2, "Số lao động")]


def test_a_needed_column_that_is_missing_is_named():
    with pytest.raises(Refused, match=r"The column “Mã số thuế” is missing\."):
        read(cells(["A", 1], head=["Tên", "Số lao động"]), COLUMNS)


def test_a_sheet_without_headings_lists_them():
    with pytest.raises(Refused, match=r"No heading was found.*Mã số thuế, Tên"):
        read(cells(["x", "y"], head=["a", "b"]), COLUMNS)


def test_a_column_twice_is_refused():
    with pytest.raises(Refused, match=r"The column “Tên” stands there twice\."):
        read(cells(["0101234567", "A", "B"], head=["Mã số thuế", "Tên", "Name"]), COLUMNS)


def test_a_sheet_with_a_heading_alone_is_refused():
    with pytest.raises(Refused, match=r"Below the heading there is no row\."):
        read(sheet(), COLUMNS)


def test_more_rows_than_are_read_at_once_are_refused():
    with pytest.raises(Refused, match="The sheet has 3 rows; at most 2 are read at once"):
        read(sheet(ROW, ROW, ROW), COLUMNS, max_rows=2)


# --- old fonts ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["C«ng ty Cæ phÇn", "Hµ Néi", "®iÖn tö", "Haø Noäi, Vieät Nam", "phæ cËp ¸o l«ng"])
def test_text_of_old_fonts_is_known(text):
    assert is_legacy(text)


@pytest.mark.parametrize(
    "text",
    ["Hà Nội", "Cơ khí Đông Anh®", "Müller GmbH", "Citroën", "10×20 mm", "© 2026 ABC", "5 µm", "ISO 9001 · 14001", "",
     "Crème brûlée", "«Sao Vàng»", "Smørrebrød"],
)  # fmt: skip
def test_other_text_is_left_in_peace(text):
    assert not is_legacy(text)


@given(
    st.text(
        alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ ABC123"
    )
)
def test_vietnamese_in_unicode_is_never_taken_for_an_old_font(text):
    assert not is_legacy(text)


def test_a_cell_in_an_old_font_is_refused_with_advice():
    table = read(sheet(ROW | {"name": "C«ng ty Hµ Néi"}), COLUMNS)

    (error,) = table.errors
    assert (error.row, error.column) == (2, "Tên")
    assert "UniKey" in error.words


# --- the copy that goes back --------------------------------------------------------------------------
def test_the_error_copy_keeps_rows_in_place_and_marks_wrong_cells_with_a_note():
    content = cells(
        ["0101234567", "tốt", "x"], ["0101234568", "sai", "y"], head=["Mã số thuế", "Số lao động", "Ghi chú riêng"]
    )
    table = read(content, COLUMNS)

    copy = error_copy(COLUMNS, table, table.errors, name="Danh sách")
    again = read(copy, COLUMNS)

    assert [(e.row, e.words) for e in again.errors] == [(e.row, e.words) for e in table.errors]
    assert len(again.errors) == 2
    assert again.rows[1].beside == {"Ghi chú riêng": "y"}
    notes = parts(copy, r"xl/comments1\.xml")["xl/comments1.xml"]
    assert "“sai” is not a whole number." in notes
    assert "FFF8D0CB" in parts(copy, r"xl/styles\.xml")["xl/styles.xml"]
    listed = CalamineWorkbook.from_filelike(io.BytesIO(copy)).get_sheet_by_name("Errors").to_python()
    assert listed[1] == [2.0, "Số lao động", "“tốt” is not a whole number."]
