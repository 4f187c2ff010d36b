"""The check of every paper after it was made: does it say what was decided, and is it whole?

The bytes are opened with pikepdf, which did not write them. Their text is read through the fonts' own tables
(ToUnicode) in the order of the page and compared line by line with what the form says for this snapshot.
"""

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from certificates import paper_code, paper_page
from certificates.form_parts import PaperForm
from certificates.paper_words import values
from core.canonical import digest

MAX_BYTES = 10 * 2**20
_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>")
_ENDS = ("JavaScript", "Launch", "URI", "SubmitForm", "GoToR", "ImportData", "Rendition")


def faults(
    content: bytes,
    serial: str,
    snapshot: Mapping[str, Any],
    form: PaperForm,
    qr_text: str,
    *,
    attachment: bytes | None = None,
    attachment_name: str = "",
) -> list[str]:
    """Everything in which a paper differs from what was decided, one sentence each; empty when it is right.

    With an attachment, its bytes and name must be those in the file; without, only its place in the file is looked
    at. Never raises on bytes that are no PDF.
    """
    if len(content) > MAX_BYTES:
        return [_("The file is larger than a certificate can be.")]
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            looks = (
                _structure(pdf),
                _fonts(pdf),
                _attached(pdf, attachment_name, attachment),
                _text(pdf, serial, snapshot, form),
                _code(pdf, qr_text),
            )
            return list(dict.fromkeys(fault for look in looks for fault in _all(look)))
    except pikepdf.PdfError:
        return [_("The file cannot be read as a certificate.")]


def _all(look: Iterator[str]) -> Iterator[str]:
    """What one look finds; a look that cannot be finished is a fault of its own."""
    try:
        yield from look
    except (pikepdf.PdfError, KeyError, AttributeError, TypeError, ValueError, IndexError):
        yield _("The file cannot be read as a certificate.")


# --- the file ------------------------------------------------------------------------------------------------
def _structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if len(pdf.pages) != 1:
        yield _("It has %(count)s pages instead of one.") % {"count": len(pdf.pages)}
    metadata = root.Metadata.read_bytes() if "/Metadata" in root else b""
    for mark, value in (("part", "3"), ("conformance", "A")):
        if not re.search(rf"pdfaid:{mark}(=\"|>){value}".encode(), metadata):
            yield _("It does not say that it is an archive file (PDF/A-3a): %(mark)s.") % {"mark": f"pdfaid:{mark}"}
    tagged = "/StructTreeRoot" in root and "/MarkInfo" in root and bool(root.MarkInfo.get("/Marked"))
    if not tagged or str(root.get("/Lang", "")) != "vi":
        yield _("It has no tags or names no language; a screen reader cannot read it.")
    if "/OutputIntents" not in root or root.OutputIntents[0].S != "/GTS_PDFA1":
        yield _("It has no output intent for its colours.")
    if pdf.is_encrypted:
        yield _("It is encrypted.")
    if "/JavaScript" in root.get("/Names", pikepdf.Dictionary()) or "/OpenAction" in root or "/AA" in root:
        yield _("It would do something when it is opened.")
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and str(item.get("/S", ""))[1:] in _ENDS:
            yield _("It holds an action: %(action)s.") % {"action": str(item["/S"])}


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    for font in pdf.pages[0].Resources.Font.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        name = str(font.BaseFont)
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield _("The font %(name)s is not embedded.") % {"name": name}
        if "/ToUnicode" not in font:
            yield _("The text in the font %(name)s cannot be copied.") % {"name": name}
        if "Tinos" not in name:
            yield _("The font %(name)s is not one of the form's.") % {"name": name}


def _attached(pdf: pikepdf.Pdf, name: str, content: bytes | None) -> Iterator[str]:
    found = {key: item.get_file().read_bytes() for key, item in pdf.attachments.items()}
    if len(found) != 1:
        yield _("It has %(count)s attachments instead of one.") % {"count": len(found)}
    if name and name not in found:
        yield _("It has no attachment %(name)s.") % {"name": name}
    if content is not None and content not in found.values():
        yield _("The attached data are not those of the certificate.")
    if "/AF" not in pdf.Root or pdf.Root.AF[0].get("/AFRelationship") != "/Data":
        yield _("The attached data are not marked as the data of the document.")


def _code(pdf: pikepdf.Pdf, qr_text: str) -> Iterator[str]:
    """The strokes of the code; that they can be read is what the tests prove with a reader."""
    if paper_code.code(qr_text).strokes not in _content(pdf):
        yield _("The QR code is not the one of this certificate.")


def _content(pdf: pikepdf.Pdf) -> bytes:
    content = pdf.pages[0].Contents
    parts = list(content) if isinstance(content, pikepdf.Array) else [content]  # type: ignore[call-overload]
    return b"\n".join(part.read_bytes() for part in parts)


# --- the text ------------------------------------------------------------------------------------------------
def _text(pdf: pikepdf.Pdf, serial: str, snapshot: Mapping[str, Any], form: PaperForm) -> Iterator[str]:
    said = values(serial, snapshot, form) | {"digest": digest(snapshot)}
    sheet = paper_page.Sheet(form, said, 0)
    read = pieces(pdf)
    at = 0
    for line in _expected(sheet):
        rest, found = line, ""
        while rest and at < len(read):
            found = read[at].strip(" ")
            if not rest.startswith(found):
                break
            rest, at = rest[len(found) :].lstrip(" "), at + 1
        if rest:
            yield _("Where it should say “%(line)s” it says “%(found)s”.") % {"line": line, "found": found}
            return
    if at < len(read):
        yield _("It also says “%(found)s”.") % {"found": " ".join(read[at:])[:200]}
    if str(pdf.docinfo.get("/Title", "")) != (title := paper_page.fill(form.document.title, said)):
        yield _("Its title is not “%(title)s”.") % {"title": title}


def _expected(sheet: paper_page.Sheet) -> Iterator[str]:
    """Every line of the page in its order."""
    for zone in sheet.form.zones:
        for line in zone.lines:
            if line.kind == "text" and sheet.prints(line):
                yield from ("".join(texts).strip(" ") for texts in sheet.texts(line))


def pieces(pdf: pikepdf.Pdf) -> list[str]:
    """The texts of the page in the order in which they are drawn, one for each row and type; NFC."""
    page = pdf.pages[0]
    tables = {name: _letters(font.ToUnicode.read_bytes()) for name, font in page.Resources.Font.items()}
    letters: dict[int, str] = {}
    found: list[str] = []
    for drawn in pikepdf.parse_content_stream(page, "BT Tf TJ Tj"):
        operands, name = drawn.operands, str(drawn.operator)
        if name == "BT":
            found.append("")
        elif name == "Tf":
            letters = tables[str(operands[0])]
        else:
            parts = operands[0] if name == "TJ" else operands
            for part in parts:
                if isinstance(part, pikepdf.String):
                    found[-1] += _read(bytes(part), letters)
    return [text for piece in found if (text := unicodedata.normalize("NFC", piece)).strip()]


def _read(glyphs: bytes, letters: dict[int, str]) -> str:
    return "".join(
        letters.get(glyphs[at] << 8 | glyphs[at + 1], "\N{REPLACEMENT CHARACTER}") for at in range(0, len(glyphs), 2)
    )


def _letters(table: bytes) -> dict[int, str]:
    """Glyph number to text, from the `bfchar` pairs of a ToUnicode table."""
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, text in _PAIR.findall(block):
            found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found
