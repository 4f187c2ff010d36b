"""XLSX files in the house style: typed cells, STT, frozen heading, filters, widths, lists to choose from, a guide, and
hidden keys by which the file is recognised when it comes back."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.xlsx.columns import CellError, Column, looks_active
from core.xlsx.reading import Table

KEYS = "_kip"
LISTS = "_lists"
FONT = "Arial"  # on every machine, with every Vietnamese letter
MAX_TEXT = 32_767
EXTRA_WIDTH = 22
ENTRY_ROWS = 500

_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "text_wrap": True},
    "needed": {"bold": True, "bg_color": "#7B2D26", "font_color": "#FFFFFF", "border": 1, "text_wrap": True},
    "plain": {},
    "strong": {"bold": True},
    "wrapped": {"text_wrap": True},
    "number": {"num_format": "#,##0", "font_color": "#5F6B76"},
    "text": {"text_wrap": True},
    "code": {"num_format": "@"},
    "active": {"num_format": "@", "quote_prefix": True, "text_wrap": True},
    "whole": {"num_format": "#,##0"},
    "decimal": {"num_format": "#,##0.0##"},
    "date": {"num_format": "dd/mm/yyyy", "align": "left"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm", "align": "left"},
}
_WRONG = {"bg_color": "#F8D0CB", "font_color": "#8C1D18", "border": 1, "border_color": "#B3261E"}


@dataclass(frozen=True)
class Sheet:
    """One data sheet. `marks` gives the cells to colour with what is wrong in them: {(row number, key): words}.
    `places` gives the row of Excel for every row; without it they follow the heading."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Any]] = ()
    title: str = ""
    numbered: bool = True
    marks: Mapping[tuple[int, str], str] = field(default_factory=dict)
    places: Sequence[int] = ()
    heading_row: int = 0
    for_entry: bool = False


