"""Both faces of every form: the same words, the layout of Decree 30/2020, no gap, and names that want to break it."""

import io
import re
import zipfile
from datetime import date

import pytest
import segno
from docx.shared import Pt
from PIL import Image

from certificates.paper import legal_date
from onestop import sheet
from onestop.kinds import BY_CODE, KINDS
from tests.onestop.conftest import ADDRESS, CODE, bare

pytestmark = pytest.mark.pdf
EVERY = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)


@EVERY
def test_pdf_and_docx_say_the_same_block_by_block(faces, kind):
    made = faces(kind)

    assert [bare(text) for text in made.docx_texts()] == [bare(text) for text in made.said]
    on_paper = bare(made.pdf_text)
    assert [text for text in made.said if bare(text) not in on_paper] == []


@EVERY
@pytest.mark.parametrize("given", ["every field", "required fields only"])
def test_no_brace_and_no_empty_gap_stays(faces, kind, given):
    values = kind.example()
    if given == "required fields only":
        values |= {field.name: "" for field in kind.fields if not field.required}
    made = faces(kind, values)

    # A line that ends with a colon does so in the text itself: what it announces comes below.
    heads = {line.strip("<* ").split()[-1] for line in kind.standard().splitlines() if line.strip("*").endswith(":")}
    for text in made.said:
        assert not re.search(r"[{}]|\( *\)|“ *”|  |: *[.;]?$", text) or text.split()[-1] in heads, text
    assert not re.search(r"[{}]", made.pdf_text + "".join(made.docx_texts()))


@EVERY
def test_the_pdf_holds_tinos_and_nothing_else(faces, kind):
    made = faces(kind)
    fonts = [line.split()[0] for line in made.tool("pdffonts", str(made.path)).splitlines()[2:]]

    assert {name.partition("+")[2].partition("-")[0] for name in fonts} == {"Tinos"}
    assert all("yes yes" in line for line in made.tool("pdffonts", str(made.path)).splitlines()[2:])


@EVERY
def test_the_pdf_is_a4_upright_and_the_book_across(faces, kind):
    made = faces(kind)
    width, height = map(
        float, re.search(r"Page size: +([\d.]+) x ([\d.]+)", made.tool("pdfinfo", str(made.path))).groups()
    )

    upright = (595, 842)
    assert (round(width), round(height)) == (upright if kind.code != "07" else upright[::-1])


def test_the_text_keeps_the_margins_of_the_decree(faces):
    made = faces(BY_CODE["01"])
    boxes = made.tool("pdftotext", "-bbox", str(made.path), "-")
    words = [tuple(map(float, w)) for w in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)"', boxes)]

    mm = 72 / 25.4
    assert min(x for x, _y, _z in words) >= 30 * mm - 0.5
    assert max(z for _x, _y, z in words) <= 595.3 - 15 * mm + 0.5
    assert min(y for _x, y, _z in words) >= 20 * mm - 1


@EVERY
def test_the_docx_has_the_margins_the_font_and_real_styles(faces, kind):
    document = faces(kind).document
    section = document.sections[0]
    left = 30 if kind.code != "07" else 20

    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm, 1) for side in sides] == [20, 20, left, 15]
    assert section.different_first_page_header_footer
    used = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "Subtitle"} <= used
    assert document.styles["Title"].font.size == Pt(14)
    assert document.styles["Title"].font.bold
    for style in document.styles:
        if style.name in used | {"KIP Column", "KIP Cell", "KIP Foot", "Header", "Footer"}:
            fonts = style.element.rPr.rFonts.attrib.values()
            assert set(fonts) == {"Times New Roman"}, style.name


@EVERY
def test_the_footer_names_code_form_and_version_in_both_faces(faces, kind):
    made = faces(kind)
    expected = f"{CODE} · Mẫu {kind.code} · phiên bản 0 ({sheet.Text(kind.standard()).digest[:12]})"

    assert expected in made.pdf_text
    feet = [made.document.sections[0].footer, made.document.sections[0].first_page_footer]
    assert [foot.tables[0].rows[0].cells[1].text for foot in feet] == [expected, expected]
    assert "1/1" in made.pdf_text


def test_the_number_of_the_page_stands_on_top_from_page_two_on(faces):
    kind = BY_CODE["01"]
    many = [{"stt": str(n), "tên giấy tờ": f"Giấy tờ {n}", "số bản": "1"} for n in range(1, 30)]
    made = faces(kind, kind.example() | {"giấy tờ": many})
    first, second = (made.tool("pdftotext", "-f", n, "-l", n, str(made.path), "-") for n in ("1", "2"))

    assert first.split()[0] != "1"
    assert "2" in second.split()[:2]
    assert "1/2" in first
    assert "2/2" in second


