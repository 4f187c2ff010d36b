"""What a letter carries that nobody but its reader may see: the token in a link, a code. Pure.

A secret stands as a mark in the stored words; the real value lies beside them until the letter is sent.
"""

import re
from collections.abc import Iterable

# A piece of an address long and mixed enough to be a key; names of pages have neither digits nor capitals.
_KEY = re.compile(r"(?<=[/=])(?=[^/?&=#]*[0-9A-Z])[^/?&=#]{16,}")


def mark(number: int) -> str:
    return f"•••{number}•••"


def hide(value: str, *, whole: bool, is_address: bool, secrets: list[str]) -> str:
    """`value` with marks; what was taken out is added to `secrets`."""

    def take(piece: str) -> str:
        secrets.append(piece)
        return mark(len(secrets))

    if not is_address:
        return take(value) if whole else value
    scheme, _, rest = value.partition("://")
    if whole:
        host, _, path = rest.partition("/")
        return f"{scheme}://{host}/{take(path)}"
    return f"{scheme}://" + _KEY.sub(lambda match: take(match[0]), rest)


def reveal(words: str, secrets: Iterable[str]) -> str:
    for number, secret in enumerate(secrets, start=1):
        words = words.replace(mark(number), secret)
    return words
