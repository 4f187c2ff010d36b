"""Which records may be one enterprise twice: a pair and the reasons. Pure; a person decides.

The tax code is the key and never twice, so what is left are the same makers under two codes: a branch registered as
an enterprise, a company renewed under another code, a slip of the finger that met the check digit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.vietnamese import fold

# A mail address there says nothing about who else has one.
FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "outlook.com", "outlook.com.vn",
        "hotmail.com", "hotmail.com.vn", "live.com", "msn.com", "icloud.com", "me.com", "aol.com", "zoho.com",
        "proton.me", "protonmail.com", "mail.com", "gmx.com", "yandex.com", "mail.ru", "vnn.vn", "fpt.vn",
        "hn.vnn.vn", "viettel.vn",
    }
)  # fmt: skip
# What more enterprises than this share (the address of an industrial zone's board, a group's domain) is no sign.
COMMON = 8
# Legal forms and the words around them, folded; they stand before the name that tells enterprises apart.
_FORMS = re.compile(
    r"\b(?:cong ty|cty|ctcp|tnhh|mtv|mot thanh vien|hai thanh vien|trach nhiem huu han|co phan|cp|doanh nghiep|"
    r"tu nhan|dntn|hop tac xa|htx|tap doan|tong)\b"
)


@dataclass(frozen=True)
class Record:
    """What is compared."""

    pk: int
    name: str
    phone: str = ""
    email: str = ""
    website: str = ""
    street: str = ""
    ward: str = ""


@dataclass(frozen=True)
class Pair:
    """Two records and why they may be one: name, phone, email, domain, address. `first` has the smaller key."""

    first: int
    second: int
    reasons: tuple[str, ...]


REASONS = ("name", "phone", "email", "domain", "address")


def pairs(records: Iterable[Record]) -> list[Pair]:
    """Every pair with at least one reason, most reasons first. Each record is looked at once per reason."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for record in records:
        for reason, key in keys_of(record):
            if key and record.pk not in alike[reason, key]:
                alike[reason, key].append(record.pk)
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for (reason, _key), pks in alike.items():
        if len(pks) > COMMON and reason != "name":
            continue
        for place, one in enumerate(sorted(pks)):
            for other in sorted(pks)[place + 1 :]:
                found[one, other].add(reason)
    listed = [
        Pair(first, second, tuple(reason for reason in REASONS if reason in reasons))
        for (first, second), reasons in found.items()
    ]
    return sorted(listed, key=_order)


def _order(pair: Pair) -> tuple[int, int, int, int]:
    return -len(pair.reasons), REASONS.index(pair.reasons[0]), pair.first, pair.second


def keys_of(record: Record) -> list[tuple[str, str]]:
    """Under which key each reason finds its like; an empty key is like nothing."""
    email = record.email.strip().lower()
    domain = domain_of(email) or site_of(record.website)
    return [
        ("name", name_key(record.name)),
        ("phone", phone_key(record.phone)),
        ("email", email),
        ("domain", domain if domain not in FREE_MAIL else ""),
        ("address", address_key(record.street, record.ward)),
    ]


def name_key(name: str) -> str:
    """The name without accents, signs and legal form: "Công ty TNHH Kẻ Chợ" and "CTCP KẺ CHỢ" are alike."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(name))
    bare = " ".join(_FORMS.sub(" ", words).split())
    return bare or words.strip()


def phone_key(phone: str) -> str:
    """The last nine digits, which +84 and 0 have in common; fewer are no number."""
    digits = re.sub(r"\D", "", phone)
    return digits[-9:] if len(digits) >= 9 and digits.strip("0") else ""


def domain_of(email: str) -> str:
    return email.rpartition("@")[2] if "@" in email else ""


def site_of(website: str) -> str:
    host = re.sub(r"^[a-z]+://", "", website.strip().lower()).split("/")[0].split(":")[0]
    return host.removeprefix("www.")


def address_key(street: str, ward: str) -> str:
    """House and street in one ward; a ward alone is no address."""
    words = re.sub(r"\b(?:so|so nha|duong|pho|street|no)\b", " ", re.sub(r"[^a-z0-9/]+", " ", fold(street)))
    bare = " ".join(words.split())
    return f"{ward}|{bare}" if bare and any(c.isdigit() for c in bare) else ""
