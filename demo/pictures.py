"""Small papers and drawings that stand in for uploads. Each says that it is a demonstration."""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parent.parent / "certificates" / "fonts"
PAGE = (620, 877)
PHOTO = (960, 720)
PAPER_TITLES = {
    "application_form": "Đơn đăng ký tham gia xét chọn",
    "business_registration": "Giấy chứng nhận đăng ký doanh nghiệp",
    "product_description": "Bản thuyết minh sản phẩm",
    "financial_statements": "Báo cáo tài chính đã kiểm toán",
    "tax_confirmation": "Xác nhận nghĩa vụ thuế",
    "quality_certificates": "Chứng nhận hệ thống và sản phẩm",
    "environment_papers": "Hồ sơ môi trường",
    "hi_tech_basis": "Chứng minh thuộc danh mục công nghệ cao",
    "export_papers": "Tờ khai và chứng từ xuất khẩu",
    "startup_plan": "Ý tưởng và kế hoạch tăng trưởng",
    "intellectual_property": "Văn bằng sở hữu trí tuệ",
    "awards": "Giải thưởng",
}
# Ground and line of the drawing for each sector.
COLOURS = {
    "mechanical": ("#E4E8EC", "#37506B"),
    "electrical": ("#F4EBD3", "#7D5210"),
    "it": ("#DFE7F5", "#1E3F7A"),
    "textile": ("#F1E3E4", "#7C2F3E"),
    "agri_food": ("#E5EEDC", "#3B6128"),
    "chemical": ("#DDEEEC", "#1D5F5A"),
    "building": ("#EBE4DC", "#5E4630"),
    "handicraft": ("#F0E6D8", "#6B3B1B"),
}
VIEWS = ("truoc", "nghieng", "chi-tiet")


def paper_name(paper: str, edition: int = 1) -> str:
    """The file name that the applicant would have given."""
    return f"{PAPER_TITLES[paper]}{' (bổ sung)' if edition > 1 else ''}.pdf"


@lru_cache(maxsize=64)
def paper(code: str, edition: int = 1, owner: str = "") -> bytes:
    """One page of PDF with a title, whose it is, and grey lines. The same arguments give the same bytes."""
    sheet, label = _sheet(code, edition), _label(owner)
    shown = b"q 595 0 0 842 0 0 cm /A Do Q"
    if owner:
        width, height = label.width * 0.96, label.height * 0.96
        shown += (
            f" q {width:.2f} 0 0 {height:.2f} {(595 - width) / 2:.2f} {842 - 252 - height:.2f} cm /B Do Q".encode()
        )
    about = (
        f"<</Title {_text(PAPER_TITLES[code])} /Subject {_text(owner)} /Author {_text('Minh hoa - Demonstration')}>>"
    )
    return _pdf(
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources <</XObject <</A 5 0 R /B 6 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(shown), shown),
        sheet.as_object,
        label.as_object,
        about.encode(),
    )


@dataclass(frozen=True)
class Stamp:
    """A grey picture, packed for a PDF."""

    width: int
    height: int
    as_object: bytes

    @classmethod
    def of(cls, picture: Image.Image) -> "Stamp":
        packed = zlib.compress(picture.tobytes(), 9)
        head = (
            f"<</Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /ColorSpace /DeviceGray"
            f" /BitsPerComponent 8 /Filter /FlateDecode /Length {len(packed)}>>\nstream\n"
        )
        return cls(picture.width, picture.height, head.encode() + packed + b"\nendstream")


@lru_cache(maxsize=32)
def _sheet(code: str, edition: int) -> Stamp:
    page = Image.new("L", PAGE, 255)
    draw = ImageDraw.Draw(page)
    bold, plain = _font("Tinos-Bold.ttf", 26), _font("Tinos-Regular.ttf", 17)
    draw.rectangle((36, 36, PAGE[0] - 36, PAGE[1] - 36), outline=170, width=2)
    draw.text((PAGE[0] / 2, 92), "BẢN MINH HỌA – DEMONSTRATION", font=plain, fill=90, anchor="mm")
    draw.multiline_text(
        (PAGE[0] / 2, 170), _wrapped(PAPER_TITLES[code]), font=bold, fill=20, anchor="mm", align="center", spacing=10
    )
    if edition > 1:
        draw.text((PAGE[0] / 2, 232), f"Bản bổ sung lần {edition - 1}", font=plain, fill=60, anchor="mm")
    for line in range(14):
        width = (PAGE[0] - 170) * (0.55 if line % 5 == 4 else 1)
        draw.rectangle((85, 352 + line * 31, 85 + width, 358 + line * 31), fill=222)
    draw.text((85, 812), "Không có giá trị pháp lý. Not a real document.", font=plain, fill=90)
    return Stamp.of(page)


