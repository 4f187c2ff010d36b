"""Text as outlines of our own fonts: a picture that stands on a foreign site finds no font of ours there, and a logo
must look the same everywhere. Nothing of a name is ever read as markup: it becomes curves."""

import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.conf import settings

# One step of an outline: a letter of SVG's path language and its points, y downwards.
Step = tuple[str, tuple[float, ...]]
_FILES = {
    "serif": ("source-serif-4-latin-wght-normal", "source-serif-4-vietnamese-wght-normal"),
    "sans": ("source-sans-3-latin-wght-normal", "source-sans-3-vietnamese-wght-normal"),
}
_LETTERS = {"moveTo": "M", "lineTo": "L", "curveTo": "C", "closePath": "Z"}
_one_reader = threading.RLock()  # a font file is read bit by bit, and not by two threads at once
# Stands in a line for what neither font can draw.
_BOX: tuple[Step, ...] = (
    ("M", (0.06, 0)),
    ("L", (0.06, -0.66)),
    ("L", (0.54, -0.66)),
    ("L", (0.54, 0)),
    ("Z", ()),
    ("M", (0.12, -0.06)),
    ("L", (0.48, -0.06)),
    ("L", (0.48, -0.60)),
    ("L", (0.12, -0.60)),
    ("Z", ()),
)


def plain(text: str) -> str:
    """One line without anything unseen: no control signs, no marks that turn the direction of writing, no sign that
    XML forbids."""
    kept = []
    for sign in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(sign)
        if kind in ("Zs", "Zl", "Zp") or sign in "\t\n\r":
            kept.append(" ")
        elif kind not in ("Cc", "Cf", "Cs", "Co", "Cn"):
            kept.append(sign)
    return " ".join("".join(kept).split())


@cache
def _fonts(family: str) -> tuple[Any, ...]:
    from fontTools.ttLib import TTFont  # loaded by whoever draws, not by every process

    folder = settings.BASE_DIR / "static" / "fonts"
    return tuple(TTFont(folder / f"{name}.woff2") for name in _FILES[family])


@cache
def _glyph_sets(family: str, weight: int) -> tuple[tuple[dict[int, str], Any, float], ...]:
    return tuple(
        (font.getBestCmap(), font.getGlyphSet(location={"wght": weight}), font["head"].unitsPerEm)
        for font in _fonts(family)
    )


@dataclass(frozen=True)
class Face:
    """A family at a weight. All measures are parts of the size of the letters."""

    family: str
    weight: int

    def width(self, text: str) -> float:
        return sum(_glyph(self, sign)[0] for sign in text)

    def steps(self, text: str, x: float, y: float, size: float) -> Iterator[Step]:
        """The outlines of a line that begins at `x` on the base line `y`."""
        for sign in text:
            advance, outline = _glyph(self, sign)
            for letter, points in outline:
                yield letter, tuple(at * size + (y if n % 2 else x) for n, at in enumerate(points))
            x += advance * size


@lru_cache(maxsize=2048)
def _glyph(face: Face, sign: str) -> tuple[float, tuple[Step, ...]]:
    """How wide a sign is, and its outline; an empty box for what the fonts do not hold."""
    with _one_reader:
        for names, glyphs, unit in _glyph_sets(face.family, face.weight):
            name = names.get(ord(sign))
            if name is not None:
                return glyphs[name].width / unit, _outline(glyphs, name, unit)
    return 0.6, _BOX


def _outline(glyphs: Any, name: str, unit: float) -> tuple[Step, ...]:
    from fontTools.pens.basePen import decomposeQuadraticSegment
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    found: list[Step] = []

    def add(letter: str, *points: tuple[float, float]) -> None:
        found.append((letter, tuple(part for x, y in points for part in (x / unit, -y / unit))))

    for act, points in pen.value:
        if act == "qCurveTo" and points[-1] is None:  # a round without a point of its own: begin between two others
            (x1, y1), (x2, y2) = points[0], points[-2]
            start = ((x1 + x2) / 2, (y1 + y2) / 2)
            add("M", start)
            points = (*points[:-1], start)
        if act == "qCurveTo":
            for one, at in decomposeQuadraticSegment(points):
                add("Q", one, at)
        elif act in _LETTERS:
            add(_LETTERS[act], *points)
    return tuple(found)


# --- setting lines -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Setting:
    """Lines of one size that fit into a box."""

    face: Face
    size: float
    lines: tuple[str, ...]
    leading: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * self.leading


def set_lines(
    text: str, face: Face, width: float, height: float, sizes: Sequence[float], leading: float = 1.26
) -> Setting:
    """The text at the largest of the sizes (largest first) at which it fits into the box; at the smallest, what does
    not fit gives way in the middle: names of enterprises differ at their ends."""
    words = plain(text)
    for size in sizes:
        lines = _wrapped(words, face, width / size)
        if lines is not None and len(lines) * size * leading <= height:
            return Setting(face, size, tuple(lines), leading)
    size = sizes[-1]
    room = max(1, int(height / (size * leading)))
    return Setting(face, size, tuple(_shortened(words, face, width / size, room)), leading)


def _wrapped(text: str, face: Face, width: float) -> list[str] | None:
    """Lines of at most this width; None when a single word is wider."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.width(longer) <= width:
            lines[-1] = longer
        elif face.width(word) <= width:
            lines.append(word)
        else:
            return None
    return lines


def _cut(text: str, face: Face, width: float) -> list[str]:
    """Lines of at most this width, broken inside words where nothing else helps."""
    lines, line = [], ""
    for sign in text:
        if face.width(line + sign) > width and line:
            head, space, tail = line.rpartition(" ")
            lines.append(head if space and sign != " " else line)
            line = (tail if space and sign != " " else "") + sign.strip()
        else:
            line += sign
    return [*lines, line]


def _shortened(text: str, face: Face, width: float, room: int) -> list[str]:
    """As much of the beginning and of the end as `room` lines hold."""
    keep = len(text)
    while keep > 2:
        head = text if keep == len(text) else f"{text[: (keep + 1) // 2].rstrip()} … {text[-(keep // 2) :].lstrip()}"
        lines = _cut(head, face, width)
        if len(lines) <= room:
            return lines
        keep -= max(1, keep // 25)
    return ["…"]
