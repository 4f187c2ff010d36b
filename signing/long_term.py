"""Revocation data for B-LT: who stood behind the signature, and that none of them was revoked, inside the paper.

Lists of revoked certificates lie as `*.crl` (DER or PEM) in the folder of keys, renewed by the operator, or are
fetched from the address that a certificate names.
"""

import http.client
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from asn1crypto import cms as asn1_cms
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader

from core.errors import Refused
from signing import cms, stamping, trust, writing

SECONDS = 10
LARGEST_LIST = 5_000_000


def add(content: bytes, *, path: Sequence[x509.Certificate], mark: bytes) -> bytes:
    """The signed paper with certificates and revocation lists of the signer and of its time stamp (DSS dictionary).

    Raises Refused when a list is missing or a certificate is revoked.
    """
    signature = _last_signature(content)
    token = signature["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"][0].dump()
    stamp = cms.read_stamp(token, cms.sha256(signature["content"]["signer_infos"][0]["signature"].native))
    stamp_path = stamping.path_of(stamp)
    if not path or stamp_path is None:
        raise Refused(_("The certificates of the signature do not lead to a configured root."))
    lists = {id(found): found for chain in (path, stamp_path) for found in revocations(chain, stamp.at)}
    return writing.long_term(
        content,
        writing.identity_of(mark + b"/long term"),
        certificates=[trust.der(one) for one in dict.fromkeys([*path, *stamp_path])],
        lists=list(dict.fromkeys(found.public_bytes(serialization.Encoding.DER) for found in lists.values())),
    )


def _last_signature(content: bytes) -> asn1_cms.ContentInfo:
    (*_earlier, signature) = PdfFileReader(BytesIO(content), strict=False).embedded_signatures
    return asn1_cms.ContentInfo({"content_type": "signed_data", "content": signature.signed_data})


def revocations(path: Sequence[x509.Certificate], at: datetime) -> list[x509.CertificateRevocationList]:
    """The list of each issuer below the root. Raises Refused when one is missing, expired, or names a certificate."""
    found = []
    for certificate, issuer in pairwise(path):
        known = (crl for crl in _of(certificate) if _is_list_of(crl, issuer, at))
        crl = max(known, key=lambda c: c.last_update_utc, default=None)
        if crl is None:
            raise Refused(
                _("No current list of revoked certificates of “%(issuer)s” is at hand.")
                % {"issuer": trust.names(issuer)}
            )
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and entry.revocation_date_utc <= at:
            raise Refused(_("The certificate “%(name)s” is revoked.") % {"name": trust.names(certificate)})
        found.append(crl)
    return found


def _is_list_of(crl: x509.CertificateRevocationList, issuer: x509.Certificate, at: datetime) -> bool:
    current = crl.next_update_utc is not None and at <= crl.next_update_utc
    return current and crl.issuer == issuer.subject and crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]


def _of(certificate: x509.Certificate) -> Iterable[x509.CertificateRevocationList]:
    for path in sorted(Path(settings.SIGNING_KEY_FOLDER).glob("*.crl")):
        crl = _read(path, path.stat().st_mtime_ns)
        if crl is not None:
            yield crl
    for address in _addresses(certificate):
        # Kept for an hour in this process: a batch of papers asks once.
        crl = _fetch(address, int(datetime.now(UTC).timestamp()) // 3600)
        if crl is not None:
            yield crl


@lru_cache(maxsize=32)
def _read(path: Path, changed: int) -> x509.CertificateRevocationList | None:
    return _parsed(path.read_bytes())


def _parsed(content: bytes) -> x509.CertificateRevocationList | None:
    try:
        pem = content.lstrip().startswith(b"-----")
        return x509.load_pem_x509_crl(content) if pem else x509.load_der_x509_crl(content)
    except ValueError:
        return None


def _addresses(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    names = [name.value for point in points for name in point.full_name or []]
    return [name for name in names if isinstance(name, str) and name.startswith(("http://", "https://"))]


@lru_cache(maxsize=32)
def _fetch(address: str, hour: int) -> x509.CertificateRevocationList | None:
    place = urlsplit(address)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=SECONDS)
    try:
        connection.request("GET", (place.path or "/") + (f"?{place.query}" if place.query else ""))
        answer = connection.getresponse()
        return _parsed(answer.read(LARGEST_LIST)) if answer.status == http.client.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
