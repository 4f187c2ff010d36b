"""May this package be parsed at all? A small XLSX can ask for a table of 17 thousand million cells, or name one long
text a hundred thousand times. Everything is counted here with a stream parser, then packed anew, so that the reader
sees exactly the parts that were counted. Pure."""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_ROWS = 5_000
MAX_COLUMNS = 200
MAX_CELLS = 300_000
MAX_UNPACKED = 80 * 1024 * 1024
MAX_TEXT = 32_767
MAX_TEXTS = 30 * 1024 * 1024
MAX_SHEETS = 50

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_KEPT = (".xml", ".rels")


class TooLarge(ValueError):
    """`kind` is rows, columns, cells, size or sheets; `limit` its bound."""

    def __init__(self, kind: str, limit: int) -> None:
        self.kind, self.limit = kind, limit
        super().__init__(f"{kind} > {limit}")


class Broken(ValueError):
    """Not a workbook that can be read safely."""


@dataclass
class Safe:
    """The package packed anew, and the places of cells that hold an error of Excel, or a formula, by the name of
    their sheet."""

    content: bytes
    failed: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    formulas: dict[str, set[tuple[int, int]]] = field(default_factory=dict)


def inspect(content: bytes) -> Safe:
    """Raises TooLarge or Broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = [e for e in package.infolist() if e.filename.lower().endswith(_KEPT)]
            if len({e.filename.lower() for e in entries}) != len(entries):
                raise Broken("two parts of one name")
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise TooLarge("size", MAX_UNPACKED)
            parts = {entry.filename: package.read(entry) for entry in entries}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, TooLarge | Broken):
            raise
        raise Broken("not a package") from error
    texts: list[int] = []
    for name, xml in parts.items():
        if name.lower() == "xl/sharedstrings.xml":
            texts = _Texts(xml).lengths
    budget = _Budget()
    cells = {name: _Cells(xml, texts, budget) for name, xml in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as package:
        for name, xml in parts.items():
            package.writestr(name, xml)
    found = {name: cells[part] for name, part in _sheets(parts).items() if part in cells}
    return Safe(
        stream.getvalue(),
        {name: one.failed for name, one in found.items()},
        {name: one.formulas for name, one in found.items()},
    )


def _sheets(parts: dict[str, bytes]) -> dict[str, str]:
    """Which part each sheet is, by its name. Raises Broken when the workbook points outside the parts that were
    counted."""
    targets = _Elements(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), "Relationship").found
    where = {}
    for target in targets:
        path = target.get("Target", "")
        path = path.removeprefix("/") if path.startswith("/") else f"xl/{path}"
        if target.get("Type", "").endswith("/worksheet") and path not in parts:
            raise Broken("a sheet that is not there")
        where[target.get("Id", "")] = path
    found = {}
    for sheet in _Elements(parts.get("xl/workbook.xml", b"<none/>"), "sheet").found:
        link = next((value for key, value in sheet.items() if key.rpartition(":")[2] == "id"), "")
        found[sheet.get("name", "")] = where.get(link, "")
    return found


def place(reference: str) -> tuple[int, int]:
    """`place("C7") == (7, 3)`."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise Broken("a cell without a place")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


class _Parser:
    """Expat without document types, hence without entities."""

    def __init__(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        if b"\x00" in xml:  # UTF-16, which readers take for different things
            raise Broken("an encoding other than UTF-8")
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, ValueError) as error:
            if isinstance(error, TooLarge | Broken):
                raise
            raise Broken("a part that is not well-formed") from error

    def _doctype(self, *_: object) -> None:
        raise Broken("a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None: ...

    def _end(self, name: str) -> None: ...

    def _text(self, text: str) -> None: ...


class _Elements(_Parser):
    """The attributes of every element of one name."""

    def __init__(self, xml: bytes, local: str) -> None:
        self.local = local
        self.found: list[dict[str, str]] = []
        super().__init__(xml)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == self.local:
            self.found.append(attributes)


class _Texts(_Parser):
    """How long each shared text is."""

    def __init__(self, xml: bytes) -> None:
        self.lengths: list[int] = []
        self.total = 0
        super().__init__(xml)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            self.lengths.append(0)

    def _text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)
            if self.lengths[-1] > MAX_TEXT:
                raise TooLarge("text", MAX_TEXT)


@dataclass
class _Budget:
    """What all sheets may use together."""

    cells: int = 0
    texts: int = 0
    sheets: int = 0


class _Cells(_Parser):
    """Counts the cells of a sheet and the texts they name. Other parts count as well-formed only."""

    def __init__(self, xml: bytes, texts: list[int], budget: _Budget) -> None:
        self.texts, self.budget = texts, budget
        self.failed: set[tuple[int, int]] = set()
        self.formulas: set[tuple[int, int]] = set()
        self.row = self.column = 0
        self.kind = self.value = ""
        self.in_value = self.is_sheet = False
        super().__init__(xml)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "worksheet":
            self.is_sheet = True
            self.budget.sheets += 1
            if self.budget.sheets > MAX_SHEETS:
                raise TooLarge("sheets", MAX_SHEETS)
        elif not self.is_sheet:
            return
        elif local == "row":
            self.row, self.column = _number(attributes.get("r"), self.row + 1), 0
        elif local == "c":
            self._cell(attributes)
        elif local in ("v", "t", "f", "is"):
            self._occupied()
            if local == "f":
                self.formulas.add((self.row, self.column))
            if local in ("v", "t"):
                self.in_value, self.value = True, ""

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self.row, self.column = place(reference) if reference else (max(self.row, 1), self.column + 1)
        self.kind = attributes.get("t", "")
        self.budget.cells += 1
        if self.budget.cells > MAX_CELLS:
            raise TooLarge("cells", MAX_CELLS)
        if self.kind == "e":
            self.failed.add((self.row, self.column))

    def _occupied(self) -> None:
        """Only cells with a content count here: Excel keeps styled empty ones far below a table."""
        if self.row > MAX_ROWS:
            raise TooLarge("rows", MAX_ROWS)
        if self.column > MAX_COLUMNS:
            raise TooLarge("columns", MAX_COLUMNS)

    def _text(self, text: str) -> None:
        if self.in_value:
            self.value += text
            if len(self.value) > MAX_TEXT:
                raise TooLarge("text", MAX_TEXT)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] not in ("v", "t") or not self.in_value:
            return
        self.in_value = False
        length = len(self.value)
        if self.kind == "s" and self.value.strip().isdigit():
            index = int(self.value)
            length = self.texts[index] if index < len(self.texts) else 0
        self.budget.texts += length
        if self.budget.texts > MAX_TEXTS:
            raise TooLarge("size", MAX_TEXTS)


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isdecimal() or len(text) > 7:
        raise Broken("a row without a number")
    return int(text)
