"""The template of the three-year figures: down, up, and back with red cells."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from core.errors import Refused
from core.xlsx.columns import Column
from core.xlsx.writing import Sheet, write
from dossiers import figures_sheet

YEARS = (2023, 2024, 2025)
WHERE = {"dossier_pk": 7, "season_year": 2026, "years": YEARS}
NAMES = {"product": "Đèn LED", "enterprise": "Công ty =Thử"}
FIGURES = {
    2023: {"revenue_vnd_billion": Decimal("150.000"), "export_usd_million": Decimal("2.125"), "workers": 200},
    2024: {"revenue_vnd_billion": Decimal("1250.5"), "export_usd_million": Decimal(0), "workers": 1234},
}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def build(figures=FIGURES):
    return figures_sheet.build(**WHERE, **NAMES, figures=figures)


def own(rows, head=("Figure", "Unit", 2023, 2024, 2025)):
    """A table that somebody made without the template."""
    columns = [Column(f"c{i}", str(name)) for i, name in enumerate(head)]
    made = [{f"c{i}": cell for i, cell in enumerate(row)} for row in rows]
    return write(Sheet("Sheet1", columns, made, numbered=False))


def test_what_is_written_is_read_back():
    reading = figures_sheet.read(build(), **WHERE)

    assert reading.errors == []
    assert reading.figures[2023]["revenue_vnd_billion"] == Decimal(150)
    assert reading.figures[2024] == {
        "revenue_vnd_billion": Decimal("1250.5"),
        "enterprise_revenue_vnd_billion": None,
        "export_usd_million": Decimal(0),
        "budget_vnd_billion": None,
        "workers": 1234,
    }
    assert set(reading.figures[2025].values()) == {None}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_template_of_one_language_is_read_on_the_pages_of_the_other(language):
    with translation.override(language):
        content = build()
    with translation.override("en" if language == "vi" else "vi"):
        reading = figures_sheet.read(content, **WHERE)

    assert reading.figures[2024]["workers"] == 1234


def test_every_field_of_a_reported_year_has_its_line():
    from django.db.models import DecimalField, PositiveIntegerField

    from dossiers.models import YearFigure

    fields = {
        f.name
        for f in YearFigure._meta.concrete_fields
        if isinstance(f, DecimalField) or type(f) is PositiveIntegerField
    }
    assert {line.name for line in figures_sheet.figure_lines()} == fields


def test_cells_ask_for_numbers_from_zero_up_and_nothing_is_a_formula():
    with zipfile.ZipFile(io.BytesIO(build())) as package:
        xml = package.read("xl/worksheets/sheet1.xml").decode()

    assert len(re.findall("<dataValidation ", xml)) == 15
    assert xml.count('type="whole"') == 3
    assert xml.count('operator="greaterThanOrEqual"') == 15
    assert "<f>" not in xml


def test_numbers_typed_in_the_vietnamese_way_are_read():
    with translation.override("vi"):
        content = own([["Doanh thu của sản phẩm", "", "1.250,5", "150", ""]])
        line = figures_sheet.Line("revenue_vnd_billion", "Doanh thu của sản phẩm", "tỷ đồng")
        reading = figures_sheet.read(content, **WHERE, lines=[line])

    assert reading.figures[2023] == {"revenue_vnd_billion": Decimal("1250.5")}
    assert reading.figures[2025] == {"revenue_vnd_billion": None}


@pytest.mark.parametrize(
    ("label", "cell", "words"),
    [
        ("Revenue of the product", "abc", "“abc” is not a number."),
        ("Revenue of the product", "-1", "The number must not be below 0."),
        ("Revenue of the product", "1.23456", "at most three decimals."),
        ("Revenue of the product", "999999999999", "the number is too large. Mind the unit: billion VND."),
        ("Workers of the enterprise", "12.5", "“12.5” is not a whole number."),
    ],
)
def test_a_wrong_cell_is_named_by_its_line_and_year(label, cell, words):
    reading = figures_sheet.read(own([[label, "", "1", cell, ""]]), **WHERE)

    (error,) = reading.errors
    assert (error.row, error.column, error.words) == (2, "2024", f"{label}: {words}")
    assert error.key not in reading.figures.get(2024, {})


def test_the_error_copy_shows_the_wrong_cell_in_red_with_a_note():
    reading = figures_sheet.read(own([["Revenue of the product", "", "1", "abc", ""]]), **WHERE)

    copy = figures_sheet.error_copy(reading, **WHERE, **NAMES)

    assert figures_sheet.read(copy, **WHERE).errors[0].words == reading.errors[0].words
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        assert "“abc” is not a number." in package.read("xl/comments1.xml").decode()
    assert "Errors" in CalamineWorkbook.from_filelike(io.BytesIO(copy)).sheet_names


def test_the_template_of_another_dossier_is_refused():
    with pytest.raises(Refused, match="belongs to another dossier"):
        figures_sheet.read(build(), **WHERE | {"dossier_pk": 8})


def test_the_template_of_another_season_is_refused():
    with pytest.raises(Refused, match=r"of the season 2026\. Load the one of 2027"):
        figures_sheet.read(build(), **WHERE | {"season_year": 2027, "years": (2024, 2025, 2026)})


def test_a_table_without_the_years_is_refused():
    with pytest.raises(Refused, match="No line with the years 2023, 2024, 2025"):
        figures_sheet.read(own([["x", "", "1", "2"]], head=("Figure", "Unit", 2024, 2025)), **WHERE)


def test_a_table_without_a_known_figure_is_refused():
    with pytest.raises(Refused, match="None of the figures was found"):
        figures_sheet.read(own([["Something", "", "1", "2", "3"]]), **WHERE)
