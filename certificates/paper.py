"""The paper itself: one A4 page as PDF/A-3a, made from a certificate's snapshot and a paper form, and nothing else.

Its words belong to the document, not to the site: they stand in the form and are not translated. The renderer reads
no file and no address: it is handed three fonts and one code, and refused all else.
"""

import atexit
import io
import logging
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from certificates import form_file, paper_code, paper_page
from certificates.form_parts import PaperForm
from certificates.paper_ornament import ornament
from certificates.paper_words import AS_GIVEN, FONTS, HOME, legal_date, unprintable, values, verify_url
from core.canonical import canonical, digest
from core.jobs import Postponed

__all__ = ["BASE", "FONTS", "HOME", "VARIANT", "form_for", "forms", "legal_date", "office_lines", "render"]
__all__ += ["unprintable", "verify_url", "warm_up"]

log = logging.getLogger(__name__)

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
# No such host can exist (RFC 2606): a name for what the renderer is handed, never an address to call.
BASE = "https://paper.invalid/"
VARIANT = "pdf/a-3a"
PIXELS = 96 / 25.4  # the unit of WeasyPrint's boxes, to the millimetre


def render(
    serial: str,
    snapshot: dict[str, Any],
    *,
    form: PaperForm | None = None,
    qr_text: str = "",
    attachment: bytes | None = None,
    attachment_name: str = "",
) -> bytes:
    """The bytes of the paper. The same arguments give the same bytes.

    Without a form it is the one of the snapshot's season; without more the code holds the address of the verification
    page and the attachment the snapshot as canonical JSON.

    Raises Postponed where the system libraries of WeasyPrint are missing; ValueError, in words, when a character
    cannot be printed, when the texts do not fit even in the smallest letters, or when the code is too long.
    """
    _weasyprint()
    form = form or form_for(int(snapshot["season_year"]))
    qr_text = qr_text or verify_url(serial)
    attachment = canonical(snapshot) if attachment is None else attachment
    attachment_name = attachment_name or f"{serial}.json"
    faults = [fault for name in (*AS_GIVEN, "replaces") for fault in unprintable(str(snapshot.get(name) or ""))]
    if faults:
        raise ValueError(" ".join(dict.fromkeys(faults)))
    code = paper_code.code(qr_text)
    said = values(serial, snapshot, form) | {"digest": digest(snapshot)}
    sheet = paper_page.Sheet(form, said, code.side_mm(*form.qr_mm))
    # An identifier of its own making, so that the same facts give the same bytes.
    identifier = digest([serial, snapshot, form.digest, qr_text, attachment.hex()])[:32].encode()
    with _lock:
        press = _press(form)
        attached = press.attached(attachment, attachment_name, form.document.data, _day(snapshot))
        laid_out, languages = _laid_out(press, sheet, code)
        return press.write(laid_out, languages, attached, identifier)


def _laid_out(press: "_Press", sheet: paper_page.Sheet, code: paper_code.Code) -> tuple[Any, list[str]]:
    """The page as comfortable as it can be, and the languages of its paragraphs. A zone that turns out too tall goes
    one rung further."""
    rungs = [sheet.first_fit(number) for number in range(len(sheet.form.zones))]
    while max(rungs) < len(paper_page.LADDER):
        tree = sheet.page(rungs)
        laid_out = press.lay_out(tree, code)
        too_tall = _too_tall(laid_out, sheet.form)
        if not too_tall:
            return laid_out, [str(e.get("lang")) for e in tree.iter() if e.tag in ("p", "h1", "h2")]
        for number in too_tall:
            rungs[number] = sheet.first_fit(number, after=rungs[number])
    raise ValueError(_("The texts of %(serial)s do not fit on one page.") % {"serial": sheet.values["serial"]})


def _day(snapshot: Mapping[str, Any]) -> datetime:
    """The attachment is dated like the decision: the paper knows no clock."""
    return datetime.fromisoformat(snapshot["decision_date"]).replace(tzinfo=UTC)


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as error:
        log.warning("WeasyPrint cannot load a system library: %s", error)
        message = _("A system library for PDF is missing on the server. Install it: %(command)s")
        command = f"sudo apt-get install --no-install-recommends {PACKAGES}"
        raise Postponed(message % {"command": command}) from error
    return weasyprint


# --- the forms -----------------------------------------------------------------------------------------------
@lru_cache(maxsize=1)
def forms() -> tuple[PaperForm, ...]:
    """The forms that come with the site, by the first year in which they hold."""
    found = [form_file.parse(path.read_text(encoding="utf-8")) for path in sorted((HOME / "forms").glob("*.json"))]
    return tuple(sorted(found, key=lambda form: form.from_year))


def form_for(year: int) -> PaperForm:
    """The form of a season: the newest that holds from its year or an earlier one; the first for older seasons."""
    return next((form for form in reversed(forms()) if form.from_year <= year), forms()[0])


def office_lines(position: str) -> list[str]:
    """Who signs, in whose name, by the rules of the newest form."""
    return forms()[-1].office(position)


