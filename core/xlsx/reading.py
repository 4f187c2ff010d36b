"""An uploaded XLSX as typed rows. Whatever is wrong is said with its row and its column, in words.

Nothing is guessed silently: a number typed as text is read as people in Vietnam write it, and “1.234” in a column of
decimals, which has two meanings, is asked back.
"""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core import uploads, vietnamese
from core.errors import Refused
from core.forms import DateField, DateTimeField, DecimalField, IntegerField
from core.xlsx import guard
from core.xlsx.columns import CellError, Column, heading_key
from core.xlsx.legacy import is_legacy

KEYS = "_kip"
HEADING_WITHIN = 20  # a form of the Department may carry a few lines above its heading
MAX_SHOWN = 60


@dataclass
class Row:
    """`number` as Excel counts; `values` by column, typed; `raw` as the file has them; `beside` of other headings."""

    number: int
    values: dict[str, Any]
    raw: dict[str, Any]
    beside: dict[str, Any] = field(default_factory=dict)


@dataclass
class Table:
    """What was read. `keys` are the columns found; `facts` what the hidden sheet says."""

    rows: list[Row]
    errors: list[CellError]
    keys: frozenset[str]
    unknown: list[str]
    heading_row: int
    facts: dict[str, str]
    # (row, key) of cells that hold a formula: their values were computed by somebody's Excel, never here.
    formulas: set[tuple[int, str]] = field(default_factory=set)


@dataclass
class Page:
    """One sheet as a grid that begins at A1."""

    name: str
    cells: list[list[Any]]
    failed: set[tuple[int, int]]
    formulas: set[tuple[int, int]] = field(default_factory=set)


def open_upload(upload: UploadedFile) -> bytes:
    """The bytes of an uploaded XLSX. Raises Refused for every other kind, however it is named."""
    checked = uploads.check(upload)
    if checked.media_type != uploads.XLSX:
        raise Refused(_("Upload an Excel workbook (.xlsx)."))
    return checked.content


def pages(content: bytes) -> tuple[list[Page], dict[str, str]]:
    """The visible data sheets, and the facts of the hidden one. Raises Refused."""
    try:
        safe = guard.inspect(content)
        with CalamineWorkbook.from_filelike(io.BytesIO(safe.content)) as book:
            shown, facts = [], {}
            for index, meta in enumerate(book.sheets_metadata):
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                cells = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
                if meta.name == KEYS:
                    facts = {str(row[0]): str(row[1]) for row in cells if len(row) > 1}
                elif meta.visible == SheetVisibleEnum.Visible:
                    failed, formulas = safe.failed.get(meta.name, set()), safe.formulas.get(meta.name, set())
                    shown.append(Page(meta.name, cells, failed, formulas))
    except guard.TooLarge as error:
        raise Refused(_too_large(error)) from error
    except (guard.Broken, CalamineError, ValueError, OSError, IndexError, KeyError) as error:
        raise Refused(_broken()) from error
    except BaseException as error:  # a panic of the parser is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise Refused(_broken()) from error
    return shown, facts


def read(content: bytes, columns: Sequence[Column], *, max_rows: int = guard.MAX_ROWS) -> Table:
    """The first sheet with our headings. Raises Refused when there is none, or when it lacks a needed column."""
    shown, facts = pages(content)
    if not shown:
        raise Refused(_broken())
    named = {heading_key(v): k.removeprefix("column:") for k, v in facts.items() if k.startswith("column:")}
    best: tuple[int, Page, int, dict[int, str]] | None = None
    for page in shown:
        for index, cells in enumerate(page.cells[:HEADING_WITHIN]):
            found = _match(cells, columns, named)
            if found and (best is None or len(found) > best[0]):
                best = (len(found), page, index, found)
    needed = [c for c in columns if c.needed]
    if best is None or best[0] < min(2, len(columns)):
        raise Refused(
            _("No heading was found. The sheet needs a row with the headings: %(names)s.")
            % {"names": ", ".join(c.label for c in columns)}
        )
    _count, page, heading, places = best
    lacking = [c.label for c in needed if c.key not in places.values()]
    if lacking:
        raise Refused([_("The column “%(name)s” is missing.") % {"name": name} for name in lacking])
    doubled = sorted({key for key in places.values() if list(places.values()).count(key) > 1})
    if doubled:
        names = {c.key: c.label for c in columns}
        raise Refused([_("The column “%(name)s” stands there twice.") % {"name": names[key]} for key in doubled])
    table = _rows(page, heading, places, {c.key: c for c in columns}, facts)
    if len(table.rows) > max_rows:
        raise Refused(
            _("The sheet has %(n)s rows; at most %(max)s are read at once. Split it.")
            % {"n": len(table.rows), "max": max_rows}
        )
    if not table.rows:
        raise Refused(_("Below the heading there is no row."))
    return table


def _match(cells: Sequence[Any], columns: Sequence[Column], named: Mapping[str, str]) -> dict[int, str]:
    """Which place of this row heads which column. What the hidden sheet says of a heading goes first."""
    known = {word: c.key for c in columns for word in c.headings}
    keys = {c.key for c in columns}
    found = {}
    for place, cell in enumerate(cells):
        word = heading_key(cell) if isinstance(cell, str) else ""
        key = named.get(word) or known.get(word)
        if word and key in keys:
            found[place] = key
    return found


