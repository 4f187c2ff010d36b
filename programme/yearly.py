"""A year's round set up from the one before it: dates moved by a year, and what still belongs to the old one. Pure.

A date moves to the same weekday of the same week of the month: the first Monday of April stays the first Monday of
April, and the fifth Friday becomes the last. Fifty-two weeks would drift by a week in five years; the same day of the
month would fall on a Sunday.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# A date nearer to last year's than to a year later was left over from it.
HALF_A_YEAR = timedelta(days=183)


def moved(day: date, years: int = 1) -> date:
    """The same weekday of the same week of the month, `years` later."""
    week, year = (day.day - 1) // 7, day.year + years
    first, days = calendar.monthrange(year, day.month)
    same = list(range(1 + (day.weekday() - first) % 7, days + 1, 7))
    return date(year, day.month, same[min(week, len(same) - 1)])


def moved_moment(moment: datetime, years: int = 1) -> datetime:
    """The hour stays. `moment` is local time."""
    day = moved(moment.date(), years)
    return moment.replace(year=day.year, month=day.month, day=day.day)


def is_left_over(last: datetime, now: datetime, years: int = 1) -> bool:
    """Does the date still lie where it lay last time, rather than `years` later?"""
    return now < last + timedelta(days=365 * (years - 1)) + HALF_A_YEAR


def mentions(text: str, year: int) -> Iterator[str]:
    """Where a text names the year, each with the words around it. The number of a document (12/2026/QĐ-UBND) keeps
    the year in which it was signed, so it is not one."""
    for found in re.finditer(rf"(?<!\d){year}(?!\d)", text):
        start, end = found.span()
        if text[:start].endswith("/") and re.match(r"/[A-ZĐ]{2}", text[end:]):
            continue
        before, after = text[max(0, start - 30) : start], text[end : end + 30]
        before = before if start <= 30 else "…" + before
        yield " ".join((before + text[start:end] + after + ("…" if end + 30 < len(text) else "")).split())


@dataclass(frozen=True)
class Term:
    """One term of the season beside last year's and what would follow from it."""

    name: str
    last: object
    proposed: object
    now: object

    @property
    def state(self) -> str:
        """kept: as last time; proposed: as the rule of the year gives it; changed: by a person."""
        if self.now == self.last:
            return "kept"
        return "proposed" if self.now == self.proposed else "changed"


def compared(last: Mapping[str, object], proposed: Mapping[str, object], now: Mapping[str, object]) -> list[Term]:
    return [Term(name, last.get(name), proposed.get(name), value) for name, value in now.items()]
