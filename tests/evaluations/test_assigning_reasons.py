"""When there is no assignment: the smallest reason, and what would help."""

from itertools import combinations

import pytest
from hypothesis import given, settings

from evaluations.assigning.explaining import explain, hard_families
from evaluations.assigning.problem import Family, Member, Problem, Rule, Settings, Work
from evaluations.assigning.solving import Infeasible, solve
from tests.evaluations.test_assigning import all_assignments, broken, dossiers, people, problems


def why(problem: Problem):
    with pytest.raises(Infeasible):
        solve(problem)
    return explain(problem)


@settings(max_examples=80, deadline=None)
@given(problem=problems(members=3, works=3, criteria=1, split=False))
def test_the_named_set_of_limits_is_the_smallest_that_must_give_way(problem):
    """By trying every assignment, also incomplete ones."""
    try:
        solve(problem)
    except Infeasible:
        pass
    else:
        return
    hard = set(hard_families(problem))
    found = [broken(problem, a) & hard for a in all_assignments(problem, exactly=False)]
    # where dossiers may stay without scorers, they are not asked to be linked
    found = [f - {Family.BRIDGE} if Family.COVER in f else f for f in found]
    smallest = min(len(f) for f in found)

    told = explain(problem)

    assert len(told.families) == smallest
    assert any(f <= set(told.families) for f in found)
    assert {r.family for r in told.reasons} >= set(told.families)


def test_too_few_free_members_are_counted_for_the_dossier():
    panel = people(*"abcdefghi")
    problem = Problem.of(
        members=panel,
        work=dossiers(20),
        barred={(m.key, "d17") for m in panel[:6]},
        silent={("g", "d17")},
        settings=Settings(per_criterion=3),
    )

    told = why(problem)

    assert told.families == (Family.COVER,)
    (reason,) = told.reasons
    assert (reason.kind, reason.work) == ("few_free", "d17")
    assert (reason.have, reason.of, reason.need, reason.silent) == (2, 9, 3, 1)
    assert told.ways.largest == 2
    assert (told.ways.newcomers, told.ways.at) == (1, ("d17",))


def test_a_limit_that_is_too_low_is_shown_by_counting_and_the_smallest_that_does_is_named():
    problem = Problem.of(
        members=people("an", "bình", "chi"), work=dossiers(4), settings=Settings(per_criterion=2, most=2)
    )

    told = why(problem)

    assert told.families == (Family.MOST,)
    assert [(r.kind, r.have, r.need) for r in told.reasons if r.kind == "capacity"] == [("capacity", 6, 8)]
    assert told.ways.most == 3
    assert told.ways.largest == 1
    assert told.ways.newcomers == 1


def test_one_organisation_alone_is_named_with_its_dossier():
    problem = Problem.of(
        members=[*people("an", "bình", organisation="ministry"), *people("chi")],
        work=dossiers(2),
        barred={("chi", "d1")},
        settings=Settings(per_criterion=2, organisations=Rule.MUST),
    )

    told = why(problem)

    assert [(r.kind, r.work, r.name) for r in told.reasons] == [("organisation", "d1", "ministry")]


def test_an_expert_without_room_is_named_with_the_sector():
    expert = Member("expert", sectors=frozenset({"electrical"}), most=1)
    problem = Problem.of(
        members=[expert, *people("an", "bình")],
        work=dossiers(2, sector="electrical"),
        settings=Settings(per_criterion=2, experts=Rule.MUST, bridges=Rule.OFF),
    )

    told = why(problem)

    assert told.families == (Family.EXPERT,)
    assert {r.name for r in told.reasons} == {"electrical"}
    assert len(told.reasons) == 1


def test_dossiers_that_nobody_can_link_are_told_as_groups():
    problem = Problem.of(
        members=people("an", "bình"),
        work=dossiers(2),
        barred={("an", "d0"), ("bình", "d1")},
        settings=Settings(per_criterion=1, bridges=Rule.MUST),
    )

    told = why(problem)

    assert [(r.kind, r.need) for r in told.reasons] == [("bridge", 2)]


def test_a_least_load_that_cannot_be_reached_names_the_member():
    problem = Problem.of(
        members=people("an", "bình", "chi"),
        work=dossiers(3),
        barred={("chi", "d0"), ("chi", "d1")},
        settings=Settings(per_criterion=1, least=2, bridges=Rule.OFF),
    )

    told = why(problem)

    assert [r.kind for r in told.reasons if r.family is Family.LEAST]
    assert all(r.need == 2 for r in told.reasons if r.kind == "least")


def test_two_limits_together_are_found_when_neither_alone_is_enough():
    """d0 has one free member only, and that member's room is smaller than what the others leave."""
    problem = Problem.of(
        members=[Member("an", most=1), Member("bình", most=0)],
        work=[*dossiers(1), Work("d1", ("c",)), Work("d2", ("c",))],
        barred={("an", "d0"), ("bình", "d0")},
        settings=Settings(per_criterion=1, bridges=Rule.OFF, least=2),
    )

    told = why(problem)

    assert len(told.families) == 3 - 1
    assert Family.COVER in told.families
    for size in range(1, 2):
        for less in combinations(told.families, size):
            assert not any(
                broken(problem, a) & set(hard_families(problem)) <= set(less)
                for a in all_assignments(problem, exactly=False)
            )


def test_the_alternate_who_makes_it_possible_is_proposed_and_no_more_than_needed():
    panel = people("an", "bình", "chi")
    problem = Problem.of(
        members=panel,
        work=dossiers(3),
        barred={("an", "d1"), ("bình", "d1"), ("dự bị 1", "d1")},
        alternates=people("dự bị 1", "dự bị 2", "dự bị 3"),
        settings=Settings(per_criterion=2),
    )

    told = why(problem)

    assert told.ways.alternates in {("dự bị 2",), ("dự bị 3",)}


def test_no_alternate_is_proposed_when_none_would_help():
    problem = Problem.of(
        members=people("an"),
        work=dossiers(1),
        barred={("an", "d0"), ("dự bị", "d0")},
        alternates=people("dự bị"),
    )

    told = why(problem)

    assert told.ways.alternates is None
    assert told.ways.newcomers == 1


def test_an_alternate_is_not_assigned_while_the_members_are_enough():
    problem = Problem.of(members=people("an", "bình"), work=dossiers(2), alternates=people("dự bị"))

    assert {m for m, _w, _c in solve(problem).chosen} == {"an", "bình"}


def test_the_largest_number_named_is_possible_and_the_next_one_is_not():
    panel = people(*"abcde")
    problem = Problem.of(
        members=panel,
        work=dossiers(4),
        barred={("a", "d2"), ("b", "d2")},
        settings=Settings(per_criterion=5, most=4),
    )

    told = why(problem)

    assert told.ways.largest == 3
    solve(problem.with_settings(per_criterion=3))
    with pytest.raises(Infeasible):
        solve(problem.with_settings(per_criterion=4))


def test_where_neither_fewer_members_nor_a_higher_limit_helps_alone_both_are_named_together():
    """Everybody is at the limit through dossiers that are with the council already, and d0 has one free member."""
    panel = [Member(key, held=3) for key in ("an", "bình", "chi")]
    problem = Problem.of(
        members=panel,
        work=dossiers(2),
        barred={("an", "d0"), ("bình", "d0")},
        settings=Settings(per_criterion=3, most=3, bridges=Rule.OFF),
    )

    told = why(problem)

    assert (told.ways.largest, told.ways.most, told.ways.both) == (None, None, (1, 4))
    solve(problem.with_settings(per_criterion=1, most=4))
