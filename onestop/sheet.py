"""A filled form before it has a face: what is missing, what it says, and what stands in its footer."""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno

from certificates import paper
from core.canonical import digest
from onestop import markup
from onestop.kinds import FormKind

VERSION_LETTERS = 12


@dataclass(frozen=True)
class Text:
    """The text of a form in force: 0 is the standard version."""

    body: str
    version: int = 0

    @property
    def digest(self) -> str:
        return digest(self.body)


@dataclass(frozen=True)
class Sheet:
    """One paper to be written. `code` and `address` stand in the footer, the address as QR code too."""

    kind: FormKind
    blocks: tuple[markup.Block, ...]
    code: str
    address: str
    version: str

    @property
    def title(self) -> str:
        return f"{self.kind.title_vi} {self.code}".strip()

    @property
    def foot(self) -> str:
        return f"{self.code} · Mẫu {self.kind.code} · phiên bản {self.version}".removeprefix(" · ")


def sheet_of(kind: FormKind, text: Text, values: dict[str, Any], *, code: str, address: str) -> Sheet:
    blocks = tuple(markup.fill(markup.parse(text.body), values))
    return Sheet(kind, blocks, code, address, f"{text.version} ({text.digest[:VERSION_LETTERS]})")


@dataclass(frozen=True)
class Missing:
    """A required field that is empty; `row` counts the entries of a list from 1."""

    name: str
    where: str
    row: int = 0


def missing(kind: FormKind, text: Text, values: dict[str, Any]) -> list[Missing]:
    """The required fields that the text uses and that have no value."""
    template = markup.parse(text.body)
    used, lists = template.fields(), template.lists()
    in_lists = set().union(*lists.values()) if lists else set()
    found = [
        Missing(field.name, field.where)
        for field in kind.fields
        if field.required and field.name in used | (in_lists - _inner(kind)) and not values.get(field.name)
    ]
    for one in kind.lists:
        if one.name not in lists:
            continue
        entries = values.get(one.name) or []
        if not entries and one.required:
            found.append(Missing(one.name, one.where))
        found += [
            Missing(field.name, field.where if field.where != "check" else one.where, row)
            for row, entry in enumerate(entries, start=1)
            for field in one.fields
            if field.required and field.name in lists[one.name] and not entry.get(field.name)
        ]
    return found


def _inner(kind: FormKind) -> set[str]:
    return set().union(*(one.names for one in kind.lists)) if kind.lists else set()


def unprintable(sheet: Sheet) -> list[str]:
    """Letters that the font of the paper does not have; printed, they would be a gap."""
    known = _letters()
    said = "".join([*markup.texts(sheet.blocks), sheet.code])
    return sorted({c for c in said if c not in known and not c.isspace()})


@lru_cache(maxsize=1)
def _letters() -> frozenset[str]:
    from fontTools.ttLib import TTFont

    kept: set[str] | None = None
    for name in paper.FONTS:
        cmap = {chr(code) for code in TTFont(paper.HOME / "fonts" / name).getBestCmap()}
        kept = cmap if kept is None else kept & cmap
    return frozenset(kept or ())


def qr(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False, boost_error=False)


def qr_picture(address: str, kind: str) -> bytes:
    """The code as svg for the PDF or png for the DOCX. The paper's white is its quiet zone."""
    picture = io.BytesIO()
    qr(address).save(picture, kind=kind, border=0, scale=4 if kind == "svg" else 8)
    return picture.getvalue()
