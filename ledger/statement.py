"""What is signed every day, as plain JSON, and its hash. Pure."""

import hashlib
from datetime import date, datetime
from typing import Any

from signing import jcs

KIND = "KIPLogRoot"
ZONE = "Asia/Ho_Chi_Minh"


def document(*, log: str, day: date, size: int, root: str, previous: str, made_at: datetime) -> dict[str, Any]:
    """`previous` is the hash of the statement before this one, empty for the first."""
    return {
        "type": KIND,
        "version": 1,
        "log": log,
        "day": day.isoformat(),
        "timeZone": ZONE,
        "hash": "SHA-256",
        "size": size,
        "root": root,
        "previous": previous,
        "madeAt": made_at.isoformat(timespec="seconds"),
    }


def bare(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement as it was before it was signed."""
    return {name: value for name, value in statement.items() if name != "proof"}


def chain_hash(statement: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of the statement without its proof. Raises ValueError for what
    has no such form."""
    return hashlib.sha256(jcs.canonical(bare(statement))).hexdigest()
