"""A sheet as DOCX for Word: real styles, "Times New Roman", the layout of Decree 30/2020."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from onestop.markup import Block, Columns, Line, Piece, Row, Table
from onestop.sheet import Sheet, qr_picture

FONT = "Times New Roman"
PORTRAIT = {"left_margin": 30, "right_margin": 15, "top_margin": 20, "bottom_margin": 20}
LANDSCAPE = PORTRAIT | {"left_margin": 20}
STYLES = {"text": "Body Text", "title": "Title", "subtitle": "Subtitle", "item": "List", "aside": "KIP Aside"}


def write(sheet: Sheet, *, at: datetime) -> bytes:
    """The same sheet and moment give the same words; Word may change them afterwards."""
    document = Document()
    _properties(document, sheet, at)
    _page(document.sections[0], landscape=sheet.kind.landscape)
    _styles(document)
    width = Mm(297 - 35 if sheet.kind.landscape else 210 - 45)
    _foot(document.sections[0], sheet, width)
    for position, block in enumerate(sheet.blocks):
        _block(document, block, width, is_head=position == 0)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _properties(document: Any, sheet: Sheet, at: datetime) -> None:
    core = document.core_properties
    core.title, core.author, core.last_modified_by = sheet.title[:200], "Sở Công Thương Hà Nội", ""
    core.language, core.comments, core.created, core.modified = "vi-VN", "", at, at
    core.identifier = sheet.code


def _page(section: Any, *, landscape: bool) -> None:
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    for side, width in (LANDSCAPE if landscape else PORTRAIT).items():
        setattr(section, side, Mm(width))
    section.header_distance = section.footer_distance = Mm(5)
    section.different_first_page_header_footer = True


# --- styles -------------------------------------------------------------------------------------------
def _styles(document: Any) -> None:
    known = document.styles
    for name in (STYLES["aside"], "KIP Column", "KIP Cell", "KIP Foot"):
        known.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = known["Normal"]
    _look(known["Normal"], 13)
    _look(known["Body Text"], 13, after=0, before=4, first_line=10, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _look(known["Title"], 14, bold=True, before=20, align=WD_ALIGN_PARAGRAPH.CENTER, keep=True)
    _look(known["Subtitle"], 13, bold=True, before=3, after=10, align=WD_ALIGN_PARAGRAPH.CENTER, keep=True)
    _look(known["List"], 13, before=4, left=14, first_line=-4, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _look(known["KIP Aside"], 12)
    _look(known["KIP Column"], 13, align=WD_ALIGN_PARAGRAPH.CENTER)
    _look(known["KIP Cell"], 12)
    _look(known["KIP Foot"], 9)
    _look(known["Header"], 13, align=WD_ALIGN_PARAGRAPH.CENTER)
    _look(known["Footer"], 9)


def _look(
    style: Any,
    size: float,
    *,
    bold: bool = False,
    before: float = 0,
    after: float = 0,
    left: float = 0,
    first_line: float = 0,
    align: Any = None,
    keep: bool = False,
) -> None:
    font, format_ = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, False
    font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    for name in ("w:spacing", "w:kern"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)
    format_.space_before, format_.space_after, format_.line_spacing = Pt(before), Pt(after), 1.1
    format_.left_indent, format_.first_line_indent = Mm(left), Mm(first_line)
    format_.alignment, format_.keep_with_next = align, keep


# --- blocks -------------------------------------------------------------------------------------------
def _block(document: Any, block: Block, width: int, *, is_head: bool) -> None:
    if isinstance(block, Table):
        _table(document, block, width)
    elif isinstance(block, Columns):
        if not is_head:
            document.add_paragraph(style="Normal")
        share = 0.4 if is_head else 0.5
        table = document.add_table(rows=1, cols=2)
        _fixed(table, [int(width * share), width - int(width * share)])
        for cell, lines, rule in zip(table.rows[0].cells, (block.left, block.right), (24, 55), strict=True):
            _column(cell, lines, rule, is_head=is_head)
        _keep_whole(table.rows[0])
    else:
        _line(document, block)


def _line(place: Any, line: Line) -> None:
    if line.kind == "rule":
        _rule(place.add_paragraph(style="KIP Column"), Mm(165), 40)
    elif line.kind == "sign":
        _room(place.add_paragraph(style="Normal"))
    elif line.kind == "break":
        place.add_paragraph(style="Normal").paragraph_format.page_break_before = True
    else:
        paragraph = place.add_paragraph(style=STYLES[line.kind])
        _write(paragraph, line)


def _write(paragraph: Any, line: Line, size: float | None = None) -> None:
    if line.kind == "item":
        _letters(paragraph, (Piece("- "),), size)
    _letters(paragraph, line.pieces, size)


def _letters(paragraph: Any, pieces: Sequence[Piece], size: float | None = None) -> None:
    for piece in pieces:
        run = paragraph.add_run()
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                run.add_break()
            run.add_text(part)
        if piece.bold:
            run.bold = True
        if piece.italic:
            run.italic = True
        if size is not None:
            run.font.size = Pt(size)


def _column(cell: Any, lines: Sequence[Line], rule: int, *, is_head: bool) -> None:
    """Centred lines; the first stands in the paragraph that a cell begins with. In the head it is smaller: the name
    of the state at 12 points stands on one line, the motto below it has 13."""
    first = cell.paragraphs[0]
    first.style = "KIP Column"
    for number, line in enumerate(lines):
        paragraph = first if number == 0 else cell.add_paragraph(style="KIP Column")
        if line.kind == "rule":
            _rule(paragraph, cell.width, rule)
        elif line.kind == "sign":
            _room(paragraph)
        else:
            if line.kind in ("aside", "item"):
                paragraph.style = STYLES["aside"]
            _write(paragraph, line, 11 if line.kind == "item" else 12 if is_head and number == 0 else None)


def _rule(paragraph: Any, width: int, length_mm: int) -> None:
    """An empty low paragraph with a line on top, as long as asked."""
    side = max(0, int((width - Mm(length_mm)) / 2))
    format_ = paragraph.paragraph_format
    format_.left_indent = format_.right_indent = side
    format_.line_spacing = Pt(6)
    format_.space_after = Pt(4)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _room(paragraph: Any) -> None:
    paragraph.paragraph_format.space_before = Mm(20)


def _table(document: Any, block: Table, width: int) -> None:
    size = 12 if block.width <= 5 else 10.5 if block.width <= 9 else 9
    table = document.add_table(rows=0, cols=block.width)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _row(table, block.head, size, is_head=True)
    for row in block.rows:
        _row(table, row, size)
    shares = block.shares
    _fixed(table, [int(width * share / sum(shares)) for share in shares])
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(OxmlElement("w:tblHeader"))
    for row in table.rows:
        _keep_whole(row)


def _row(table: Any, row: Row, size: float, *, is_head: bool = False) -> None:
    for cell, pieces in zip(table.add_row().cells, row.cells, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = "KIP Cell"
        if is_head:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _letters(paragraph, [Piece(p.text, p.bold or is_head, p.italic) for p in pieces], size)


def _fixed(table: Any, widths: Sequence[int]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


# --- head and foot of each page -----------------------------------------------------------------------
def _foot(section: Any, sheet: Sheet, width: int) -> None:
    _number(section.header.paragraphs[0], "PAGE")
    section.first_page_header.paragraphs[0].style = "Header"
    for foot in (section.footer, section.first_page_footer):
        table = foot.add_table(1, 3, width)
        _fixed(table, [Mm(17), width - Mm(37), Mm(20)])
        code, words, pages = (cell.paragraphs[0] for cell in table.rows[0].cells)
        for paragraph in (code, words, pages):
            paragraph.style = "KIP Foot"
        picture = io.BytesIO(qr_picture(sheet.address, "png"))
        drawn = code.add_run().add_picture(picture, width=Mm(13), height=Mm(13))
        drawn._inline.docPr.set("descr", f"Mã QR: {sheet.address}")
        words.add_run(sheet.foot)
        pages.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _number(pages, "PAGE", keep_style=True)
        pages.add_run("/")
        _number(pages, "NUMPAGES", keep_style=True)
        left = foot.paragraphs[0]
        left._p.getparent().append(left._p)  # Word wants a paragraph after a table
        left.style = "KIP Foot"


def _number(paragraph: Any, field: str, *, keep_style: bool = False) -> None:
    """The number that Word counts itself."""
    if not keep_style:
        paragraph.style = "Header"
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, field), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)
