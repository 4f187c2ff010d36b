"""What every keeper of keys can do: sign bytes with one key. The bytes never leave without a request id."""

from dataclasses import dataclass
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa


class SigningFault(Exception):
    """The keeper did not sign. Trying again later is harmless: nothing was signed twice."""


class Doubtful(SigningFault):
    """Nobody knows yet whether the service signed. The next try asks by the same request id first."""


class WrongAnswer(SigningFault):
    """What came back is not the signature of this key over these bytes. It is refused and not used."""


@dataclass(frozen=True)
class KeyPlace:
    """Where a keeper finds a key, and the certificate its signatures must fit."""

    kid: str
    algorithm: str
    certificate: x509.Certificate


class Provider(Protocol):
    # True: a request is written to the database before it is sent (signing.requests).
    is_remote: bool

    def sign(self, place: KeyPlace, data: bytes, request_id: str) -> bytes:
        """Signature over SHA-256 of `data`: PKCS #1 v1.5 for RSA, DER for ECDSA. Raises SigningFault."""
        ...


_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def fits(certificate: x509.Certificate, signature: bytes, data: bytes, digest: str = "sha256") -> bool:
    """The signature is by the key of this certificate over these bytes."""
    key, hashed_by = certificate.public_key(), _HASHES.get(digest)
    if hashed_by is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashed_by)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashed_by))
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True
