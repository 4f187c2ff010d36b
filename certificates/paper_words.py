"""What a paper says: the values of its placeholders, from a certificate's snapshot and nothing else."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from certificates.form_parts import PaperForm, fill

HOME = Path(__file__).parent
FONTS = ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf")
# The facts that stand on the paper as somebody once typed them.
AS_GIVEN = (
    *("product_name_vi", "product_name_en", "enterprise_name_vi", "enterprise_name_en", "enterprise_address_vi"),
    *("decision_number", "signer_name", "signer_position"),
)
MONTHS = ["January", "February", "March", "April", "May", "June"]
MONTHS += ["July", "August", "September", "October", "November", "December"]


def values(serial: str, snapshot: Mapping[str, Any], form: PaperForm) -> dict[str, str]:
    """Every placeholder and its text, in NFC, with single spaces. Raises KeyError for a kind that the form lacks and
    for a snapshot without one of the facts."""
    found = {name: folded(str(snapshot[name])) for name in ("season_year", *AS_GIVEN)}
    for name in ("decision_date", "valid_from", "valid_to"):
        day = date.fromisoformat(snapshot[name])
        found[name] = f"{day:%d/%m/%Y}"
        found[f"{name}_words"] = legal_date(day)
        found[f"{name}_en"] = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    url = verify_url(serial)
    found |= {
        "serial": serial,
        "verify_url": url,
        "verify_short": url.split("://", 1)[-1],
        "office": "\n".join(folded(row) for row in form.office(str(snapshot["signer_position"]))),
        "replaces": folded(str(snapshot.get("replaces") or "")),
        "is_demo": "1" if snapshot["is_demo"] else "",
    }
    return found | {name: fill(text, found) for name, text in form.kinds[snapshot["kind"]].items()}


def folded(text: str) -> str:
    """One form of Unicode, and one space for any white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def legal_date(day: date) -> str:
    """As Decree 30/2020 writes it: a nought stands before days 1 to 9 and months 1 and 2 only."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def verify_url(serial: str) -> str:
    """What the QR code leads to and the page under it answers."""
    return f"{settings.SITE_URL}/v/{serial}"


# --- what can be printed -------------------------------------------------------------------------------------
def unprintable(text: str) -> list[str]:
    """One sentence for each character that the paper cannot print right; empty when it can print the whole text.

    Refused are characters without a letter in the three faces, marks that Unicode does not join with a letter,
    invisible characters, and letters written from right to left.
    """
    found = []
    for sign in dict.fromkeys(unicodedata.normalize("NFC", text)):
        if sign.isspace() or (_is_plain(sign) and sign in letters()):
            continue
        shown = sign if _is_plain(sign) else " "
        facts = {"sign": shown, "code": f"U+{ord(sign):04X}", "name": unicodedata.name(sign, "-")}
        found.append(_("The certificate cannot print the character “%(sign)s” (%(code)s, %(name)s).") % facts)
    return found


def _is_plain(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "CM" and unicodedata.bidirectional(sign) not in ("R", "AL", "AN")


@lru_cache(maxsize=1)
def letters() -> frozenset[str]:
    """The characters that all three faces have."""
    from fontTools.ttLib import TTFont  # loaded by whoever lays out a certificate, not by every process

    maps = [{chr(code) for code in TTFont(HOME / "fonts" / name, lazy=True).getBestCmap()} for name in FONTS]
    return frozenset(set.intersection(*maps))
