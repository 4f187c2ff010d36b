"""The parts of a paper form, frozen. Pure. Lengths in millimetres, letters and strokes in points."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from core.vietnamese import fold

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the known names replaced once; what a value holds is never read again."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


@dataclass(frozen=True)
class Run:
    """A part of a line in one type. `sizes` are the allowed steps, largest first."""

    text: str
    sizes: tuple[float, ...]
    bold: bool = False
    italic: bool = False
    colour: str = "#000000"


@dataclass(frozen=True)
class Line:
    """A paragraph, a rule or the QR code.

    `space` is left free above it; `rows` is how many rows its text should take before smaller sizes are tried;
    `ground` is the colour behind it; `when` names what must not be empty for it to be printed.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    tag: str = "p"
    rows: int = 2
    space: float = 0
    leading: float = 1.28
    letter: float = 0
    lang: str = "vi"
    ground: str = ""
    when: tuple[str, ...] = ()
    rule_mm: float = 0
    weight_pt: float = 0
    colour: str = "#000000"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(PLACEHOLDER.findall(self.text))


@dataclass(frozen=True)
class Zone:
    """A rectangle on the page; its lines grow from its top edge or stand on its bottom edge."""

    name: str
    x: float
    y: float
    width: float
    height: float
    anchor: str
    align: str
    lines: tuple[Line, ...]

    def overlaps(self, other: "Zone") -> bool:
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        apart = self.y + self.height <= other.y or other.y + other.height <= self.y
        return not (beside or apart)


@dataclass(frozen=True)
class Frame:
    style: str
    colour: str
    outer_pt: float
    inner_pt: float
    gap_mm: float
    margin_mm: float
    corners: str
    tint_percent: float


@dataclass(frozen=True)
class Office:
    """Who signs, in whose name: for a position that begins with these words, these lines."""

    begins: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What readers and machines are told about the file; `code` is read aloud in place of the QR code."""

    title: str
    author: str
    subject: str
    data: str
    code: str


@dataclass(frozen=True, eq=False)
class PaperForm:
    """Everything that may differ between years and kinds without code. `digest` is the SHA-256 of its canonical
    JSON; `qr_mm` the least and the largest side of the code."""

    code: str
    title: str
    from_year: int
    note: str
    colours: Mapping[str, str]
    frame: Frame
    qr_mm: tuple[float, float]
    kinds: Mapping[str, Mapping[str, str]]
    offices: tuple[Office, ...]
    document: Words
    zones: tuple[Zone, ...]
    digest: str

    def office(self, position: str) -> list[str]:
        """The lines above a signature; a position that no rule knows stands as it was entered, in capitals."""
        plain = fold(position)
        for rule in self.offices:
            if plain.startswith(fold(rule.begins)):
                return list(rule.lines)
        rows = position.replace(" / ", "\n").replace(";", "\n").splitlines()
        return [row.strip().upper() for row in rows if row.strip()]

    @property
    def texts(self) -> list[str]:
        """Every text of the form that reaches the page."""
        lines = [run.text for zone in self.zones for line in zone.lines for run in line.runs]
        kinds = [text for words in self.kinds.values() for text in words.values()]
        return lines + kinds + [row for office in self.offices for row in office.lines]
