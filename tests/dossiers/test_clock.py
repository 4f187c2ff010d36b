"""The Department's time: working days of the year, the hour of receipt, pauses and ends. Table-driven."""

from datetime import date, datetime

import pytest

from core.workdays import PLAIN, Calendar
from dossiers.clock import Clock, Running, Stretch, clock_from_events, stretches


def day(text: str) -> date:
    """ "16/2" or "10/1/2027"; 2026 when no year is given."""
    parts = [int(part) for part in text.split("/")]
    return date(parts[2] if len(parts) == 3 else 2026, parts[1], parts[0])


def moment(text: str) -> datetime:
    """ "13/2 17:00" """
    when, _, clock = text.partition(" ")
    hour, minute = (clock or "9:00").split(":")
    return datetime.combine(day(when), datetime.min.time()).replace(hour=int(hour), minute=int(minute))


# Tết and the exchanged days of 2026 as they were announced.
OF_2026 = Calendar(
    off=frozenset(map(day, ["2/1", "16/2", "17/2", "18/2", "19/2", "20/2", "26/4", "27/4", "31/8", "1/9"])),
    worked=frozenset(map(day, ["10/1", "22/8"])),
)


def clock(submitted: str, days: int, *pauses: tuple[str, str | None], calendar: Calendar = OF_2026, **more) -> Clock:
    return clock_from_events(
        submitted_at=moment(submitted),
        days=days,
        supplements=[(moment(asked), moment(answered) if answered else None) for asked, answered in pauses],
        calendar=calendar,
        **{name: [moment(one) for one in moments] for name, moments in more.items()},
    )


@pytest.mark.parametrize(
    ("submitted", "days", "due"),
    [
        ("9/2 9:00", 5, "23/2"),  # Tết: four days in the week before, the fifth on the Monday after
        ("13/2 16:59", 1, "23/2"),
        ("13/2 17:00", 1, "23/2"),  # at 17:00 it is still in time
        ("13/2 17:01", 1, "24/2"),  # a minute later it counts from the first day after Tết
        ("14/2 9:00", 1, "24/2"),  # Saturday
        ("17/2 10:00", 1, "24/2"),  # the first day of the year
        ("7/1 9:00", 3, "10/1"),  # the Saturday of 10 January is worked
        ("9/1 17:30", 1, "12/1"),  # and counts as the day of receipt
        ("20/8 9:00", 2, "22/8"),
        ("28/8 9:00", 1, "3/9"),  # 31 August to 2 September are off
        ("24/4 9:00", 2, "29/4"),  # Hùng Kings on Sunday, the Monday in lieu
        ("29/4 9:00", 1, "4/5"),  # 30 April and 1 May stand in the rule itself
        ("31/12/2026 9:00", 1, "4/1/2027"),
    ],
)
def test_the_check_is_due(submitted, days, due):
    assert clock(submitted, days).due == day(due)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([("4/8", "6/8")], "12/8"),
        ([("4/8", "6/8 17:01")], "13/8"),  # the answer counts as received on the next day
        ([("4/8", "8/8")], "14/8"),  # answered on Saturday: Monday
        ([("4/8 8:00", "4/8 9:00")], "10/8"),  # within one day nothing stands still
        ([("4/8", "6/8"), ("7/8", "11/8")], "14/8"),
        ([("4/8", "6/8"), ("6/8", "7/8"), ("10/8", "11/8")], "14/8"),
    ],
)
def test_pauses_move_the_day(pauses, due):
    """Received on Monday 3 August 2026, five working days."""
    assert clock("3/8", 5, *pauses, calendar=PLAIN).due == day(due)


def test_a_pause_over_tet_gives_back_only_working_days():
    """Asked on 12 February, answered on 24 February: 13, 23 and 24 February are the working days that stood still."""
    one = clock("9/2", 5, ("12/2", "24/2"))

    assert one.paused_days == 3
    assert one.due == day("26/2")
    assert one.used_until(day("24/2")) == 3


