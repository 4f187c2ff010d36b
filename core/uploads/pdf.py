"""A PDF is read in a process of its own: a crafted one loops or eats memory."""

import io
import re
import zipfile
from pathlib import Path

from core import child
from core.errors import Refused
from core.uploads import refusals
from core.uploads.kinds import MAX_TAIL

_READER = Path(__file__).with_name("pdf_reader.py")
# After the last %%EOF: the rest of a PDF that was cut, not a second file.
_OBJECT = re.compile(rb"\d+ \d+ obj\b|endobj|endstream")


def check_pdf(content: bytes) -> None:
    start = content.find(b"%PDF-", 0, MAX_TAIL)
    if start == -1:
        raise Refused(refusals.mismatch("PDF", content))
    end = content.rfind(b"%%EOF")
    if end == -1:
        raise Refused(refusals.broken("PDF"))
    # Files that begin or end as something else are two files in one.
    if start > 0 or zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(refusals.two_in_one())
    if len(content) - end > MAX_TAIL:
        was_cut = _OBJECT.search(content, end)
        raise Refused(refusals.broken("PDF") if was_cut else refusals.two_in_one())
    answer = child.run(_READER, content)
    if answer != b"ok":
        raise Refused(
            {
                b"password": refusals.protected(),
                b"broken": refusals.broken("PDF"),
                b"active": refusals.active_pdf(),
            }.get(answer or b"", refusals.heavy_pdf())
        )