# --- the press: made once per process and form ---------------------------------------------------------------
@dataclass(frozen=True)
class _Press:
    """Fonts and parsed style sheet, which take longer than a page does, and the strokes of the frame."""

    fonts: Any
    style: Any
    strokes: bytes

    def lay_out(self, tree: Any, code: paper_code.Code) -> Any:
        page, pictures = _page_class()(tree), {BASE + paper_page.CODE: code}
        options = {"stylesheets": [self.style], "cache": pictures, "pdf_variant": VARIANT}
        return page.render(font_config=self.fonts, **options)

    @staticmethod
    def attached(content: bytes, name: str, words: str, at: datetime) -> Any:
        import weasyprint

        dates = {"created": at, "modified": at}
        source = io.BytesIO(content)
        return weasyprint.Attachment(file_obj=source, name=name, description=words, relationship="Data", **dates)

    def write(self, laid_out: Any, languages: list[str], attached: Any, identifier: bytes) -> bytes:
        def finish(_document: Any, pdf: Any) -> None:
            page = next(o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/Page")
            strokes = _ready_stream(self.strokes)
            pdf.add_object(strokes)
            page["Contents"] = f"[{strokes.reference.decode()} {page['Contents'].decode()}]"
            _tell_languages(pdf, languages)

        options = {"pdf_variant": VARIANT, "attachments": [attached], "pdf_identifier": identifier}
        return bytes(laid_out.write_pdf(finisher=finish, **options))


def _tell_languages(pdf: Any, languages: list[str]) -> None:
    """Paragraphs in another language than the document's say so, for whoever has them read aloud. Tags stand in the
    file in the order of the elements."""
    import pydyf

    tags = [o for o in pdf.objects if isinstance(o, dict) and o.get("S") in ("/P", "/H1", "/H2")]
    for tag, language in zip(tags, languages, strict=True):
        if language != "vi":
            tag["Lang"] = pydyf.String(language)


def _ready_stream(compressed: bytes) -> Any:
    """A stream that was compressed once for all papers."""
    import pydyf

    class Ready(pydyf.Stream):  # type: ignore[misc]
        @property
        def data(self) -> bytes:
            head = b"<</Length %d/Filter/FlateDecode>>\nstream\n" % len(compressed)
            return head + compressed + b"\nendstream"

    return Ready()


_lock = threading.Lock()
_presses: dict[str, _Press] = {}
# Fonts lie in a temporary folder that must go while the interpreter still can remove it.
atexit.register(_presses.clear)


def _press(form: PaperForm) -> _Press:
    """Guarded by `_lock`. Raises ValueError when the form itself holds a character that cannot be printed."""
    if form.digest not in _presses:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        faults = [fault for text in form.texts for fault in unprintable(text)]
        if faults:
            raise ValueError(" ".join(dict.fromkeys(faults)))
        handed = {f"fonts/{name}": (HOME / "fonts" / name).read_bytes() for name in FONTS}
        fonts = FontConfiguration()
        css = paper_page.style_sheet(form)
        style = weasyprint.CSS(string=css, base_url=BASE, url_fetcher=_Handed(handed), font_config=fonts)
        while len(_presses) >= 4:  # forms of a few years; drafts of a form come and go
            _presses.pop(next(iter(_presses)))
        _presses[form.digest] = _Press(fonts, style, zlib.compress(ornament(form.frame), 9))
    return _presses[form.digest]


def warm_up(year: int) -> None:
    """What the first paper of a process would wait for: libraries, fonts, style sheet."""
    _weasyprint()
    with _lock:
        _press(form_for(year))


@lru_cache(maxsize=1)
def _page_class() -> Any:
    """A page that is handed its elements, so that no text passes through a parser of markup."""
    import cssselect2
    import weasyprint

    class Page(weasyprint.HTML):  # type: ignore[misc]
        def __init__(self, tree: Any) -> None:
            self.base_url, self.url_fetcher, self.media_type = BASE, _Handed({}), "print"
            self.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
            return []

        def _ph_stylesheets(self) -> list[Any]:
            return []

    return Page


def _too_tall(laid_out: Any, form: PaperForm) -> list[int]:
    """The zones that grew beyond the height that the form gives them; all of them when there is a second page."""
    if len(laid_out.pages) != 1:
        return list(range(len(form.zones)))
    found = [(z, box.margin_height() / PIXELS) for z, box in _zones(laid_out.pages[0]._page_box)]
    return [z for z, height in found if height > form.zones[z].height + 0.05]


def _zones(box: Any) -> Iterator[tuple[int, Any]]:
    box = getattr(box, "_box", box)  # what stands absolutely is wrapped
    name = box.element.get("class", "") if box.element is not None else ""
    if name.startswith("z") and name[1:].isdigit():
        yield int(name[1:]), box
    else:
        for child in getattr(box, "children", ()):
            yield from _zones(child)


class _Handed:
    """A fetcher that serves what it was handed, by name, and knows neither files nor network."""

    def __init__(self, content: dict[str, bytes]) -> None:
        self.content = {BASE + name: value for name, value in content.items()}

    def __call__(self, url: str) -> Any:
        from weasyprint.urls import URLFetcherResponse

        if url not in self.content:
            raise ValueError(f"The paper may not read {url[:100]}")
        return URLFetcherResponse(url, self.content[url], {"Content-Type": "font/ttf"})
