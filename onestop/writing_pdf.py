"""A sheet as PDF, laid out as Decree 30/2020 asks. The renderer reads no file and no address: it is handed the fonts
and the picture of the code, and refused all else."""

import atexit
import logging
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from certificates import paper
from core.canonical import digest
from core.errors import Refused
from onestop.sheet import Sheet, qr_picture

log = logging.getLogger(__name__)

HOME = Path(__file__).parent
FONTS = ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf")
VARIANT = "pdf/ua-1"
_lock = threading.Lock()


def write(sheet: Sheet) -> bytes:
    """The same sheet gives the same bytes. Raises Refused, in words, where the libraries for PDF are missing."""
    try:
        import weasyprint
    except OSError as error:
        log.warning("WeasyPrint cannot load a system library: %s", error)
        raise Refused(_("PDF files cannot be made at present. Take the DOCX file instead.")) from error
    with override("vi"):
        html = render_to_string("onestop/paper.html", {"sheet": sheet})
    handed = {"qr.svg": qr_picture(sheet.address, "svg")}
    identifier = digest([html, sheet.address])[:32].encode()
    with _lock:
        fonts, style = _press()
        page = weasyprint.HTML(string=html, base_url=paper.BASE, url_fetcher=_Handed(handed))
        laid_out = page.render(font_config=fonts, stylesheets=[style], pdf_variant=VARIANT)
        return bytes(laid_out.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier))


@lru_cache(maxsize=1)
def _press() -> tuple[Any, Any]:
    """Fonts and parsed style sheet, which take longer than a page does. Guarded by `_lock`."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    handed = {f"fonts/{name}": (paper.HOME / "fonts" / name).read_bytes() for name in FONTS}
    fonts = FontConfiguration()
    css = (HOME / "paper.css").read_text(encoding="utf-8")
    css += "".join(f"col.w{share} {{ width: {share}% }}" for share in range(1, 100))
    return fonts, weasyprint.CSS(string=css, base_url=paper.BASE, url_fetcher=_Handed(handed), font_config=fonts)


# Its fonts lie in a temporary folder that must go while the interpreter still can remove it.
atexit.register(_press.cache_clear)


class _Handed:
    """A fetcher that serves what it was handed, by name, and knows neither files nor network."""

    def __init__(self, content: dict[str, bytes]) -> None:
        self.content = {paper.BASE + name: value for name, value in content.items()}

    def __call__(self, url: str) -> Any:
        from weasyprint.urls import URLFetcherResponse

        if url not in self.content:
            raise ValueError(f"The form may not read {url[:100]}")
        kind = "image/svg+xml" if url.endswith(".svg") else "font/ttf"
        return URLFetcherResponse(url, self.content[url], {"Content-Type": kind})
