"""A picture is judged without unpacking its pixels."""

import io
import re
import warnings
import zipfile
import zlib

import filetype
from django.utils.translation import gettext as _

from core.errors import Refused
from core.uploads import refusals
from core.uploads.kinds import JPEG, MAX_PIXELS, MAX_TAIL, PNG

# A marker that is neither a stuffed byte nor a restart inside the picture data.
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# Cameras append previews and films to a JPEG; pages, scripts and programs are appended by somebody else.
_FOREIGN = re.compile(rb"<script|<html|<svg|<\?php|%PDF-|\AMZ|#!/", re.IGNORECASE)


def check_picture(content: bytes, media_type: str) -> None:
    from PIL import Image  # loaded by whoever judges a picture, not by every process

    found = filetype.guess(content[:8192])
    if found is None or found.mime != media_type:
        raise Refused(refusals.mismatch("JPG" if media_type == JPEG else "PNG", content))
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(refusals.two_in_one())
    if media_type == PNG and len(content) - content.rfind(b"IEND") > MAX_TAIL:
        raise Refused(refusals.two_in_one() if b"IEND" in content else refusals.broken(_("picture")))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=["JPEG" if media_type == JPEG else "PNG"])
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused(refusals.too_many_pixels())
        if media_type == PNG:
            picture.verify()  # every chunk and its checksum, without unpacking the pixels
            return
        end = end_of_jpeg(content)
        if end is None:
            raise Refused(refusals.broken(_("picture")))
        if _FOREIGN.search(content[end:]):
            raise Refused(refusals.two_in_one())
        picture.draft("RGB", (picture.width // 8, picture.height // 8))
        picture.load()
    except Image.DecompressionBombError as error:
        raise Refused(refusals.too_many_pixels()) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, zlib.error) as error:
        raise Refused(refusals.broken(_("picture"))) from error


def end_of_jpeg(jpeg: bytes) -> int | None:
    """Walk from marker to marker to the end of the image. Pillow alone does not tell: WeasyPrint, once loaded,
    makes it accept cut pictures in the whole process."""
    place = 2
    while found := _JPEG_MARKER.search(jpeg, place):
        if found[0] == b"\xff\xd9":
            return found.end()
        place = found.end() + int.from_bytes(jpeg[found.end() : found.end() + 2])
    return None
