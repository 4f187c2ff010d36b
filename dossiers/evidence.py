"""What the automatic checks look at and what they answer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from dossiers import completeness
from dossiers.trends import Year


class State(StrEnum):
    """OK and NO are facts; ASK wants a person's eye; INFO is neither good nor bad."""

    OK = "ok"
    NO = "no"
    ASK = "ask"
    INFO = "info"


@dataclass(frozen=True)
class Other:
    """Another filed dossier that concerns this one."""

    pk: int
    number: str
    season_year: int
    product: str
    enterprise: str


@dataclass(frozen=True)
class Paper:
    """One file of the dossier, with what is known about the paper it shows."""

    code: str
    name: str
    sha256: str
    issued_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Reported:
    """What another dossier of the enterprise says about one year. `same_product` and `same_season` tell what can be
    compared: figures of the product only with the same product, totals only within one season."""

    number: str
    season_year: int
    same_product: bool
    same_season: bool
    figures: Year


@dataclass(frozen=True)
class Record:
    """The record of the enterprise as an earlier dossier sent it."""

    number: str
    season_year: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Twin:
    """The same bytes in the dossier of another enterprise."""

    paper: str
    name: str
    other: Other


@dataclass(frozen=True)
class Facts:
    """All that the checks depend on. `same_name` in this season, `of_enterprise` in any season, `same_contact` of
    other enterprises with a telephone number or a mail address of this dossier."""

    tax_code: str
    dossier: completeness.DossierFacts
    same_name: tuple[Other, ...] = ()
    of_enterprise: tuple[Other, ...] = ()
    same_contact: tuple[Other, ...] = ()
    twins: tuple[Twin, ...] = ()
    papers: tuple[Paper, ...] = ()
    years: tuple[Year, ...] = ()
    reported: tuple[Reported, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)
    earlier_record: Record | None = None
    export_markets: str = ""
    founded_year: int | None = None
    confirmed: frozenset[str] = frozenset()
    usd_rate_vnd: Decimal | None = None
    today: date | None = None
    registration_ends: date | None = None
    validity_ends: date | None = None


@dataclass(frozen=True)
class Check:
    """`about` holds the facts of the evidence."""

    code: str
    state: State
    about: Mapping[str, Any] = field(default_factory=dict)
