"""Working days and the lunar days among them."""

from datetime import date, datetime

import pytest

from core.lunar import hung_kings_day, lunar_day, tet
from core.workdays import PLAIN, Calendar, add_working_days, is_working_day

SATURDAY, MONDAY = date(2026, 8, 22), date(2026, 8, 31)
EXCHANGED = Calendar(off=frozenset({MONDAY}), worked=frozenset({SATURDAY}))


def test_the_week_and_the_fixed_holidays_without_any_table():
    assert is_working_day(date(2026, 8, 3))
    assert not is_working_day(date(2026, 8, 8))
    for day, month in ((1, 1), (30, 4), (1, 5), (2, 9)):
        assert not is_working_day(date(2026, month, day))


def test_a_table_overrules_the_week_and_the_fixed_holidays():
    assert is_working_day(SATURDAY, EXCHANGED)
    assert not is_working_day(MONDAY, EXCHANGED)
    assert is_working_day(date(2026, 9, 2), Calendar(worked=frozenset({date(2026, 9, 2)})))


def test_adding_and_counting_agree():
    for days in range(1, 30):
        end = add_working_days(date(2026, 8, 14), days, EXCHANGED)
        assert EXCHANGED.between(date(2026, 8, 14), end) == days
        assert EXCHANGED.between(end, date(2026, 8, 14)) == -days


@pytest.mark.parametrize(
    ("moment", "counts_as"),
    [
        (datetime(2026, 8, 21, 16, 59, 59), date(2026, 8, 21)),
        (datetime(2026, 8, 21, 17, 0, 0), date(2026, 8, 21)),
        (datetime(2026, 8, 21, 17, 0, 0, 1), SATURDAY),  # worked
        (datetime(2026, 8, 22, 12, 0), SATURDAY),
        (datetime(2026, 8, 22, 18, 0), date(2026, 8, 24)),
        (datetime(2026, 8, 28, 23, 59), date(2026, 9, 1)),
        (datetime(2026, 8, 29, 0, 0), date(2026, 9, 1)),
    ],
)
def test_the_day_on_which_something_counts_as_received(moment, counts_as):
    assert EXCHANGED.received_on(moment) == counts_as


def test_nothing_is_off_in_a_plain_calendar_but_the_rule():
    assert PLAIN.next_working(date(2026, 8, 29)) == date(2026, 8, 31)


# Years in which Vietnam and China began the year on different days are the ones a wrong time zone would fail.
@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1968, 1, 29), (1985, 1, 21), (2007, 2, 17), (2017, 1, 28), (2018, 2, 16), (2019, 2, 5), (2020, 1, 25),
        (2021, 2, 12), (2022, 2, 1), (2023, 1, 22), (2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6),
        (2028, 1, 26), (2029, 2, 13), (2030, 2, 2), (2053, 2, 18),
    ],
)  # fmt: skip
def test_tet_falls_on(year, month, day):
    assert tet(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2016, 4, 16), (2018, 4, 25), (2019, 4, 14), (2020, 4, 2), (2021, 4, 21), (2022, 4, 10), (2023, 4, 29),
     (2024, 4, 18), (2025, 4, 7), (2026, 4, 26)],
)  # fmt: skip
def test_the_day_of_the_hung_kings_falls_on(year, month, day):
    """2020 and 2023 had a leap month, the one after the third month, the other before it."""
    assert hung_kings_day(year) == date(year, month, day)


def test_the_days_of_a_lunar_month_follow_each_other():
    assert lunar_day(2026, 1, 1) == tet(2026)
    assert (lunar_day(2026, 2, 1) - lunar_day(2026, 1, 1)).days in (29, 30)
