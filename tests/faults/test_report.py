"""What the campaign writes: nothing is called good that was not; a planted weakness counts only by what it breaks."""

from argparse import Namespace
from datetime import UTC, datetime

import pytest

from faults import report
from faults.__main__ import bad, plans
from faults.campaign import Plan, _verdict
from faults.invariants import counted
from faults.weak import WEAKNESSES


def run(**facts):
    words = dict.fromkeys(("faults", "decisions", "ordered", "issued", "lost", "double", "gaps", "late"), 0)
    more = ("in_hand", "zombies", "fenced", "jobs", "taken_again", "most_attempts", "asked_again", "workers_started")
    return {
        **words,
        **dict.fromkeys((*more, "stops", "late_seconds"), 0),
        "plan": vars(Plan(7, 100, 2)),
        "by_kind": {"kill a pool process": 100},
        "at_point": {},
        "acts": {"sent": 1, "acknowledged": 1, "refused": 0, "no answer": 0},
        "rests": [1.0, 3.0],
        "seconds": 60.0,
        "broken": {},
        "caught": False,
        **facts,
    }


def page(runs, controls=()):
    said = {"at": datetime(2026, 11, 22, tzinfo=UTC), "commit": "abc", "cores": 2, "system": "Linux", "python": "3"}
    return report.text(said | {"load": 0.1, "runs": runs, "controls": list(controls)})


def test_a_good_run_bounds_the_rate_and_says_no_more():
    text = page([run(faults=1_000, issued=500)])

    assert "bounds the rate at 0.3 % a fault" in text
    assert "Broken" not in text


def test_a_broken_invariant_is_named_with_its_seed_and_nothing_is_bounded():
    broken = run(faults=1_000, gaps=1, broken={"gaps: the numbers of a book are not 1 to n": ["('b', 2, 1, 2)"]})

    text = page([broken])

    assert "**Broken** in seed 7: gaps" in text
    assert "bounds the rate" not in text
    assert bad({"runs": [broken], "controls": []})


def test_a_weakness_is_caught_only_by_what_it_breaks():
    found = {"somebody could not go on": ["2026: KeyError"], "it did not come to rest by itself": ["within 100 s"]}

    assert not _verdict(Plan(7, 100, 2, weakness="no-fence"), found)["caught"]
    assert _verdict(Plan(7, 100, 2, weakness="bell-alone"), found)["caught"]
    assert bad({"runs": [], "controls": [run(caught=False, broken=found)]})


def test_a_weakness_that_was_not_caught_stands_in_the_page():
    plan = vars(Plan(7, 100, 2, weakness="no-fence"))

    assert f"| {WEAKNESSES['no-fence'].words} | **no** |" in page([], [run(plan=plan)])


def test_rows_are_counted_under_the_word_of_their_invariant():
    found = {"lost: a": ["1", "2"], "lost: b": ["3"], "the chain of the log is broken": ["x"]}

    assert [counted(found, word) for word in ("lost", "double")] == [3, 0]


@pytest.mark.parametrize(("values", "share", "expected"), [([5.0], 0.99, 5.0), ([4, 1, 3, 2], 0.5, 2)])
def test_a_quantile_is_a_value_that_was_measured(values, share, expected):
    assert report.quantile(values, share) == expected


def test_the_faults_are_shared_by_the_seeds_and_none_is_lost():
    options = Namespace(
        what=["1001", "controls"], runs=0, rounds=0, real=False, light=False, seed=5, pace=1.0, only=""
    )

    found = plans(options, Plan)

    assert sum(plan.faults for plan in found if not plan.weakness) == 1_001
    assert [plan.real for plan in found if not plan.weakness] == [False, False, False, True]
    assert {plan.weakness for plan in found} == {"", *WEAKNESSES}
    assert "--seed 6" in found[1].command
