"""Additions to a paper that change nothing of it."""

import hashlib
from io import BytesIO
from typing import Any, cast

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class PaperWriter(IncrementalPdfFileWriter):
    """Adds to the paper and changes nothing of it: neither dates nor producer nor XMP."""

    def __init__(self, stream: BytesIO, mark: bytes) -> None:
        super().__init__(stream, strict=False)
        # The second part of the file's id is random in the library; the request names it here.
        identity = cast(Any, self)._document_id
        identity[1] = generic.ByteStringObject(hashlib.sha256(mark).digest()[:16])

    def _update_meta(self) -> None:
        pass
