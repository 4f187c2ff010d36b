"""Worked examples, then properties that hold for every season."""

import itertools
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations import scoring
from evaluations.scoring import Entry, Sheet
from programme import rubric_file
from tests.evaluations.seasons import draw_rubric, draw_season
from tests.story import SMALL_RUBRIC

RULES = rubric_file.judge(SMALL_RUBRIC)
RUBRIC = "digest of the rubric"
CODES = ("1", "2", "3")
MOST = {"1": 50, "2": 30, "3": 20}


def entry(name: str, *rows: tuple[int | str, ...], track: str = "standard") -> Entry:
    """One row of points per member, in the order of the criteria."""
    sheets = tuple(
        Sheet(f"m{i}", {c: Decimal(p) for c, p in zip(CODES, row, strict=True)}) for i, row in enumerate(rows)
    )
    assigned = frozenset((s.member, c) for s in sheets for c in CODES)
    return Entry(name, track, assigned, sheets)


def totals(*entries: Entry, places: int = 10) -> dict[str, tuple[int, Fraction, bool, bool]]:
    found = scoring.outcome(RULES, RUBRIC, entries, places)
    return {p.score.dossier: (p.rank, p.score.total, p.score.passes, p.is_top) for p in found.places}


@pytest.mark.parametrize(
    ("description", "rows", "total", "passes"),
    [
        ("one member: the sheet itself", [(40, 20, 15)], Fraction(75), True),
        ("the mean over members, never the sum", [(40, 20, 15), (50, 30, 20)], Fraction(175, 2), True),
        ("thirds stay exact", [(40, 20, 10), (41, 20, 10), (41, 20, 10)], Fraction(40 * 3 + 2, 3) + 30, True),
        ("below the total", [(30, 20, 19)], Fraction(69), False),
        ("exactly the total", [(40, 20, 10)], Fraction(70), True),
        ("total reached, one criterion under 40 per cent", [(50, 30, 7)], Fraction(87), False),
        ("exactly 40 per cent of a criterion", [(50, 30, 8)], Fraction(88), True),
    ],
)
def test_a_worked_example(description, rows, total, passes):
    assert totals(entry("d", *rows))["d"][1:3] == (total, passes)


def test_a_criterion_is_averaged_over_the_members_assigned_to_it_only():
    sheets = (
        Sheet("a", {"1": Decimal(40), "2": Decimal(20)}),
        Sheet("b", {"1": Decimal(50), "3": Decimal(10)}),
    )
    assigned = frozenset({("a", "1"), ("a", "2"), ("b", "1"), ("b", "3")})

    found = scoring.score(RULES, Entry("d", "standard", assigned, sheets))

    assert [c.average for c in found.criteria] == [45, 20, 10]
    assert [c.scorers for c in found.criteria] == [2, 1, 1]


def test_a_missing_mark_is_refused_never_counted_as_zero():
    whole = entry("d", (40, 20, 15), (40, 20, 15))
    holed = replace(whole, sheets=(whole.sheets[0], Sheet("m1", {"1": Decimal(40), "2": Decimal(20)})))

    with pytest.raises(scoring.Incomplete) as error:
        scoring.outcome(RULES, RUBRIC, [holed], 10)
    assert error.value.problems == [("d", "m1", "3", "missing")]


def test_a_missing_sheet_is_refused():
    whole = entry("d", (40, 20, 15), (40, 20, 15))

    with pytest.raises(scoring.Incomplete):
        scoring.score(RULES, replace(whole, sheets=whole.sheets[:1]))


def test_a_criterion_that_nobody_scores_is_refused():
    whole = entry("d", (40, 20, 15))
    short = replace(whole, assigned=frozenset({("m0", "1"), ("m0", "2")}))

    with pytest.raises(scoring.Incomplete) as error:
        scoring.score(RULES, short)
    assert error.value.problems == [("d", "", "3", "unassigned")]


@pytest.mark.parametrize("points", ["-1", "50.01", "51"])
def test_a_mark_out_of_bounds_is_refused(points):
    with pytest.raises(scoring.Incomplete):
        scoring.score(RULES, entry("d", (points, 20, 15)))


def test_equal_totals_are_parted_by_the_written_rules():
    # Both 75; criterion 2 decides first.
    found = scoring.outcome(RULES, RUBRIC, [entry("a", (40, 20, 15)), entry("b", (35, 25, 15))], 10).places

    assert [(p.score.dossier, p.rank, p.tie_rule) for p in found] == [("b", 1, "2"), ("a", 2, "2")]


