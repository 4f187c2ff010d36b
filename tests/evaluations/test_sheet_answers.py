"""What a sheet asks and what is read from it, without a database; and numbers typed in every strange way."""

from decimal import Decimal

import pytest
from django import forms
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations import consistency, evidence
from evaluations.answers import NOTHING, UNKNOWN, UNMET, Answer, Sheet, option_for
from evaluations.sheet_input import PointsField
from programme import rubric_file
from tests.evaluations.sheet_story import RICH

RULES = rubric_file.judge(RICH)


def sheet(*held):
    return Sheet(RULES, "standard", held or ("G", "E", "C", "N"))


def points(value, **more):
    return Answer(points=Decimal(value), **more)


# --- conditions ---------------------------------------------------------------------------------------
def test_a_criterion_is_folded_until_its_condition_is_met():
    asked = sheet()

    assert asked.folded("N", {}) == UNMET
    assert asked.folded("N", {"G": points("19.99")}) == UNMET
    assert asked.folded("N", {"G": points(20)}) == ""
    assert asked.asked({"G": points(5)}) == ("G", "E", "C")


def test_what_is_folded_counts_zero_by_rule_and_keeps_nothing_else():
    final = sheet().final({"G": points(5, why="yếu"), "N": points(12)}, "theo quy tắc")

    assert final["N"] == Answer(points=Decimal(0))
    assert final["G"].points == 5
    assert "E" not in final


def test_an_abstention_never_becomes_a_zero_down_the_condition():
    answers = {"G": Answer(abstains=True, why="không đủ số liệu")}

    assert sheet().folded("N", answers) == UNKNOWN
    assert sheet().final(answers, "theo quy tắc")["N"] == Answer(abstains=True, why="theo quy tắc")


def test_a_condition_on_the_sheet_of_another_member_is_an_abstention_too():
    assert sheet("E", "N").folded("N", {}) == UNKNOWN


def test_the_total_leaves_out_what_is_folded():
    answers = {"G": points(10), "E": points("2.5"), "N": points(15)}

    assert sheet().total(answers) == Decimal("12.5")
    assert sheet().total(answers | {"G": points(20)}) == Decimal("37.5")


def test_a_reason_is_asked_below_and_above_but_not_at_the_limits():
    asked = sheet()

    for value, lacks in (("9.99", ["G"]), ("10", []), ("35", []), ("35.01", ["G"])):
        assert asked.unjustified({"G": points(value)}) == lacks
    assert asked.unjustified({"G": points("9.99", why="vì sao")}) == []


def test_an_eliminating_level_ends_the_evaluation_like_the_tick():
    document = RICH | {"criteria": [*RICH["criteria"]]}
    rules = rubric_file.judge(document)
    asked = Sheet(rules, "standard", ("E",))

    assert asked.final({"E": points(3, eliminates=True)}, "")["E"].eliminates
    assert not asked.final({"E": points(3)}, "")["E"].eliminates


def test_levels_of_equal_points_are_told_apart_by_their_place():
    levels = sheet().levels("C")

    assert option_for(levels, Decimal(25)) == 1
    assert option_for(levels, Decimal(10)) is None


def test_equal_answers_have_equal_tokens_and_nothing_has_none():
    assert points("9.50").token == points("9.5").token
    assert points(9).token != points(9, why="x").token
    assert NOTHING.token == ""


def read(typed):
    """The points, or the words of the refusal."""
    try:
        return PointsField(Decimal(40)).clean(typed), ""
    except forms.ValidationError as error:
        return None, " ".join(error.messages)


# --- numbers as people type them ----------------------------------------------------------------------
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9,5", "9.5"),
        ("9.5", "9.5"),
        (" 9 ", "9"),
        ("0", "0"),
        ("40", "40"),
        ("9,50", "9.5"),
        ("", None),
        ("  ", None),
    ],
)
def test_comma_and_point_are_read_alike(language, typed, read):
    with override(language):
        assert PointsField(Decimal(40)).clean(typed) == (None if read is None else Decimal(read))


@pytest.mark.parametrize(
    "typed",
    ["40,01", "-0,01", "NaN", "sNaN", "Infinity", "-inf", "1e309", "1e999999999", "0." + "1" * 30, "9,555", "1_0",
     "0x10", "9..5", "9,5,5", "1.234,5", "٩", "½", "9" * 5000, "\x00", "=1+1", "--5", "5 000 000", "9,5e0", "١٢"],
)  # fmt: skip
def test_impossible_points_are_told_and_never_an_accident(typed):
    value, words = read(typed)

    assert words or (0 <= value <= 40 and value == value.quantize(Decimal("0.01")))


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=40), st.decimals().map(str), st.floats().map(str)))
def test_whatever_is_typed_is_points_within_bounds_or_words(typed):
    value, words = read(typed)

    assert words or value is None or (0 <= value <= 40 and value == value.quantize(Decimal("0.01")))


# --- the own habit ------------------------------------------------------------------------------------
def own(*values, most=20):
    return [consistency.Given(n, "1", Decimal(value), Decimal(most)) for n, value in enumerate(values)]


def test_a_mark_far_from_the_own_habit_is_named_and_its_neighbours_are_not():
    found = consistency.slips(own(15, 16, 15, 17, 16, 4))

    assert [(slip.dossier, slip.points) for slip in found] == [(5, 4)]


def test_small_steps_and_few_marks_are_no_slips():
    assert consistency.slips(own(15, 15, 15, 15, 15, 12)) == []  # less than a fifth of the maximum
    assert consistency.slips(own(15, 15, 15, 1)) == []  # too few to know a habit


def test_the_histogram_holds_every_total_once():
    bins = consistency.histogram([Decimal(0), Decimal("9.9"), Decimal(10), Decimal("99.9"), Decimal(100)])

    assert [one.count for one in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


# --- where the evidence lies --------------------------------------------------------------------------
FILES = [(1, "quality_certificates", "ISO 9001 - 2026.pdf"), (2, "financial_statements", "BCTC 2025.pdf")]


def test_the_file_and_page_that_the_applicant_names_are_opened():
    found = evidence.place_of("Chất lượng", "Xem BCTC 2025, trang 12", FILES)

    assert (found.document, found.page, found.tab) == (2, 12, evidence.FINANCE)


@pytest.mark.parametrize(
    ("label", "tab"),
    [
        ("Tăng trưởng doanh thu", evidence.FINANCE),
        ("Chất lượng, tiêu chuẩn, chứng nhận", evidence.CERTIFICATES),
        ("Trình độ công nghệ và đổi mới sáng tạo", evidence.STATEMENT),
        ("Kiểu dáng, mẫu mã", evidence.PHOTOS),
        ("Việc khác", evidence.SUMMARY),
    ],
)
def test_without_a_file_the_part_that_speaks_of_it_is_opened(label, tab):
    found = evidence.place_of(label, "", FILES)

    assert (found.tab, found.document) == (tab, None)
