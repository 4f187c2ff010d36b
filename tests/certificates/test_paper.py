"""The rendered paper, read back by programs that did not make it."""

import io
import json
import random
import re
import subprocess
import sys
import unicodedata

import pikepdf
import pytest

from certificates import paper, paper_check
from core.jobs import Postponed
from tests.certificates.reading import SERIAL, another_year, codes_on, text_of
from tests.certificates.snapshots import PRODUCT, snapshot

pytestmark = pytest.mark.pdf
LETTERS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
ALPHABET = [unicodedata.normalize("NFC", letter + tone) for letter in LETTERS for tone in TONES] + ["đ"]


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


def test_every_vietnamese_letter_comes_out_whole():
    assert len(ALPHABET) == 73
    small, large = " ".join(ALPHABET), " ".join(ALPHABET).upper()

    text = text_of(paper.render(SERIAL, snapshot(product_name_vi=small, enterprise_name_vi=large)))

    assert small in text
    assert large in text
    assert unicodedata.is_normalized("NFC", text)


def test_both_languages_stand_on_it_where_the_names_have_an_english_form(pdf):
    words = ["CERTIFICATE OF RECOGNITION", "Key industrial product of Hanoi City 2026", "SangTo smart LED light"]
    words += ["Song To Lighting JSC", "Valid from 5 December 2026 to 5 December 2029"]

    assert [w for w in words if w not in text_of(pdf)] == []
    without = text_of(paper.render(SERIAL, snapshot(product_name_en="", enterprise_name_en="")))
    assert [w for w in words if w in without] == []


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
    assert opened.Root.AF[0].EF.F.Subtype == "/application/json"


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


def test_each_letter_can_be_copied_and_nothing_is_transparent(opened):
    fonts = opened.pages[0].Resources.Font

    assert len(fonts) == 3
    assert all("/ToUnicode" in font for font in fonts.values())
    for obj in opened.objects:
        if isinstance(obj, pikepdf.Dictionary | pikepdf.Stream):
            assert "/SMask" not in obj
            assert obj.get("/S") != "/Transparency"
            assert obj.get("/ca", 1) == obj.get("/CA", 1) == 1
            assert obj.get("/Subtype") != "/Image"


def test_pdffonts_finds_all_fonts_embedded_and_readable(pdf):
    done = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True)

    rows = [line.split() for line in done.stdout.decode().splitlines()[2:]]
    assert [row[-5:-2] for row in rows] == [["yes", "yes", "yes"]] * 3


def test_headings_and_paragraphs_are_tagged_in_reading_order(opened):
    def walk(node):
        for child in node.get("/K", []) if isinstance(node.get("/K"), pikepdf.Array) else []:
            if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                yield str(child.S)
                yield from walk(child)

    tags = list(walk(opened.Root.StructTreeRoot))

    assert tags[0] == "/Document"
    order = [tag for tag in tags if tag in ("/H1", "/H2", "/Figure")]
    assert order == ["/H1", "/H2", "/Figure"]
    assert tags.count("/P") > 10


def test_what_is_english_says_so_to_a_screen_reader(opened):
    tables = {
        str(name): paper_check._letters(f.ToUnicode.read_bytes()) for name, f in opened.pages[0].Resources.Font.items()
    }
    texts, font, number = {}, {}, None
    for drawn in pikepdf.parse_content_stream(opened.pages[0], "BDC Tf TJ"):
        if str(drawn.operator) == "BDC":
            number = int(drawn.operands[1].MCID)
            texts[number] = ""
        elif str(drawn.operator) == "Tf":
            font = tables[str(drawn.operands[0])]
        else:
            parts = (bytes(part) for part in drawn.operands[0] if isinstance(part, pikepdf.String))
            texts[number] += "".join(paper_check._read(part, font) for part in parts)

    def within(node):
        for child in node.K if isinstance(node.K, pikepdf.Array) else [node.K]:
            yield from [int(child)] if not isinstance(child, pikepdf.Dictionary) else within(child)

    english = [o for o in opened.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Lang") == "en"]
    said = ["".join(texts[number] for number in within(node)) for node in english]
    assert said == [
        "CERTIFICATE OF RECOGNITION",
        "Key industrial product of Hanoi City 2026",
        "SangTo smart LED light",
        "Song To Lighting JSC",
        "Valid from 5 December 2026 to 5 December 2029",
    ]


@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("length", [0, 60, 250, 420, 720])
def test_a_reader_gets_the_code_back_exactly(length, dpi):
    draw = random.Random(length)
    token = "".join(draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(length))
    text = f"https://kip.hanoi.gov.vn/v/{SERIAL}" + (f"#{token}" if token else "")

    for form in (paper.form_for(2026), another_year()):
        assert codes_on(paper.render(SERIAL, snapshot(), form=form, qr_text=text), dpi) == [text]


def test_a_code_that_would_be_too_fine_to_read_is_refused():
    with pytest.raises(ValueError, match=r"cần 36\.8"):
        paper.render(SERIAL, snapshot(), qr_text=f"https://kip.hanoi.gov.vn/v/{SERIAL}#" + "A7" * 500)


def test_a_certificate_in_the_place_of_another_says_so(pdf):
    assert "Thay giấy chứng nhận số KIP2026-0009-Z" in text_of(
        paper.render(SERIAL, snapshot(replaces="KIP2026-0009-Z"))
    )
    assert "Thay giấy" not in text_of(pdf)


def test_any_attachment_is_taken_as_it_is():
    content = '{"type": "VerifiableCredential", "tên": "Đèn"}'.encode()

    with pikepdf.open(
        io.BytesIO(paper.render(SERIAL, snapshot(), attachment=content, attachment_name="a.json"))
    ) as pdf:
        assert list(pdf.attachments) == ["a.json"]
        assert pdf.attachments["a.json"].get_file().read_bytes() == content


def test_the_same_snapshot_gives_the_same_bytes(pdf):
    assert paper.render(SERIAL, snapshot()) == pdf


def test_a_demonstration_is_marked_and_a_real_one_is_not(pdf):
    mark = "DỮ LIỆU MINH HỌA – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"

    assert mark in text_of(paper.render(SERIAL, snapshot(is_demo=True)))
    assert mark not in text_of(pdf)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "../settings.py"])
def test_the_renderer_is_handed_its_files_and_refused_all_others(url):
    with pytest.raises(ValueError, match="may not read"):
        paper._Handed({"fonts/a.ttf": b""})(url)


def test_without_pango_the_work_waits_and_says_what_to_install(monkeypatch):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libgobject-2.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])

    with pytest.raises(Postponed, match="apt-get install"):
        paper.render(SERIAL, snapshot())