def test_what_remains_equal_shares_its_rank():
    same = [entry(n, (40, 20, 15)) for n in ("a", "b")]

    found = totals(*same, entry("c", (50, 30, 20)), entry("d", (40, 20, 11)))

    assert {n: f[0] for n, f in found.items()} == {"c": 1, "a": 2, "b": 2, "d": 4}


def test_whoever_shares_the_last_place_of_the_top_is_in_it():
    found = totals(
        entry("a", (50, 30, 20)), *[entry(n, (40, 20, 15)) for n in "bc"], entry("d", (40, 20, 11)), places=2
    )

    assert {n: f[3] for n, f in found.items()} == {"a": True, "b": True, "c": True, "d": False}


def test_a_dossier_that_fails_takes_no_place_of_the_top():
    # The first of the ranking fails criterion 3; the next two are the top two.
    found = totals(entry("a", (50, 30, 7)), entry("b", (45, 25, 15)), entry("c", (42, 24, 15)), places=2)

    assert {n: f[3] for n, f in found.items()} == {"a": False, "b": True, "c": True}


def test_rounding_is_half_up_and_only_for_reading():
    assert scoring.rounded(Fraction(1, 3)) == Decimal("0.33")
    assert scoring.rounded(Fraction(135, 1000)) == Decimal("0.14")
    assert scoring.rounded(Fraction(2, 3), 4) == Decimal("0.6667")
    # 69.996 reads as 70.00 and still does not pass.
    assert totals(entry("d", ("40", "20", "9.99"), ("40", "20", "10")))["d"][2] is False


def test_an_eliminating_option_cannot_pass():
    document = {
        **SMALL_RUBRIC,
        "criteria": [
            *SMALL_RUBRIC["criteria"][:2],
            {
                **SMALL_RUBRIC["criteria"][2],
                "anchors": [
                    {"points": 0, "when_vi": "vi phạm", "when_en": "violation", "eliminates": True},
                    {"points": 20, "when_vi": "tốt", "when_en": "good"},
                ],
            },
        ],
    }
    rules = rubric_file.judge(document)

    base = entry("d", (50, 30, 20), (50, 30, 20), (50, 30, 20), (50, 30, 20), (50, 30, 0))
    chosen = replace(base.sheets[4], eliminated=frozenset({"3"}))

    found = scoring.score(rules, replace(base, sheets=(*base.sheets[:4], chosen)))

    assert found.failed == ("eliminated:3",)


def test_a_ballot_rule_needs_its_share():
    document = {
        **SMALL_RUBRIC,
        "pass_rule": {"type": "all_of", "rules": [{"type": "ballot_share_at_least", "value": "2/3"}]},
    }
    rules = rubric_file.judge(document)

    def voted(*ballots: bool | None) -> Entry:
        base = entry("d", *[(40, 20, 15)] * len(ballots))
        return replace(base, sheets=tuple(replace(s, ballot=b) for s, b in zip(base.sheets, ballots, strict=True)))

    assert scoring.score(rules, voted(True, True, False)).passes
    assert scoring.score(rules, voted(True, False, False)).failed == ("ballot_share_at_least",)
    with pytest.raises(scoring.Incomplete) as error:
        scoring.score(rules, voted(True, None, True))
    assert error.value.problems == [("d", "m1", "", "no ballot")]


def test_an_abstention_is_left_out_of_the_mean():
    base = entry("d", (40, 20, 15), (50, 30, 20))
    silent = replace(base, sheets=(base.sheets[0], Sheet("m1", {**base.sheets[1].marks, "3": None})))

    found = scoring.score(RULES, silent)

    assert [(c.average, c.scorers) for c in found.criteria] == [(45, 2), (25, 2), (15, 1)]


def test_a_criterion_nobody_gave_points_for_is_refused():
    base = entry("d", (40, 20, 15))
    silent = replace(base, sheets=(Sheet("m0", {**base.sheets[0].marks, "3": None}),))

    with pytest.raises(scoring.Incomplete) as error:
        scoring.score(RULES, silent)
    assert error.value.problems == [("d", "", "3", "all abstained")]


@pytest.mark.parametrize(
    ("cut", "places", "expected"),
    [
        ("admit", 1, [("a", 1, True, False), ("b", 1, True, False), ("c", 3, False, False)]),
        ("refer", 1, [("a", 1, False, True), ("b", 1, False, True), ("c", 3, False, False)]),
        ("refer", 2, [("a", 1, True, False), ("b", 1, True, False), ("c", 3, False, False)]),
    ],
)
def test_the_cut_says_what_happens_to_equal_dossiers(cut, places, expected):
    rules = rubric_file.judge({**SMALL_RUBRIC, "cut": cut})
    entries = [entry("b", (40, 20, 15)), entry("c", (40, 20, 14)), entry("a", (40, 20, 15))]

    found = scoring.outcome(rules, RUBRIC, entries, places).places

    assert [(p.score.dossier, p.rank, p.is_top, p.is_referred) for p in found] == expected


