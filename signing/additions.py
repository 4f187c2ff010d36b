"""What may stand behind the signed bytes of a paper: what our own signing adds for long-term levels, to the byte.

A PDF reader looks at many things that an update may change without touching a page: title, metadata, catalogue, a
version, bytes between two objects. Nobody lists them all. So each addition is written anew from the certificates,
revocation lists and time stamp found in it, and has to give exactly these bytes. The form is therefore fixed, as
that of the container is: a new one needs a way to know the old one. Knows no site and no database.
"""

import re
from io import BytesIO

from asn1crypto import cms as asn1_cms
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing import writing

END_MARK = re.compile(rb"startxref\s{1,2}\d{1,12}\s{1,2}%%EOF")
# Revocation data and its archive stamp are two; nobody renews them more often than this.
MOST = 8
LARGEST_STAMP = 100_000


def are_ours(content: bytes, start: int) -> bool:
    """Whether all behind `start`, the end of the signed bytes, is long-term data as we write it. Raises for some
    files that nobody can read."""
    for _number in range(MOST):
        if start == len(content):
            return True
        mark = END_MARK.search(content, start)
        if mark is None:
            return False
        end = mark.end() + (content[mark.end() : mark.end() + 1] == b"\n")
        if not _is_ours(content[:start], content[:end]):
            return False
        start = end
    return start == len(content)


def _is_ours(before: bytes, after: bytes) -> bool:
    reader = PdfFileReader(BytesIO(after), strict=True)
    identity = bytes(reader.document_id[1])
    if len(identity) != len(writing.identity_of(b"")):
        return False
    stamps = reader.embedded_timestamp_signatures
    if stamps and _end_of(stamps[-1]) == len(after):
        return _is_archive(before, after, identity, stamps[-1])
    store = reader.root["/DSS"]
    certificates, lists = ([bytes(one.get_object().data) for one in store[name]] for name in ("/Certs", "/CRLs"))
    for certificate in certificates:
        x509.load_der_x509_certificate(certificate)
    for one in lists:
        x509.load_der_x509_crl(one)
    if not certificates or not lists:
        return False
    return writing.long_term(before, identity, certificates=certificates, lists=lists) == after


def _end_of(stamp: EmbeddedPdfSignature) -> int:
    return int(stamp.byte_range[2]) + int(stamp.byte_range[3])


def _is_archive(before: bytes, after: bytes, identity: bytes, stamp: EmbeddedPdfSignature) -> bool:
    """Everything but the stamp; whether that one holds is asked where the authorities are known."""
    _zero, opened, closed, _rest = (int(number) for number in stamp.byte_range)
    reserved = (closed - opened - 2) // 2
    if not 0 < reserved < LARGEST_STAMP:
        return False
    (_steps, stream), _digest = writing.archive(before, identity, reserved=reserved)
    made = stream.getvalue()
    token = token_of(stamp)
    filled = b"<" + token.ljust(reserved, b"\0").hex().encode() + b">"
    return made[:opened] + filled + made[closed:] == after[:opened] + after[opened:closed].lower() + after[closed:]


def token_of(stamp: EmbeddedPdfSignature) -> bytes:
    """Without the zeros that fill its place; a token may itself end with one."""
    return bytes(asn1_cms.ContentInfo.load(bytes(stamp.pkcs7_content)).dump())
