"""A paper form: what a certificate of one year says and how it looks, as one JSON file. Pure.

The file holds words, numbers and names of colours, never markup: `parse` reads it into a frozen `PaperForm` or says
everything that is wrong with it, each with its place. What may stand where is written down in docs/paper-format.md.
"""

import hashlib
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from certificates.form_fields import Fields, UnsoundForm
from certificates.form_parts import Frame, Line, Office, PaperForm, Run, Words, Zone
from core.canonical import canonical

__all__ = ["Frame", "Line", "Office", "PaperForm", "Run", "UnsoundForm", "Words", "Zone", "parse"]

MAX_BYTES = 100_000
MAX_ZONES, MAX_LINES, MAX_RUNS, MAX_STEPS = 20, 30, 6, 8
TEXT, WORD = 300, 120
PAGE_MM = (297.0, 210.0)
EDGE_MM = 5.0  # what office printers leave white
KINDS = ("product", "top10")
TOKENS = {"ink": "#000000", "ink-2": "#333333", "son": "#a3241f", "dong": "#7d5210", "lam": "#1d4f7c"}
FORM_KEYS = ("format", "code", "title", "from_year", "note", "colours", "frame", "qr", "kinds", "offices", "document")
LINE_KEYS = ("as", "text", "runs", "rows", "space", "leading", "letter", "lang", "ground", "when")
# A paper without these says too little to be a certificate; the mark is for papers of demonstration data.
NEEDED = ("product_name_vi", "enterprise_name_vi", "decision_number", "serial", "signer_name", "valid_to")


def parse(text: str) -> PaperForm:
    """The form that a file describes. Raises UnsoundForm, which names all problems, each with its place."""
    fields = Fields("form")
    data = _read(text, fields)
    form = _form(data, fields) if isinstance(data, dict) else None
    if form is None:
        fields.say("a form is a JSON object")
    if fields.problems:
        raise UnsoundForm(fields.problems)
    assert form is not None
    return form


def _read(text: str, fields: Fields) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        for key in {key for key, _value in items if [k for k, _v in items].count(key) > 1}:
            fields.say(f"the key {key[:40]} stands twice in one object")
        return dict(items)

    def constant(name: str) -> None:
        fields.say(f"{name} is no number that JSON knows")

    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise UnsoundForm([f"form: it is larger than the {MAX_BYTES} bytes that a form may have"])
    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except RecursionError:
        raise UnsoundForm(["form: its objects lie too deep in one another"]) from None
    except ValueError as error:
        raise UnsoundForm([f"form: it is no JSON ({error})"]) from None


def _form(data: dict[str, Any], fields: Fields) -> PaperForm:
    top = fields.inside(data, "form")
    top.keys(*FORM_KEYS, "zones")
    if data.get("format") != 1 or isinstance(data.get("format"), bool):
        top.say("format must be 1")
    colours = _colours(top)
    kinds = _kinds(top)
    names = frozenset(next(iter(kinds.values()), {}))
    if len({frozenset(words) for words in kinds.values()}) > 1:
        top.say("kinds: every kind needs words of the same names")
    fields.own_words = names
    zones = tuple(_zone(table, colours) for table in top.tables("zones", most=MAX_ZONES))
    form = PaperForm(
        code=top.code("code"),
        title=top.text("title", WORD),
        from_year=int(top.number("from_year", 2000, 2999)),
        note=top.text("note", 2000, needed=False),
        colours=colours,
        frame=_frame(top.table("frame"), colours),
        qr_mm=_qr(top.table("qr")),
        kinds=kinds,
        offices=tuple(_office(table) for table in top.tables("offices", most=20)),
        document=_document(top.table("document")),
        zones=zones,
        digest=hashlib.sha256(canonical(data)).hexdigest(),
    )
    _whole(form, top)
    return form


def _colours(top: Fields) -> dict[str, str]:
    """The named tokens and the form's own names."""
    table = top.table("colours", needed=False)
    own = {name: table.colour_value(name) for name in table.names(most=20)}
    return TOKENS | own


def _kinds(top: Fields) -> dict[str, dict[str, str]]:
    """Words of a kind, such as its heading, which lines then name like any other placeholder."""
    table = top.table("kinds")
    table.keys(*KINDS)
    kinds = {}
    for kind in KINDS:
        words = table.table(kind)
        kinds[kind] = {name: words.phrase(name, TEXT) for name in words.names(most=12, new=True)}
    return kinds


def _frame(table: Fields, colours: dict[str, str]) -> Frame:
    table.keys("style", "colour", "outer_pt", "inner_pt", "gap_mm", "margin_mm", "corners", "tint_percent")
    style = table.choice("style", ("double", "single", "none"), "double")
    return Frame(
        style=style,
        colour=table.colour("colour", colours, "dong"),
        outer_pt=table.number("outer_pt", 0.2, 6, 2.2),
        inner_pt=table.number("inner_pt", 0.2, 6, 0.6),
        gap_mm=table.number("gap_mm", 0.5, 10, 2.5),
        margin_mm=table.number("margin_mm", EDGE_MM, 25, 14),
        corners=table.choice("corners", ("none", "fans", "waves"), "none"),
        tint_percent=table.number("tint_percent", 0, 6, 5),
    )


def _qr(table: Fields) -> tuple[float, float]:
    table.keys("least_mm", "most_mm")
    least, most = table.number("least_mm", 20, 60, 26), table.number("most_mm", 20, 60, 34)
    if most < least:
        table.say("most_mm is smaller than least_mm")
    return least, most


def _office(table: Fields) -> Office:
    table.keys("begins", "lines")
    return Office(table.text("begins", WORD), tuple(table.texts("lines", WORD, most=6)))


