"""What a table of Excel holds: its columns, and what is wrong with a cell. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from core import vietnamese

Kind = Literal["text", "code", "whole", "decimal", "date", "moment"]
# A spreadsheet may take a text for a formula when it begins with one of these, also in their full-width forms.
_RUNS = tuple("=+-@|%\t\r\n＝＋－＠")


def same(text: str) -> str:
    return text


@dataclass(frozen=True)
class Column:
    """One column. `key` is its name in the program; `label` the heading in the language of the file; `others` are
    headings under which it is recognised as well. A `needed` column must be there; a `wanted` one is filled in
    for a new row. `from_number` mends a code that Excel has made a number."""

    key: str
    label: str
    kind: Kind = "text"
    width: int = 18
    needed: bool = False
    wanted: bool = False
    note: str = ""
    choices: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    minimum: Decimal | None = None
    from_number: Callable[[str], str] = same

    @property
    def headings(self) -> frozenset[str]:
        """All words that mean this column, folded."""
        return frozenset(heading_key(word) for word in (self.label, self.key, *self.others))


@dataclass(frozen=True)
class CellError:
    """What is wrong, and where: `row` as Excel counts, `column` as headed, `words` for the person."""

    row: int
    column: str
    words: str
    key: str = ""


def heading_key(text: str) -> str:
    """Headings are compared without accents, case, signs and spaces: “Mã số thuế *” is `masothue`."""
    return "".join(c for c in vietnamese.fold(text) if c.isalnum())


def safe_csv(cell: Any) -> Any:
    """For CSV, which has no types: text that a spreadsheet would take for a formula gets an apostrophe in front.
    Numbers stay."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell


def looks_active(text: str) -> bool:
    """In XLSX such a text is typed as text and needs no other letter in front; its cell is marked with Excel's own
    quote prefix, so that it stays text when somebody edits it."""
    return text.startswith(_RUNS)
