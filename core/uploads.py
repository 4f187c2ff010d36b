"""What a person uploads, judged before it is kept: by its content, never by its name alone.

Every refusal is one sentence that says what is wrong with this file and what to do.
"""

import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from dataclasses import dataclass

import filetype
import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from PIL import Image

from core.errors import Refused

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"pdf": PDF, "jpg": JPEG, "jpeg": JPEG, "png": PNG, "docx": DOCX, "xlsx": XLSX}
# What a browser may show by itself; everything else is only ever downloaded.
SHOWN_INLINE = frozenset({PDF, JPEG, PNG})
ACCEPT = ",".join(f".{extension}" for extension in MEDIA_TYPES)

MAX_NAME = 140
MAX_PIXELS = 50_000_000
MAX_PAGES = 2_000
MAX_PARTS = 500_000
MAX_ENTRIES = 5_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 120
# A file may end with a line break or a few spare bytes of its maker, not with a second file.
MAX_TAIL = 1024

_MAIN_PARTS = {
    DOCX: b"wordprocessingml.document.main+xml",
    XLSX: b"spreadsheetml.sheet.main+xml",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO_NAMES = {"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb"}
_COMMANDS = ("/JavaScript", "/Launch", "/ImportData")
# A marker that is neither a stuffed byte nor a restart inside the picture data.
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_DEVICE_NAME = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept."""

    content: bytes
    media_type: str
    name: str


def check(upload: UploadedFile) -> CheckedFile:
    """The bytes, their true type and a clean name. Raises Refused with one sentence."""
    name = clean_name(upload.name or "")
    extension = name.rpartition(".")[2].lower()
    content = _read(upload)
    if extension in _MACRO_NAMES:
        raise Refused(_macros())
    media_type = MEDIA_TYPES.get(extension)
    if media_type is None:
        raise Refused(_("This kind of file is not accepted. Upload a PDF, a JPG or PNG picture, a DOCX or XLSX file."))
    if media_type == PDF:
        _check_pdf(content)
    elif media_type in (JPEG, PNG):
        _check_picture(content, media_type)
    else:
        _check_office(content, media_type)
    return CheckedFile(content, media_type, name)


def clean_name(name: str) -> str:
    """As people know the file, in one line: no folder, no invisible character, at most 140 letters with the
    extension kept. `clean_name("C:\\\\thư mục\\\\Báo cáo.pdf") == "Báo cáo.pdf"`."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    text = re.sub(r'[<>:"|?*]', "_", text)
    text = re.sub(r" +", " ", text).lstrip().rstrip(" .")
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = text, "", ""
    stem = stem.strip(" .") or pgettext("file name", "file")
    if _DEVICE_NAME.fullmatch(stem):
        stem = f"_{stem}"
    return stem[: MAX_NAME - len(dot) - len(extension)].rstrip(" .") + dot + extension


