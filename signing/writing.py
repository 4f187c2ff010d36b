"""Additions to a paper that change nothing of it. Knows no site and no database: whoever checks a paper writes its
additions anew with the same functions and compares the bytes (signing/reading.py).
"""

import hashlib
from collections.abc import Generator, Iterable
from io import BytesIO
from typing import Any, cast

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PdfSignedData
from pyhanko.sign.validation.dss import DocumentSecurityStore

ARCHIVE_FIELD = "DauThoiGian"
Embedding = tuple[Generator[Any, Any, Any], BytesIO]


def identity_of(mark: bytes) -> bytes:
    return hashlib.sha256(mark).digest()[:16]


class PaperWriter(IncrementalPdfFileWriter):
    """Adds to the paper and changes nothing of it: neither dates nor producer nor XMP. Equal input gives equal bytes,
    whatever packs streams on this machine: the table of objects is written unpacked."""

    def __init__(self, stream: BytesIO, identity: bytes) -> None:
        super().__init__(stream, strict=False)
        # The second part of the file's id is random in the library; the request names it here.
        cast(Any, self)._document_id[1] = generic.ByteStringObject(identity)

    def _update_meta(self) -> None:
        pass

    def _populate_trailer(self, trailer: generic.DictionaryObject) -> None:
        super()._populate_trailer(trailer)
        trailer.pop("/Filter", None)


def prepare(
    writer: PaperWriter, stream: BytesIO, field: str, place: PdfSignedData, lock: SigMDPSetup | None = None
) -> tuple[Embedding, bytes]:
    """The update with a place for the signature or stamp; the digest of everything else comes back. Raises what the
    library raises."""
    steps = PdfCMSEmbedder(new_field_spec=SigFieldSpec(sig_field_name=field)).write_cms(field, cast(Any, writer))
    next(steps)
    steps.send(cast(Any, SigObjSetup(sig_placeholder=place, mdp_setup=lock)))
    prepared, _output = cast(Any, steps.send(cast(Any, SigIOSetup(md_algorithm="sha256", in_place=True))))
    return (steps, stream), prepared.document_digest


def archive(content: bytes, identity: bytes, *, reserved: int) -> tuple[Embedding, bytes]:
    """Place for a time stamp over the whole file, `reserved` bytes of DER."""
    stream = BytesIO(content)
    writer = PaperWriter(stream, identity)
    return prepare(writer, stream, ARCHIVE_FIELD, DocumentTimestamp(bytes_reserved=2 * reserved))


def long_term(content: bytes, identity: bytes, *, certificates: Iterable[bytes], lists: Iterable[bytes]) -> bytes:
    """With certificates and revocation lists (DER) in its DSS dictionary. Raises ValueError when one is none."""
    stream = BytesIO(content)
    writer = PaperWriter(stream, identity)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        sig_contents=None,
        certs=[asn1_x509.Certificate.load(one, strict=True) for one in certificates],
        crls=[asn1_crl.CertificateList.load(one, strict=True) for one in lists],
    )
    writer.write_in_place()
    return stream.getvalue()
