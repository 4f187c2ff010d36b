"""Vietnamese text: one form of Unicode, slugs, search without accents, dictionary order. Pure.

Order: the alphabet a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y counts letters first; tone
marks decide only between otherwise equal words, in the dictionary's order ngang, huyền, hỏi, ngã, sắc, nặng.
No embedded PostgreSQL has ICU, so the order is a key computed here and stored beside the name.
"""

import re
import unicodedata

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: index for index, letter in enumerate(_ALPHABET, start=1)}


def nfc(text: str) -> str:
    """The one stored form: NFC, single spaces, no space at either end, no control or invisible characters."""
    composed = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    printable = "".join(" " if unicodedata.category(c) in ("Zs", "Cc") else c for c in composed)
    return re.sub(r" +", " ", printable).strip()


def nfc_lines(text: str) -> str:
    """Like `nfc`, but line breaks of a longer text stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(nfc(line) for line in lines).strip()


def fold(text: str) -> str:
    """Letters for searching: lower case, without marks, đ as d. `fold("Đèn LED") == "den led"`."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return nfc("".join(c for c in decomposed if not unicodedata.combining(c)))


def slug(text: str) -> str:
    """An address part: `slug("Đèn LED Rạng Đông") == "den-led-rang-dong"`."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def sort_key(text: str) -> str:
    """A string whose plain byte order is the Vietnamese dictionary order of `text`.

    Each word gives its letters (two digits each), then a low separator; the tones of the whole text follow
    after a lower separator, so they decide only between texts whose letters are equal.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in nfc(text).lower():
        parts = unicodedata.normalize("NFD", char)
        tone = next((_TONES[p] for p in parts if p in _TONES), 0)
        base = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
        if base in _RANK:
            letters.append(f"{_RANK[base] + 20:02d}")
            tones.append(str(tone))
        elif base.isdigit():
            letters.append(f"1{base}")
            tones.append("0")
        elif letters and letters[-1] != "00":
            letters.append("00")
    return "".join(letters) + " " + "".join(tones)


def given_name_key(full_name: str) -> str:
    """People are listed by given name (the last word), then by family and middle names."""
    *family, given = nfc(full_name).split(" ") or [""]
    return sort_key(given) + "  " + sort_key(" ".join(family))
