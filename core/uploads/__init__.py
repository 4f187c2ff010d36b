"""What a person uploads, judged before it is kept: by its content, never by its name alone.

Every refusal is one sentence that says what is wrong with this file and what to do.
"""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from core.errors import Refused
from core.uploads import refusals
from core.uploads.kinds import (
    ACCEPT,
    ACCEPT_PICTURES,
    DOCX,
    JPEG,
    MACRO_NAMES,
    MAX_ENTRIES,
    MAX_NAME,
    MAX_PIXELS,
    MAX_RATIO,
    MAX_TAIL,
    MAX_UNPACKED,
    MEDIA_TYPES,
    PDF,
    PICTURES,
    PNG,
    SHOWN_INLINE,
    XLSX,
    CheckedFile,
)
from core.uploads.names import clean_name
from core.uploads.office import check_office
from core.uploads.pdf import check_pdf
from core.uploads.pictures import check_picture

__all__ = [
    "ACCEPT",
    "ACCEPT_PICTURES",
    "DOCX",
    "JPEG",
    "MAX_ENTRIES",
    "MAX_NAME",
    "MAX_PIXELS",
    "MAX_RATIO",
    "MAX_TAIL",
    "MAX_UNPACKED",
    "MEDIA_TYPES",
    "PDF",
    "PICTURES",
    "PNG",
    "SHOWN_INLINE",
    "XLSX",
    "CheckedFile",
    "check",
    "check_content",
    "check_name",
    "clean_name",
    "is_empty",
    "too_large",
]


def check(upload: UploadedFile, kinds: frozenset[str] | None = None) -> CheckedFile:
    """The bytes, their true type and a clean name; `kinds` are the media types this place takes, all by default.
    Raises Refused with one sentence."""
    limit = settings.MAX_UPLOAD_BYTES
    if (upload.size or 0) > limit:
        raise Refused(too_large())
    upload.seek(0)
    return check_content(upload.name or "", upload.read(limit + 1), kinds)


def check_content(given_name: str, content: bytes, kinds: frozenset[str] | None = None) -> CheckedFile:
    """The same judgement of bytes at hand."""
    if len(content) > settings.MAX_UPLOAD_BYTES:
        raise Refused(too_large())
    if not content:
        raise Refused(is_empty())
    media_type = check_name(given_name, kinds)
    if media_type == PDF:
        check_pdf(content)
    elif media_type in PICTURES:
        check_picture(content, media_type)
    else:
        check_office(content, media_type)
    return CheckedFile(content, media_type, clean_name(given_name))


def check_name(given_name: str, kinds: frozenset[str] | None = None) -> str:
    """The media type that the name promises, when this place takes it."""
    extension = clean_name(given_name).rpartition(".")[2].lower()
    if extension in MACRO_NAMES:
        raise Refused(refusals.macros())
    media_type = MEDIA_TYPES.get(extension)
    if media_type is None:
        raise Refused(_("This kind of file is not accepted. Upload a PDF, a JPG or PNG picture, a DOCX or XLSX file."))
    if kinds is not None and media_type not in kinds:
        raise Refused(_("Only JPG and PNG pictures are accepted here. Take a photo or save the page as a picture."))
    return media_type


def is_empty() -> str:
    return _("The file is empty. Check it on your computer, then upload it again.")


def too_large() -> str:
    return _("The file is larger than %(n)s MB. Make it smaller or split it.") % {
        "n": settings.MAX_UPLOAD_BYTES // (1024 * 1024)
    }