class Book:
    """A workbook being written. Strings stay strings: nothing becomes a formula, a link or a number by itself."""

    def __init__(self, title: str) -> None:
        import xlsxwriter  # loaded by whoever writes a workbook, not by every process

        self.stream = io.BytesIO()
        self.file = xlsxwriter.Workbook(
            self.stream,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "remove_timezone": True,
            },
        )
        self.file.set_properties({"title": title, "author": _("Hanoi KIP Registry")})
        self._formats: dict[tuple[str, bool, str], Any] = {}
        self._lists: dict[tuple[str, ...], str] = {}
        self._list_sheet: Any = None

    def look(self, name: str, *, wrong: bool = False, num_format: str = "") -> Any:
        key = (name, wrong, num_format)
        if key not in self._formats:
            facts = {"font_name": FONT, "font_size": 11, "valign": "top"} | _LOOKS[name]
            facts |= _WRONG if wrong else {}
            facts |= {"num_format": num_format} if num_format else {}
            self._formats[key] = self.file.add_format(facts)
        return self._formats[key]

    def put(self, sheet: Any, row: int, column: int, value: Any, kind: str = "text", *, wrong: bool = False) -> None:
        """One typed cell; None and "" are an empty one. A text in a column of numbers stays the text that it is."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.look(kind, wrong=wrong))
        elif isinstance(value, bool):
            sheet.write_string(row, column, _("yes") if value else _("no"), self.look("text", wrong=wrong))
        elif isinstance(value, Decimal | int | float):
            if kind == "code":
                self.put(sheet, row, column, plain(value), kind, wrong=wrong)
            else:
                shown = self.look(
                    kind if kind in ("number", "whole") else "decimal", wrong=wrong, num_format=number_format(value)
                )
                sheet.write_number(row, column, float(value), shown)
        elif isinstance(value, datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            sheet.write_datetime(row, column, local.replace(tzinfo=None), self.look("moment", wrong=wrong))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.look("date", wrong=wrong))
        else:
            text = str(value)[:MAX_TEXT]
            look = "active" if looks_active(text) else "code" if kind == "code" else "text"
            sheet.write_string(row, column, text, self.look(look, wrong=wrong))

    def choices(self, words: tuple[str, ...]) -> str:
        """The range of a hidden sheet that holds the words: a list in the cell itself ends at 255 letters."""
        if words not in self._lists:
            if self._list_sheet is None:
                self._list_sheet = self.file.add_worksheet(LISTS)
                self._list_sheet.very_hidden()
            from xlsxwriter.utility import xl_col_to_name

            column = len(self._lists)
            for row, word in enumerate(words):
                self._list_sheet.write_string(row, column, word)
            name = xl_col_to_name(column)
            self._lists[words] = f"={LISTS}!${name}$1:${name}${len(words)}"
        return self._lists[words]

    def keys(self, facts: Mapping[str, str], headings: Mapping[str, str] | None = None) -> None:
        """The hidden sheet: what the file is for, then which heading means which column."""
        sheet = self.file.add_worksheet(KEYS)
        sheet.very_hidden()
        pairs = [*facts.items(), *((f"column:{key}", label) for key, label in (headings or {}).items())]
        for row, (key, value) in enumerate(pairs):
            sheet.write_string(row, 0, key)
            sheet.write_string(row, 1, str(value))

    def guide(self, lines: Sequence[str], columns: Sequence[Column] = ()) -> None:
        """How to fill the file in, for people without the web page before them."""
        sheet = self.file.add_worksheet(pgettext("sheet", "Guide"))
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, pgettext("sheet", "Guide"), self.look("title"))
        row = 2
        for line in lines:
            sheet.merge_range(row, 0, row, 1, "", self.look("wrapped"))
            sheet.write_string(row, 0, line, self.look("wrapped"))
            sheet.set_row(row, 16 * (1 + len(line) // 115))
            row += 1
        if columns:
            row += 1
            sheet.write_string(row, 0, pgettext("sheet", "Column"), self.look("head"))
            sheet.write_string(row, 1, pgettext("sheet", "What belongs there"), self.look("head"))
        for column in columns:
            row += 1
            sheet.write_string(row, 0, column.label, self.look("strong"))
            words = " ".join(
                filter(None, [_("Must be filled in.") if column.needed or column.wanted else "", column.note])
            )
            sheet.write_string(row, 1, words or "–", self.look("wrapped"))

    def close(self) -> bytes:
        self.file.close()
        return self.stream.getvalue()


def plain(value: Decimal | int | float) -> str:
    """A code that was a number: 101234567 and not 101234567.0."""
    return str(int(value)) if value == int(value) else str(value)


def number_format(value: Decimal | int | float) -> str:
    """As many decimals as the number has: Excel would show 150 as “150,” under an open format."""
    places = max(0, -int(Decimal(str(value)).normalize().as_tuple().exponent))
    return "#,##0" + ("." + "0" * min(places, 6) if places else "")


def write(*sheets: Sheet, guide: Sequence[str] = (), keys: Mapping[str, str] | None = None) -> bytes:
    """The file. `keys` are hidden facts, such as the season, that come back with it."""
    book = Book(sheets[0].title or sheets[0].name)
    for sheet in sheets:
        write_sheet(book, sheet)
    if guide:
        book.guide(guide, sheets[0].columns)
    first = {column.key: column.label for column in sheets[0].columns}
    book.keys({"format": "1", "language": (get_language() or "vi")[:2]} | dict(keys or {}), first)
    return book.close()


def write_sheet(book: Book, sheet: Sheet) -> None:
    page = book.file.add_worksheet(sheet.name[:31])
    left = 1 if sheet.numbered else 0
    head = sheet.heading_row or (2 if sheet.title else 0)
    if sheet.title:
        page.write_string(0, 0, sheet.title, book.look("title"))
    if left:
        page.set_column(0, 0, 6)
        page.write_string(head, 0, pgettext("sheet", "No."), book.look("head"))
    page.set_row(head, 32)
    for place, column in enumerate(sheet.columns, start=left):
        kind = "code" if column.kind == "code" else column.kind
        page.set_column(place, place, column.width, book.look(kind))
        starred = column.needed or column.wanted
        label = f"{column.label} *" if starred else column.label
        page.write_string(head, place, label, book.look("needed" if starred else "head"))
    last = head
    for index, row in enumerate(sheet.rows):
        last = sheet.places[index] - 1 if sheet.places else head + 1 + index
        if left:
            page.write_number(last, 0, index + 1, book.look("number"))
        for place, column in enumerate(sheet.columns, start=left):
            words = sheet.marks.get((last + 1, column.key))
            book.put(page, last, place, row.get(column.key), column.kind, wrong=words is not None)
            if words:
                page.write_comment(last, place, words, {"x_scale": 2, "author": ""})
    width = left + len(sheet.columns)
    page.freeze_panes(head + 1, left + 1)
    page.autofilter(head, 0, max(last, head + 1), width - 1)
    _validate(book, page, sheet, head + 1, max(last, head) + ENTRY_ROWS if sheet.for_entry else last, left)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)


def _validate(book: Book, page: Any, sheet: Sheet, first: int, last: int, left: int) -> None:
    if last < first:
        return
    for place, column in enumerate(sheet.columns, start=left):
        if column.choices:
            page.data_validation(
                first,
                place,
                last,
                place,
                {
                    "validate": "list",
                    "source": book.choices(column.choices),
                    "error_title": column.label[:32],
                    "error_message": _("Choose a value of the list."),
                },
            )
        elif column.minimum is not None:
            page.data_validation(first, place, last, place, at_least(column.minimum, whole=column.kind == "whole"))


def at_least(minimum: Decimal, *, whole: bool) -> dict[str, Any]:
    """A rule of Excel for a cell of numbers."""
    return {
        "validate": "integer" if whole else "decimal",
        "criteria": ">=",
        "value": float(minimum),
        "error_message": _("Enter a number from %(n)s up.") % {"n": plain(minimum)},
    }


def error_copy(
    columns: Sequence[Column],
    table: Table,
    errors: Sequence[CellError],
    *,
    name: str,
    keys: Mapping[str, str] | None = None,
) -> bytes:
    """What was uploaded, written anew: each row at its place, wrong cells red with a note, and a list of the errors.
    Formulas and macros of the upload do not come along."""
    marks: dict[tuple[int, str], str] = {}
    for error in errors:
        at = (error.row, error.key)
        marks[at] = f"{marks[at]}\n{error.words}" if at in marks else error.words
    shown = [c for c in columns if c.key in table.keys or any(key == c.key for _row, key in marks)]
    beside = [Column(f"extra:{i}", label, width=EXTRA_WIDTH) for i, label in enumerate(table.unknown)]
    rows = [
        row.raw | {f"extra:{i}": row.beside.get(label) for i, label in enumerate(table.unknown)} for row in table.rows
    ]
    data = Sheet(
        name,
        [*shown, *beside],
        rows,
        marks=marks,
        places=[row.number for row in table.rows],
        heading_row=table.heading_row - 1,
        for_entry=True,
    )
    return write(data, error_listing(errors), keys=keys)


def error_listing(errors: Sequence[CellError]) -> Sheet:
    """The errors as a sheet of their own: notes in cells are easily overlooked."""
    return Sheet(
        pgettext("sheet", "Errors"),
        [
            Column("row", pgettext("sheet", "Row"), "whole", 8),
            Column("column", pgettext("sheet", "Column"), width=30),
            Column("words", pgettext("sheet", "What is wrong"), width=90),
        ],
        [{"row": e.row, "column": e.column, "words": e.words} for e in errors],
        numbered=False,
    )