def test_the_recorded_vote_parts_equal_dossiers():
    rules = rubric_file.judge({**SMALL_RUBRIC, "cut": "refer", "tie_rules": ["2", "vote"]})
    entries = [replace(entry("a", (40, 20, 15)), vote=(3, 6)), replace(entry("b", (40, 20, 15)), vote=(6, 3))]

    found = scoring.outcome(rules, RUBRIC, entries, 1).places

    assert [(p.score.dossier, p.rank, p.is_top, p.tie_rule) for p in found] == [
        ("b", 1, True, "vote"),
        ("a", 2, False, "vote"),
    ]


def test_a_percentage_of_each_criterion_is_asked_of_the_top_criteria():
    """Thông tư 33/2019/TT-BCT asks for 60 per cent of each of its three criteria, not of every line below them."""
    document = {
        **SMALL_RUBRIC,
        "tie_rules": [],
        "pass_rule": {"type": "all_of", "rules": [{"type": "each_criterion_at_least_percent", "value": 60}]},
        "criteria": [
            {
                "code": "1",
                "label_vi": "Chất lượng",
                "label_en": "Quality",
                "max_points": 100,
                "children": [
                    {"code": "1.1", "label_vi": "Một", "label_en": "One", "max_points": 50},
                    {"code": "1.2", "label_vi": "Hai", "label_en": "Two", "max_points": 50},
                ],
            }
        ],
    }
    rules = rubric_file.judge(document)
    sheet = Sheet("m", {"1.1": Decimal(50), "1.2": Decimal(10)})

    found = scoring.score(rules, Entry("d", "standard", frozenset({("m", "1.1"), ("m", "1.2")}), (sheet,)))

    assert found.passes


# --- properties -----------------------------------------------------------------------------------------

row = st.tuples(*(st.integers(0, MOST[c] * 2).map(lambda n: Decimal(n) / 2) for c in CODES))
seasons = st.lists(st.lists(row, min_size=1, max_size=9), min_size=1, max_size=8).map(
    lambda rows: [entry(f"d{i}", *sheets) for i, sheets in enumerate(rows)]
)


@given(seasons, st.randoms(use_true_random=False))
def test_the_order_of_sheets_and_dossiers_does_not_matter(entries, rng: random.Random):
    shuffled = [replace(e, sheets=tuple(rng.sample(e.sheets, len(e.sheets)))) for e in entries]
    rng.shuffle(shuffled)

    assert scoring.outcome(RULES, RUBRIC, shuffled, 3) == scoring.outcome(RULES, RUBRIC, entries, 3)


@given(seasons, st.data())
def test_a_higher_mark_never_lowers_a_total_or_a_place(entries, data):
    chosen = data.draw(st.sampled_from(entries))
    sheet = data.draw(st.sampled_from(chosen.sheets))
    code = data.draw(st.sampled_from(CODES))
    higher = data.draw(st.integers(int(sheet.marks[code] * 2), MOST[code] * 2).map(lambda n: Decimal(n) / 2))
    better = replace(
        chosen,
        sheets=tuple(Sheet(s.member, {**s.marks, code: higher}) if s is sheet else s for s in chosen.sheets),
    )

    before = totals(*entries)[chosen.dossier]
    after = totals(*[better if e is chosen else e for e in entries])[chosen.dossier]

    assert after[1] >= before[1]
    assert after[0] <= before[0]
    assert after[2] >= before[2]


@given(seasons)
def test_totals_stay_in_bounds_and_ranks_follow_them(entries):
    places = scoring.outcome(RULES, RUBRIC, entries, 3).places

    assert all(0 <= p.score.total <= RULES.scale_max for p in places)
    assert [p.score.total for p in places] == sorted((p.score.total for p in places), reverse=True)
    assert places[0].rank == 1
    assert all(a.rank <= b.rank <= index + 2 for index, (a, b) in enumerate(itertools.pairwise(places)))


@given(st.lists(row, min_size=1, max_size=4), st.integers(2, 4))
def test_more_members_who_agree_change_nothing(rows, times):
    """A sum over members would multiply; the mean does not."""
    assert totals(entry("d", *rows))["d"] == totals(entry("d", *(rows * times)))["d"]


