"""A paper form as a style sheet, made once, and as a page of elements for one certificate.

Words become the text of elements and are never read as markup; the style sheet is made of the form's numbers only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element, SubElement

from certificates.form_parts import Line, PaperForm, Zone, fill
from certificates.paper_words import FONTS, HOME

MM = 72 / 25.4
CODE = "code"  # the name under which the page finds its QR code
SLACK = 0.985  # measured without kerning: a little more than it will be
# How much of the free space above lines stays, and of the space between rows, from comfortable to tight.
ROOM = ((1.0, 1.0), (0.8, 1.0), (0.6, 1.0), (0.4, 0.97), (0.2, 0.94), (0.0, 0.88))


@dataclass(frozen=True)
class Fit:
    """How far the letters of a zone have stepped down, and how close its lines stand."""

    step: int
    room: int


LADDER = tuple(
    [Fit(0, 0), Fit(0, 1), Fit(0, 2), Fit(0, 3)]
    + [Fit(step, room) for step in range(1, 8) for room in (1, 2, 3, 4)]
    + [Fit(8, len(ROOM) - 1)]
)


# --- the style sheet -----------------------------------------------------------------------------------------
def style_sheet(form: PaperForm) -> str:
    """All rules of a form; sizes, colours and places come from validated numbers."""
    rules = [(HOME / "paper.css").read_text(encoding="utf-8")]
    for z, zone in enumerate(form.zones):
        across = f"left:{zone.x:.3f}mm;width:{zone.width:.3f}mm;text-align:{zone.align}"
        down = f"top:{zone.y:.3f}mm" if zone.anchor == "top" else f"bottom:{210 - zone.y - zone.height:.3f}mm"
        rules.append(f".z{z}{{position:absolute;{across};{down}}}")
        for number, line in enumerate(zone.lines):
            rules += _line_rules(f"z{z}l{number}", line, zone)
    return "\n".join(rules)


def _line_rules(name: str, line: Line, zone: Zone) -> Iterator[str]:
    for room, (share, closer) in enumerate(ROOM):
        above = f"margin-top:{line.space * share:.3f}mm"
        leading = f";line-height:{max(1.0, line.leading * closer):.3f}" if line.kind == "text" else ""
        yield f".{name}m{room}{{{above}{leading}}}"
    if line.kind == "rule":
        left = indent(zone, line.rule_mm)
        stroke = f"border-top:{line.weight_pt:.2f}pt solid {line.colour}"
        yield f".{name}{{width:{line.rule_mm:.2f}mm;margin-left:{left:.3f}mm;{stroke}}}"
    if line.letter:
        yield f".{name}{{letter-spacing:{line.letter:.2f}pt}}"
    if line.ground:
        yield f".{name}g{{background:{line.ground};padding:0 4mm}}"
    for number, run in enumerate(line.runs):
        face = f"font-weight:{700 if run.bold else 400};font-style:{'italic' if run.italic else 'normal'}"
        for step, size in enumerate(run.sizes):
            yield f".{name}r{number}s{step}{{font-size:{size:.2f}pt;{face};color:{run.colour}}}"


def indent(zone: Zone, width_mm: float) -> float:
    """Where something of this width begins in a zone."""
    return {"left": 0.0, "center": 0.5, "right": 1.0}[zone.align] * (zone.width - width_mm)


# --- the page ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sheet:
    """One certificate before it is laid out: the form, what it says, and the side of its code in millimetres."""

    form: PaperForm
    values: Mapping[str, str]
    side_mm: float

    def first_fit(self, number: int, after: int = -1) -> int:
        """The next rung of the ladder on which a zone fits by measure; the last one when none does; the length of the
        ladder when that one has been tried."""
        zone = self.form.zones[number]
        for rung in range(after + 1, len(LADDER)):
            if rung == len(LADDER) - 1 or self.height_mm(zone, LADDER[rung]) <= zone.height:
                return rung
        return len(LADDER)

    def page(self, rungs: list[int]) -> Element:
        """The elements, in the order in which they are read."""
        root = Element("html", {"lang": "vi"})
        self._head(root)
        body = SubElement(root, "body")
        for z, zone in enumerate(self.form.zones):
            lines = [(number, line) for number, line in enumerate(zone.lines) if self.prints(line)]
            box = SubElement(body, "div", {"class": f"z{z}"}) if lines else body
            for number, line in lines:
                self._line(box, f"z{z}l{number}", line, zone, LADDER[rungs[z]])
        return root

    def _head(self, root: Element) -> None:
        head, words = SubElement(root, "head"), self.form.document
        SubElement(head, "title").text = fill(words.title, self.values)
        facts = {
            "author": words.author,
            "description": fill(words.subject, self.values),
            "keywords": f"{self.values['serial']}, sha256:{self.values['digest']}, {self.form.code}",
            "generator": "Hanoi KIP Registry",
        }
        for name, content in facts.items():
            SubElement(head, "meta", {"name": name, "content": content})

    def prints(self, line: Line) -> bool:
        """Whether a line stands on this paper: what it depends on is there, and so are its own words."""
        if not all(self.values.get(name) for name in line.when):
            return False
        return line.kind != "text" or any(text.strip() for text in self.texts(line)[0])

    def texts(self, line: Line) -> list[list[str]]:
        """The texts of a line's runs; once for each line of the office."""
        if line.text == "{office}":
            return [[row] for row in self.values["office"].split("\n")]
        return [[fill(run.text, self.values) for run in line.runs]]

    def _line(self, box: Element, name: str, line: Line, zone: Zone, fit: Fit) -> None:
        above = f"{name} {name}m{fit.room}"
        if line.kind == "rule":
            SubElement(box, "div", {"class": above})
        elif line.kind == "qr":
            left = indent(zone, self.side_mm)
            size = f"width:{self.side_mm:.3f}mm;height:{self.side_mm:.3f}mm;margin-left:{left:.3f}mm"
            words = fill(self.form.document.code, self.values)
            SubElement(box, "img", {"src": CODE, "alt": words, "class": above, "style": size})
        for texts in self.texts(line) if line.kind == "text" else ():
            step = first_step(line, zone, texts) + fit.step
            classes = [f"{name}r{number}s{min(step, len(run.sizes) - 1)}" for number, run in enumerate(line.runs)]
            paragraph = SubElement(box, line.tag, {"class": f"{above} {classes[0]}", "lang": line.lang})
            if line.ground:
                paragraph = SubElement(paragraph, "span", {"class": f"{name}g"})
            paragraph.text = texts[0]
            for text, class_name in zip(texts[1:], classes[1:], strict=True):
                SubElement(paragraph, "span", {"class": class_name}).text = text

    def height_mm(self, zone: Zone, fit: Fit) -> float:
        """How tall the lines of a zone will be, about."""
        share, closer = ROOM[fit.room]
        height = 0.0
        for line in zone.lines:
            if not self.prints(line):
                continue
            height += line.space * share + (self.side_mm if line.kind == "qr" else 0)
            for texts in self.texts(line) if line.kind == "text" else ():
                step = first_step(line, zone, texts) + fit.step
                size = max(run.sizes[min(step, len(run.sizes) - 1)] for run in line.runs)
                height += rows(line, zone, texts, step) * size / MM * max(1.0, line.leading * closer)
        return height


