"""Word and Excel files are packages: judged by their directory first, then part by part."""

import io
import re
import zipfile
import zlib

from core.errors import Refused
from core.uploads import refusals
from core.uploads.kinds import DOCX, MACRO_NAMES, MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED, OLD_OFFICE, XLSX
from core.uploads.names import clean_name

_MAIN_PARTS = {
    DOCX: b"wordprocessingml.document.main+xml",
    XLSX: b"spreadsheetml.sheet.main+xml",
}
_PIECE = 1 << 18
_LONGEST_SIGN = 2048
_DECLARATION = re.compile(
    b"|".join(
        re.escape(sign.encode(how))
        for sign in ("<!DOCTYPE", "<!ENTITY")
        for how in ("ascii", "utf-16-le", "utf-16-be")
    ),
    re.IGNORECASE,
)
# A template, frame or object loaded from elsewhere, and the old ways to start a program. Links to pages are fine.
_LOADED = rb"relationships/(attachedTemplate|oleObject|frame|subDocument)[\"']"
_OUTSIDE = rb"TargetMode\s*=\s*[\"']External[\"']"
_FETCHES = re.compile(
    _LOADED + rb"[^>]*" + _OUTSIDE + rb"|" + _OUTSIDE + rb"[^>]*" + _LOADED + rb"|DDEAUTO|<ddeLink",
)
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"MZ", b"\x7fELF")
# Objects that office programs themselves embed: charts' sheets, and vector pictures packed with gzip.
_OWN_PACKAGES = (".docx", ".xlsx", ".pptx", ".emz", ".wmz", ".glb")
_SCRIPTS = (".exe", ".dll", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".bat", ".cmd", ".ps1", ".lnk", ".hta", ".scr")


def check_office(content: bytes, media_type: str) -> None:
    word = "DOCX" if media_type == DOCX else "XLSX"
    if content.startswith(OLD_OFFICE):
        hidden = "EncryptedPackage".encode("utf-16-le") in content
        raise Refused(refusals.protected() if hidden else refusals.mismatch(word, content))
    if not content.startswith(b"PK\x03\x04"):
        inside = zipfile.is_zipfile(io.BytesIO(content))
        raise Refused(refusals.two_in_one() if inside else refusals.mismatch(word, content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_directory(package, len(content))
            kinds = _kinds(package)
            if b"macroEnabled" in kinds or any(_has_macros(name) for name in package.namelist()):
                raise Refused(refusals.macros())
            if _MAIN_PARTS[media_type] not in kinds:
                raise Refused(refusals.mismatch(word, content))
            for entry in package.infolist():
                _check_part(package, entry)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise Refused(refusals.broken(word)) from error


def _check_directory(package: zipfile.ZipFile, size: int) -> None:
    """Sizes as the directory states them; `zipfile` never unpacks more of an entry than it states."""
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(refusals.protected())
    overlap = packed > size
    swollen = unpacked > MAX_RATIO * size and unpacked > 10 * 1024 * 1024
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or overlap or swollen:
        raise Refused(refusals.swollen())


def _has_macros(name: str) -> bool:
    lower = name.lower()
    return lower.endswith("vbaproject.bin") or lower.rpartition(".")[2] in MACRO_NAMES


def _check_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read to the end, a piece at a time: the checksum of a cut part fails here, and what it carries is seen."""
    name = entry.filename.lower()
    is_text = name.endswith((".xml", ".rels", ".vml"))
    if "/activex/" in name:
        raise Refused(refusals.fetches())
    if name.endswith(_SCRIPTS):
        raise Refused(refusals.carries(_short(entry)))
    with package.open(entry) as stream:
        before = b""
        first = True
        while piece := stream.read(_PIECE):
            if first and piece.startswith(_ARCHIVES) and not name.endswith(_OWN_PACKAGES):
                raise Refused(refusals.carries(_short(entry)))
            first = False
            if is_text:
                seen = before + piece
                if _DECLARATION.search(seen):
                    raise Refused(refusals.declares_entities())
                if _FETCHES.search(seen):
                    raise Refused(refusals.fetches())
                before = piece[-_LONGEST_SIGN:]


def _short(entry: zipfile.ZipInfo) -> str:
    return clean_name(entry.filename)


def _kinds(package: zipfile.ZipFile) -> bytes:
    """The list of part types that every Word and Excel file carries."""
    try:
        with package.open("[Content_Types].xml") as stream:
            return stream.read(1 << 20)
    except KeyError:
        return b""
