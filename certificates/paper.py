"""The paper itself: one A4 page as PDF/A-3a, made from a certificate's snapshot and nothing else.

Its words belong to the document, not to the site: they stand in the template and are not translated. The
renderer reads no file and no address; it is handed three fonts and one QR picture, and refused all else.
"""

import atexit
import io
import logging
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from certificates.models import Certificate
from core.canonical import canonical, digest
from core.jobs import Postponed
from core.vietnamese import fold

log = logging.getLogger(__name__)

HOME = Path(__file__).parent
FONTS = ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf")
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
# No such host can exist (RFC 2606): a name for what the renderer is handed, never an address to call.
BASE = "https://paper.invalid/"
VARIANT = "pdf/a-3a"
LINE_MM = 236.0
PRODUCT_SIZES, ENTERPRISE_SIZES = (20, 18, 16, 14, 12), (17, 16, 14, 13, 11)


def render(serial: str, snapshot: dict[str, Any]) -> bytes:
    """The bytes of the paper. The same snapshot gives the same page.

    Raises Postponed where the system libraries of WeasyPrint are missing, and ValueError when the texts do
    not fit on one page even in the smallest letters.
    """
    try:
        import weasyprint
    except OSError as error:
        log.warning("WeasyPrint cannot load a system library: %s", error)
        message = _("A system library for PDF is missing on the server. Install it: %(command)s")
        command = f"sudo apt-get install --no-install-recommends {PACKAGES}"
        raise Postponed(message % {"command": command}) from error

    facts, qr = words(serial, snapshot), qr_svg(verify_url(serial))
    with _lock:
        press = _press()
        for fit in _ever_smaller(facts["product"], facts["enterprise"]):
            html = render_to_string("certificates/certificate.html", facts | fit)
            page = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=_Handed({"qr.svg": qr}))
            laid_out = page.render(font_config=press.fonts, stylesheets=[press.style], pdf_variant=VARIANT)
            if len(laid_out.pages) == 1:
                attachment = _attachment(serial, snapshot)
                # An identifier of its own making, so that the same snapshot gives the same bytes.
                identifier = digest([serial, snapshot])[:32].encode()
                pdf = laid_out.write_pdf(pdf_variant=VARIANT, attachments=[attachment], pdf_identifier=identifier)
                return bytes(pdf)
    raise ValueError(_("The texts of %(serial)s do not fit on one page.") % {"serial": serial})


def _attachment(serial: str, snapshot: dict[str, Any]) -> Any:
    """The snapshot for machines. Dated like the decision: the paper knows no clock."""
    import weasyprint

    signed = datetime.fromisoformat(snapshot["decision_date"]).replace(tzinfo=UTC)
    return weasyprint.Attachment(
        file_obj=io.BytesIO(canonical(snapshot)),
        name=f"{serial}.json",
        description="Dữ liệu của giấy chứng nhận",
        created=signed,
        modified=signed,
        relationship="Data",
    )


# --- what the paper says ------------------------------------------------------------------------------
def words(serial: str, snapshot: dict[str, Any]) -> dict[str, Any]:
    """Every text of the paper."""
    top10 = snapshot["kind"] == Certificate.Kind.TOP10
    year = str(snapshot["season_year"])
    heading = f"{'TOP 10 ' if top10 else ''}SẢN PHẨM CÔNG NGHIỆP CHỦ LỰC THÀNH PHỐ HÀ NỘI NĂM {year}"
    product, enterprise = snapshot["product_name_vi"], snapshot["enterprise_name_vi"]
    return {
        "serial": serial,
        "title": f"Giấy chứng nhận {serial}: {product}",
        "description": f"Sản phẩm công nghiệp chủ lực Hà Nội {year}: {product}, {enterprise}",
        "digest": digest(snapshot),
        "heading": heading,
        "product": product,
        "enterprise": enterprise,
        "address": snapshot["enterprise_address_vi"],
        "decision_number": snapshot["decision_number"],
        "decision_date": legal_date(date.fromisoformat(snapshot["decision_date"])),
        "english": english_line(snapshot, top10=top10, year=year),
        "valid_from": f"{date.fromisoformat(snapshot['valid_from']):%d/%m/%Y}",
        "valid_to": f"{date.fromisoformat(snapshot['valid_to']):%d/%m/%Y}",
        "office": office_lines(snapshot["signer_position"]),
        "signer_name": snapshot["signer_name"],
        "verify_url": verify_url(serial),
        "verify_short": verify_url(serial).split("://", 1)[-1],
        "is_demo": snapshot["is_demo"],
    }


