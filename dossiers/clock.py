"""The Department's time for the check, computed from what happened and never stored. Pure.

Everybody who is told a number of days is told it by `Clock.days_left`: the applicant, the worklist, the check screen
and the page for those who only know the number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from core.workdays import PLAIN, Calendar

SOON_DAYS = 1


class Running(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True)
class DaysLeft:
    """`left` of `days` working days, negative when late; `due` is None while the clock stands still."""

    days: int
    used: int
    state: Running
    due: date | None

    @property
    def left(self) -> int:
        return self.days - self.used


@dataclass(frozen=True)
class Clock:
    """`days` working days from `start`, the day that counts as the day of receipt.

    The clock stands still in each pause, from the request for a supplement to the day its answer counts as received
    (None while it is awaited); `stopped` is the day the check ended.
    """

    start: date
    days: int
    pauses: tuple[tuple[date, date | None], ...] = ()
    stopped: date | None = None
    calendar: Calendar = PLAIN

    @property
    def is_paused(self) -> bool:
        return self.stopped is None and any(answered is None for _, answered in self.pauses)

    @cached_property
    def paused_days(self) -> int:
        """Working days in pauses that are over."""
        return sum(self.calendar.between(asked, end) for asked, end in self.pauses if end is not None)

    @cached_property
    def due(self) -> date:
        return self.calendar.add(self.start, self.days + self.paused_days)

    def used_until(self, day: date) -> int:
        """Working days that the check has taken by the end of `day`, pauses left out."""
        if self.stopped is not None:
            day = min(day, self.stopped)
        still = 0
        for asked, answered in self.pauses:
            if asked < day:
                still += self.calendar.between(asked, min(answered or day, day))
        return max(0, self.calendar.between(self.start, day) - still)

    @property
    def used(self) -> int | None:
        """Working days that the check took; None while it runs."""
        return None if self.stopped is None else self.used_until(self.stopped)

    def days_left(self, today: date) -> DaysLeft:
        if self.stopped is not None:
            return DaysLeft(self.days, self.used_until(self.stopped), Running.ENDED, self.due)
        if self.is_paused:
            return DaysLeft(self.days, self.used_until(today), Running.PAUSED, None)
        return DaysLeft(self.days, self.used_until(today), Running.RUNNING, self.due)

    def left(self, today: date) -> int | None:
        """Working days until the check is due, negative when late; None when the clock is not running."""
        now = self.days_left(today)
        return now.left if now.state == Running.RUNNING else None

    def is_late(self, today: date) -> bool:
        """Late now, or ended after it was due."""
        now = self.days_left(today)
        return now.state != Running.PAUSED and now.left < 0

    def is_soon(self, today: date) -> bool:
        left = self.left(today)
        return left is not None and 0 <= left <= SOON_DAYS


@dataclass(frozen=True)
class Stretch:
    """Working days in a row, for the bar: used, paused or left."""

    kind: str
    days: int


def stretches(clock: Clock, today: date) -> list[Stretch]:
    """The way of the clock until today in the order it happened, then what is left of it."""
    calendar, end = clock.calendar, min(today, clock.stopped or today)
    found: list[Stretch] = []
    at = clock.start
    for asked, answered in clock.pauses:
        if asked >= end:
            break
        found.append(Stretch("used", calendar.between(at, asked) if asked > at else 0))
        until = min(answered or end, end)
        found.append(Stretch("paused", calendar.between(asked, until)))
        at = max(at, until)
    if at < end:
        found.append(Stretch("used", calendar.between(at, end)))
    now = clock.days_left(today)
    if now.state != Running.ENDED and now.left > 0:
        found.append(Stretch("left", now.left))
    if now.left < 0:
        found.append(Stretch("late", -now.left))
        overdue = -now.left  # those days were counted as used above
        for place in range(len(found) - 2, -1, -1):
            if found[place].kind == "used" and overdue:
                taken = min(overdue, found[place].days)
                found[place] = Stretch("used", found[place].days - taken)
                overdue -= taken
    return [one for one in found if one.days > 0]


def clock_from_events(
    *,
    submitted_at: datetime,
    days: int,
    supplements: Iterable[tuple[datetime, datetime | None]] = (),
    ended: Sequence[datetime] = (),
    reopened: Sequence[datetime] = (),
    calendar: Calendar = PLAIN,
) -> Clock:
    """All moments in local time. A check that ended and was taken up again stood still in between."""
    start = calendar.received_on(submitted_at)
    pauses = [
        (max(start, asked.date()), max(start, calendar.received_on(answered)) if answered else None)
        for asked, answered in supplements
    ]
    stopped: date | None = None
    again = sorted(reopened)
    for end in sorted(ended):
        taken_up = next((moment for moment in again if moment >= end), None)
        if taken_up is None:
            stopped = end.date()
        else:
            pauses.append((max(start, end.date()), max(start, taken_up.date())))
    return Clock(
        start=start,
        days=days,
        pauses=tuple(sorted(pauses, key=lambda pause: pause[0])),
        stopped=stopped,
        calendar=calendar,
    )