def _rows(
    page: Page, heading: int, places: Mapping[int, str], columns: Mapping[str, Column], facts: dict[str, str]
) -> Table:
    heads = page.cells[heading]
    skipped = {heading_key(word) for word in ("STT", "No.", "Số TT", "TT", "#")} | {""}
    others = {
        place: _tidy(str(cell))
        for place, cell in enumerate(heads)
        if place not in places and isinstance(cell, str) and heading_key(cell) not in skipped
    }
    table = Table([], [], frozenset(places.values()), list(dict.fromkeys(others.values())), heading + 1, facts)
    for index, cells in enumerate(page.cells[heading + 1 :], start=heading + 2):
        raw = {key: cells[place] if place < len(cells) else "" for place, key in places.items()}
        failed = [(columns[key], index) for place, key in places.items() if (index, place + 1) in page.failed]
        table.formulas |= {(index, key) for place, key in places.items() if (index, place + 1) in page.formulas}
        if all(_is_empty(value) for value in raw.values()) and not failed:
            continue
        row = Row(index, {}, raw, {name: cells[place] if place < len(cells) else "" for place, name in others.items()})
        for key, value in raw.items():
            try:
                row.values[key] = value_of(value, columns[key])
            except ValueError as error:
                table.errors.append(CellError(index, columns[key].label, str(error), key))
        for column, number in failed:
            table.errors.append(CellError(number, column.label, failed_cell(), column.key))
        table.rows.append(row)
    return table


# --- one cell -----------------------------------------------------------------------------------------
def value_of(value: Any, column: Column) -> Any:
    """The cell as its column asks: str, Decimal, int, date, datetime, or None where empty ("" for text). Raises
    ValueError with a sentence."""
    if isinstance(value, str) and is_legacy(value):
        raise ValueError(
            _(
                "The text is typed in an old font (TCVN3 such as .VnTime, or VNI). Convert the file to Unicode, for "
                "example with the conversion tool of UniKey, then upload it again."
            )
        )
    if _is_empty(value):
        return "" if column.kind in ("text", "code") else None
    return _READERS[column.kind](value, column)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not vietnamese.nfc(value))


def _text(value: Any, column: Column) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        written = format(value, ".15g")
        return column.from_number(written) if column.kind == "code" else written
    if isinstance(value, datetime):
        return date_format(value, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return _tidy(value) if column.kind == "code" else vietnamese.nfc_lines(str(value))


def _tidy(text: Any) -> str:
    return vietnamese.nfc(str(text))


def _whole(value: Any, column: Column) -> int:
    number = _number(value, whole=True)
    _check_minimum(number, column)
    return int(number)


def _decimal(value: Any, column: Column) -> Decimal:
    number = _number(value, whole=False)
    _check_minimum(number, column)
    return number


def _check_minimum(number: Decimal, column: Column) -> None:
    if column.minimum is not None and number < column.minimum:
        raise ValueError(_("The number must not be below %(n)s.") % {"n": column.minimum})


def _number(value: Any, *, whole: bool) -> Decimal:
    if isinstance(value, bool | date | datetime | time | timedelta):
        raise ValueError(_("“%(text)s” is not a number.") % {"text": _shown(value)})
    if isinstance(value, int | float):
        # Excel itself keeps fifteen digits; what a formula leaves behind them is dust.
        number = Decimal(format(value, ".15g"))
        if whole and number != number.to_integral_value():
            raise ValueError(_("“%(text)s” is not a whole number.") % {"text": _shown(value)})
        return number
    text = _tidy(value).replace(" ", "").replace("\u2212", "-")
    if not whole and re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", text):
        raise ValueError(
            _("“%(text)s” has two meanings. Enter it as a number of Excel, or with all its decimals.") % {"text": text}
        )
    asked: forms.Field = IntegerField() if whole else DecimalField()
    try:
        return Decimal(asked.clean(text))
    except (forms.ValidationError, ArithmeticError) as error:
        words = _("“%(text)s” is not a whole number.") if whole else _("“%(text)s” is not a number.")
        raise ValueError(words % {"text": _shown(value)}) from error


def _date(value: Any, column: Column) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found: date = _typed(DateField(), value, _("“%(text)s” is not a date. Enter it as 05/03/2026."))
    return found


def _moment(value: Any, column: Column) -> datetime:
    if isinstance(value, datetime):
        return timezone.make_aware(value)
    words = _("“%(text)s” is not a time. Enter it as 17:00 30/09/2026.")
    if isinstance(value, date):
        raise ValueError(words % {"text": _shown(value)})
    found: datetime = _typed(DateTimeField(), value, words)
    return found


def _typed(asked: forms.Field, value: Any, words: str) -> Any:
    try:
        return asked.clean(_tidy(value) if isinstance(value, str) else "?")
    except forms.ValidationError as error:
        raise ValueError(words % {"text": _shown(value)}) from error


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return date_format(value, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    text = format(value, ".15g") if isinstance(value, float) else _tidy(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


_READERS: dict[str, Callable[[Any, Column], Any]] = {
    "text": _text,
    "code": _text,
    "whole": _whole,
    "decimal": _decimal,
    "date": _date,
    "moment": _moment,
}


# --- words --------------------------------------------------------------------------------------------
def _broken() -> str:
    return _("The workbook cannot be read. Open it in Excel, save it anew as .xlsx and upload it again.")


def failed_cell() -> str:
    return _("The cell holds an error of Excel (such as #REF! or #DIV/0!). Enter the value itself.")


def _too_large(error: guard.TooLarge) -> str:
    words = {
        "rows": _("The workbook goes beyond %(n)s rows. Split it, and delete what lies below the table."),
        "columns": _("The workbook goes beyond %(n)s columns. Delete what lies beside the table."),
        "cells": _("The workbook has more than %(n)s cells. Split it."),
        "text": _("A cell holds more than %(n)s letters."),
        "sheets": _("The workbook has more than %(n)s sheets."),
    }
    size = _("The file would unpack to an unusual size and is not accepted. Copy its table into a new workbook.")
    return words[error.kind] % {"n": error.limit} if error.kind in words else size
