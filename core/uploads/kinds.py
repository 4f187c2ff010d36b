"""The kinds of file that are accepted, and the limits."""

from dataclasses import dataclass

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"pdf": PDF, "jpg": JPEG, "jpeg": JPEG, "png": PNG, "docx": DOCX, "xlsx": XLSX}
PICTURES = frozenset({JPEG, PNG})
# What a browser may show by itself; everything else is only ever downloaded.
SHOWN_INLINE = frozenset({PDF, JPEG, PNG})
ACCEPT = ",".join(f".{extension}" for extension in MEDIA_TYPES)
ACCEPT_PICTURES = ",".join(f".{e}" for e, media_type in MEDIA_TYPES.items() if media_type in PICTURES)

MAX_NAME = 140
MAX_PIXELS = 50_000_000
MAX_ENTRIES = 5_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 120
# A file may end with a line break or a few spare bytes of its maker, not with a second file.
MAX_TAIL = 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_NAMES = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm"})


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept."""

    content: bytes
    media_type: str
    name: str
