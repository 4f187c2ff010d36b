"""One-time codes by the clock (RFC 6238), and the published secrets of the demonstration. Pure."""

import base64
import hashlib
import hmac
import secrets
import struct

PERIOD = 30
DIGITS = 6
DEMO_DOMAIN = "@kip.demo"
# Known to everybody on purpose: whoever runs the demonstration can compute every code of its invented people.
DEMO_SEED = "Hanoi KIP demonstration: this secret is published"


def code_at(secret: str, moment: float) -> str:
    """The six digits that an authenticator app shows at `moment` (seconds since 1970)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(moment) // PERIOD), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number: int = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def random_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def demo_secret(email: str) -> str:
    """The published secret of an invented person. Raises ValueError for any other address."""
    email = email.lower()
    if not email.endswith(DEMO_DOMAIN):
        raise ValueError(f"Not an account of the demonstration: {email}")
    return base64.b32encode(hashlib.sha1(f"{DEMO_SEED}\n{email}".encode()).digest()).decode("ascii")  # noqa: S324
