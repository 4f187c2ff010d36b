"""What the machine can tell an officer before anybody reads the dossier, and the clock of the check. Pure.

A check is a code, a state and the facts that prove it; the door has the words. No check decides anything: a
cross or a question is for the officer to weigh.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Any

from core.workdays import add_working_days, is_working_day
from dossiers import completeness
from dossiers.papers import required_on
from enterprises.tax_code import InvalidTaxCode, parse
from programme import tracks

# A fall of the revenue below this share of the year before is worth a question.
STEEP_FALL = Decimal("0.5")
SOON_DAYS = 1


# --- the clock ----------------------------------------------------------------------------------------
def working_days(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative when `end` comes first."""
    if end < start:
        return -working_days(end, start)
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))


@dataclass(frozen=True)
class Clock:
    """The Department's time for the check: `days` working days from `start`.

    It stands still in each pause, from the request for a supplement to its answer (None while it waits);
    `stopped` is the day the check ended.
    """

    start: date
    days: int
    pauses: tuple[tuple[date, date | None], ...] = ()
    stopped: date | None = None

    @property
    def is_paused(self) -> bool:
        return self.stopped is None and any(answered is None for _, answered in self.pauses)

    @property
    def paused_days(self) -> int:
        return sum(working_days(asked, answered) for asked, answered in self.pauses if answered is not None)

    @cached_property
    def due(self) -> date:
        return add_working_days(self.start, self.days + self.paused_days)

    @property
    def used(self) -> int | None:
        """Working days that the check took, pauses left out; None while it runs."""
        return None if self.stopped is None else working_days(self.start, self.stopped) - self.paused_days

    def left(self, today: date) -> int | None:
        """Working days until the check is due, negative when late; None when the clock is not running."""
        return None if self.stopped is not None or self.is_paused else working_days(today, self.due)

    def is_late(self, today: date) -> bool:
        """Late now, or ended after it was due."""
        if self.stopped is not None:
            return self.stopped > self.due
        left = self.left(today)
        return left is not None and left < 0

    def is_soon(self, today: date) -> bool:
        left = self.left(today)
        return left is not None and 0 <= left <= SOON_DAYS


def growth(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """Per cent from one year to the next; None when it cannot be said."""
    if before is None or after is None or before == 0:
        return None
    return (after / before - 1) * 100


# --- the checks ---------------------------------------------------------------------------------------
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
class Facts:
    """All that the checks depend on. `same_name` in this season, `of_enterprise` in any season."""

    tax_code: str
    dossier: completeness.DossierFacts
    same_name: tuple[Other, ...] = ()
    of_enterprise: tuple[Other, ...] = ()


@dataclass(frozen=True)
class Check:
    """`about` holds the facts of the evidence."""

    code: str
    state: State
    about: Mapping[str, Any] = field(default_factory=dict)


def tax_code_is_valid(facts: Facts) -> Iterable[Check]:
    about = {"tax_code": facts.tax_code}
    try:
        parse(facts.tax_code)
    except InvalidTaxCode as error:
        yield Check("tax_code", State.NO, about | {"kind": error.kind})
    else:
        yield Check("tax_code", State.OK, about)


def threshold_is_reached(facts: Facts) -> Iterable[Check]:
    """The last full year against the threshold of the track."""
    dossier, track = facts.dossier, tracks.TRACKS[facts.dossier.track]
    year = dossier.years_asked[-1]
    last = next((figure for figure in dossier.figures if figure.year == year), None)
    revenue, export = (last.revenue, last.export) if last else (None, None)
    missed = tracks.below_threshold(track.code, revenue=revenue, export=export)
    exempt = track.min_revenue is None and track.min_export is None
    measure = "export" if track.min_export is not None else "revenue"
    about = {
        "year": year,
        "measure": measure,
        "reported": export if measure == "export" else revenue,
        "least": track.min_export if measure == "export" else track.min_revenue,
        "exempt": exempt,
        "source": tracks.SOURCE,
    }
    yield Check("threshold", State.NO if missed else State.OK, about)


def papers_are_attached(facts: Facts) -> Iterable[Check]:
    asked = required_on(facts.dossier.track)
    lacking = [found.about for found in completeness.papers_are_attached(facts.dossier)]
    about = {"asked": len(asked), "attached": len(asked) - len(lacking), "lacking": lacking}
    yield Check("papers", State.NO if lacking else State.OK, about)


def figures_are_reported(facts: Facts) -> Iterable[Check]:
    lacking = [found.about for found in completeness.figures_are_reported(facts.dossier)]
    about = {"lacking": lacking, "years": facts.dossier.years_asked}
    yield Check("figures", State.NO if lacking else State.OK, about)


def texts_are_given(facts: Facts) -> Iterable[Check]:
    """Contact, description and undertakings."""
    lacking = [f for f in completeness.missing(facts.dossier) if f.part not in ("papers", "figures")]
    yield Check("texts", State.NO if lacking else State.OK, {"lacking": lacking})


def revenue_is_steady(facts: Facts) -> Iterable[Check]:
    """Silent without two neighbouring years; a fall by more than half asks whether it is right."""
    reported = sorted(facts.dossier.figures, key=lambda figure: figure.year)
    known = [(f.year, f.revenue) for f in reported if f.revenue is not None]
    pairs = [(a, b) for a, b in pairwise(known) if b[0] - a[0] == 1]
    if not pairs:
        return
    falls = [(a, b) for a, b in pairs if b[1] < a[1] * STEEP_FALL]
    (year_before, before), (year, after) = falls[0] if falls else pairs[-1]
    about = {
        "year_before": year_before,
        "before": before,
        "year": year,
        "after": after,
        "growth": growth(before, after),
    }
    yield Check("revenue", State.ASK if falls else State.OK, about)


def name_stands_once(facts: Facts) -> Iterable[Check]:
    yield Check("same_name", State.ASK if facts.same_name else State.OK, {"others": facts.same_name})


def enterprise_has_others(facts: Facts) -> Iterable[Check]:
    yield Check("enterprise", State.INFO if facts.of_enterprise else State.OK, {"others": facts.of_enterprise})


RULES: tuple[Callable[[Facts], Iterable[Check]], ...] = (
    tax_code_is_valid,
    papers_are_attached,
    figures_are_reported,
    threshold_is_reached,
    revenue_is_steady,
    texts_are_given,
    name_stands_once,
    enterprise_has_others,
)


def checks(facts: Facts) -> list[Check]:
    """Every check of the dossier, in the order in which an officer reads it."""
    return [check for rule in RULES for check in rule(facts)]
