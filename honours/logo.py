"""Lockups of the programme's mark with the title and its year: our own drawing, never the arms of the city."""

from dataclasses import dataclass
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from honours import palette
from honours.drawing import Picture
from honours.lettering import Face

SERIF, STRONG = Face("serif", 600), Face("sans", 650)
INKS: Final = ("colour", "black", "white")
LAYOUTS: Final = ("horizontal", "square")
PNG_WIDTH: Final = {"horizontal": 1600, "square": 1000}
SPACE = 22.0  # the clear space around the mark: half its side, part of the file


@dataclass(frozen=True)
class Lockup:
    """One file of the kit. `white` is for dark grounds and has no ground of its own."""

    language: str
    layout: str
    ink: str
    year: int
    is_top10: bool
    is_demo: bool

    @property
    def name(self) -> str:
        kind = "top10" if self.is_top10 else "kip"
        return f"{kind}-hanoi-{self.year}-{self.language}-{self.layout}-{self.ink}"


def draw(one: Lockup) -> Picture:
    """The lockup with its clear space."""
    with translation.override(one.language):
        lines = (
            [pgettext("logo", "Top 10"), pgettext("logo", "Key Industrial Products")]
            if one.is_top10
            else [pgettext("logo", "Key Industrial"), pgettext("logo", "Product")]
        )
        place = _("Hanoi %(year)s") % {"year": one.year}
        title, demo = " ".join([*lines, place]), _("Demonstration: names and recognition are invented.")
    return _DRAW[one.layout](one, lines, place, title, demo if one.is_demo else "")


def _inks(one: Lockup) -> tuple[str, str, str, str]:
    """Ground and lines of the mark, the words, the year."""
    if one.ink == "colour":
        return palette.SON, palette.MARK_LINE, palette.INK, palette.DONG
    colour = palette.WHITE if one.ink == "white" else palette.INK
    return "", colour, colour, colour


def _horizontal(one: Lockup, lines: list[str], place: str, title: str, words: str) -> Picture:
    ground, line, ink, year = _inks(one)
    size, small = 30.0, 22.0
    text = max(SERIF.width(lines[0]) * size, SERIF.width(lines[1]) * size, STRONG.width(place) * small)
    demo = _demo_width(one)
    width = SPACE * 2 + 96 + 20 + max(text, STRONG.width(place) * small + demo)
    picture = Picture(round(width), SPACE * 2 + 96, title, words, one.language)
    picture.mark(SPACE, SPACE, 96, ground, line)
    x = SPACE + 96 + 20
    picture.text(lines[0], SERIF, size, x, SPACE + 26, ink)
    picture.text(lines[1], SERIF, size, x, SPACE + 60, ink)
    picture.text(place, STRONG, small, x, SPACE + 91, year)
    _demo(picture, one, x + STRONG.width(place) * small + 12, SPACE + 74)
    return picture


def _square(one: Lockup, lines: list[str], place: str, title: str, words: str) -> Picture:
    ground, line, ink, year = _inks(one)
    side = 300.0
    size = min(30.0, (side - 2 * SPACE) / max(SERIF.width(text) for text in lines))
    picture = Picture(side, side, title, words, one.language)
    picture.mark(side / 2 - 56, SPACE + 4, 112, ground, line)
    middle = side / 2
    picture.text(lines[0], SERIF, size, middle, 180, ink, "center")
    picture.text(lines[1], SERIF, size, middle, 180 + size * 1.22, ink, "center")
    wide = STRONG.width(place) * 22
    picture.text(place, STRONG, 22, middle - _demo_width(one) / 2, 262, year, "center")
    _demo(picture, one, middle + wide / 2 - _demo_width(one) / 2 + 12, 245)
    return picture


def _demo_width(one: Lockup) -> float:
    return STRONG.width("DEMO") * 14 + 26 if one.is_demo else 0.0


def _demo(picture: Picture, one: Lockup, x: float, y: float) -> None:
    """A demonstration says so on every picture of its kit."""
    if one.is_demo:
        colour = palette.HO if one.ink == "colour" else _inks(one)[1]
        picture.box(x + 0.75, y + 0.75, STRONG.width("DEMO") * 14 + 12.5, 18.5, 4, colour, 1.5)
        picture.text("DEMO", STRONG, 14, x + 7, y + 15, colour)


_DRAW = {"horizontal": _horizontal, "square": _square}
