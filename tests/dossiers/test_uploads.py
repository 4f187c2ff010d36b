"""Files that people upload, made here byte by byte."""

import io
import struct
import unicodedata
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image, ImageFile

from core import uploads
from core.errors import Refused
from tests.dossiers import corpus

WORD_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml"/></Types>'
)
SHEET_TYPES = WORD_TYPES.replace(b"wordprocessingml.document", b"spreadsheetml.sheet").replace(
    b"word/document", b"xl/workbook"
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def pdf(**save):
    document = pikepdf.new()
    document.add_blank_page()
    if save.pop("script", False):
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    stream = io.BytesIO()
    document.save(stream, **save)
    return stream.getvalue()


def picture(kind="PNG", size=(60, 40)):
    stream = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(stream, kind)
    return stream.getvalue()


def package(types=WORD_TYPES, **parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        for name, content in ({"word/document.xml": b"<w/>"} | parts).items():
            archive.writestr(name, content)
    return stream.getvalue()


def check(name, content):
    return uploads.check(SimpleUploadedFile(name, content))


def refusal(name, content):
    with pytest.raises(Refused) as refused:
        check(name, content)
    (reason,) = refused.value.reasons
    return reason


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Đơn đăng ký.pdf", pdf(), uploads.PDF),
        ("ảnh.JPG", picture("JPEG"), uploads.JPEG),
        ("ảnh.jpeg", picture("JPEG"), uploads.JPEG),
        ("ảnh.png", picture("PNG"), uploads.PNG),
        ("thuyết minh.docx", package(), uploads.DOCX),
        ("số liệu.xlsx", package(SHEET_TYPES), uploads.XLSX),
    ],
)
def test_whole_files_of_the_five_kinds_are_kept_as_they_are(name, content, media_type):
    kept = check(name, content)

    assert (kept.content, kept.media_type, kept.name) == (content, media_type, name)


def test_a_file_over_the_limit_is_refused_with_the_limit(settings):
    settings.MAX_UPLOAD_BYTES = 2 * 1024 * 1024

    assert "larger than 2 MB" in refusal("a.pdf", b"%PDF-" + b"0" * (2 * 1024 * 1024))


def test_an_empty_file_is_refused():
    assert "empty" in refusal("a.pdf", b"")


@pytest.mark.parametrize("name", ["a.exe", "a.svg", "a.html", "a.zip", "a.doc", "a.heic", "no extension", "a.pdf.js"])
def test_other_kinds_are_refused_with_the_kinds_that_are_accepted(name):
    assert "PDF, a JPG or PNG picture, a DOCX or XLSX" in refusal(name, b"<html></html>")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word.pdf", package()),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("program.pdf", b"MZ" + b"\0" * 200),
        ("photo.jpg", picture("PNG")),
        ("photo.png", picture("JPEG")),
        ("sheet.docx", package(SHEET_TYPES)),
        ("text.xlsx", package()),
        ("plain zip.docx", package(b"<Types/>")),
        ("paper.docx", pdf()),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ],
)
def test_content_that_does_not_match_the_name_is_refused(name, content):
    assert "The name says" in refusal(name, content)


def test_the_refusal_names_what_the_content_is():
    assert "content is PNG" in refusal("photo.jpg", picture("PNG"))


@pytest.mark.parametrize("key", [{"user": "s", "owner": "s"}, {"user": "", "owner": "s"}])
def test_a_protected_pdf_is_refused(key):
    assert "password" in refusal("a.pdf", pdf(encryption=pikepdf.Encryption(**key)))


def test_a_protected_word_file_is_refused():
    hidden = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 90

    assert "password" in refusal("a.docx", hidden)


def test_a_word_file_with_a_protected_part_is_refused():
    content = bytearray(package())
    place = content.rfind(b"PK\x01\x02")
    content[place + 8] |= 1

    assert "password" in refusal("a.docx", bytes(content))


@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", pdf()),
        ("a.jpg", picture("JPEG", (400, 300))),
        ("a.png", picture("PNG", (400, 300))),
        ("a.docx", package(**{"word/media/a.bin": picture("PNG", (200, 200))})),
    ],
)
def test_a_cut_file_is_refused_as_incomplete(name, content, part):
    assert "damaged or incomplete" in refusal(name, content[: int(len(content) * part)])


@pytest.mark.parametrize("progressive", [True, False])
def test_a_cut_photo_is_refused_though_another_library_accepts_cut_pictures(monkeypatch, progressive):
    """WeasyPrint switches Pillow to accept them in the whole process."""
    stream = io.BytesIO()
    Image.effect_noise((300, 200), 60).convert("RGB").save(stream, "JPEG", progressive=progressive)
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)

    assert check("a.jpg", stream.getvalue())
    assert "damaged or incomplete" in refusal("a.jpg", stream.getvalue()[:-300])
    assert "damaged or incomplete" in refusal("a.jpg", stream.getvalue()[:40])


