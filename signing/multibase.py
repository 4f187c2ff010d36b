"""Bytes as text: base58btc with the multibase prefix `z`, base64url, base32 without padding. Pure."""

import base64
import binascii

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {letter: value for value, letter in enumerate(_BASE58)}
LONGEST = 10_000


def base58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """Raises ValueError for a letter outside the alphabet or an overlong text."""
    if len(text) > LONGEST:
        raise ValueError("too long")
    number = 0
    for letter in text:
        if letter not in _DIGITS:
            raise ValueError("not base58")
        number = number * 58 + _DIGITS[letter]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode(data: bytes) -> str:
    return "z" + base58(data)


def decode(text: str) -> bytes:
    """Raises ValueError unless the text is multibase of the kind base58btc."""
    if not text.startswith("z"):
        raise ValueError("not base58btc")
    return from_base58(text[1:])


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Raises ValueError unless the text is exactly what `base64url` writes."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None
    if base64url(data) != text:
        raise ValueError("not base64url")
    return data


def base32(data: bytes) -> str:
    """Capital letters and digits only: the dense mode of a QR code (ISO/IEC 18004, alphanumeric)."""
    return base64.b32encode(data).rstrip(b"=").decode()


def from_base32(text: str) -> bytes:
    """Raises ValueError unless the text is exactly what `base32` writes: unused bits of the last letter count."""
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        raise ValueError("not base32") from None
    if base32(data) != text:
        raise ValueError("not base32")
    return data
