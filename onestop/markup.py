"""The small markup in which staff write the one-stop forms, and how a form is filled. Pure.

One text gives both faces of a form, PDF and DOCX: `parse` makes a template of it, `fill` puts values into the
template. Values are put in after parsing, so nothing in a value can act as markup.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

MAX_LENGTH = 20_000
MAX_COLUMNS = 16
EMPTY_CELL = "–"
# About as many letters of a table as stand side by side on an upright page.
LETTERS_A_LINE = 74

# Staff write Vietnamese or English words for the same marks.
LEFT, RIGHT, END, SIGN = {"[trái]", "[left]"}, {"[phải]", "[right]"}, {"[hết]", "[end]"}, {"[ký]", "[sign]"}
BREAK = {"[trang]", "[page]"}
_EACH = re.compile(r"^\{#(?:mỗi|each) +([^{}]+?) *\}$")
_EACH_END = {"{/mỗi}", "{/each}"}
_NAME = re.compile(r"^[^\W\d_][\w ]{0,38}[\w]$|^[^\W\d_]$")
_TOKEN = re.compile(r"\\(.)|(\*\*)|(\*)|\{([^{}]*)\}|([{}])")
_PREFIXES = (("## ", "subtitle"), ("# ", "title"), ("- ", "item"), ("< ", "aside"))


@dataclass(frozen=True)
class Piece:
    """Some letters of a line, or the place of a field: then `text` is its name."""

    text: str
    bold: bool = False
    italic: bool = False
    is_field: bool = False


@dataclass(frozen=True)
class Line:
    """`kind`: text, title, subtitle, item, aside (at the left edge of a column), rule, sign (room to sign),
    break (what follows begins a page)."""

    kind: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Row:
    cells: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Columns:
    """Two columns side by side: the head of a paper, or its signatures."""

    left: tuple[Line, ...]
    right: tuple[Line, ...]
    kind: str = "columns"


@dataclass(frozen=True)
class Each:
    """Lines or rows that come once for every entry of a list."""

    name: str
    body: tuple[Line | Row, ...]


@dataclass(frozen=True)
class Table:
    head: Row
    rows: tuple[Row, ...]
    kind: str = "table"

    @property
    def width(self) -> int:
        return len(self.head.cells)

    @property
    def shares(self) -> list[int]:
        """How wide each column is, in hundredths: by its longest word or a third of its longest text. Where the page
        has room for every longest word, no column is narrower than its own."""
        words: list[int] = []
        needs: list[float] = []
        for place in range(self.width):
            cells = [text_of(row.cells[place]) for row in (self.head, *self.rows)]
            word = max((len(word) for cell in cells for word in cell.split()), default=1)
            words.append(min(40, max(word, 3)) + 2)
            needs.append(min(40, max(word, max(map(len, cells)) // 3, 3)) + 2)
        spare = LETTERS_A_LINE - sum(words)
        wished = sum(needs) - sum(words)
        if 0 < spare < wished:
            needs = [word + spare * (need - word) / wished for word, need in zip(words, needs, strict=True)]
        return [max(1, round(100 * need / sum(needs))) for need in needs]


Node = Line | Row | Columns | Each
Block = Line | Columns | Table


@dataclass(frozen=True)
class Fault:
    """What is wrong in a text and in which line, counted from 1. The door has the words for each code."""

    line: int
    code: str
    about: str = ""


@dataclass(frozen=True)
class Template:
    nodes: tuple[Node, ...]
    faults: tuple[Fault, ...]

    def fields(self) -> set[str]:
        """The fields outside lists."""
        return {piece.text for piece in _pieces(self.nodes) if piece.is_field}

    def lists(self) -> dict[str, set[str]]:
        """The fields inside each list."""
        found: dict[str, set[str]] = {}
        for node in self.nodes:
            if isinstance(node, Each):
                found.setdefault(node.name, set()).update(p.text for p in _pieces(node.body) if p.is_field)
        return found


def _pieces(nodes: Sequence[Node]) -> Iterator[Piece]:
    for node in nodes:
        if isinstance(node, Line):
            yield from node.pieces
        elif isinstance(node, Row):
            for cell in node.cells:
                yield from cell
        elif isinstance(node, Columns):
            yield from _pieces((*node.left, *node.right))


# --- reading ------------------------------------------------------------------------------------------
@dataclass
class _Reader:
    """Goes through the lines once and remembers which block is open."""

    nodes: list[Node] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left: list[Line] | None = None
    right: list[Line] | None = None
    each: tuple[int, str, list[Line | Row]] | None = None
    columns_at: int = 0

    def read(self, number: int, line: str) -> None:
        if line in LEFT:
            self._open_columns(number)
        elif line in RIGHT:
            self._turn(number)
        elif line in END:
            self._close_columns(number)
        elif found := _EACH.match(line):
            self._open_each(number, " ".join(found.group(1).split()))
        elif line in _EACH_END:
            self._close_each(number)
        elif line in BREAK and (self.left is not None or self.each is not None):
            self.faults.append(Fault(number, "nested"))
        elif line.startswith("[") and line not in SIGN | BREAK:
            self.faults.append(Fault(number, "unknown_mark", line[:40]))
        elif line.startswith("|"):
            self._row(number, line)
        else:
            self._line(number, line)

    def _open_columns(self, number: int) -> None:
        if self.left is not None or self.each is not None:
            self.faults.append(Fault(number, "nested"))
            return
        self.left, self.right, self.columns_at = [], None, number

    def _turn(self, number: int) -> None:
        if self.left is None or self.right is not None:
            self.faults.append(Fault(number, "right_alone"))
        else:
            self.right = []

    def _close_columns(self, number: int) -> None:
        if self.left is None:
            self.faults.append(Fault(number, "end_alone"))
            return
        self.nodes.append(Columns(tuple(self.left), tuple(self.right or ())))
        self.left = self.right = None

    def _open_each(self, number: int, name: str) -> None:
        if self.each is not None or self.left is not None:
            self.faults.append(Fault(number, "nested"))
        else:
            self.each = (number, name, [])

    def _close_each(self, number: int) -> None:
        if self.each is None:
            self.faults.append(Fault(number, "each_end_alone"))
            return
        _, name, body = self.each
        self.nodes.append(Each(name, tuple(body)))
        self.each = None

    def _row(self, number: int, line: str) -> None:
        if self.left is not None:
            self.faults.append(Fault(number, "table_in_column"))
            return
        cells = tuple(self._inline(number, cell) for cell in _split(line))
        if len(cells) > MAX_COLUMNS:
            self.faults.append(Fault(number, "too_many_columns", str(MAX_COLUMNS)))
        (self.each[2] if self.each else self.nodes).append(Row(cells))

    def _line(self, number: int, line: str) -> None:
        kind, words = "text", line
        if line == "---":
            made = Line("rule")
        elif line in SIGN:
            made = Line("sign")
        elif line in BREAK:
            made = Line("break")
        else:
            for prefix, name in _PREFIXES:
                if line.startswith(prefix):
                    kind, words = name, line[len(prefix) :].strip()
                    break
            made = Line(kind, self._inline(number, words))
        if self.left is not None:
            (self.left if self.right is None else self.right).append(made)
        else:
            (self.each[2] if self.each else self.nodes).append(made)

    def _inline(self, number: int, text: str) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        bold = italic = False
        letters, at = "", 0

        def flush() -> None:
            nonlocal letters
            if letters:
                pieces.append(Piece(letters, bold, italic))
                letters = ""

        for token in _TOKEN.finditer(text):
            letters += text[at : token.start()]
            at = token.end()
            escaped, two, one, name, stray = token.groups()
            if escaped is not None:
                letters += escaped
            elif two or one:
                flush()
                bold, italic = (not bold, italic) if two else (bold, not italic)
            elif stray:
                self.faults.append(Fault(number, "stray_brace", text[:60]))
            else:
                flush()
                name = " ".join((name or "").split())
                if not _NAME.match(name):
                    self.faults.append(Fault(number, "bad_name", name[:40]))
                pieces.append(Piece(name, bold, italic, is_field=True))
        letters += text[at:]
        flush()
        if bold or italic:
            self.faults.append(Fault(number, "open_stars", text[:60]))
        return tuple(pieces)

    def close(self) -> None:
        if self.left is not None:
            self.faults.append(Fault(self.columns_at, "columns_open"))
        if self.each is not None:
            self.faults.append(Fault(self.each[0], "each_open", self.each[1]))


def _split(line: str) -> list[str]:
    """The cells between the bars; `\\|` is a bar that is meant."""
    inner = line[1:-1] if line.endswith("|") and not line.endswith("\\|") and len(line) > 1 else line[1:]
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inner)]


def parse(text: str) -> Template:
    """The template of a text, with everything that is wrong in it."""
    reader = _Reader()
    lines = text[: MAX_LENGTH + 1].splitlines()
    for number, raw in enumerate(lines, start=1):
        if raw.strip():
            reader.read(number, raw.strip())
    reader.close()
    if len(text) > MAX_LENGTH:
        reader.faults.append(Fault(len(lines), "too_long", str(MAX_LENGTH)))
    if not reader.nodes:
        reader.faults.append(Fault(1, "empty"))
    if any(_uneven(run) for run in _runs(reader.nodes)):
        reader.faults.append(Fault(0, "uneven_table"))
    return Template(tuple(reader.nodes), tuple(reader.faults))


def _runs(nodes: Sequence[Node]) -> Iterator[list[Row]]:
    """Rows that follow each other, inside lists or not, are one table."""
    run: list[Row] = []
    for node in nodes:
        rows = [node] if isinstance(node, Row) else []
        if isinstance(node, Each):
            rows = [one for one in node.body if isinstance(one, Row)]
        if rows:
            run += rows
        elif run:
            yield run
            run = []
    if run:
        yield run


def _uneven(run: Sequence[Row]) -> bool:
    return len({len(row.cells) for row in run}) > 1


def unknown_names(template: Template, fields: set[str], lists: Mapping[str, set[str]]) -> list[str]:
    """The names in a template that the form does not have; a list's own fields count inside it only."""
    found = sorted(template.fields() - fields)
    for name, inner in template.lists().items():
        if name not in lists:
            found.append(f"#{name}")
        else:
            found += sorted(inner - lists[name] - fields)
    return found


