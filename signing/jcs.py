"""JSON Canonicalization Scheme (RFC 8785) for what our documents hold: text, whole numbers, yes and no, null,
lists and objects. Pure.

Fractions are refused: amounts and points travel as text, so the rules of ECMAScript numbers are not needed.
"""

from typing import Any

LARGEST = 2**53 - 1
DEEPEST = 64
_SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_ESCAPES = {code: f"\\u{code:04x}" for code in range(32)} | _SHORT


def canonical(value: Any) -> bytes:
    """The one way to write the value, UTF-8. Raises ValueError for anything RFC 8785 or we do not write."""
    return _text(value, 0).encode()


def _text(value: Any, depth: int) -> str:
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError("a whole number beyond 2^53 is not the same everywhere")
        return str(int(value))
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(item, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise ValueError("the name of a member is not text")
        # By UTF-16 code units (RFC 8785 section 3.2.3); big-endian bytes compare in the same order.
        ordered = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(_string(name) + ":" + _text(value[name], depth + 1) for name in ordered) + "}"
    raise ValueError(f"{type(value).__name__} has no canonical form here")


def _string(text: str) -> str:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("half a surrogate pair")
    return '"' + text.translate(_ESCAPES) + '"'
