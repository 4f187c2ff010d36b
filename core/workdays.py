"""Working days: Monday to Friday without the fixed public holidays of the Labour Code 2019, article 112. Pure.

Lunar holidays (Tết, Hùng Kings) and yearly swaps are decided each year by the government; they are passed in as
`holidays` by whoever knows them.
"""

from collections.abc import Collection
from datetime import date, timedelta

FIXED_HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 1), (9, 2)})


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS and day not in holidays


def add_working_days(start: date, days: int, holidays: Collection[date] = ()) -> date:
    """The day on which the `days`-th working day after `start` ends."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if is_working_day(day, holidays):
            days -= 1
    return day