def test_a_pdf_of_noise_is_refused():
    assert "damaged" in refusal("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\n%%EOF\n")


def test_a_pdf_without_a_page_is_refused():
    document, stream = pikepdf.new(), io.BytesIO()
    document.save(stream)

    assert "damaged" in refusal("a.pdf", stream.getvalue())


def test_a_word_file_with_a_wrong_checksum_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", WORD_TYPES)
        archive.writestr("word/document.xml", b"unmistakable words")

    assert "damaged" in refusal("a.docx", stream.getvalue().replace(b"unmistakable", b"unmistakablE"))


@pytest.mark.parametrize(
    "content",
    [
        package(**{"word/vbaProject.bin": b"macro"}),
        package(WORD_TYPES.replace(b"</Types>", b'<Override ContentType="x.macroEnabled.main+xml"/></Types>')),
    ],
)
def test_macros_are_refused(content):
    assert "macros" in refusal("a.docx", content)


@pytest.mark.parametrize("name", ["a.docm", "a.xlsm"])
def test_macro_names_are_refused_as_such(name):
    assert "macros" in refusal(name, package())


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = package(**{"word/media/a.xml": b"\0" * (60 * 1024 * 1024)})

    assert len(bomb) < 100_000
    assert "unusual size" in refusal("a.docx", bomb)


def test_too_many_parts_are_refused():
    assert "unusual size" in refusal("a.xlsx", package(SHEET_TYPES, **{f"p{n}": b"" for n in range(5_001)}))


def test_overlapping_parts_are_refused():
    """Two names of the directory that point at the same packed bytes."""
    noise = picture("PNG", (300, 300))
    content = package(**{"word/media/a.bin": noise})
    end = content.rfind(b"PK\x05\x06")
    directory = content[content.find(b"PK\x01\x02") : end]
    again = directory * 3
    head = content[: content.find(b"PK\x01\x02")]
    count = struct.unpack("<H", content[end + 10 : end + 12])[0] * 3
    tail = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(again), len(head), 0)

    assert "unusual size" in refusal("a.docx", head + again + tail)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<html><!-- " + pdf()),
        ("a.pdf", pdf() + package()),
        ("a.pdf", pdf() + b"MZ" + b"\0" * 4_000),
        ("a.png", picture() + b"<script>" * 400),
        ("a.png", picture() + package()),
        ("a.jpg", picture("JPEG") + package()),
        ("a.docx", b"#!/bin/sh\n" + package()),
    ],
)
def test_two_files_in_one_are_refused(name, content):
    assert "other data" in refusal(name, content)


def test_a_line_break_after_a_pdf_is_no_second_file():
    assert check("a.pdf", pdf() + b"\r\n\r\n").media_type == uploads.PDF


@pytest.mark.parametrize("how", ["action", "names", "link"])
def test_a_pdf_with_scripts_is_refused(how):
    document = pikepdf.new()
    page = document.add_blank_page()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    if how == "action":
        document.Root.OpenAction = script
    elif how == "names":
        document.Root.Names = pikepdf.Dictionary(
            JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), script]))
        )
    else:
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=pikepdf.Array([0, 0, 9, 9]), A=launch
        )
        page.obj.Annots = pikepdf.Array([link])
    stream = io.BytesIO()
    document.save(stream)

    assert "scripts" in refusal("a.pdf", stream.getvalue())


def test_a_pdf_with_an_ordinary_link_is_kept():
    document = pikepdf.new()
    page = document.add_blank_page()
    go = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.vn"))
    page.obj.Annots = pikepdf.Array([document.make_indirect(pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=go))])
    stream = io.BytesIO()
    document.save(stream)

    assert check("a.pdf", stream.getvalue())


@pytest.mark.parametrize("side", [8_000, 50_000])
def test_a_picture_bomb_is_refused_without_unpacking_it(side):
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")

    assert "million pixels" in refusal("a.png", content)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Hồ sơ\\Đơn.pdf", "Đơn.pdf"),
        (unicodedata.normalize("NFD", "Báo cáo.pdf"), "Báo cáo.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("a\x00b.pdf", "a b.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ('"quoted".pdf', "_quoted_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("...pdf", "file.pdf"),
        (".pdf", "file.pdf"),
        ("  two   spaces .pdf ", "two spaces.pdf"),
    ],
)
def test_a_name_is_cleaned(given, kept):
    assert uploads.clean_name(given) == kept


def test_a_long_name_keeps_its_extension():
    name = uploads.clean_name("á" * 300 + ".docx")

    assert len(name) == 140
    assert name.endswith("á.docx")


def test_a_large_process_does_not_make_a_broken_pdf_heavy_nor_a_bomb_light():
    ballast = bytearray(600 * 1024 * 1024)
    ballast[::4096] = b"x" * len(ballast[::4096])  # touched, so that it counts

    assert "damaged" in refusal("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\n%%EOF\n")
    assert "memory" in refusal("b.pdf", corpus.pdf_bomb())
    del ballast
