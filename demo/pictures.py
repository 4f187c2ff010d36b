"""Small papers and drawings that stand in for uploads. Each says that it is a demonstration."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from time import gmtime

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
def paper(code: str, edition: int = 1) -> bytes:
    """One page of PDF with a title and grey lines. The same arguments give the same bytes."""
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
    for line in range(16):
        width = (PAGE[0] - 170) * (0.55 if line % 5 == 4 else 1)
        draw.rectangle((85, 290 + line * 31, 85 + width, 296 + line * 31), fill=222)
    draw.text((85, 812), "Không có giá trị pháp lý. Not a real document.", font=plain, fill=90)
    made = BytesIO()
    page.save(made, "PDF", resolution=75, title=PAPER_TITLES[code], creationDate=gmtime(0), modDate=gmtime(0))
    return made.getvalue()


@lru_cache(maxsize=32)
def photo(sector: str, view: int) -> bytes:
    """A drawing in the colours of the sector: no photo, no real product."""
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
    made = BytesIO()
    picture.quantize(32).save(made, "PNG", optimize=True)
    return made.getvalue()


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
