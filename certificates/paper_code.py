"""The QR code as strokes of the page itself: no picture, no transparency, sharp at every size."""

import re
from dataclasses import dataclass
from typing import Any

import segno
from django.utils.translation import gettext as _

# One of the eight patterns is as readable as another; trying all of them takes longer than everything else here.
MASK = 3
MODULE_MM = 0.35
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")


@dataclass(frozen=True)
class Code:
    """`modules` a side; `strokes` draws it one unit a module, from the upper left corner downwards."""

    modules: int
    strokes: bytes

    def side_mm(self, least: float, most: float) -> float:
        """The printed size: modules no smaller than 0.35 mm. Raises ValueError when that is more than allowed."""
        side = max(least, self.modules * MODULE_MM)
        if side > most:
            facts = {"side": f"{side:.1f}", "most": f"{most:g}"}
            raise ValueError(_("The QR code needs %(side)s mm; the form allows %(most)s mm.") % facts)
        return side

    # --- what WeasyPrint asks of a picture -------------------------------------------------------------------
    def get_intrinsic_size(self, resolution: float, font_size: float) -> tuple[int, int, int]:
        return self.modules, self.modules, 1

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        stream.transform(a=width / self.modules, d=height / self.modules)
        stream.stream.append(self.strokes)


def code(text: str) -> Code:
    """Error level M bears a fold or the edge of a stamp; the white of the paper is the quiet zone.

    What follows `#`, when it is written in capitals and digits, takes a third less room in a segment of its own.
    """
    address, mark, token = text.partition("#")
    # segno chooses the closest way to write each part by itself.
    parts: Any = [address + mark, token] if _ALPHANUMERIC.fullmatch(token) else text
    made = segno.make(parts, error="m", micro=False, boost_error=False, mask=MASK)
    rows = made.matrix
    return Code(len(rows), strokes(rows))


def strokes(rows: Any) -> bytes:
    """A rectangle for each run of dark modules, a touch taller than a row so that no hairline shows between rows."""
    drawn = [b"0 g"]
    for y, row in enumerate(rows):
        for run in re.finditer(b"\x01+", bytes(row)):
            drawn.append(b"%d %d %d 1.02 re" % (run.start(), y, run.end() - run.start()))
    return b"\n".join([*drawn, b"f"])