# --- how wide the letters are --------------------------------------------------------------------------------
def first_step(line: Line, zone: Zone, texts: list[str]) -> int:
    """The first step of the sizes in which a line takes no more rows than it should; the last when none does."""
    last = max(len(run.sizes) for run in line.runs) - 1
    return next((step for step in range(last) if rows(line, zone, texts, step) <= line.rows), last)


def rows(line: Line, zone: Zone, texts: list[str], step: int) -> int:
    """How many rows the line takes with every run at this step, or at its smallest."""
    width = 0.0
    for run, text in zip(line.runs, texts, strict=True):
        size = run.sizes[min(step, len(run.sizes) - 1)]
        width += (width_em(text, 1 if run.bold else 2 if run.italic else 0) * size + len(text) * line.letter) / MM
    count = int(width / (zone.width * SLACK)) + 1
    # Each row but the last ends where a word does: half a word is lost.
    return count if count == 1 else int((width + (count - 1) * 5) / (zone.width * SLACK)) + 1


@lru_cache(maxsize=512)
def width_em(text: str, face: int) -> float:
    """How wide a text is in a face, without kerning, as a multiple of the size of its letters."""
    widths = _widths(face)
    return sum(widths.get(sign, 1.0) for sign in text)


@lru_cache(maxsize=3)
def _widths(face: int) -> dict[str, float]:
    from fontTools.ttLib import TTFont  # loaded by whoever lays out a certificate, not by every process

    font = TTFont(HOME / "fonts" / FONTS[face], lazy=True)
    advances, unit = font["hmtx"], font["head"].unitsPerEm
    return {chr(code): advances[name][0] / unit for code, name in font.getBestCmap().items()}