def _read(upload: UploadedFile) -> bytes:
    limit = settings.MAX_UPLOAD_BYTES
    too_large = _("The file is larger than %(n)s MB. Make it smaller or split it.") % {"n": limit // (1024 * 1024)}
    if (upload.size or 0) > limit:
        raise Refused(too_large)
    upload.seek(0)
    content: bytes = upload.read(limit + 1)
    if len(content) > limit:
        raise Refused(too_large)
    if not content:
        raise Refused(_("The file is empty. Check it on your computer, then upload it again."))
    return content


# --- PDF ----------------------------------------------------------------------------------------------
def _check_pdf(content: bytes) -> None:
    start = content.find(b"%PDF-", 0, MAX_TAIL)
    if start == -1:
        raise Refused(_mismatch("PDF", content))
    end = content.rfind(b"%%EOF")
    if end == -1:
        raise Refused(_broken("PDF"))
    # Files that begin or end as something else are two files in one.
    if start > 0 or len(content) - end > MAX_TAIL or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(_two_in_one())
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise Refused(_protected())
            if not 0 < len(pdf.pages) <= MAX_PAGES:
                raise Refused(_broken("PDF"))
            if _is_active(pdf):
                raise Refused(_("This PDF contains scripts or commands. Print it to a new PDF and upload that one."))
    except pikepdf.PasswordError as error:
        raise Refused(_protected()) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise Refused(_broken("PDF")) from error


def _is_active(pdf: pikepdf.Pdf) -> bool:
    """Is there an action that runs code or starts a program? So counts a PDF too large to look through."""
    budget = MAX_PARTS
    for thing in pdf.objects:
        waiting = [thing]
        while waiting:
            part = waiting.pop()
            budget -= 1
            if budget < 0:
                return True
            if isinstance(part, pikepdf.Dictionary):
                if "/JS" in part or part.get("/S") in _COMMANDS:
                    return True
                inner = part.values()
            elif isinstance(part, pikepdf.Array):
                inner = iter(part)
            else:
                continue
            waiting += [p for p in inner if isinstance(p, pikepdf.Dictionary | pikepdf.Array) and not p.is_indirect]
    return False


# --- pictures -----------------------------------------------------------------------------------------
def _check_picture(content: bytes, media_type: str) -> None:
    found = filetype.guess(content[:8192])
    if found is None or found.mime != media_type:
        raise Refused(_mismatch("JPG" if media_type == JPEG else "PNG", content))
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(_two_in_one())
    if media_type == PNG and len(content) - content.rfind(b"IEND") > MAX_TAIL:
        raise Refused(_two_in_one() if b"IEND" in content else _broken(_("picture")))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=["JPEG" if media_type == JPEG else "PNG"])
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused(_too_many_pixels())
        if media_type == PNG:
            picture.verify()  # every chunk and its checksum, without unpacking the pixels
        elif not _reaches_its_end(content):
            raise Refused(_broken(_("picture")))
        else:
            picture.draft("RGB", (picture.width // 8, picture.height // 8))
            picture.load()
    except Image.DecompressionBombError as error:
        raise Refused(_too_many_pixels()) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, zlib.error) as error:
        raise Refused(_broken(_("picture"))) from error


def _reaches_its_end(jpeg: bytes) -> bool:
    """Walk from marker to marker to the end of the image. Pillow alone does not tell: WeasyPrint, once loaded,
    makes it accept cut pictures in the whole process."""
    place = 2
    while found := _JPEG_MARKER.search(jpeg, place):
        if found[0] == b"\xff\xd9":
            return True
        place = found.end() + int.from_bytes(jpeg[found.end() : found.end() + 2])
    return False


# --- Word and Excel -----------------------------------------------------------------------------------
def _check_office(content: bytes, media_type: str) -> None:
    word = "DOCX" if media_type == DOCX else "XLSX"
    if content.startswith(_OLD_OFFICE):
        hidden = "EncryptedPackage".encode("utf-16-le") in content
        raise Refused(_protected() if hidden else _mismatch(word, content))
    if not content.startswith(b"PK\x03\x04"):
        inside = zipfile.is_zipfile(io.BytesIO(content))
        raise Refused(_two_in_one() if inside else _mismatch(word, content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package, len(content))
            kinds = _kinds(package)
            names = {entry.filename.lower() for entry in package.infolist()}
            if b"macroEnabled" in kinds or any(name.endswith("vbaproject.bin") for name in names):
                raise Refused(_macros())
            if _MAIN_PARTS[media_type] not in kinds:
                raise Refused(_mismatch(word, content))
            for entry in package.infolist():
                with package.open(entry) as stream:  # read to the end: the checksums of a cut file fail here
                    while stream.read(1 << 18):
                        pass
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise Refused(_broken(word)) from error


def _check_package(package: zipfile.ZipFile, size: int) -> None:
    """Sizes as the directory states them; `zipfile` never unpacks more of an entry than it states."""
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(_protected())
    overlap = packed > size
    swollen = unpacked > MAX_RATIO * size and unpacked > 10 * 1024 * 1024
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or overlap or swollen:
        raise Refused(
            _("The file would unpack to an unusual size and is not accepted. Save it as PDF and upload that.")
        )


def _kinds(package: zipfile.ZipFile) -> bytes:
    """The list of part types that every Word and Excel file carries."""
    try:
        with package.open("[Content_Types].xml") as stream:
            return stream.read(1 << 20)
    except KeyError:
        return b""


# --- words that several checks share ------------------------------------------------------------------
def _mismatch(expected: str, content: bytes) -> str:
    if content.startswith(_OLD_OFFICE):
        return _(
            "The name says %(expected)s, but this is an old Word or Excel file. Save it anew as %(expected)s."
        ) % {"expected": expected}
    found = filetype.guess(content[:8192])
    if found is not None and found.extension.upper() != expected:
        return _("The name says %(expected)s, but the content is %(found)s. Upload the right file.") % {
            "expected": expected,
            "found": found.extension.upper(),
        }
    return _("The name says %(expected)s, but the content is something else. Upload the right file.") % {
        "expected": expected
    }


def _broken(what: str) -> str:
    return _("The file (%(what)s) is damaged or incomplete. Open it on your computer, save it anew and upload it.") % {
        "what": what
    }


def _protected() -> str:
    return _("The file is protected by a password. Save it without protection and upload it again.")


def _macros() -> str:
    return _("The file contains macros. Save it as DOCX, XLSX or PDF without macros and upload that.")


def _two_in_one() -> str:
    return _("The file carries other data before or after its content. Save it anew and upload it again.")


def _too_many_pixels() -> str:
    return _("The picture has more than %(n)s million pixels. Make it smaller.") % {"n": MAX_PIXELS // 1_000_000}