# --- filling ------------------------------------------------------------------------------------------
Values = Mapping[str, str | Sequence[Mapping[str, str]]]


def fill(template: Template, values: Values) -> list[Block]:
    """The blocks of the filled form. A line whose field is empty is left out, a cell shows a dash: no gap stays."""
    blocks: list[Block] = []
    rows: list[Row] = []

    def end_table() -> None:
        if rows:
            blocks.append(Table(rows[0], tuple(rows[1:])))
            rows.clear()

    def add(node: Line | Row, given: Values) -> None:
        if isinstance(node, Row):
            rows.append(Row(tuple(_cell(cell, given) for cell in node.cells)))
            return
        end_table()
        made = _filled(node, given)
        if made is not None:
            blocks.append(made)

    for node in template.nodes:
        if isinstance(node, Each):
            entries = values.get(node.name, ())
            for entry in entries if not isinstance(entries, str) else ():
                for one in node.body:
                    add(one, {**values, **entry})
        elif isinstance(node, Columns):
            end_table()
            sides = ([made for line in side if (made := _filled(line, values))] for side in (node.left, node.right))
            left, right = sides
            blocks.append(Columns(tuple(left), tuple(right)))
        else:
            add(node, values)
    end_table()
    return blocks


def _filled(line: Line, values: Values) -> Line | None:
    pieces = tuple(_value(piece, values) for piece in line.pieces)
    gap = any(piece.is_field and not made.text for piece, made in zip(line.pieces, pieces, strict=True))
    return None if gap else Line(line.kind, pieces)


def _cell(cell: tuple[Piece, ...], values: Values) -> tuple[Piece, ...]:
    pieces = (_value(piece, values) for piece in cell)
    return tuple(piece if piece.text else replace(piece, text=EMPTY_CELL) for piece in pieces)


def _value(piece: Piece, values: Values) -> Piece:
    if not piece.is_field:
        return piece
    value = values.get(piece.text, "")
    return replace(piece, text=value if isinstance(value, str) else "", is_field=False)


def text_of(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def texts(blocks: Sequence[Block]) -> list[str]:
    """What the form says, line by line and cell by cell, in reading order."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            found += [text_of(cell) for row in (block.head, *block.rows) for cell in row.cells]
        elif isinstance(block, Columns):
            found += [shown(line) for line in (*block.left, *block.right)]
        else:
            found.append(shown(block))
    return [text for text in found if text]


def shown(line: Line) -> str:
    return ("- " if line.kind == "item" else "") + text_of(line.pieces)
