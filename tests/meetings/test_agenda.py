"""The order of a session has the fewest exits and entries; every claim is held against all orders there are."""

import random
import time
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import agenda
from meetings.agenda import NOBODY, Case, plan, walks

barred_sets = st.lists(st.frozensets(st.integers(0, 4), max_size=3), min_size=1, max_size=6)


def cases(sets) -> list[Case]:
    return [Case(f"{number:03d}", frozenset(barred)) for number, barred in enumerate(sets)]


def fewest(sets) -> int:
    """By trying every order."""
    return min(walks(order) for order in permutations(sets))


def count(found: agenda.Plan, given_cases: list[Case]) -> int:
    barred = {case.key: case.barred for case in given_cases}
    return walks(barred[key] for key in found.order)


@settings(max_examples=80, deadline=None)
@given(barred_sets)
def test_no_order_has_fewer_walks(sets):
    found = plan(cases(sets))

    assert found.walks == fewest(sets) == count(found, cases(sets))
    assert found.is_best


@settings(max_examples=60, deadline=None)
@given(barred_sets, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_members_changes_nothing(sets, chance):
    rows = cases(sets)
    shuffled = rows[:]
    chance.shuffle(shuffled)

    assert plan(shuffled) == plan(rows)


@settings(max_examples=60, deadline=None)
@given(barred_sets)
def test_every_dossier_comes_once(sets):
    assert sorted(plan(cases(sets)).order) == [case.key for case in cases(sets)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.frozensets(st.integers(0, 5), min_size=1, max_size=3), min_size=1, max_size=6, unique=True))
def test_the_search_is_never_better_than_the_best_and_its_bound_never_above_it(sets):
    order, bound = agenda._searched(sorted(sets, key=sorted))

    assert bound <= fewest(sets) <= walks(order)


def test_dossiers_that_bar_the_same_members_stand_together():
    found = plan(cases([{1}, set(), {2}, {1}, {1, 2}, set()]))

    assert found.order == ("001", "005", "000", "003", "004", "002")
    assert found.walks == 4


def test_a_member_barred_from_one_dossier_walks_twice():
    assert plan([Case("a"), Case("b", frozenset({"m"}))]) == agenda.Plan(("a", "b"), 2, 2)


def test_without_conflicts_the_wished_order_stays():
    assert plan(cases([NOBODY] * 5)).order == ("000", "001", "002", "003", "004")
    assert plan([]).order == ()


def test_groups_without_a_shared_member_are_planned_apart_and_stay_exact():
    """Forty groups, four members each their own: ten parts of four, each solved exactly."""
    sets = [
        {part * 10 + one, part * 10 + other} for part in range(10) for one, other in ((0, 1), (1, 2), (2, 3), (3, 0))
    ]

    found = plan(cases(sets))

    assert found.is_best
    assert found.walks == 10 * fewest([frozenset(s) for s in sets[:4]])


def test_twelve_groups_of_one_piece_are_solved_exactly_in_time():
    sets = [{number, (number + 1) % 12} for number in range(12)]
    begun = time.process_time()

    found = plan(cases(sets))

    assert time.process_time() - begun < 5
    assert found.is_best
    assert found.walks == 26  # a ring must be cut once: one member walks twice out and twice in


def test_beyond_the_exact_size_the_bound_is_said_and_held():
    chance = random.Random(7)
    sets = [frozenset(chance.sample(range(9), chance.choice((1, 1, 2, 3)))) for _ in range(60)]
    rows = cases(sets)

    found = plan(rows)

    assert len({case.barred for case in rows}) > agenda.EXACT_GROUPS
    assert found.lower_bound <= found.walks == count(found, rows)
    assert found.walks < walks(sets) / 2
    assert plan(rows) == found
