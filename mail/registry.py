"""Which kinds of letters exist: every room's `letters.py`, collected at start (mail/kinds.py)."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core import checks

from mail import merge
from mail.kinds import LetterKind

_kinds: dict[str, LetterKind] = {}
_rooms: dict[str, str] = {}
_twice: list[tuple[str, str, str]] = []


def discover() -> None:
    """Read the letters of every room; called once, when all rooms stand."""
    for room in settings.ROOMS:
        if find_spec(f"{room}.letters") is not None:
            add(room, import_module(f"{room}.letters").LETTERS)


def add(room: str, letters: Iterable[LetterKind]) -> None:
    for letter in letters:
        if letter.code in _kinds and _rooms[letter.code] != room:
            _twice.append((letter.code, _rooms[letter.code], room))
            continue
        if letter.code in _kinds and _kinds[letter.code] is not letter:
            _twice.append((letter.code, room, room))
            continue
        _kinds[letter.code], _rooms[letter.code] = letter, room


def kind_named(code: str) -> LetterKind:
    """Raises LookupError when no room declares it."""
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"No room declares a letter of the kind {code}") from None


def room_of(code: str) -> str:
    """The room that writes letters of this kind; empty when the kind is no longer declared."""
    return _rooms.get(code, "")


def all_kinds() -> list[LetterKind]:
    """In the order of the rooms, then as declared."""
    order = {room: position for position, room in enumerate(settings.ROOMS)}
    return sorted(_kinds.values(), key=lambda kind: order.get(_rooms[kind.code], 99))


def problems_of(kind: LetterKind) -> list[str]:
    """What a developer has to mend in a declared kind."""
    names = [field.name for field in kind.fields]
    found = [f"the field {name} is declared twice" for name in sorted({n for n in names if names.count(n) > 1})]
    for language in ("vi", "en"):
        subject, body = kind.standard(language)
        if not subject.strip() or not body.strip():
            found.append(f"no words in {language}")
        found += [f"{fault.code}: {fault.what} ({language})" for fault in merge.faults(subject, body, names)]
    return found


def check(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """`manage.py check` refuses a code declared twice and words with fields nobody fills."""
    errors: list[checks.CheckMessage] = [
        checks.Error(f"The letter {code} is declared in {first} and in {second}.", id="mail.E001")
        for code, first, second in _twice
    ]
    for kind in all_kinds():
        errors += [
            checks.Error(f"The letter {kind.code}: {problem}.", id="mail.E002") for problem in problems_of(kind)
        ]
    return errors
