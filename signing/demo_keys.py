"""A certificate authority, keys and a time stamp authority for the demonstration and the tests, in a second or less.

Elliptic curve P-256 throughout: made at once, and signs without delay. Accredited Vietnamese authorities mostly issue
RSA certificates; papers signed with those go the same way, and the tests sign with both. Every certificate says in
its subject that it has no legal value, and `SIGNING_ALLOW_DEMO` decides where such keys sign.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from signing import actions, trust
from signing.models import Purpose, SigningKey

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
AUTHORITY, TIME_STAMP = "authority", "time-stamp"
# Names without data of persons; the kid travels in every token, so it is short.
NAMES = {Purpose.PAPER: ("paper-demo", "Trình diễn: Sở Công Thương"), Purpose.CREDENTIAL: ("demo", "Trình diễn: KIP")}
YEARS_BEFORE, YEARS_AFTER, AUTHORITY_YEARS = 8, 7, 30


@dataclass(frozen=True)
class Authority:
    key: PrivateKey
    certificate: x509.Certificate


def make(folder: str | Path, at: datetime) -> dict[str, SigningKey]:
    """Make what is missing in the folder, register what is missing in the history; purpose -> key.

    Twice is the same as once. A key whose file was lost stays in the history, and the next number is made.
    """
    folder = Path(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _authority(folder, at)
    if not (folder / f"{TIME_STAMP}.p12").exists():
        key = new_key()
        certificate = issue(authority, key, "Trình diễn: cấp dấu thời gian", *_times(at), stamps_time=True)
        write(folder / f"{TIME_STAMP}.p12", key, certificate)
    return {str(purpose): _signing_key(folder, authority, purpose, at) for purpose in NAMES}


def _signing_key(folder: Path, authority: Authority, purpose: Purpose, at: datetime) -> SigningKey:
    stem, words = NAMES[purpose]
    number = 1
    while True:
        kid = f"{stem}-{number}"
        path, row = folder / f"{kid}.p12", SigningKey.objects.filter(kid=kid).first()
        if row is None:
            if not path.exists():
                key = new_key()
                write(path, key, issue(authority, key, words, *_times(at)))
            pem = read(path)[1].public_bytes(serialization.Encoding.PEM).decode()
            return actions.register(kid=kid, purpose=purpose, provider="file", certificate_pem=pem, by=None, at=at)
        if row.retired_at is None and path.exists() and trust.fingerprint(read(path)[1]) == row.fingerprint:
            return row
        number += 1


def _authority(folder: Path, at: datetime) -> Authority:
    path = folder / f"{AUTHORITY}.p12"
    if not path.exists():
        authority = new_authority("Trình diễn: cơ quan chứng thực", at)
        write(folder / f"{AUTHORITY}.crl", None, None, revocations(authority, at))
        write(path, authority.key, authority.certificate)
    authority = Authority(*read(path))
    if authority.certificate not in trust.certificates(_content(Path(settings.SIGNING_ROOTS))):
        roots = Path(settings.SIGNING_ROOTS)
        pem = authority.certificate.public_bytes(serialization.Encoding.PEM)
        write(roots, None, None, _content(roots) + pem)
    return authority


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _times(at: datetime) -> tuple[datetime, datetime]:
    return _new_year(at, -YEARS_BEFORE), _new_year(at, YEARS_AFTER)


def _new_year(at: datetime, years: int) -> datetime:
    return datetime(at.year + years, 1, 1, tzinfo=UTC)


def new_key(algorithm: str = "es256") -> PrivateKey:
    """ "es256", or "rsa" with an optional length: "rsa-3072"."""
    if algorithm == "es256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, int(algorithm.partition("-")[2] or 2048))


def _subject(words: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, trust.DEMO_MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, words),
        ]
    )


def new_authority(words: str, at: datetime) -> Authority:
    """A self-signed root, valid from long before `at`."""
    key = new_key()
    start, end = _new_year(at, -YEARS_BEFORE), _new_year(at, AUTHORITY_YEARS)
    builder = _builder(_subject(words), _subject(words), key, start, end)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    return Authority(key, builder.sign(key, hashes.SHA256()))


def issue(
    authority: Authority,
    key: PrivateKey,
    words: str,
    start: datetime,
    end: datetime,
    *,
    stamps_time: bool = False,
    usage: x509.KeyUsage | None = None,
) -> x509.Certificate:
    """A certificate of the authority for a key that signs documents, or time stamps."""
    builder = _builder(_subject(words), authority.certificate.subject, key, start, end)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(usage or _usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.certificate.public_key()),  # type: ignore[arg-type]
        critical=False,
    )
    if stamps_time:
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purposes, critical=True)
    return builder.sign(authority.key, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PrivateKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    public = key.public_key()
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=public)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def revocations(authority: Authority, at: datetime) -> bytes:
    """The list of revoked certificates, DER: none is revoked. The demonstration's list never needs to be renewed."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(_new_year(at, 0)).next_update(_new_year(at, AUTHORITY_YEARS))
    builder = builder.add_extension(x509.CRLNumber(1), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.certificate.public_key()),  # type: ignore[arg-type]
        critical=False,
    )
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def write(path: Path, key: PrivateKey | None, certificate: x509.Certificate | None, content: bytes = b"") -> None:
    """A PKCS #12 file with the configured password, or the content; for its owner only, whole or not at all."""
    if key is not None:
        word = settings.SIGNING_KEY_PASSWORD.encode()
        locked = serialization.BestAvailableEncryption(word) if word else serialization.NoEncryption()
        content = pkcs12.serialize_key_and_certificates(path.stem.encode(), key, certificate, None, locked)
    unfinished = path.with_suffix(path.suffix + ".part")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    unfinished.replace(path)


def read(path: Path) -> tuple[PrivateKey, x509.Certificate]:
    """Raises ValueError when the password is another one."""
    word = settings.SIGNING_KEY_PASSWORD.encode() or None
    key, certificate, _others = pkcs12.load_key_and_certificates(path.read_bytes(), word)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or certificate is None:
        raise ValueError("no key with its certificate")
    return key, certificate
