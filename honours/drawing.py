"""A small picture of filled and stroked outlines, as SVG and as PNG. No style sheet, no script, no font, no link."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, tostring

from honours.lettering import Face, Setting, Step

ROUND = 0.5523  # a quarter of a circle as a Bézier curve
UNIT = 500  # the grid on which letters are written: finer than any screen at these sizes
BOX = 44.0  # the side on which the mark was drawn (static/img/mark.svg)


@dataclass(frozen=True)
class Shape:
    """`width` 0 is filled, otherwise stroked."""

    steps: tuple[Step, ...]
    colour: str
    width: float = 0.0


@dataclass(frozen=True)
class Written:
    """A line that begins at `x` on the base line `y`."""

    words: str
    face: Face
    size: float
    x: float
    y: float
    colour: str


@dataclass
class Picture:
    """Measures are in pixels of a screen, from the upper left corner. `title` and `words` tell the same to whoever
    does not see it."""

    width: float
    height: float
    title: str
    words: str
    language: str
    shapes: list[Shape | Written] = field(default_factory=list)

    # --- drawing ---------------------------------------------------------------------------------------------
    def add(self, steps: Iterable[Step], colour: str, width: float = 0.0) -> None:
        self.shapes.append(Shape(tuple(steps), colour, width))

    def text(self, words: str, face: Face, size: float, x: float, y: float, colour: str, align: str = "left") -> None:
        """One line on the base line `y`."""
        wide = face.width(words) * size
        left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * wide
        self.shapes.append(Written(words, face, size, left, y, colour))

    def lines(self, said: Setting, x: float, y: float, colour: str, align: str = "left") -> float:
        """Lines from the upper edge `y`; the lower edge of the last."""
        step = said.size * said.leading
        for number, line in enumerate(said.lines):
            self.text(line, said.face, said.size, x, y + step * (number + 0.5) + said.size * 0.34, colour, align)
        return y + said.height

    def box(self, x: float, y: float, w: float, h: float, r: float, colour: str, width: float = 0.0) -> None:
        self.add(rounded(x, y, w, h, (r, r, r, r)), colour, width)

    def mark(self, x: float, y: float, side: float, ground: str, line: str) -> None:
        """The programme's mark. Without a ground it is drawn in lines of one colour."""
        if ground:
            self.add(scaled(rounded(1, 1, 42, 42, (6, 6, 6, 6)), x, y, side / BOX), ground)
        else:
            self.add(scaled(rounded(2, 2, 40, 40, (5, 5, 5, 5)), x, y, side / BOX), line, 2 * side / BOX)
        for steps in (circle(22, 19, 7.5), RAYS, RIVER):
            self.add(scaled(steps, x, y, side / BOX), line, 2 * side / BOX)

    # --- what it becomes -------------------------------------------------------------------------------------
    def svg(self) -> bytes:
        size = {"width": _number(self.width), "height": _number(self.height)}
        named = {"role": "img", "aria-labelledby": "name words", "lang": self.language}
        frame = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {size['width']} {size['height']}"}
        root = Element("svg", frame | size | named)
        SubElement(root, "title", {"id": "name"}).text = self.title
        SubElement(root, "desc", {"id": "words"}).text = self.words
        letters, drawn = Element("defs"), Element("g")
        names: dict[tuple[Face, str], str] = {}
        for shape in self.shapes:
            if isinstance(shape, Written):
                _write(shape, drawn, letters, names)
                continue
            look = {"fill": shape.colour}
            if shape.width:
                look = {"fill": "none", "stroke": shape.colour, "stroke-width": _number(shape.width)}
            SubElement(drawn, "path", look | {"d": _path(shape.steps, 100)})
        root.extend([letters, *drawn])
        return tostring(root, encoding="utf-8", xml_declaration=True)

    def png(self, width_px: int) -> bytes:
        """On a transparent ground."""
        import pypdfium2  # a large library: loaded by whoever draws

        with pypdfium2.PdfDocument(self.pdf()) as document:
            page = document[0]
            picture = page.render(scale=width_px / self.width, fill_color=(0, 0, 0, 0), maybe_alpha=True).to_pil()
        target = io.BytesIO()
        picture.save(target, "PNG")
        return target.getvalue()

    def pdf(self) -> bytes:
        """A page with nothing but the outlines: the way to a PNG."""
        drawn = [f"1 0 0 -1 0 {self.height:g} cm"]
        for shape in self.shapes:
            r, g, b = (int(shape.colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
            if isinstance(shape, Written):
                steps, width = list(shape.face.steps(shape.words, shape.x, shape.y, shape.size)), 0.0
            else:
                steps, width = list(shape.steps), shape.width
            drawn.append(f"{r:.4f} {g:.4f} {b:.4f} {'RG' if width else 'rg'} {width:.3f} w")
            drawn += [*_operators(steps), "S" if width else "f"]
        return _page(self.width, self.height, "\n".join(drawn).encode("ascii"))


# --- outlines ------------------------------------------------------------------------------------------------
def rounded(x: float, y: float, w: float, h: float, corners: tuple[float, float, float, float]) -> list[Step]:
    """A rectangle with its own radius at each corner: upper left, upper right, lower right, lower left."""
    a, b, c, d = corners
    k = 1 - ROUND
    return [
        ("M", (x + a, y)),
        ("L", (x + w - b, y)),
        ("C", (x + w - b * k, y, x + w, y + b * k, x + w, y + b)),
        ("L", (x + w, y + h - c)),
        ("C", (x + w, y + h - c * k, x + w - c * k, y + h, x + w - c, y + h)),
        ("L", (x + d, y + h)),
        ("C", (x + d * k, y + h, x, y + h - d * k, x, y + h - d)),
        ("L", (x, y + a)),
        ("C", (x, y + a * k, x + a * k, y, x + a, y)),
        ("Z", ()),
    ]


def circle(x: float, y: float, r: float) -> list[Step]:
    return rounded(x - r, y - r, 2 * r, 2 * r, (r, r, r, r))


def polyline(*points: tuple[float, float]) -> list[Step]:
    return [("L" if number else "M", point) for number, point in enumerate(points)]


def scaled(steps: Iterable[Step], x: float, y: float, by: float) -> list[Step]:
    return [(letter, tuple(at * by + (y if n % 2 else x) for n, at in enumerate(points))) for letter, points in steps]


RAYS = [
    *polyline((22, 8), (22, 12)),
    *polyline((22, 26), (22, 30)),
    *polyline((11, 19), (15, 19)),
    *polyline((29, 19), (33, 19)),
    *polyline((14.5, 11.5), (17.1, 14.1)),
    *polyline((26.9, 23.9), (29.5, 26.5)),
    *polyline((29.5, 11.5), (26.9, 14.1)),
    *polyline((17.1, 23.9), (14.5, 26.5)),
]
RIVER = [*polyline((9, 33), (35, 33)), *polyline((12, 37), (32, 37))]


# --- writing them --------------------------------------------------------------------------------------------
def _write(line: Written, drawn: Element, letters: Element, names: dict[tuple[Face, str], str]) -> None:
    """A line as references to outlines, each of which stands once in the picture."""
    place = f"translate({_number(line.x)} {_number(line.y)}) scale({line.size / UNIT:.5f})"
    group = SubElement(drawn, "g", {"fill": line.colour, "transform": place})
    x = 0.0
    for sign in line.words:
        if not sign.isspace():
            name = names.get((line.face, sign))
            if name is None:
                name = names[line.face, sign] = f"l{len(names)}"
                outline = [
                    (letter, tuple(at * UNIT for at in points)) for letter, points in line.face.steps(sign, 0, 0, 1)
                ]
                SubElement(letters, "path", {"id": name, "d": _path(outline, 1)})
            SubElement(group, "use", {"href": f"#{name}", "x": f"{x * UNIT:.0f}"})
        x += line.face.width(sign)


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    text = text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
    return "0" if text in ("", "-", "-0") else text


def _path(steps: Sequence[Step], grain: int) -> str:
    """Points on a grid of 1/`grain`, each relative to the one before as it was written, so nothing drifts."""
    out: list[str] = []
    at, start, last = [0, 0], [0, 0], ""
    for letter, points in steps:
        name = letter.lower()
        if name == "z":
            out.append(name)
            at, last = list(start), name
            continue
        grid = [round(value * grain) for value in points]
        moved = [_number((value - at[n % 2]) / grain) for n, value in enumerate(grid)]
        at = grid[-2:]
        start = list(at) if name == "m" else start
        if name == "l" and "0" in moved:
            name, moved = ("h", moved[:1]) if moved[1] == "0" else ("v", moved[1:])
        body = "".join(part if not n or part.startswith("-") else f" {part}" for n, part in enumerate(moved))
        again = name == last and name != "m"
        out.append(body if again and body.startswith("-") else f" {body}" if again else name + body)
        last = name
    return "".join(out)


def _operators(steps: Iterable[Step]) -> list[str]:
    """The same in the language of PDF, which knows cubic curves only."""
    found: list[str] = []
    at = (0.0, 0.0)
    for letter, points in steps:
        if letter == "Z":
            found.append("h")
            continue
        if letter == "Q":
            (x0, y0), (x1, y1, x2, y2) = at, points
            points = (
                x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3, x2 + (x1 - x2) * 2 / 3, y2 + (y1 - y2) * 2 / 3, x2, y2,
            )  # fmt: skip
        found.append(" ".join(f"{p:.3f}" for p in points) + {"M": " m", "L": " l", "Q": " c", "C": " c"}[letter])
        at = (points[-2], points[-1])
    return found


def _page(width: float, height: float, drawn: bytes) -> bytes:
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s %s]/Contents 4 0 R/Resources<<>>>>"
        % (f"{width:g}".encode(), f"{height:g}".encode()),
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
    ]
    file, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(file))
        file += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(file),
    )
