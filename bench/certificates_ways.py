"""The same certificate made in several ways: ours, and the way that WeasyPrint's first page of documentation shows."""

import base64
import io
import random
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import segno

from certificates import paper, paper_page
from certificates.paper_ornament import POINT, ornament
from certificates.paper_words import values
from core.canonical import canonical, digest

SERIAL = "KIP2026-{:04d}-K"
TOKEN_LENGTH = 400
_PRODUCTS = (
    "Máy biến áp phân phối ba pha",
    "Cáp điện lực trung thế",
    "Thiết bị đóng cắt trung áp",
    "Động cơ điện không đồng bộ",
    "Khuôn mẫu chính xác cho ngành nhựa kỹ thuật",
)
_ENTERPRISES = (
    "Công ty Cổ phần Thiết bị điện Sông Thử",
    "Công ty TNHH Cơ khí Đúc Hồ Mẫu",
    "Công ty Cổ phần Dây cáp điện Phố Mẫu",
    "Công ty TNHH Một thành viên Nhựa kỹ thuật Đường Thử",
)


def facts(number: int) -> dict[str, Any]:
    """A snapshot of invented names; the same number gives the same one."""
    draw = random.Random(number)  # noqa: S311 (names for a measurement)
    return {
        "kind": "product",
        "season_year": 2026,
        "product_name_vi": f"{draw.choice(_PRODUCTS)} KIP-{number}",
        "product_name_en": f"Sample product KIP-{number}",
        "enterprise_name_vi": draw.choice(_ENTERPRISES),
        "enterprise_name_en": "Sample Enterprise JSC",
        "enterprise_address_vi": f"Lô {draw.randint(1, 99)}, Cụm công nghiệp Mẫu, Thành phố Hà Nội",
        "decision_number": "5012/QĐ-UBND",
        "decision_date": "2026-12-05",
        "signer_name": "Nguyễn Văn Ký",
        "signer_position": "Phó Chủ tịch",
        "valid_from": "2026-12-05",
        "valid_to": "2029-12-05",
        "is_demo": True,
    }


def qr_text(number: int) -> str:
    """The verify address and a token as long as a signed one."""
    draw = random.Random(number)  # noqa: S311 (a token for a measurement)
    token = "".join(draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(TOKEN_LENGTH))
    return f"https://kip.example.gov.vn/v/{SERIAL.format(number)}#{token}"


def ours(number: int) -> bytes:
    return paper.render(SERIAL.format(number), facts(number), qr_text=qr_text(number))


def naive_plain(number: int) -> bytes:
    """As `naive`, without the pattern of the corners: the lightest page that one could compare with."""
    return naive(number, pattern=False)


def naive(number: int, *, pattern: bool = True) -> bytes:
    """The same page in PDF/A-3a with the same attachment: one string of HTML with the style sheet and the three fonts
    inside, the code as segno's own SVG picture, nothing kept from one certificate to the next."""
    import weasyprint

    snapshot, form = facts(number), paper.form_for(2026)
    said = values(SERIAL.format(number), snapshot, form) | {"digest": digest(snapshot)}
    code = segno.make(qr_text(number), error="m", micro=False, boost_error=False)
    sheet = paper_page.Sheet(form, said, 26)
    tree = sheet.page([sheet.first_fit(number) for number in range(len(form.zones))])
    picture = io.BytesIO()
    code.save(picture, kind="svg", border=0, scale=4)
    image = next(tree.iter("img"))
    image.set("src", "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode())
    css = _used(paper_page.style_sheet(form), tree).replace("fonts/", (paper.HOME / "fonts").as_uri() + "/")
    html = ElementTree.tostring(tree, encoding="unicode", method="html")
    html = "<!doctype html>" + html.replace("</head>", f"<style>{css}{_frame(pattern)}</style></head>")
    html = html.replace("<body>", '<body><div class="frame"></div><div class="frame inner"></div>')
    attachment = weasyprint.Attachment(string=canonical(snapshot).decode(), name="data.json", relationship="Data")
    return bytes(weasyprint.HTML(string=html).write_pdf(pdf_variant=paper.VARIANT, attachments=[attachment]))


def _used(css: str, tree: ElementTree.Element) -> str:
    """The rules that this page needs, as somebody would have written them by hand."""
    classes = {name for element in tree.iter() for name in element.get("class", "").split()}
    return "\n".join(rule for rule in css.splitlines() if rule[:1] != "." or rule[1:].split("{")[0] in classes)


def _frame(pattern: bool) -> str:
    """The frame as two bordered boxes; the pattern of the corners as a picture behind them."""
    strokes = ornament(replace(paper.form_for(2026).frame, style="none")).decode()
    page = f"@page{{background:url('{_svg(strokes)}') no-repeat;background-size:100% 100%}}" if pattern else ""
    return (
        f"{page}"
        "body,p,h1,h2{margin:0;padding:0}"
        ".frame{position:absolute;left:14mm;top:14mm;width:267.4mm;height:180.4mm;border:2.2pt solid #7d5210}"
        ".inner{left:17.3mm;top:17.3mm;width:262mm;height:175mm;border-width:.6pt}"
    )


def _svg(strokes: str) -> str:
    """The corners' strokes as an SVG picture: each curve as a path, each corner turned into its place."""
    body, colour = "", "#f7f4f0"
    for line in strokes.splitlines():
        words = line.split()
        if words[0] == "q" and words[-1] == "cm":
            body += f'<g transform="matrix({" ".join(words[1:7])})">'
        elif words == ["Q"]:
            body += "</g>"
        elif words[-1] == "S":
            points = " ".join(w.upper() for w in words[:-1] if w not in "mc")
            head, tail = points.split()[:2], points.split()[2:]
            body += f'<path d="M {" ".join(head)} C {" ".join(tail)}"/>'
    body = body[: body.rfind("</g>")] if body.count("</g>") > body.count("<g ") else body
    size = f'viewBox="0 0 {297 * POINT:.2f} {210 * POINT:.2f}"'
    flip = f'<g fill="none" stroke="{colour}" stroke-width="1.1" transform="matrix(1 0 0 -1 0 {210 * POINT:.2f})">'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{flip}{body}</g></svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
