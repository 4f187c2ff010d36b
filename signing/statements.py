"""JSON that proves who wrote it: W3C Data Integrity, cryptosuite ecdsa-jcs-2019 (VC Data Integrity ECDSA 1.0,
section 3.3), P-256 and SHA-256.

The time in a proof is the signer's own word: whoever holds a stolen key can date a proof back. What must outlive a
compromise is therefore also in the log with its time-stamped roots.
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from signing import jcs, keys, multibase
from signing.models import SigningKey

SUITE = "ecdsa-jcs-2019"
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
HALF_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 // 2
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def sign_json(document: dict[str, Any], *, key: SigningKey, at: datetime) -> dict[str, Any]:
    """The document with a proof. Raises Refused when the key does not sign, ValueError for what JCS cannot write."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": keys.iso(at),
        "verificationMethod": f"{keys.controller()}#{key.kid}",
        "proofPurpose": "assertionMethod",
    }
    if "@context" in unsigned:
        proof = {"@context": unsigned["@context"], **proof}
    signature = raw_signature(key, _hash_data(unsigned, proof))
    return {**unsigned, "proof": {**proof, "proofValue": multibase.encode(signature)}}


def _hash_data(unsigned: dict[str, Any], options: dict[str, Any]) -> bytes:
    return hashlib.sha256(jcs.canonical(options)).digest() + hashlib.sha256(jcs.canonical(unsigned)).digest()


def raw_signature(key: SigningKey, data: bytes, request_id: str = "") -> bytes:
    """ES256 as JOSE and COSE write it: r and s, 32 bytes each; s is the smaller of its two forms."""
    r, s = decode_dss_signature(keys.sign(key, data, request_id))
    return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")


def holds(public_jwk: Any, signature: bytes, data: bytes) -> bool:
    """The raw signature is by this public key over these bytes, in its one accepted form."""
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if s > HALF_ORDER:
        return False
    try:
        keys.from_jwk(public_jwk).verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_json(document: Any, published_keys: dict[str, Any], at: datetime) -> str | None:
    """None when the proof holds; else one of: no_proof, unknown_suite, unknown_key, wrong_purpose, altered,
    not_canonical, bad_time, from_the_future, before_key, after_key, key_retired, key_compromised.

    `published_keys` is the document of `keys.published`.
    """
    proof = document.get("proof") if isinstance(document, dict) else None
    if not isinstance(proof, dict):
        return "no_proof"
    if (proof.get("type"), proof.get("cryptosuite")) != ("DataIntegrityProof", SUITE):
        return "unknown_suite"
    if proof.get("proofPurpose") != "assertionMethod":
        return "wrong_purpose"
    method = method_named(published_keys, proof.get("verificationMethod"))
    if method is None:
        return "unknown_key"
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if "@context" in options and unsigned.get("@context") != options["@context"]:
        return "altered"
    try:
        signature, data = multibase.decode(str(proof.get("proofValue"))), _hash_data(unsigned, options)
    except (ValueError, RecursionError):
        return "not_canonical"
    if not holds(method.get("publicKeyJwk"), signature, data):
        return "altered"
    created = moment(proof.get("created"))
    if created is None:
        return "bad_time"
    return "from_the_future" if created > at else key_fault(method, created)


def method_named(published_keys: dict[str, Any], name: Any) -> dict[str, Any] | None:
    """The verification method of this id, if statements may be signed with it."""
    if name not in published_keys.get("assertionMethod", []):
        return None
    methods = published_keys.get("verificationMethod", [])
    return next((method for method in methods if method.get("id") == name), None)


def key_fault(method: dict[str, Any], made: datetime) -> str | None:
    """Why the key could not make a signature at that time; None when it could."""
    start, end, retired, compromised = (
        moment(method.get(name)) for name in ("validFrom", "expires", "revoked", "compromisedAt")
    )
    if start is None or made < start:
        return "before_key"
    if end is None or made > end:
        return "after_key"
    if compromised is not None and made >= compromised:
        return "key_compromised"
    return "key_retired" if retired is not None and made > retired else None


def moment(text: Any) -> datetime | None:
    """Only the one form that `keys.iso` writes."""
    if not isinstance(text, str) or not _MOMENT.match(text):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
