"""Scenarios counted by hand and against plain loops."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.absent import NotComputable, Reason
from analysis.cut import Cut, Minimum, sides
from analysis.stability import CRITERION, MEMBER, ROUNDING, WEIGHTS, half_up, stability
from tests.analysis.made import season, table_of

NO = np.nan


def whole(values):
    return table_of(np.array(values, dtype=float)[:, :, None], np.array([100.0]))


def test_one_member_tips_one_dossier():
    # d1 passes only with m2; without m0 or m1 it still passes
    table = whole([[80, 68, 50], [81, 69, 51], [82, 76, 52]])

    found = stability(table, Cut(places=1, threshold=70)).kind(MEMBER)

    assert (found.scenarios, found.judged) == (3, (3, 3, 3))
    assert found.passing == (0, 1, 0)
    assert found.top == (0, 0, 0)


def test_a_scenario_that_cannot_judge_a_dossier_is_not_counted_for_it():
    table = whole([[80, 69], [NO, 72]])

    found = stability(table, Cut(places=1, threshold=70)).kind(MEMBER)

    assert found.scenarios == 2
    assert found.judged == (1, 2)
    assert found.passing == (0, 1)


def test_without_a_criterion_the_rest_is_stretched_to_the_full_points():
    # d0: 30/50 and 45/50 = 75; without c1 60, without c0 90
    points = np.array([[[30.0, 45], [40, 40]]])

    found = stability(table_of(points, np.array([50.0, 50])), Cut(places=1, threshold=70)).kind(CRITERION)

    assert (found.scenarios, found.judged) == (2, (2, 2))
    assert found.passing == (1, 0)


def test_the_minimum_of_a_criterion_that_is_not_asked_is_not_asked_either():
    points = np.array([[[10.0, 45], [40, 40]]])
    cut = Cut(places=5, minima=(Minimum((0,), 0.4),))

    found = stability(table_of(points, np.array([50.0, 50])), cut).kind(CRITERION)

    assert found.passing == (1, 0)  # d0 fails by c0 alone, and passes where c0 is left out


def test_weights_within_no_tolerance_change_nothing():
    values, _, _ = season(4, 20)
    table = table_of(np.stack([values / 2, values / 2], axis=2))

    found = stability(table, Cut(5, 70.0), tolerance=0.0).kind(WEIGHTS)

    assert set(found.passing) == set(found.top) == {0}
    assert found.scenarios == 1000


def test_weights_move_the_dossier_at_the_line_and_leave_the_others():
    # the first has all its points in one criterion; a small turn of the weights lifts or drops it
    points = np.array([[[70.0, 0], [30, 41], [30, 60], [10, 10]]])

    found = stability(table_of(points, np.array([70.0, 70])), Cut(places=1, threshold=70)).kind(WEIGHTS)

    assert found.passing[0] == pytest.approx(500, abs=60)
    assert 0 < found.passing[1] < 500
    assert found.passing[2:] == (0, 0)


def test_weights_are_the_same_in_every_run():
    values, _, _ = season(4, 20)
    table = table_of(np.stack([values / 3, values / 2], axis=2))

    assert stability(table, Cut(5, 60.0)) == stability(table, Cut(5, 60.0))


def test_a_total_just_below_the_line_passes_when_it_is_rounded_first():
    table = whole([[69.7, 80], [69.8, 80]])

    found = stability(table, Cut(places=1, threshold=70)).kind(ROUNDING)

    assert found.scenarios == 7
    assert found.passing == (3, 0)  # marks whole; mean whole; total whole


@given(st.integers(0, 20_000), st.integers(0, 2))
def test_rounding_is_half_up_like_the_rubrics(hundredths, decimals):
    exact = Fraction(hundredths, 100)
    step = Fraction(1, 10**decimals)
    wanted = (exact / step + Fraction(1, 2)).__floor__() * step

    assert half_up(np.array([hundredths / 100]), decimals)[0] == pytest.approx(float(wanted))


def slow_sides(totals, threshold, places, barred):
    """The rules again, one dossier at a time."""
    passes = [t >= threshold - 1e-6 and i not in barred for i, t in enumerate(totals)]
    top = [p and sum(q and u > t + 1e-6 for u, q in zip(totals, passes, strict=True)) < places
           for t, p in zip(totals, passes, strict=True)]  # fmt: skip
    return passes, top


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=9),
    st.integers(0, 20),
    st.integers(1, 5),
    st.sets(st.integers(0, 8), max_size=3),
)
def test_the_sides_are_those_of_the_plain_rules(totals, threshold, places, barred):
    table = whole([totals])
    cut = Cut(places, float(threshold), barred=frozenset(f"d{i}" for i in barred))

    found = sides(table, cut, table.totals()[None])

    passes, top = slow_sides([float(t) for t in totals], threshold, places, barred)
    assert found.passes[0].tolist() == passes
    assert found.top[0].tolist() == top


def test_ties_are_broken_by_the_given_order_and_shared_without_one():
    table = whole([[80, 80, 70]])

    shared = sides(table, Cut(places=1), table.totals()[None])
    parted = sides(table, Cut(places=1, tie_order=(2, 1, 3)), table.totals()[None])

    assert shared.top[0].tolist() == [True, True, False]
    assert parted.top[0].tolist() == [False, True, False]


def test_leaving_a_member_out_equals_the_plain_loop():
    values, _, _ = season(5, 15, missing=0.2)
    table = table_of(np.stack([values * 0.6, values * 0.4], axis=2), np.array([60.0, 40]))
    cut = Cut(5, 72.0)

    found = stability(table, cut).kind(MEMBER)

    base = slow_sides(np.nanmean(values, axis=0), 72, 5, set())
    passing, top = np.zeros(15, int), np.zeros(15, int)
    for m in range(5):
        left = slow_sides(np.nanmean(np.delete(values, m, axis=0), axis=0), 72, 5, set())
        passing += np.array(left[0]) != base[0]
        top += np.array(left[1]) != base[1]
    assert found.passing == tuple(passing)
    assert found.top == tuple(top)


def test_what_cannot_be_tried_is_named():
    assert stability(whole(np.full((2, 2), NO)), Cut(1)) == NotComputable(Reason.NO_POINTS)
    assert stability(whole([[70]]), Cut(1)) == NotComputable(Reason.ONE_DOSSIER)
    found = stability(whole([[70, 80]]), Cut(1))
    assert found.kind(MEMBER) == NotComputable(Reason.ONE_MEMBER)
    assert found.kind(CRITERION) == NotComputable(Reason.ONE_CRITERION)
    assert found.kind(WEIGHTS) == NotComputable(Reason.ONE_CRITERION)


def test_the_worst_share_is_over_all_kinds():
    table = whole([[80, 68, 50], [81, 69, 51], [82, 76, 52]])

    found = stability(table, Cut(places=1, threshold=70))

    assert [found.worst(i) for i in range(3)] == [0, pytest.approx(1 / 3), 0]
