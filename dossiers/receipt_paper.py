"""The receipt as a PDF of one page, to keep or to print. The renderer reads no file and no address: it is handed two
fonts and the picture of the code, and refused all else."""

import io
import logging
import threading
from pathlib import Path
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from certificates import paper
from core.errors import Refused

log = logging.getLogger(__name__)

HOME = Path(__file__).resolve().parent
FONTS = ("Tinos-Regular.ttf", "Tinos-Bold.ttf")
_lock = threading.Lock()


def render(context: dict[str, Any], *, address: str) -> bytes:
    """Raises Refused, in words, where the system libraries for PDF are missing."""
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except OSError as error:
        log.warning("WeasyPrint cannot load a system library: %s", error)
        raise Refused(_("PDF files cannot be made at present. Print the page instead.")) from error
    handed = {f"fonts/{name}": (paper.HOME / "fonts" / name).read_bytes() for name in FONTS}
    handed["qr.svg"] = _code(address)
    html = render_to_string("dossiers/receipt_paper.html", context)
    with _lock:
        fetcher, fonts = _Handed(handed), FontConfiguration()
        css = (HOME / "receipt_paper.css").read_text(encoding="utf-8")
        style = weasyprint.CSS(string=css, base_url=paper.BASE, url_fetcher=fetcher, font_config=fonts)
        page = weasyprint.HTML(string=html, base_url=paper.BASE, url_fetcher=fetcher)
        return bytes(page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"))


def _code(address: str) -> bytes:
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=0, scale=4)
    return picture.getvalue()


class _Handed:
    """A fetcher that serves what it was handed, by name, and knows neither files nor network."""

    def __init__(self, content: dict[str, bytes]) -> None:
        self.content = {paper.BASE + name: value for name, value in content.items()}

    def __call__(self, url: str) -> Any:
        from weasyprint.urls import URLFetcherResponse

        if url not in self.content:
            raise ValueError(f"The receipt may not read {url[:100]}")
        kind = "image/svg+xml" if url.endswith(".svg") else "font/ttf"
        return URLFetcherResponse(url, self.content[url], {"Content-Type": kind})
