"""Packages that must not be parsed: everything is counted before a reader sees it."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import Refused
from core.xlsx import guard
from core.xlsx.reading import open_upload, read
from tests.core.test_xlsx import COLUMNS, ROW, parts, repacked, sheet


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def refused(content, words):
    with pytest.raises(Refused, match=words):
        read(content, COLUMNS)


def test_a_cell_in_the_last_corner_of_the_sheet_does_not_make_a_giant_table():
    xml = parts(sheet(ROW))["xl/worksheets/sheet1.xml"]
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'

    refused(repacked(sheet(ROW), sheet1_xml=xml.replace("</sheetData>", far)), "goes beyond 5000 rows")


def test_a_far_row_whose_cells_have_no_place_is_seen_too():
    xml = parts(sheet(ROW))["xl/worksheets/sheet1.xml"]
    far = '<row r="1048576"><c><v>1</v></c></row></sheetData>'

    refused(repacked(sheet(ROW), sheet1_xml=xml.replace("</sheetData>", far)), "goes beyond 5000 rows")


def test_a_far_column_is_seen():
    xml = parts(sheet(ROW))["xl/worksheets/sheet1.xml"]
    far = '<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>'

    refused(repacked(sheet(ROW), sheet1_xml=xml.replace("</sheetData>", far)), "goes beyond 200 columns")


def test_empty_styled_rows_far_below_are_no_harm():
    xml = parts(sheet(ROW))["xl/worksheets/sheet1.xml"]
    far = '<row r="1048576" spans="1:5"><c r="A1048576" s="1"/></row></sheetData>'

    assert len(read(repacked(sheet(ROW), sheet1_xml=xml.replace("</sheetData>", far)), COLUMNS).rows) == 1


def test_one_long_text_named_by_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(guard, "MAX_TEXTS", 100_000)
    rows = [ROW | {"name": "a" * 20_000}] * 6

    refused(sheet(*rows), "unusual size")


def test_a_text_longer_than_excel_allows_is_refused():
    shared = parts(sheet(ROW), r"xl/sharedStrings\.xml")["xl/sharedStrings.xml"]
    long = shared.replace("Công ty Thử", "a" * 40_000)

    refused(repacked(sheet(ROW), sharedStrings_xml=long), "more than 32767 letters")


def test_entities_are_refused():
    xml = parts(sheet(ROW))["xl/worksheets/sheet1.xml"]
    declared = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'

    refused(repacked(sheet(ROW), sheet1_xml=xml.replace("<worksheet", declared, 1)), "cannot be read")


def test_a_part_that_is_not_well_formed_is_refused():
    refused(repacked(sheet(ROW), sheet1_xml="<worksheet><sheetData>"), "cannot be read")


def test_two_parts_of_one_name_are_refused():
    stream = io.BytesIO(sheet(ROW))
    with zipfile.ZipFile(stream, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")

    refused(stream.getvalue(), "cannot be read")


def test_too_much_to_unpack_is_refused_before_anything_is_unpacked(monkeypatch):
    monkeypatch.setattr(guard, "MAX_UNPACKED", 1000)

    refused(sheet(ROW), "unusual size")


def test_a_workbook_whose_sheet_lies_outside_the_counted_parts_is_refused():
    rels = parts(sheet(ROW), r"xl/_rels/workbook\.xml\.rels")["xl/_rels/workbook.xml.rels"]
    elsewhere = rels.replace("worksheets/sheet1.xml", "media/picture.png")

    refused(repacked(sheet(ROW), workbook_xml_rels=elsewhere), "cannot be read")


@given(st.binary(max_size=400))
def test_any_other_bytes_are_refused_and_never_an_error(content):
    with pytest.raises(Refused):
        read(b"PK\x03\x04" + content, COLUMNS)


def test_an_upload_of_another_kind_is_refused():
    with pytest.raises(Refused, match="Upload an Excel workbook"):
        open_upload(SimpleUploadedFile("a.png", _png()))


def _png():
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG")
    return stream.getvalue()