def matrix_of(picture, modules):
    """The modules of a drawn code, read from the middle of each."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    step = image.width / modules
    return [
        [int(image.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) < 128) for x in range(modules)]
        for y in range(modules)
    ]


def test_the_code_leads_to_the_tracking_page(faces):
    made = faces(BY_CODE["01"])
    expected = [
        [int(module) for module in row]
        for row in segno.make(ADDRESS, error="m", micro=False, boost_error=False).matrix
    ]

    with zipfile.ZipFile(io.BytesIO(made.docx)) as package:
        pictures = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
    assert [matrix_of(picture, len(expected)) for picture in pictures] == [expected] * len(pictures)
    assert pictures
    # The PDF's code is drawn, not stored: read it back from the page.
    made.tool("pdftoppm", "-r", "300", "-png", "-singlefile", str(made.path), str(made.path.with_suffix("")))
    page = Image.open(made.path.with_suffix(".png")).convert("L")
    mm = 300 / 25.4
    area = page.crop((int(28 * mm), int(277 * mm), int(45 * mm), page.height)).point(lambda v: 255 * (v < 128))
    left, top, right, bottom = area.getbbox()
    drawn = io.BytesIO()
    area.point(lambda v: 255 - v).crop((left, top, left + (bottom - top), bottom)).save(drawn, "PNG")
    assert abs((right - left) - (bottom - top)) <= 2
    assert matrix_of(drawn.getvalue(), len(expected)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Công ty " + "Rất Dài " * 16,
        "W" * 140,
        "Công ty {x} **đậm** *nghiêng* | gạch | # tiêu đề",
        "<script>alert(1)</script> & <b>Con</b>",
        "[trái] [phải] {#mỗi giấy tờ} {/mỗi}",
        "“Ngoặc” ‘đơn’ – gạch — dài … €",
        "Nguyễn Ỷ Ỹ Ỵ Ằ Ẵ ỗ ợ ữ đ Đ",
        "Dòng một\nDòng hai",
        '"; DROP TABLE --',
    ],
)
def test_a_hostile_name_breaks_no_form(faces, name):
    for kind in (BY_CODE["01"], BY_CODE["06"]):
        made = faces(kind, kind.example() | {"tên tổ chức": name, "sản phẩm": name})

        assert bare(name) in bare("".join(made.docx_texts()))
        assert bare(name) in bare(made.pdf_text).replace("\u00ad", "")
        assert "Trang" not in made.pdf_text
        assert made.tool("pdfinfo", str(made.path)).count("Pages:") == 1


def test_a_long_word_stays_within_the_paper(faces):
    kind = BY_CODE["07"]
    row = dict(kind.example()["hồ sơ"][0]) | {"tên tổ chức": "W" * 140, "địa chỉ": "M" * 200}
    made = faces(kind, kind.example() | {"hồ sơ": [row]})
    boxes = made.tool("pdftotext", "-bbox", str(made.path), "-")

    assert max(float(x) for x in re.findall(r'xMax="([\d.]+)"', boxes)) <= 842 - 15 * 72 / 25.4 + 1


def test_the_same_sheet_gives_the_same_pdf(faces):
    assert faces(BY_CODE["01"]).pdf == faces(BY_CODE["01"]).pdf


def test_a_letter_that_the_font_lacks_is_named(faces, receipt_values):
    kind = BY_CODE["01"]
    made = sheet.sheet_of(
        kind, sheet.Text(kind.standard()), receipt_values | {"sản phẩm": "Đèn 你 🙂"}, code=CODE, address=ADDRESS
    )

    assert sheet.unprintable(made) == ["你", "🙂"]


@EVERY
def test_each_required_field_that_is_taken_away_is_named(kind):
    text, values = sheet.Text(kind.standard()), kind.example()
    assert sheet.missing(kind, text, values) == []
    from onestop import markup

    template = markup.parse(text.body)
    asked = [field for field in kind.fields if field.required and field.name in template.fields()]
    assert asked
    for field in asked:
        found = sheet.missing(kind, text, values | {field.name: ""})
        assert [one.name for one in found] == [field.name]
    for one in kind.lists:
        if one.required:
            assert [m.name for m in sheet.missing(kind, text, values | {one.name: []})] == [one.name]
        for field in one.fields:
            broken = [dict(entry) for entry in values[one.name]]
            broken[-1][field.name] = ""
            found = sheet.missing(kind, text, values | {one.name: broken})
            assert [(m.name, m.row) for m in found] == ([(field.name, len(broken))] if field.required else [])


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 2, 15), "ngày 15 tháng 02 năm 2026"),
        (date(2026, 1, 9), "ngày 09 tháng 01 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
        (date(2026, 10, 10), "ngày 10 tháng 10 năm 2026"),
    ],
)
def test_dates_have_a_nought_where_the_decree_wants_one(day, words):
    assert legal_date(day) == words


def test_the_renderer_fetches_nothing(faces):
    from onestop.writing_pdf import _Handed

    fetch = _Handed({})
    for address in ("file:///etc/passwd", "https://example.vn/x.png", "fonts/Tinos-Regular.ttf"):
        with pytest.raises(ValueError, match="may not read"):
            fetch(address)
