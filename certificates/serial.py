"""The serial of a certificate: `KIP2026-0046-K`. Pure.

Year, number in the book of that year, and a check character over both (ISO/IEC 7064 MOD 37,36), so that one
mistyped character, or two that changed places, is told from a serial that was never issued.
"""

import re

from stdnum.iso7064 import mod_37_36

_SHAPE = re.compile(r"^KIP(\d{4})(T?\d{4,})([0-9A-Z])$")


def make(year: int, number: int, *, top10: bool = False) -> str:
    """The serial of the `number`-th certificate of its book; the Top 10 has a book of its own."""
    body = f"{'T' if top10 else ''}{number:04d}"
    check: str = mod_37_36.calc_check_digit(f"KIP{year}{body}")
    return f"KIP{year}-{body}-{check}"


def parse(text: str) -> str | None:
    """The canonical serial behind what was typed or scanned; None when it is not one, or is mistyped."""
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    match = _SHAPE.match(compact)
    if not match or not mod_37_36.is_valid(compact):
        return None
    return f"KIP{match[1]}-{match[2]}-{match[3]}"
