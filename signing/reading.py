"""What a file from a stranger says about its signature. Knows no site and no database: it can run by itself.

As a script it reads the file from stdin and writes the facts as JSON; `core.child` gives it limits of time and memory.
"""

import base64
import hashlib
import json
import re
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import NonexistentAttributeError, find_unique_cms_attribute
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

if __name__ == "__main__":  # a script of its own: behind every library, so that no folder of ours hides one
    sys.path.append(str(Path(__file__).parents[1]))

from signing import additions

NOT_A_PDF, TOO_MANY, TRUNCATED, ENCRYPTED, UNSIGNED, ALTERED, EXTENDED, WHOLE = (
    "not_a_pdf",
    "too_many_versions",
    "truncated",
    "encrypted",
    "unsigned",
    "altered",
    "extended",
    "whole",
)
_MARK = additions.END_MARK
_END = re.compile(_MARK.pattern + rb"[\r\n]{0,2}\Z")
# Every saved change adds a table of objects; a paper of ours has four at most. Some 60,000 take the reader long.
MOST_VERSIONS = 50
# Names may be written with their letters as numbers.
_TABLES = re.compile(rb"startxref|trailer|/(?:X|#58)(?:R|#52)(?:e|#65)(?:f|#66)")
_HEAD, _TAIL = 1024, 2048
# Words that a signature leaves even in a file that cannot be read.
_TRACES = (b"/ByteRange", b"/DocMDP", b"/ETSI.CAdES.detached")


def read(content: bytes) -> dict[str, Any]:
    """The facts; `state` is one of the words above. Never raises: what cannot be read is not whole."""
    if b"%PDF-" not in content[:_HEAD]:
        return {"state": NOT_A_PDF}
    if sum(1 for _table in _TABLES.finditer(content)) > 2 * MOST_VERSIONS:  # two words each
        return {"state": TOO_MANY}
    for text, strict in ((content, True), (content, False), (_up_to_its_end(content), True)):
        try:
            facts = _read(text, strict=strict)
        except Exception:  # noqa: S112 (a hostile file may fail in any way; none of them is an intact signature)
            continue
        if text is not content and "certificate" not in facts:
            continue
        if facts["state"] == WHOLE and not (strict and text is content):
            facts["state"] = EXTENDED  # whole as it was signed, and something behind it that no writer of ours leaves
        return facts
    if b"%%EOF" not in content[-_TAIL:]:
        return {"state": TRUNCATED}
    return {"state": ALTERED if any(trace in content for trace in _TRACES) else NOT_A_PDF}


def _up_to_its_end(content: bytes) -> bytes:
    """Without what follows the last mark of an end; one line break belongs to the mark."""
    ends = [found.end() for found in _MARK.finditer(content)]
    return content[: ends[-1]] + (b"\n" if content[ends[-1] : ends[-1] + 1] == b"\n" else b"") if ends else b""


def _read(content: bytes, *, strict: bool) -> dict[str, Any]:
    reader = PdfFileReader(BytesIO(content), strict=strict)
    if reader.encrypted:
        return {"state": ENCRYPTED}
    papers = reader.embedded_regular_signatures
    if not papers:
        return {"state": UNSIGNED}
    first = papers[0]
    _start, before, after, rest = (int(number) for number in first.byte_range)
    end = after + rest
    if end > len(content):
        in_place = content[before : before + 1] == b"<" and content[after - 1 : after] == b">"
        return {"state": TRUNCATED if in_place else ALTERED}
    facts = _facts(first)
    container = bytes(first.pkcs7_content)
    facts["container"] = _text(container)
    intact = facts.pop("intact") and content[before:after] == b"<" + container.hex().upper().encode() + b">"
    facts["state"] = _state(content, first, len(papers), intact=intact)
    facts["archive"] = [_stamp(stamp) for stamp in reader.embedded_timestamp_signatures]
    facts["revocation"] = "/DSS" in reader.root and bool(
        reader.root["/DSS"].get("/CRLs") or reader.root["/DSS"].get("/OCSPs")
    )
    facts["covers_whole_file"] = end == len(content)
    return facts


def _state(content: bytes, paper: EmbeddedPdfSignature, papers: int, *, intact: bool) -> str:
    """Altered before extended: who changed signed bytes may have added others as well."""
    if not intact:
        return ALTERED
    paper.compute_integrity_info(skip_diff=True)
    if paper.coverage is None or paper.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return ALTERED
    if papers > 1 or not _END.search(content):
        return EXTENDED
    try:
        ours = additions.are_ours(content, int(paper.byte_range[2]) + int(paper.byte_range[3]))
    except Exception:  # what cannot be read or written anew is no addition of ours
        ours = False
    return WHOLE if ours else EXTENDED


def _facts(paper: EmbeddedPdfSignature) -> dict[str, Any]:
    digest = paper.compute_digest()
    intact, valid = validate_sig_integrity(paper.signer_info, paper.signer_cert, "data", digest)
    signature = paper.signer_info["signature"].native
    claimed = paper.self_reported_timestamp
    return {
        "intact": bool(intact and valid and str(paper.sig_object.get("/SubFilter")) == "/ETSI.CAdES.detached"),
        "certificate": _text(paper.signer_cert.dump()),
        "claimed": claimed.isoformat() if claimed is not None and claimed.tzinfo is not None else None,
        "signature_digest": hashlib.sha256(signature).hexdigest(),
        "token": _token(paper),
    }


def _token(paper: EmbeddedPdfSignature) -> str | None:
    try:
        found = find_unique_cms_attribute(paper.signer_info["unsigned_attrs"], "signature_time_stamp_token")
    except NonexistentAttributeError:
        return None
    return _text(found.dump())


def _stamp(stamp: EmbeddedPdfSignature) -> dict[str, str]:
    """A time stamp over the whole file so far: its token and the digest it must be about."""
    return {"token": _text(additions.token_of(stamp)), "digest": stamp.compute_digest("sha256").hex()}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read())))
