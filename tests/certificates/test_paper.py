"""The rendered paper, read back by programs that did not make it."""

import io
import json
import re
import subprocess
import sys
import unicodedata

import pikepdf
import pytest

from certificates import paper
from core.jobs import Postponed
from tests.certificates.snapshots import PRODUCT, snapshot

pytestmark = pytest.mark.pdf
SERIAL = "KIP2026-0001-K"
HARD = "Ặ ẵ ễ Ộ ữ ự Ỷ đ Đ"
LONG_PRODUCT = (
    "Hệ thống dây chuyền thiết bị tự động điều khiển số gia công cơ khí chính xác phục vụ sản xuất linh kiện "
    "ô tô, xe máy và điện tử công nghệ"
)
LONG_ENTERPRISE = (
    "Công ty Trách nhiệm hữu hạn Một thành viên Nghiên cứu, Thiết kế, Chế tạo và Chuyển giao công nghệ Thiết bị "
    "điện, Điện tử và Tự động"
)


def text_of(pdf: bytes) -> str:
    """What pdftotext reads, lines joined; Unicode as it stands in the file."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def fonts_of(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    descriptors = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
    assert descriptors
    return descriptors


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return paper.render(SERIAL, snapshot())


@pytest.fixture
def opened(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as file:
        yield file


def test_it_is_one_page_of_a4_lying(opened):
    assert len(opened.pages) == 1
    _x, _y, width, height = (float(n) for n in opened.pages[0].mediabox)
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (297, 210)


def test_it_says_what_was_decided_with_every_mark(pdf):
    text = text_of(pdf)

    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "GIẤY CHỨNG NHẬN",
        "SẢN PHẨM CÔNG NGHIỆP CHỦ LỰC THÀNH PHỐ HÀ NỘI NĂM 2026",
        PRODUCT,
        "Công ty Cổ phần Chiếu sáng Sông Tô",
        "Theo Quyết định số 5012/QĐ-UBND ngày 05 tháng 12 năm 2026 của Ủy ban nhân dân thành phố Hà Nội",
        "Hà Nội, ngày 05 tháng 12 năm 2026",
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Nguyễn Văn Ký",
        SERIAL,
    ]:
        assert words in text
    assert unicodedata.is_normalized("NFC", text)


def test_hard_letters_come_out_whole():
    assert HARD in text_of(paper.render(SERIAL, snapshot(product_name_vi=f"Máy {HARD}", enterprise_name_vi=HARD)))


@pytest.mark.parametrize(
    ("product", "enterprise"),
    [
        (LONG_PRODUCT, LONG_ENTERPRISE),
        (LONG_PRODUCT.upper(), LONG_ENTERPRISE.upper()),
        ((LONG_PRODUCT.upper() * 2)[:200], (LONG_ENTERPRISE.upper() * 2)[:200]),
    ],
)
def test_long_names_fit_on_the_one_page(product, enterprise):
    facts = snapshot(
        product_name_vi=product.strip(),
        enterprise_name_vi=enterprise.strip(),
        product_name_en=product[:140],
        enterprise_name_en=enterprise[:140],
        enterprise_address_vi="Lô 12, Khu công nghiệp Nam Thử mở rộng giai đoạn 2, Phường Thử, Thành phố Hà Nội",
    )

    pdf = paper.render(SERIAL, facts)

    text = text_of(pdf)
    assert product.strip() in text
    assert enterprise.strip() in text
    assert "Nguyễn Văn Ký" in text
    assert len(pikepdf.open(io.BytesIO(pdf)).pages) == 1


def test_texts_that_cannot_fit_are_refused_rather_than_cut():
    with pytest.raises(ValueError, match="không vừa một trang"):
        paper.render(SERIAL, snapshot(product_name_vi="W" * 200, enterprise_name_vi="W" * 1000))


def test_every_font_is_embedded_and_is_the_projects_own(opened):
    for font in fonts_of(opened):
        assert "/FontFile2" in font or "/FontFile3" in font or "/FontFile" in font
        assert "Tinos" in str(font["/FontName"])


def test_it_is_an_archive_file_pdf_a_3a(opened):
    metadata = opened.Root.Metadata.read_bytes().decode()

    assert re.search(r"part[=>][\"']?3", metadata)
    assert re.search(r"conformance[=>][\"']?A", metadata)
    assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert opened.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in opened.Root
    assert str(opened.Root.Lang) == "vi"
    assert SERIAL in str(opened.docinfo["/Title"])
    assert not opened.is_encrypted


def test_the_data_are_attached_for_machines(opened):
    attached = opened.attachments[f"{SERIAL}.json"]

    assert json.loads(attached.get_file().read_bytes()) == snapshot()
    assert opened.Root.AF[0].AFRelationship == "/Data"


def test_nothing_in_it_runs(opened):
    assert "/JavaScript" not in opened.Root.get("/Names", {})
    for obj in opened.objects:
        if isinstance(obj, pikepdf.Dictionary):
            assert "/JS" not in obj
            assert obj.get("/S") not in ("/JavaScript", "/Launch", "/URI")


def test_qpdf_finds_no_fault(pdf, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(pdf)

    done = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_code_has_words_for_those_who_cannot_see_it(opened):
    figures = [
        o for o in opened.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure" and "/Alt" in o
    ]

    assert [SERIAL in str(figure.Alt) for figure in figures] == [True]


def test_the_same_snapshot_gives_the_same_bytes(pdf):
    assert paper.render(SERIAL, snapshot()) == pdf


def test_a_demonstration_is_marked_and_a_real_one_is_not(pdf):
    mark = "DỮ LIỆU MINH HỌA – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"

    assert mark in text_of(paper.render(SERIAL, snapshot(is_demo=True)))
    assert mark not in text_of(pdf)


@pytest.mark.parametrize(
    "name",
    [
        "<img src=file:///etc/passwd>",
        '<object data="file:///etc/passwd"></object>',
        "<style>@import url(file:///etc/passwd)</style>",
        "{% include '/etc/passwd' %}{{ settings.SECRET_KEY }}",
    ],
)
def test_a_hostile_name_is_printed_and_reads_no_file(name):
    pdf = paper.render(SERIAL, snapshot(product_name_vi=name))

    text = text_of(pdf)
    assert name in text
    assert "root:" not in text
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert list(file.attachments) == [f"{SERIAL}.json"]
        assert b"root:x:" not in b"".join(o.read_bytes() for o in file.objects if isinstance(o, pikepdf.Stream))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "../settings.py"])
def test_the_renderer_is_handed_its_files_and_refused_all_others(url):
    with pytest.raises(ValueError, match="may not read"):
        paper._Handed({"qr.svg": b"<svg/>"})(url)


def test_without_pango_the_work_waits_and_says_what_to_install(monkeypatch):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libgobject-2.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])

    with pytest.raises(Postponed, match="apt-get install"):
        paper.render(SERIAL, snapshot())