def legal_date(day: date) -> str:
    """As Decree 30/2020 writes it: a nought stands before days 1 to 9 and months 1 and 2 only."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def office_lines(position: str) -> list[str]:
    """Who signs, in whose name. A vice chair signs for the chair; anything else stands as it was entered."""
    plain = fold(position)
    if plain.startswith("pho chu tich"):
        return ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    if plain.startswith("chu tich"):
        return ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    return [line.strip().upper() for line in position.replace(" / ", "\n").replace(";", "\n").splitlines()]


def english_line(snapshot: dict[str, Any], *, top10: bool, year: str) -> str:
    """One line for readers abroad, where the names have an English form."""
    product = snapshot["product_name_en"]
    if not product:
        return ""
    maker = snapshot["enterprise_name_en"]
    title = f"{'Top 10 key' if top10 else 'Key'} industrial product of Hanoi {year}"
    return f"{title}: {product}" + (f", made by {maker}" if maker else "")


def verify_url(serial: str) -> str:
    """What the QR code holds and the page under it answers."""
    return f"{settings.SITE_URL}/v/{serial}"


def qr_svg(text: str) -> bytes:
    """Error level M bears a fold or the edge of a stamp. The white of the paper is the quiet zone."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False, boost_error=False).save(picture, kind="svg", border=0, scale=4)
    return picture.getvalue()


# --- how large the letters are ------------------------------------------------------------------------
def _step(text: str, sizes: tuple[int, ...]) -> int:
    """The first size in which the name takes at most two lines; the smallest when none does."""
    for step, size in enumerate(sizes):
        if _width_mm(text, size) <= (2 * LINE_MM - 30) * 0.94:
            return step
    return len(sizes) - 1


def _width_mm(text: str, size: int) -> float:
    return float(_measure().getlength(text)) / 100 * size * 25.4 / 72


@lru_cache(maxsize=1)
def _measure() -> Any:
    from PIL import ImageFont  # loaded by whoever lays out a certificate, not by every process

    return ImageFont.truetype(HOME / "fonts" / "Tinos-Bold.ttf", 100, layout_engine=ImageFont.Layout.BASIC)


def _ever_smaller(product: str, enterprise: str) -> list[dict[str, Any]]:
    """As measured; then closer together; then smaller step by step; at last without the English line."""
    first, second = _step(product, PRODUCT_SIZES), _step(enterprise, ENTERPRISE_SIZES)
    last = len(PRODUCT_SIZES) - 1
    tries = [_fit(first, second, "")]
    tries += [_fit(min(first + n, last), min(second + n, last), "tight") for n in range(last + 1)]
    tries += [_fit(last, last, "tight tightest"), _fit(last, last, "tight tightest") | {"english": ""}]
    return tries


def _fit(product: int, enterprise: int, room: str) -> dict[str, Any]:
    sizes = {"product_size": PRODUCT_SIZES[product], "enterprise_size": ENTERPRISE_SIZES[enterprise]}
    return sizes | {"room": room}


# --- the press: made once per process -----------------------------------------------------------------
@dataclass(frozen=True)
class _Press:
    fonts: Any
    style: Any


_lock = threading.Lock()


@lru_cache(maxsize=1)
def _press() -> _Press:
    """Fonts and parsed style sheet, which take longer than a page does. Guarded by `_lock`."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    handed = {f"fonts/{name}": (HOME / "fonts" / name).read_bytes() for name in FONTS}
    fonts = FontConfiguration()
    css = (HOME / "paper.css").read_text()
    style = weasyprint.CSS(string=css, base_url=BASE, url_fetcher=_Handed(handed), font_config=fonts)
    return _Press(fonts, style)


# Its fonts lie in a temporary folder that must go while the interpreter still can remove it.
atexit.register(_press.cache_clear)


class _Handed:
    """A fetcher that serves what it was handed, by name, and knows neither files nor network."""

    def __init__(self, content: dict[str, bytes]) -> None:
        self.content = {BASE + name: value for name, value in content.items()}

    def __call__(self, url: str) -> Any:
        from weasyprint.urls import URLFetcherResponse

        if url not in self.content:
            raise ValueError(f"The paper may not read {url[:100]}")
        kind = "image/svg+xml" if url.endswith(".svg") else "font/ttf"
        return URLFetcherResponse(url, self.content[url], {"Content-Type": kind})
