"""The signed token of the QR code: COSE_Sign1 (RFC 9052) with ES256 over deterministic CBOR (RFC 8949, 4.2), as
base32 without padding.

Claim 6 (issued at, seconds since 1970, RFC 8392) ties a token to the time its key was valid; tokens without it are
refused: nobody could tell whether their key was good. Every byte has one accepted form, so no changed letter goes
unnoticed.
"""

from datetime import UTC, datetime
from typing import Any

import cbor2

from signing import multibase, statements
from signing.models import SigningKey

ES256 = -7
ALGORITHM, KEY_ID, ISSUED_AT = 1, 4, 6
SIGN1 = 18
LONGEST = 4_000
LATEST = 253_402_300_800  # the first second of the year 10000


def seal(claims: dict[int, Any], *, key: SigningKey) -> str:
    """The token text, A-Z and 2-7. Raises Refused when the key does not sign, ValueError for other claims."""
    if not all(isinstance(number, int) for number in claims):
        raise ValueError("claims are numbered")
    protected = cbor2.dumps({ALGORITHM: ES256, KEY_ID: key.kid.encode()}, canonical=True)
    payload = cbor2.dumps(claims, canonical=True)
    signature = statements.raw_signature(key, _to_be_signed(protected, payload))
    return multibase.base32(cbor2.dumps(cbor2.CBORTag(SIGN1, [protected, {}, payload, signature]), canonical=True))


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def open_token(text: str, published_keys: dict[str, Any]) -> dict[int, Any]:
    """The claims. Raises ValueError with one reason code: not_a_token, unknown_key, altered, bad_time, or a code of
    `statements.key_fault`."""
    try:
        protected, payload, signature = _parts(text)
        header, claims = _one_form(protected), _one_form(payload)
    except (ValueError, TypeError, RecursionError, OverflowError, cbor2.CBORError):
        raise ValueError("not_a_token") from None
    if not isinstance(claims, dict) or not isinstance(header, dict) or set(header) != {ALGORITHM, KEY_ID}:
        raise ValueError("not_a_token")
    kid = header[KEY_ID]
    if header[ALGORITHM] != ES256 or not isinstance(kid, bytes):
        raise ValueError("not_a_token")
    name = f"{published_keys.get('id')}#{kid.decode(errors='replace')}"
    method = statements.method_named(published_keys, name)
    if method is None:
        raise ValueError("unknown_key")
    if not statements.holds(method.get("publicKeyJwk"), signature, _to_be_signed(protected, payload)):
        raise ValueError("altered")
    fault = _key_fault(method, claims.get(ISSUED_AT))
    if fault is not None:
        raise ValueError(fault)
    return claims


def _parts(text: str) -> tuple[bytes, bytes, bytes]:
    if len(text) > LONGEST:
        raise ValueError("too long")
    token = _one_form(multibase.from_base32(text))
    if not isinstance(token, cbor2.CBORTag) or token.tag != SIGN1:
        raise ValueError("no COSE_Sign1")
    protected, unprotected, payload, signature = token.value
    if unprotected != {} or not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise ValueError("no COSE_Sign1")
    return protected, payload, signature


def _one_form(data: bytes) -> Any:
    value = cbor2.loads(data)
    if cbor2.dumps(value, canonical=True) != data:
        raise ValueError("not deterministic")
    return value


def _key_fault(method: dict[str, Any], issued_at: Any) -> str | None:
    """Without a time it is not known whether the key was good then."""
    if not isinstance(issued_at, int) or isinstance(issued_at, bool) or not 0 <= issued_at < LATEST:
        return "bad_time"
    return statements.key_fault(method, datetime.fromtimestamp(issued_at, UTC))
