"""Working days: Monday to Friday without the public holidays. Pure.

The holidays with a fixed date stand here (Labour Code 2019, article 112). Tết, the Hùng Kings' day, the second day of
the National Day, days off in lieu and worked Saturdays are decided year by year: whoever knows them gives a Calendar.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

FIXED_HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})
# What comes in later counts as received on the next working day (one-stop practice).
CUT_OFF = time(17, 0)
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days that break the rule of the week: `off` are free, `worked` are worked although the rule frees them."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        if day in self.off or day in self.worked:
            return day in self.worked
        return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS

    def next_working(self, day: date) -> date:
        """`day` itself when it is worked, else the first worked day after it."""
        while not self.is_working(day):
            day += ONE
        return day

    def add(self, start: date, days: int) -> date:
        """The day on which the `days`-th working day after `start` ends."""
        day = start
        while days > 0:
            day += ONE
            days -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        return sum(map(self.is_working, days_of(start + ONE, end)))

    def received_on(self, moment: datetime) -> date:
        """The working day that something counts as received on. `moment` is local time."""
        day = moment.date()
        if moment.time() > CUT_OFF:
            day += ONE
        return self.next_working(day)


PLAIN = Calendar()


def days_of(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    while first <= last:
        yield first
        first += ONE


def is_working_day(day: date, calendar: Calendar = PLAIN) -> bool:
    return calendar.is_working(day)


def add_working_days(start: date, days: int, calendar: Calendar = PLAIN) -> date:
    """The day on which the `days`-th working day after `start` ends."""
    return calendar.add(start, days)
