"""The invented enterprises and products, read from demo/data. Pure: no Django.

Every name, address and figure is invented; only wards and zones exist. Tax codes begin with 99 and carry a
valid check digit, so that every door accepts them.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from stdnum.vn import mst

from demo import people

DATA = Path(__file__).resolve().parent / "data"
FIRST_BASE = 990000101


@dataclass(frozen=True)
class Maker:
    """One invented enterprise. `number` is its place in the file, from 1."""

    number: int
    key: str
    tax_code: str
    form: str
    name_vi: str
    name_en: str
    street: str
    ward: str
    zone: str
    founded: int
    workers: int
    website: str

    @property
    def representative(self) -> people.Person:
        return people.representative(self.number)


@dataclass(frozen=True)
class Entry:
    """What a product does in one season: the stage it reaches, and how (a number of days or a word)."""

    season: int
    stage: str
    how: str = ""


@dataclass(frozen=True)
class Ware:
    """One invented product. Revenue in billion VND of the year before its last season; shares in percent."""

    maker: str
    sector: str
    track: str
    entries: tuple[Entry, ...]
    hs_code: str
    industry: str
    revenue: Decimal
    growth: Decimal
    export: Decimal
    workers: int
    standards: str
    markets: str
    name_vi: str
    name_en: str
    summary_vi: str
    summary_en: str


def tax_codes() -> Iterator[str]:
    """Codes of the unused range 99 in rising order, leaving out bases that have no check digit."""
    for base in range(FIRST_BASE, FIRST_BASE + 10_000):
        digit: str = mst.calc_check_digit(str(base))
        if len(digit) == 1:
            yield f"{base}{digit}"


def makers() -> tuple[Maker, ...]:
    return tuple(
        Maker(
            number=number,
            key=row["key"],
            tax_code=code,
            form=row["form"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            street=row["street"],
            ward=row["ward"],
            zone=row["zone"],
            founded=int(row["founded"]),
            workers=int(row["workers"]),
            website=row["website"],
        )
        for number, (row, code) in enumerate(zip(_rows("enterprises.csv"), tax_codes(), strict=False), start=1)
    )


def wares() -> tuple[Ware, ...]:
    return tuple(
        Ware(
            maker=row["enterprise"],
            sector=row["sector"],
            track=row["track"],
            entries=tuple(_entry(text) for text in row["seasons"].split(",")),
            hs_code=row["hs"],
            industry=row["industry"],
            revenue=Decimal(row["revenue"]),
            growth=Decimal(row["growth"]),
            export=Decimal(row["export"]),
            workers=int(row["workers"]),
            standards=row["standards"],
            markets=row["markets"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            summary_vi=row["summary_vi"],
            summary_en=row["summary_en"],
        )
        for row in _rows("products.csv")
    )


def _entry(text: str) -> Entry:
    season, stage, *how = text.split(":")
    return Entry(int(season), stage, how[0] if how else "")


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    with (DATA / file_name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="|")