@lru_cache(maxsize=256)
def _label(owner: str) -> Stamp:
    """Whose paper it is, in at most three lines."""
    picture = Image.new("L", (500, 72), 255)
    lines = "\n".join(wrap(owner, 58)[:3])
    ImageDraw.Draw(picture).multiline_text(
        (250, 36), lines, font=_font("Tinos-Regular.ttf", 17), fill=40, anchor="mm", align="center"
    )
    return Stamp.of(picture)


def _pdf(*objects: bytes) -> bytes:
    """A file of these objects; the first is the catalogue, the last the facts about the file."""
    made, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<</Size %d /Root 1 0 R /Info %d 0 R>>\n" % (len(objects) + 1, len(objects))
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def _text(words: str) -> str:
    return f"<FEFF{words.encode('utf-16-be').hex().upper()}>"


@lru_cache(maxsize=64)
def photo(sector: str, view: int, owner: str = "") -> bytes:
    """A drawing in the colours of the sector, with whose product it stands for: no photo, no real product."""
    drawing, ink = _drawing(sector, view)
    picture = drawing.copy()
    if owner:
        words = "\n".join(wrap(owner, 52)[:3])
        ImageDraw.Draw(picture).multiline_text((28, 28), words, font=_font("Tinos-Regular.ttf", 28), fill=ink)
    made = BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


@lru_cache(maxsize=32)
def _drawing(sector: str, view: int) -> tuple[Image.Image, int]:
    """The drawing with a small palette, and the place of its line's colour in that palette."""
    ground, line = COLOURS[sector]
    picture = Image.new("RGB", PHOTO, ground)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, PHOTO[0], PHOTO[1]), fill=_between(ground, line, 0.12))
    middle, top = 480, 330
    if view == 0:
        draw.rounded_rectangle((290, 190, 670, 560), 36, fill=_between(ground, line, 0.3), outline=line, width=6)
        draw.ellipse((400, 270, 560, 430), fill=ground, outline=line, width=6)
    elif view == 1:
        draw.polygon([(300, 250), (560, 180), (700, 270), (700, 520), (440, 590), (300, 500)], outline=line, width=6)
        draw.line([(300, 250), (440, 340), (440, 590)], fill=line, width=6)
        draw.line([(440, 340), (700, 270)], fill=line, width=6)
    else:
        for radius in range(40, 241, 40):
            box = (middle - radius, top - radius, middle + radius, top + radius)
            draw.ellipse(box, outline=line, width=6 if radius % 80 else 3)
    corner, small = (PHOTO[0] - 28, PHOTO[1] - 28), _font("Tinos-Italic.ttf", 30)
    draw.text(corner, "Ảnh minh họa", font=small, fill=line, anchor="rs")
    flat = picture.quantize(32)
    palette = flat.getpalette() or []
    colours = [tuple(palette[i : i + 3]) for i in range(0, len(palette), 3)]
    wanted = _between(line, line, 0)
    ink = min(range(len(colours)), key=lambda i: sum(abs(a - b) for a, b in zip(colours[i], wanted, strict=True)))
    return flat, ink


def _wrapped(title: str) -> str:
    """Two lines at the space nearest to the middle when the title is long."""
    if len(title) <= 30:
        return title
    cut = min((i for i, c in enumerate(title) if c == " "), key=lambda i: abs(i - len(title) / 2))
    return f"{title[:cut]}\n{title[cut + 1 :]}"


def _between(first: str, second: str, share: float) -> tuple[int, int, int]:
    one, two = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (first, second))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
    return red, green, blue


@lru_cache(maxsize=8)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size)