def _document(table: Fields) -> Words:
    table.keys("title", "author", "subject", "data", "code")
    return Words(
        title=table.phrase("title", TEXT),
        author=table.text("author", WORD),
        subject=table.phrase("subject", TEXT),
        data=table.text("data", WORD),
        code=table.phrase("code", TEXT),
    )


# --- zones and lines -----------------------------------------------------------------------------------------
def _zone(table: Fields, colours: dict[str, str]) -> Zone:
    name = table.code("name")
    table.place = f"zone {name}" if name else table.place
    table.keys("name", "x", "y", "width", "height", "from", "align", "lines")
    zone = Zone(
        name=name,
        x=table.number("x", EDGE_MM, PAGE_MM[0]),
        y=table.number("y", EDGE_MM, PAGE_MM[1]),
        width=table.number("width", 10, PAGE_MM[0]),
        height=table.number("height", 3, PAGE_MM[1]),
        anchor=table.choice("from", ("top", "bottom"), "top"),
        align=table.choice("align", ("left", "center", "right"), "center"),
        lines=tuple(_line(line, colours) for line in table.tables("lines", most=MAX_LINES, called="line")),
    )
    if zone.x + zone.width > PAGE_MM[0] - EDGE_MM or zone.y + zone.height > PAGE_MM[1] - EDGE_MM:
        table.say(f"it reaches beyond the page; {EDGE_MM:g} mm at the edge stay free")
    return zone


def _line(table: Fields, colours: dict[str, str]) -> Line:
    if "rule" in table.data:
        return _rule(table, colours)
    if "qr" in table.data:
        table.keys("qr", "space")
        table.flag("qr")
        return Line(kind="qr", space=table.number("space", 0, 40, 0))
    runs_given = "runs" in table.data
    table.keys(*LINE_KEYS, *(() if runs_given else ("size", "sizes", "bold", "italic", "colour")))
    if runs_given and "text" in table.data:
        table.say("a line has either text or runs")
    parts = table.tables("runs", most=MAX_RUNS, called="run") if runs_given else [table]
    line = Line(
        kind="text",
        runs=tuple(_run(part, colours, alone=not runs_given) for part in parts),
        tag=table.choice("as", ("p", "h1", "h2"), "p"),
        rows=int(table.number("rows", 1, 6, 2)),
        space=table.number("space", 0, 40, 0),
        leading=table.number("leading", 1.0, 2.0, 1.28),
        letter=table.number("letter", 0, 5, 0),
        lang=table.choice("lang", ("vi", "en"), "vi"),
        ground=table.colour("ground", colours, "") if "ground" in table.data else "",
        when=tuple(table.condition("when")),
    )
    if "{office}" in line.text and line.text != "{office}":
        table.say("{office} stands alone in its line, which is repeated for each row of the office")
    return line


def _rule(table: Fields, colours: dict[str, str]) -> Line:
    table.keys("rule", "weight", "space", "colour")
    return Line(
        kind="rule",
        rule_mm=table.number("rule", 1, 280),
        weight_pt=table.number("weight", 0.2, 4, 0.7),
        space=table.number("space", 0, 40, 0),
        colour=table.colour("colour", colours, "ink"),
    )


def _run(table: Fields, colours: dict[str, str], *, alone: bool) -> Run:
    if not alone:
        table.keys("text", "size", "sizes", "bold", "italic", "colour")
    if table.data.get("bold") is True and table.data.get("italic") is True:
        table.say("bold or italic: there is no face that is both")
    return Run(
        text=table.phrase("text", TEXT, stripped=alone),
        sizes=_sizes(table),
        bold=table.flag("bold"),
        italic=table.flag("italic"),
        colour=table.colour("colour", colours, "ink"),
    )


def _sizes(table: Fields) -> tuple[float, ...]:
    if "sizes" not in table.data:
        return (table.number("size", 6, 60),)
    if "size" in table.data:
        table.say("either size or sizes")
    sizes = tuple(table.numbers("sizes", 6, 60, count=MAX_STEPS))
    if any(a <= b for a, b in pairwise(sizes)):
        table.say("sizes step down: each must be smaller than the one before")
    return sizes or (12.0,)


# --- the form as a whole -------------------------------------------------------------------------------------
def _whole(form: PaperForm, top: Fields) -> None:
    lines = [line for zone in form.zones for line in zone.lines]
    printed = {name for line in lines for name in line.placeholders} | {
        name for words in form.kinds.values() for text in words.values() for name in top.placeholders_in(text)
    }
    for name in NEEDED:
        if not printed & {name, f"{name}_words", f"{name}_en"}:
            top.say(f"no line prints {{{name}}}")
    codes = sum(line.kind == "qr" for line in lines)
    if codes != 1:
        top.say(f"exactly one line holds the QR code, not {codes}")
    if not any("is_demo" in line.when for line in lines):
        top.say("no line marks papers of demonstration data (when: is_demo)")
    if len({zone.name for zone in form.zones}) < len(form.zones):
        top.say("two zones have the same name")
    for number, one in enumerate(form.zones):
        for other in form.zones[number + 1 :]:
            if one.overlaps(other):
                top.say(f"zone {one.name} and zone {other.name} overlap")


def main(arguments: list[str]) -> int:
    """`python -m certificates.form_file FILE...`: judge forms; 1 when one of them is not sound."""
    faults = 0
    for name in arguments:
        try:
            form = parse(Path(name).read_text(encoding="utf-8"))
        except (UnsoundForm, OSError, UnicodeDecodeError) as error:
            faults += 1
            sys.stdout.write(f"{name}\n{error}\n")
        else:
            sys.stdout.write(f"{name}: sound; {form.code}, sha256 {form.digest}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
