"""PAdES signatures in papers: one incremental update with an invisible field, and what follows for long-term levels.

The paper stays as it was approved: no metadata is rewritten, and equal input gives equal bytes up to the signature
itself, so a repeated try of a remote signature asks for the same bytes.
"""

import hashlib
from datetime import datetime
from functools import lru_cache
from io import BytesIO

from cryptography import x509
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import SigMDPSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from core.errors import Refused
from signing import cms, keys, long_term, stamping, writing
from signing.models import SigningKey

FIELD = "ChuKy"
PLACE = "Hà Nội"
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
# Bytes of DER: signed attributes and frame; a time stamp token with its certificates.
FRAME_BYTES, STAMP_BYTES = 1_600, 9_000
# What the library raises for a file that is none.
UNREADABLE = (PdfError, ValueError, TypeError, KeyError, AttributeError)


def sign(content: bytes, *, key: SigningKey, signer_name: str, reason: str, at: datetime, request_id: str) -> bytes:
    """The paper with a certification signature that allows no further change, at the configured level.

    `at` is the signing time in the paper; a repeated remote request keeps the time of its first try. Raises Refused
    with reasons in words: the key does not sign, the paper cannot be signed, the time stamp or revocation data of the
    configured level cannot be had. Call it outside a transaction.
    """
    level = settings.SIGNING_LEVEL
    if level not in LEVELS:
        raise Refused(_("The signature level “%(level)s” is not known.") % {"level": level})
    if level != "B-B" and not settings.SIGNING_TIME_STAMP:
        raise Refused(
            _("The level %(level)s needs a time stamp authority, and none is configured.") % {"level": level}
        )
    if key.provider == SigningKey.Provider.REMOTE:
        from signing import requests

        at = requests.earlier_time(request_id) or at
    signed = _signed(content, key=key, signer_name=signer_name, reason=reason, at=at, request_id=request_id)
    if level in ("B-LT", "B-LTA"):
        signed = long_term.add(signed, path=keys.chain_of(key) or [], mark=request_id.encode())
    return archive(signed, mark=request_id.encode()) if level == "B-LTA" else signed


def _signed(content: bytes, *, key: SigningKey, signer_name: str, reason: str, at: datetime, request_id: str) -> bytes:
    stamped = settings.SIGNING_LEVEL != "B-B"
    who = _signer(keys.certificate_of(key), tuple(keys.chain_of(key) or ()), key.algorithm)
    reserved = len(who.certificates) + FRAME_BYTES + (STAMP_BYTES if stamped else 0)
    fields = SignatureObject(
        timestamp=timezone.localtime(at),
        subfilter=SigSeedSubFilter.PADES,
        name=signer_name,
        location=PLACE,
        reason=reason,
        bytes_reserved=2 * reserved,
    )
    mark = hashlib.sha256(content).digest() + request_id.encode()
    embedding, digest = _prepare(content, fields, mark)
    signed_attributes = cms.attributes(who, digest)
    signature = keys.sign(key, signed_attributes, request_id, at)
    token = stamping.required(hashlib.sha256(signature).digest()) if stamped else None
    return _fill(embedding, cms.assemble(who, signed_attributes, signature, token=token), reserved)


@lru_cache(maxsize=16)
def _signer(certificate: x509.Certificate, path: tuple[x509.Certificate, ...], algorithm: str) -> cms.Signer:
    """Once per process and key. The root does not ride along: whoever checks must have it from elsewhere."""
    return cms.signer(certificate, path[1:-1], algorithm)


def archive(content: bytes, *, mark: bytes) -> bytes:
    """The paper with an archive time stamp over all of it (ETSI EN 319 142-1, B-LTA). Raises Refused."""
    try:
        identity = writing.identity_of(mark + b"/archive")
        embedding, digest = writing.archive(_with_end(content), identity, reserved=STAMP_BYTES)
    except UNREADABLE:
        raise Refused(_("The paper cannot be signed: it is not a whole PDF file.")) from None
    return _fill(embedding, stamping.required(digest), STAMP_BYTES)


def _with_end(content: bytes) -> bytes:
    return content if content.endswith((b"\n", b"\r")) else content + b"\n"


def _prepare(content: bytes, fields: SignatureObject, mark: bytes) -> tuple[writing.Embedding, bytes]:
    """The update is written with a place for the signature; the digest of everything else comes back."""
    stream = BytesIO(_with_end(content))
    lock = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    try:
        writer = writing.PaperWriter(stream, writing.identity_of(mark))
        if "/Perms" in writer.root:
            raise Refused(_("The paper bears a signature already."))
        return writing.prepare(writer, stream, FIELD, fields, lock)
    except UNREADABLE:
        raise Refused(_("The paper cannot be signed: it is not a whole PDF file.")) from None


def _fill(embedding: writing.Embedding, container: bytes, reserved: int) -> bytes:
    steps, stream = embedding
    if len(container) > reserved:
        raise Refused(_("The signature with its certificates is larger than the place kept for it."))
    steps.send(container)
    return stream.getvalue()
