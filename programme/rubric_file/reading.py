"""From the bytes of a file to its document. Pure. What TOML and JSON leave open is refused here."""

import json
import tomllib
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from programme.rubric_file.problems import Path, Place, Problem, UnsoundRubric

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
FILE = Place("file")


def read_bytes(data: bytes, *, toml: bool) -> dict[str, Any]:
    """The document in a file. Raises UnsoundRubric; a byte order mark, as Windows writes it, is passed over."""
    if len(data) > MAX_BYTES:
        raise _unreadable("too_large", limit=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable("not_utf8", position=error.start + 1) from error
    return read(text, toml=toml)


def read(text: str, *, toml: bool) -> dict[str, Any]:
    """The document behind the text of a file. Raises UnsoundRubric when it is not TOML or JSON at all."""
    if not text.strip():
        raise _unreadable("empty_file")
    try:
        document = tomllib.loads(text, parse_float=Decimal) if toml else _json(text)
    except UnsoundRubric:
        raise
    except RecursionError as error:
        raise _unreadable("too_deep") from error
    except ValueError as error:  # both decoders' errors, and integers of thousands of digits
        raise _unreadable("not_toml" if toml else "not_json", error=error) from error
    if not isinstance(document, dict):
        raise _unreadable("not_a_table")
    if _depth(document) > MAX_DEPTH:
        raise _unreadable("too_deep")
    return document


def _depth(document: dict[str, Any]) -> int:
    deepest = 0
    waiting: list[tuple[Any, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += [(item, depth + 1) for item in inner if isinstance(item, dict | list)]
    return deepest


def _json(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_table)


def _constant(value: str) -> Any:
    raise _unreadable("not_a_number_word", value=value)


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a key stand twice and keeps the last; which one the writer meant nobody knows."""
    table: dict[str, Any] = {}
    for key, value in pairs:
        if key in table:
            raise _unreadable("duplicate_key", key=key)
        table[key] = value
    return table


def _unreadable(code: str, **params: Any) -> UnsoundRubric:
    return UnsoundRubric([Problem(FILE, code, params)])


def bad_texts(value: Any, path: Path = ()) -> list[Path]:
    """Where a text holds what neither the database nor UTF-8 can keep: NUL and half surrogate pairs."""
    found: list[Path] = []
    waiting: list[tuple[Any, Path]] = [(value, path)]
    while waiting:
        item, where = waiting.pop()
        if isinstance(item, str):
            if "\x00" in item or any("\ud800" <= letter <= "\udfff" for letter in item):
                found.append(where)
        elif isinstance(item, dict):
            waiting += [(inner, (*where, str(key))) for key, inner in item.items()]
            waiting += [(key, (*where, "key")) for key in item]
        elif isinstance(item, list):
            waiting += [(inner, (*where, number)) for number, inner in enumerate(item)]
    return found


def nearest(key: str, known: tuple[str, ...]) -> str:
    """What the writer may have meant, or nothing."""
    return next(iter(get_close_matches(key, known, n=1, cutoff=0.7)), "")