@given(seasons)
def test_the_digest_tells_any_change_of_a_mark(entries):
    first = entries[0].sheets[0]
    other = Decimal(0) if first.marks["1"] else Decimal(1)
    changed = replace(entries[0], sheets=(Sheet(first.member, {**first.marks, "1": other}), *entries[0].sheets[1:]))

    before = scoring.outcome(RULES, RUBRIC, entries, 3)
    after = scoring.outcome(RULES, RUBRIC, [changed, *entries[1:]], 3)

    assert before.input_digest != after.input_digest


# --- properties over every shape of rubric ---------------------------------------------------------------


@st.composite
def drawn_seasons(draw):
    rng = random.Random(draw(st.integers(0, 2**32)))
    drawn = draw_rubric(rng)
    return drawn.rules, draw_season(rng, drawn.rules), rng


def lines_of(rules, entries, places=2):
    return scoring.outcome(rules, RUBRIC, entries, places).lines


@given(drawn_seasons())
def test_rows_and_sheets_in_any_order_give_the_same_lines_and_digests(season):
    rules, entries, rng = season
    shuffled = [replace(e, sheets=tuple(rng.sample(e.sheets, len(e.sheets)))) for e in entries]
    rng.shuffle(shuffled)

    assert scoring.outcome(rules, RUBRIC, shuffled, 2) == scoring.outcome(rules, RUBRIC, entries, 2)


@given(drawn_seasons())
def test_sheets_of_members_who_were_not_assigned_change_no_place(season):
    """A conflicted member's points, however they came into the data, move nothing."""
    rules, entries, rng = season
    chosen = rng.randrange(len(entries))
    leaves = rules.leaves(entries[chosen].set_code)
    stranger = Sheet("M99", {leaf.code: Decimal(0) for leaf in leaves}, frozenset({leaves[0].code}), ballot=False)
    planted = [replace(e, sheets=(*e.sheets, stranger)) if i == chosen else e for i, e in enumerate(entries)]

    assert lines_of(rules, planted) == lines_of(rules, entries)


@given(drawn_seasons())
def test_a_dossier_that_leaves_never_lowers_the_score_of_another(season):
    rules, entries, _rng = season
    before = {p.score.dossier: p.score for p in scoring.outcome(rules, RUBRIC, entries, 2).places}

    after = {p.score.dossier: p.score for p in scoring.outcome(rules, RUBRIC, entries[1:], 2).places}

    assert all(before[number] == score for number, score in after.items())


@given(drawn_seasons())
def test_taking_back_the_lowest_mark_as_an_abstention_never_lowers_the_total(season):
    rules, entries, _rng = season
    for entry_ in entries:
        scored = scoring.score(rules, entry_)
        for criterion in scored.criteria:
            conditional = any(c.condition and c.condition.criterion == criterion.code for c in rules.criteria)
            if criterion.scorers < 2 or conditional:
                continue
            lowest = min(
                (s for s in entry_.sheets if s.marks.get(criterion.code) is not None),
                key=lambda s: (s.marks[criterion.code], s.member),
            )
            silent = replace(lowest, marks={**lowest.marks, criterion.code: None})
            again = replace(entry_, sheets=tuple(silent if s is lowest else s for s in entry_.sheets))

            assert scoring.score(rules, again).total >= scored.total


@given(drawn_seasons())
def test_the_digest_of_the_rubric_and_the_places_are_part_of_the_input(season):
    rules, entries, _rng = season
    base = scoring.input_digest(rules, "rubric 0.150000", entries, 10)

    assert scoring.input_digest(rules, "rubric 0.150001", entries, 10) != base
    assert scoring.input_digest(rules, "rubric 0.150000", entries, 11) != base


@given(drawn_seasons())
def test_places_of_the_top_list_are_never_exceeded_but_by_equals(season):
    rules, entries, _rng = season
    places = scoring.outcome(rules, RUBRIC, entries, 2).places
    top = [p for p in places if p.is_top]

    assert all(p.score.passes for p in top)
    if rules.cut == "refer":
        assert len(top) <= 2
    elif len(top) > 2:
        assert len({p.score.key for p in top[1:]}) == 1


@given(st.fractions(min_value=0, max_value=1000), st.integers(0, 4))
def test_rounding_is_half_up_on_the_exact_value(value, decimals):
    found = scoring.rounded(value, decimals)

    assert -Fraction(1, 2) < (Fraction(found) - value) * 10**decimals <= Fraction(1, 2)
