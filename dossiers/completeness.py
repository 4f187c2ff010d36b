"""Is a dossier complete? One function per rule; each returns what it finds. Pure.

A finding is a code and the part of the dossier it belongs to; the door has the words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from dossiers.papers import required_on

# The parts of the task list, in its order; the last check comes after them.
PARTS = ("eligibility", "undertakings", "enterprise", "product", "figures", "papers", "photos", "selfmarks")
PHOTOS_ASKED = 3


@dataclass(frozen=True)
class YearFacts:
    """One reported year: billion VND, million USD, persons; None where empty."""

    year: int
    revenue: Decimal | None
    export: Decimal | None
    workers: int | None


@dataclass(frozen=True)
class DossierFacts:
    """All that completeness depends on."""

    track: str
    years_asked: tuple[int, ...]
    figures: tuple[YearFacts, ...] = ()
    papers: frozenset[str] = frozenset()
    # How many photos there are; counted where the slot holds any.
    photos: int = PHOTOS_ASKED
    product_summary: str = ""
    description: str = ""
    technology: str = ""
    track_basis: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    undertaken: bool = False
    # Questions before the start that were answered so that the product cannot take part.
    obstacles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """`code` names what is missing; `part` where; `about` the year or paper it concerns."""

    code: str
    part: str
    about: str = field(default="")


def it_may_take_part(facts: DossierFacts) -> Iterable[Finding]:
    for question in facts.obstacles:
        yield Finding("obstacle", "eligibility", question)


def contact_is_given(facts: DossierFacts) -> Iterable[Finding]:
    if not facts.contact_name:
        yield Finding("contact_name", "enterprise")
    if not (facts.contact_phone or facts.contact_email):
        yield Finding("contact_way", "enterprise")


def product_is_described(facts: DossierFacts) -> Iterable[Finding]:
    if not facts.product_summary:
        yield Finding("summary", "product")
    if len(facts.description) < 100:
        yield Finding("description", "product")
    if not facts.technology:
        yield Finding("technology", "product")
    if facts.track in ("hi_tech", "startup") and not facts.track_basis:
        yield Finding(f"basis_{facts.track}", "product")


def figures_are_reported(facts: DossierFacts) -> Iterable[Finding]:
    """A start-up may have no history: it reports the last year only."""
    known = {figure.year: figure for figure in facts.figures}
    asked = facts.years_asked[-1:] if facts.track == "startup" else facts.years_asked
    for year in asked:
        figure = known.get(year)
        if figure is None or None in (figure.revenue, figure.export, figure.workers):
            yield Finding("figures", "figures", str(year))


def papers_are_attached(facts: DossierFacts) -> Iterable[Finding]:
    for paper in required_on(facts.track):
        if paper.code == "photos":
            if "photos" not in facts.papers or facts.photos < PHOTOS_ASKED:
                yield Finding("photos", "papers", paper.code)
        elif paper.code not in facts.papers:
            yield Finding("paper", "papers", paper.code)


def undertakings_are_given(facts: DossierFacts) -> Iterable[Finding]:
    if not facts.undertaken:
        yield Finding("undertakings", "undertakings")


RULES = (
    it_may_take_part,
    contact_is_given,
    product_is_described,
    figures_are_reported,
    papers_are_attached,
    undertakings_are_given,
)


def missing(facts: DossierFacts) -> list[Finding]:
    """Everything that still lacks, in the order of the task list."""
    return [finding for rule in RULES for finding in rule(facts)]
