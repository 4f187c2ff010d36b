"""Programs that did not write the paper read it back."""

import io
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import zxingcpp
from PIL import Image

from certificates import form_file
from certificates.form_parts import PaperForm

SERIAL = "KIP2026-0001-K"
HERE = Path(__file__).parent
LONG_PRODUCT = (
    "Hệ thống dây chuyền thiết bị tự động điều khiển số gia công cơ khí chính xác phục vụ sản xuất linh kiện "
    "ô tô, xe máy và điện tử công nghệ"
)
LONG_ENTERPRISE = (
    "Công ty Trách nhiệm hữu hạn Một thành viên Nghiên cứu, Thiết kế, Chế tạo và Chuyển giao công nghệ Thiết bị "
    "điện, Điện tử và Tự động"
)


def another_year() -> PaperForm:
    return form_file.parse((HERE / "another_year.json").read_text(encoding="utf-8"))


def text_of(pdf: bytes) -> str:
    """What pdftotext reads, lines joined; Unicode as it stands in the file."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def squeezed(text: str) -> str:
    """Without white space: a long word may be broken anywhere."""
    return re.sub(r"\s+", "", text)


def words_of(pdf: bytes) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Every word and its box in points from the upper left corner."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    page = ElementTree.fromstring(re.sub(rb"<meta [^>]*>", b"", done.stdout))
    names = ("xMin", "yMin", "xMax", "yMax")
    found = (element for element in page.iter() if element.tag.endswith("word"))
    return [(element.text or "", tuple(float(element.attrib[name]) for name in names)) for element in found]


def picture_of(pdf: bytes, dpi: int) -> Image.Image:
    done = subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", "-"], input=pdf, capture_output=True, check=True
    )
    return Image.open(io.BytesIO(done.stdout))


def codes_on(pdf: bytes, dpi: int) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture_of(pdf, dpi))]
