"""X.509 certificates as we need them: the chain up to a configured root, key usage, fingerprints.

RFC 5280 section 6 without name constraints and policies: the roots are few and chosen by the operator.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

Extension = TypeVar("Extension", bound=x509.ExtensionType)
DEMO_MARK = "Demonstration, no legal value"
LONGEST_CHAIN = 6
SMALLEST_RSA = 2048


def certificates(pem: str | bytes) -> list[x509.Certificate]:
    """All certificates of a PEM text, in their order. Raises ValueError when one cannot be read."""
    data = pem.encode() if isinstance(pem, str) else pem
    return x509.load_pem_x509_certificates(data) if data.strip() else []


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER bytes, 64 hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def is_demonstration(certificate: x509.Certificate) -> bool:
    return any(part.value == DEMO_MARK for part in certificate.subject)


def chain(
    certificate: x509.Certificate, others: Iterable[x509.Certificate], roots: Iterable[x509.Certificate], at: datetime
) -> list[x509.Certificate] | None:
    """From the certificate to a root, both included; None when no chain of certificates valid at `at` exists."""
    roots, others = list(roots), list(others)
    found, current = [certificate], certificate
    if certificate in roots:
        return found if is_valid(certificate, at) else None
    while len(found) < LONGEST_CHAIN:
        issuer = next((c for c in roots if _issued(c, current, len(found) - 1, at)), None)
        if issuer is not None:
            return [*found, issuer] if is_valid(certificate, at) else None
        issuer = next((c for c in others if c not in found and _issued(c, current, len(found) - 1, at)), None)
        if issuer is None:
            return None
        found.append(issuer)
        current = issuer
    return None


def _issued(issuer: x509.Certificate, issued: x509.Certificate, below: int, at: datetime) -> bool:
    """`below`: certificates of authorities between this issuer and the end (path length)."""
    if issuer.subject != issued.issuer or not is_valid(issuer, at):
        return False
    try:
        basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        issued.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, InvalidSignature, ValueError, TypeError):
        return False
    return basic.ca and usage.key_cert_sign and (basic.path_length is None or basic.path_length >= below)


def is_valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Key usage digitalSignature or nonRepudiation, no authority, and no extended usage for something else only."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    basic = _extension(certificate, x509.BasicConstraints)
    if basic is not None and basic.ca:
        return False
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    other = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING}
    if extended is not None and set(extended) <= other:
        return False
    return usage.digital_signature or usage.content_commitment


def may_stamp_time(certificate: x509.Certificate) -> bool:
    """RFC 3161 section 2.3: the extended usage is time stamping and nothing else."""
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    return extended is not None and list(extended) == [ExtendedKeyUsageOID.TIME_STAMPING]


def _extension(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def algorithm_of(certificate: x509.Certificate) -> str | None:
    """The algorithm a key of this certificate signs with here: "rsa" (2,048 bits or more), "es256", or None."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA:
        return "rsa"
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return "es256"
    return None


def names(certificate: x509.Certificate) -> str:
    """The common name of the subject, else the whole subject."""
    common = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(common[0].value) if common else certificate.subject.rfc4514_string()


def of_der(blobs: Sequence[bytes]) -> list[x509.Certificate]:
    """Those that can be read."""
    found = []
    for blob in blobs:
        try:
            found.append(x509.load_der_x509_certificate(blob))
        except ValueError:
            continue
    return found