@pytest.mark.parametrize(
    ("today", "used", "left", "state"),
    [
        ("3/8", 0, 5, Running.RUNNING),
        ("4/8", 1, 4, Running.RUNNING),
        ("5/8", 1, 4, Running.RUNNING),
        ("6/8", 1, 4, Running.RUNNING),
        ("7/8", 2, 3, Running.RUNNING),
        ("9/8", 2, 3, Running.RUNNING),  # the weekend costs nothing
        ("12/8", 5, 0, Running.RUNNING),
        ("13/8", 6, -1, Running.RUNNING),
    ],
)
def test_days_used_and_left_from_day_to_day(today, used, left, state):
    """Asked on the 4th, answered on the 6th."""
    now = clock("3/8", 5, ("4/8", "6/8"), calendar=PLAIN).days_left(day(today))

    assert (now.used, now.left, now.state) == (used, left, state)


def test_while_the_answer_is_awaited_nothing_is_used_and_no_day_is_promised():
    waiting = clock("3/8", 5, ("5/8", None), calendar=PLAIN)

    assert [waiting.days_left(day(d)).left for d in ("5/8", "6/8", "30/9")] == [3, 3, 3]
    assert waiting.days_left(day("30/9")).state == Running.PAUSED
    assert waiting.days_left(day("30/9")).due is None
    assert not waiting.is_late(day("30/9"))


def test_what_came_in_on_saturday_costs_nothing_before_monday_is_over():
    one = clock("1/8", 5, calendar=PLAIN)

    assert [one.days_left(day(d)).left for d in ("1/8", "2/8", "3/8", "4/8")] == [5, 5, 5, 4]


def test_an_end_stops_the_clock_and_taking_up_again_starts_it():
    ended = clock("3/8", 5, ended=["5/8"], calendar=PLAIN)
    again = clock("3/8", 5, ended=["5/8"], reopened=["12/8"], calendar=PLAIN)
    twice = clock("3/8", 5, ended=["5/8", "13/8"], reopened=["12/8"], calendar=PLAIN)

    assert (ended.used, ended.days_left(day("30/8")).state) == (2, Running.ENDED)
    assert again.used is None
    assert again.due == day("17/8")
    assert twice.used == 3


def test_the_bar_tells_the_days_in_their_order():
    one = clock("3/8", 5, ("4/8", "6/8"), calendar=PLAIN)

    assert stretches(one, day("10/8")) == [
        Stretch("used", 1),
        Stretch("paused", 2),
        Stretch("used", 2),
        Stretch("left", 2),
    ]
    assert stretches(one, day("14/8")) == [
        Stretch("used", 1),
        Stretch("paused", 2),
        Stretch("used", 4),
        Stretch("late", 2),
    ]
    assert stretches(clock("3/8", 5, ("4/8", None), calendar=PLAIN), day("7/8")) == [
        Stretch("used", 1),
        Stretch("paused", 3),
        Stretch("left", 4),
    ]


@pytest.mark.parametrize("pauses", [[], [("4/8", "6/8")], [("4/8", "6/8"), ("7/8", "12/8")], [("4/8", None)]])
def test_the_bar_has_as_many_days_as_the_number_beside_it(pauses):
    one = clock("3/8", 5, *pauses, calendar=PLAIN)
    for number in range(3, 29):
        now = one.days_left(day(f"{number}/8"))
        bar = dict.fromkeys(("used", "paused", "left", "late"), 0)
        for part in stretches(one, day(f"{number}/8")):
            bar[part.kind] += part.days
        assert bar["used"] + bar["late"] == now.used, number
        assert bar["left"] == max(0, now.left), number
        assert bar["late"] == max(0, -now.left), number


def test_due_day_and_days_left_never_contradict_each_other():
    for start in range(1, 29):
        one = clock(f"{start}/8", 7, ("25/8", "27/8 18:00"))
        for number in range(60):
            today = date.fromordinal(day("28/8").toordinal() + number)
            assert one.days_left(today).left == OF_2026.between(today, one.due), (start, today)
