"""CMS SignedData (RFC 5652) written straight as DER: what is the same for every signature of a key is made once.

The profile is that of PAdES baseline (ETSI EN 319 142-1) and RFC 3161: content type, message digest and signing
certificate are signed; SHA-256 throughout. Reading is left to asn1crypto.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from signing import trust
from signing.providers.base import fits


def _oid(text: str) -> bytes:
    return cast(bytes, cms.ContentType(text).dump())


def tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 128 | len(digits))) + digits + content


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def set_of(parts: Iterable[bytes], tag: int = 0x31) -> bytes:
    return tlv(tag, *sorted(parts))


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def octets(content: bytes) -> bytes:
    return tlv(0x04, content)


DATA, SIGNED_DATA, TIME_STAMP_INFO = (
    _oid(name) for name in ("1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4")
)
_CONTENT_TYPE, _DIGEST, _SIGNING_TIME, _CERTIFICATE, _TOKEN = (
    _oid(name)
    for name in (
        "1.2.840.113549.1.9.3",
        "1.2.840.113549.1.9.4",
        "1.2.840.113549.1.9.5",
        "1.2.840.113549.1.9.16.2.47",
        "1.2.840.113549.1.9.16.2.14",
    )
)
_NULL = b"\x05\x00"
SHA256 = sequence(_oid("2.16.840.1.101.3.4.2.1"))
_SIGNATURES = {
    "rsa": sequence(_oid("1.2.840.113549.1.1.11"), _NULL),
    "es256": sequence(_oid("1.2.840.10045.4.3.2")),
}


@dataclass(frozen=True)
class Signer:
    """What every signature of one key repeats."""

    certificates: bytes
    identity: bytes
    certificate_attribute: bytes
    algorithm: bytes


def signer(certificate: x509.Certificate, between: Sequence[x509.Certificate], algorithm: str) -> Signer:
    """`between`: certificates that ride along, from the issuer upwards; the root need not."""
    own = trust.der(certificate)
    read = asn1_x509.Certificate.load(own)
    issuer, serial = read.issuer.dump(), read["tbs_certificate"]["serial_number"].dump()
    # ESSCertIDv2 with SHA-256, the default, and issuer with serial number (RFC 5035).
    named = sequence(octets(hashlib.sha256(own).digest()), sequence(sequence(tlv(0xA4, issuer)), serial))
    return Signer(
        certificates=set_of([own, *map(trust.der, between)], 0xA0),
        identity=sequence(issuer, serial),
        certificate_attribute=sequence(_CERTIFICATE, tlv(0x31, sequence(sequence(named)))),
        algorithm=_SIGNATURES[algorithm],
    )


def attributes(who: Signer, digest: bytes, kind: bytes = DATA, at: datetime | None = None) -> bytes:
    """The signed attributes as the SET that is signed. PAdES keeps the time out of them (it stands in /M)."""
    parts = [
        sequence(_CONTENT_TYPE, tlv(0x31, kind)),
        sequence(_DIGEST, tlv(0x31, octets(digest))),
        who.certificate_attribute,
    ]
    if at is not None:
        moment = at.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode()
        parts.append(sequence(_SIGNING_TIME, tlv(0x31, tlv(0x17, moment))))
    return set_of(parts)


def assemble(
    who: Signer,
    signed: bytes,
    signature: bytes,
    *,
    token: bytes | None = None,
    kind: bytes = DATA,
    content: bytes | None = None,
) -> bytes:
    """The ContentInfo. `token`: time stamp over the signature; without `content` the signature is detached."""
    unsigned = b"" if token is None else tlv(0xA1, sequence(_TOKEN, tlv(0x31, token)))
    info = sequence(
        b"\x02\x01\x01",
        who.identity,
        SHA256,
        b"\xa0" + signed[1:],
        who.algorithm,
        octets(signature),
        unsigned,
    )
    inside = sequence(kind, b"" if content is None else tlv(0xA0, octets(content)))
    version = b"\x02\x01\x01" if kind == DATA else b"\x02\x01\x03"
    data = sequence(version, tlv(0x31, SHA256), inside, who.certificates, tlv(0x31, info))
    return sequence(SIGNED_DATA, tlv(0xA0, data))


def is_exact(
    container: bytes, certificate: x509.Certificate, others: Iterable[x509.Certificate], token: bytes | None
) -> bool:
    """The container, filled up with zeros, is to the byte what `assemble` writes for this certificate.

    Parts of a container that no signature covers could otherwise be changed unseen. `others`: certificates that may
    ride along. The form is therefore fixed: papers of years must stay exact (tests/signing/test_verdict.py).
    """
    try:
        data = cms.ContentInfo.load(container)["content"]
        (info,) = data["signer_infos"]
        signed, signature = b"\x31" + info["signed_attrs"].dump()[1:], info["signature"].native
        along = {bytes(one.chosen.dump()) for one in data["certificates"]}
        algorithm = trust.algorithm_of(certificate) or ""
        who = signer(certificate, [other for other in others if trust.der(other) in along], algorithm)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False
    written = assemble(who, signed, signature, token=token)
    return container.startswith(written) and not container[len(written) :].strip(b"\0")


@dataclass(frozen=True)
class Stamp:
    """A time stamp token whose own signature holds; whether its authority is trusted is another question."""

    at: datetime
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]


def read_stamp(token: bytes, digest: bytes) -> Stamp:
    """Raises ValueError with a reason code: not_a_token, other_digest, altered, wrong_usage."""
    try:
        outer = cms.ContentInfo.load(token, strict=True)
        data = outer["content"]
        (info,) = data["signer_infos"]
        content = data["encap_content_info"]["content"]
        stamp = cast(tsp.TSTInfo, content.parsed)
        certificates = trust.of_der([c.chosen.dump() for c in data["certificates"] if c.name == "certificate"])
        imprint = stamp["message_imprint"]
        algorithm, imprinted = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        at = cast(datetime, stamp["gen_time"].native)
        signed = {attribute["type"].native: attribute["values"] for attribute in info["signed_attrs"]}
        hashed = hashlib.new(info["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
        own = _own(info["sid"], certificates)
        kind = data["encap_content_info"]["content_type"].native
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError("not_a_token") from None
    if kind != "tst_info" or own is None or at.tzinfo is None:
        raise ValueError("not_a_token")
    if algorithm != "sha256" or imprinted != digest:
        raise ValueError("other_digest")
    if not _holds(info, signed, hashed, own):
        raise ValueError("altered")
    if not trust.may_stamp_time(own):
        raise ValueError("wrong_usage")
    return Stamp(at, own, tuple(c for c in certificates if c != own))


def _own(identity: cms.SignerIdentifier, certificates: list[x509.Certificate]) -> x509.Certificate | None:
    if identity.name != "issuer_and_serial_number":
        return None
    issuer, serial = identity.chosen["issuer"].dump(), identity.chosen["serial_number"].native
    found = (c for c in certificates if c.serial_number == serial and c.issuer.public_bytes() == issuer)
    return next(found, None)


def _holds(info: cms.SignerInfo, signed: dict[str, cms.SetOfAny], hashed: bytes, own: x509.Certificate) -> bool:
    """Message digest, signing certificate and signature fit. Authorities sign with SHA-256, -384 or -512."""
    try:
        if signed["message_digest"][0].native != hashed or not _names(signed, own):
            return False
        data = b"\x31" + info["signed_attrs"].dump()[1:]
        return fits(own, info["signature"].native, data, info["digest_algorithm"]["algorithm"].native)
    except (KeyError, IndexError, ValueError, TypeError):
        return False


def _names(signed: dict[str, cms.SetOfAny], own: x509.Certificate) -> bool:
    """The signed attributes name this certificate (RFC 2634 with SHA-1, RFC 5035 with SHA-256)."""
    blob = trust.der(own)
    if "signing_certificate_v2" in signed:
        first = signed["signing_certificate_v2"][0]["certs"][0]
        name = first["hash_algorithm"]["algorithm"].native
        return bool(hashlib.new(name, blob).digest() == first["cert_hash"].native)
    first = signed["signing_certificate"][0]["certs"][0]
    return bool(hashlib.sha1(blob, usedforsecurity=False).digest() == first["cert_hash"].native)
