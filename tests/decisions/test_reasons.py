"""The letter of reasons from plain facts: worked examples, then properties over random seasons."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from decisions import reasons
from decisions.reasons import CriterionFacts, Facts, Field, Lacking, MarkSaid
from decisions.reasons_evidence import lacking, papers_asked
from decisions.reasons_words import SENTENCES, below, number, without_names
from evaluations import scoring
from programme import rubric_file
from programme.rubric_file import RubricRules
from tests.evaluations.seasons import draw_rubric, draw_season
from tests.story import SMALL_RUBRIC

RULES = rubric_file.judge(SMALL_RUBRIC)
MEMBERS = ("Nguyễn Thị Mẫu Danh", "Trần Văn Kín", "uy-vien-9@kip.test", "M37")
OTHERS = ("H26.12-260915-0777", "Công ty Cổ phần Hàng Xóm", "0123456789")
PAPER = {"vi": "Giải thưởng", "en": "Awards"}


def facts(rules: RubricRules = RULES, **change: object) -> Facts:
    values = {
        "number": "H26.12-260915-0001",
        "product": {"vi": "Máy thử", "en": "Test machine"},
        "enterprise": {"vi": "Công ty Thử", "en": "Test Company"},
        "year": 2026,
        "run": 1,
        "decision": "0002/QĐ-UBND",
        "decided_on": date(2026, 12, 5),
        "rules": rules,
        "set_code": "standard",
        "failed": (),
        "ballots_for": 0,
        "ballots": 0,
        "result_digest": "a" * 64,
        "rubric_digest": "b" * 64,
        "version_digest": "c" * 64,
        "hidden": (*MEMBERS, *OTHERS),
    }
    return Facts(**values | change)


def criterion(code: str, *points: str | None, others: tuple[int, ...] = (), **change: object) -> CriterionFacts:
    """Marks with these points; the field is these whole means and its own."""
    given = [Decimal(p) for p in points if p is not None]
    total = int(sum(given) * 100)
    own = Fraction(total, len(given) * 100)
    return CriterionFacts(
        code=code,
        total=total,
        scorers=len(given),
        marks=tuple(MarkSaid(None if p is None else Decimal(p)) for p in points),
        others=Field.of([own, *map(Fraction, others)]),
        **change,
    )


def of(*criteria: CriterionFacts, **change: object) -> Facts:
    total = sum((one.mean for one in criteria), Fraction(0))
    return facts(criteria=criteria, total=total, totals=Field.of([total, 90, 80, 70]), **change)


def whole(first: CriterionFacts, **change: object) -> Facts:
    return of(first, criterion("2", "20"), criterion("3", "10"), **change)


def texts(letter: reasons.Letter, language: str = "vi") -> list[str]:
    return [getattr(one, language) for section in letter.sections for one in section.sentences]


def section(letter: reasons.Letter, key: str) -> list[str]:
    return [one.vi for found in letter.sections if found.key == key for one in found.sentences]


# --- quarters -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("others", "own", "quarter"),
    [
        ([1, 2, 3], 4, 1),
        ([1, 2, 4], 3, 2),
        ([1, 3, 4], 2, 3),
        ([2, 3, 4], 1, 4),
        ([4, 4, 4], 4, 1),
        ([9, 9], 1, None),
        ([8, 7, 6, 5, 4, 3, 2], 1, 4),
        ([8, 7, 5, 5, 5, 3, 2], 5, 2),
    ],
)
def test_a_quarter_counts_those_who_are_strictly_better(others, own, quarter):
    assert Field.of(map(Fraction, [*others, own])).quarter(Fraction(own)) == quarter


def test_every_quarter_holds_a_quarter_of_different_values():
    field = Field.of(map(Fraction, range(40)))

    assert [sum(field.quarter(v) == q for v in field.values) for q in (1, 2, 3, 4)] == [10, 10, 10, 10]


def test_among_too_few_dossiers_no_quarter_is_stated():
    said = section(reasons.compose(whole(criterion("1", "20", others=(30,)))), "c:1")

    assert "Không nêu tứ phân vị: chỉ có 2 hồ sơ được so sánh." in said
    assert not any("một phần tư" in text for text in said)


# --- levels ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("40", ["Điểm bình quân đạt mức 40 điểm của bộ tiêu chí: “từ 10%”."]),
        ("19.99", ["thấp hơn mức thấp nhất mà bộ tiêu chí mô tả, 20 điểm: “dưới 10%”."]),
        ("39.5", ["đạt mức 20 điểm của bộ tiêu chí: “dưới 10%”.", "Mức liền trên, 40 điểm, đòi hỏi: “từ 10%”."]),
    ],
)
def test_the_level_is_the_highest_that_the_mean_reaches(points, expected):
    said = section(reasons.compose(whole(criterion("1", points))), "c:1")

    found = [text for text in said if "mức" in text.lower() and "chọn" not in text]
    assert len(found) == len(expected)
    assert all(words in text for words, text in zip(expected, found, strict=True))


def test_levels_that_members_chose_are_counted_without_saying_whose():
    said = section(reasons.compose(whole(criterion("1", "40", "20", "40", "31"))), "c:1")

    assert "Mức 20 điểm, “dưới 10%”, được chọn trên 1 phiếu chấm." in said
    assert "Mức 40 điểm, “từ 10%”, được chọn trên 2 phiếu chấm." in said


# --- numbers --------------------------------------------------------------------------------------------------
def test_an_abstention_is_counted_apart_and_never_as_zero():
    said = section(reasons.compose(whole(criterion("1", "30", None, "31"))), "c:1")

    assert "Điểm bình quân là 30,5 trên 50, từ điểm của 2 trong 3 thành viên được phân công." in said
    assert any(text.startswith("1 thành viên không chấm") and "không tính là 0 điểm" in text for text in said)


def test_sheets_that_are_no_longer_those_of_the_result_give_no_letter():
    changed = replace(criterion("1", "30", "31"), total=6200)

    with pytest.raises(reasons.Disagrees):
        reasons.compose(whole(changed))
    with pytest.raises(reasons.Disagrees):
        reasons.compose(replace(whole(criterion("1", "30")), total=Fraction(61)))


@pytest.mark.parametrize(
    ("value", "vi", "en"), [(Fraction(184, 3), "61,33", "61.33"), (15, "15", "15"), (Decimal("7.50"), "7,5", "7.5")]
)
def test_numbers_are_rounded_half_up_without_idle_zeros(value, vi, en):
    assert (number(value, "vi"), number(value, "en")) == (vi, en)


def test_a_missed_limit_never_looks_reached():
    assert below(Fraction(699_999, 10_000), Fraction(70), "vi") == "69,9999"
    assert below(Fraction(69), Fraction(70), "vi") == "69"
    assert below(Fraction(70) - Fraction(1, 10**12), Fraction(70), "vi") == "69999999999999/1000000000000"


@pytest.mark.parametrize(
    ("failed", "words"),
    [
        ("total_at_least", "Tổng điểm 55 thấp hơn mức 70 điểm mà bộ tiêu chí đòi hỏi."),
        (
            "each_criterion_at_least_percent:3",
            "Tiêu chí 3 (Chất lượng) đạt 7 điểm, thấp hơn 40% mức tối đa, tức 8 điểm.",
        ),
        ("eliminated:2", "Ở tiêu chí 2 (Xuất khẩu), hồ sơ rơi vào điều kiện loại của bộ tiêu chí."),
    ],
)
def test_it_says_which_rule_was_missed_and_by_how_much(failed, words):
    given = of(criterion("1", "28"), criterion("2", "20"), criterion("3", "7"), failed=(failed,))

    assert words in section(reasons.compose(given), "result")


def test_missed_ballots_and_criteria_are_told_with_their_numbers():
    document = SMALL_RUBRIC | {
        "pass_rule": {
            "type": "all_of",
            "rules": [
                {"type": "ballot_share_at_least", "value": "2/3"},
                {"type": "criterion_at_least", "criterion": "2", "value": 12},
            ],
        }
    }
    failed = ("ballot_share_at_least", "criterion_at_least:2")
    given = of(criterion("1", "28"), criterion("2", "11.5"), criterion("3", "7"), failed=failed)

    said = section(
        reasons.compose(replace(given, rules=rubric_file.judge(document), ballots_for=3, ballots=5)), "result"
    )

    assert "3 trong 5 phiếu biểu quyết tán thành, thấp hơn tỷ lệ 2/3 mà bộ tiêu chí đòi hỏi." in said
    assert "Tiêu chí 2 (Xuất khẩu) đạt 11,5 điểm, thấp hơn mức 12 điểm mà bộ tiêu chí đòi hỏi." in said


def test_a_dossier_that_met_every_rule_is_told_that_the_decision_left_it_out():
    letter = reasons.compose(whole(criterion("1", "45")))

    assert [one.key for one in letter.sections[1].sentences][-1] == "left_out"


# --- words of members -----------------------------------------------------------------------------------------
def test_words_stand_once_in_the_order_of_the_alphabet_apart_from_the_points():
    marks = [("20", "Ý thứ hai"), ("40", "An toàn"), ("30", "Đủ số liệu"), ("10", "An  toàn")]
    one = replace(
        criterion("1", *(points for points, _why in marks)),
        marks=tuple(MarkSaid(Decimal(points), why) for points, why in marks),
    )

    found = reasons.compose(whole(one)).sections[2].sentences

    said = [s.vi for s in found if s.key.startswith("c:1:said:")]
    assert said == [f"Ý kiến ghi trên phiếu chấm: “{words}”" for words in ("An toàn", "Đủ số liệu", "Ý thứ hai")]
    turned = replace(one, marks=one.marks[::-1])
    assert reasons.compose(whole(turned)) == reasons.compose(whole(one))


def test_a_name_in_the_words_is_cut_out_and_the_sentence_is_flagged():
    one = replace(
        criterion("1", "20"),
        marks=(MarkSaid(Decimal(20), "Theo TRẦN VĂN  KÍN (M37), kém Công ty Cổ phần Hàng xóm."),),
    )

    found = [s for s in reasons.compose(whole(one)).sections[2].sentences if s.key.startswith("c:1:said:")]

    assert found[0].vi == "Ý kiến ghi trên phiếu chấm: “Theo […] ([…]), kém […].”"
    assert found[0].cut


def test_the_reason_of_an_abstention_is_the_members_own_affair():
    one = replace(criterion("1", "20", None), marks=(MarkSaid(Decimal(20)), MarkSaid(None, "tôi từng làm việc ở đây")))

    assert not any("từng làm việc" in text for text in texts(reasons.compose(whole(one))))


def test_part_of_a_word_is_no_name():
    assert without_names("bê tông M370 và An Giang", ["M37", "An Gia"]) == ("bê tông M370 và An Giang", False)


# --- evidence -------------------------------------------------------------------------------------------------
def test_missing_and_expired_evidence_is_named_at_its_criterion():
    gaps = (Lacking("awards", PAPER), Lacking("x", {"vi": "ISO", "en": "ISO"}, date(2026, 1, 31)))

    letter = reasons.compose(whole(criterion("1", "20", lacking=gaps, says_where=False)))

    said = section(letter, "c:1")
    assert "Minh chứng còn thiếu: khi nộp, hồ sơ không có “Giải thưởng”." in said
    assert "Minh chứng hết hiệu lực: “ISO” có giá trị đến 31/01/2026, trước ngày nộp hồ sơ." in said
    assert "Bản tự chấm của doanh nghiệp không chỉ ra minh chứng của tiêu chí này ở đâu." in said
    assert not any("Minh chứng" in text for text in section(letter, "c:2"))


def test_a_criterion_asks_for_the_papers_whose_words_stand_in_its_name_or_levels():
    first, second, third = (RULES.by_code[code] for code in ("1", "2", "3"))

    assert papers_asked(first, "standard", "standard") == ("financial_statements",)
    assert papers_asked(second, "standard", "standard") == ()  # the slot is there for handicraft only
    assert papers_asked(second, "standard", "handicraft") == ("export_papers",)
    assert papers_asked(third, "standard", "standard") == ("quality_certificates",)


def test_a_paper_is_lacking_without_a_file_and_expired_when_every_file_had_ended():
    names = dict.fromkeys("abcd", PAPER)
    held = {
        "b": [{"valid_until": "2026-01-01"}, {"valid_until": "2026-02-01"}],
        "c": [{"valid_until": "2026-01-01"}, {"valid_until": None}],
        "d": [{"valid_until": "2026-03-01"}],
    }

    found = lacking("abcd", held, names, date(2026, 3, 1))

    assert [(gap.code, gap.expired_on) for gap in found] == [("a", None), ("b", date(2026, 2, 1))]


# --- every sentence -------------------------------------------------------------------------------------------
def test_every_sentence_stands_in_both_languages_with_the_same_places():
    import string

    for words in SENTENCES.values():
        places = [{name for _t, name, _s, _c in string.Formatter().parse(words[one]) if name} for one in ("vi", "en")]
        assert places[0] == places[1]


def drawn(seeds: range) -> Iterator[tuple[random.Random, Facts, scoring.Score, list[scoring.Entry]]]:
    """Dossiers of random seasons as a letter reads them, with names hidden in what members wrote."""
    for seed in seeds:
        rng = random.Random(seed)
        rules = draw_rubric(rng).rules
        entries = draw_season(rng, rules, dossiers=8, members=5)
        scores = {entry.dossier: scoring.score(rules, entry) for entry in entries}
        fields = {
            leaf.code: Field.of(c.average for s in scores.values() for c in s.criteria if c.code == leaf.code)
            for leaf in rules.all_leaves
        }
        totals = Field.of(score.total for score in scores.values())
        members = {member for entry in entries for member, _code in entry.assigned}
        for entry in entries:
            score = scores[entry.dossier]
            others = {other.dossier for other in entries} - {entry.dossier}
            hidden = (*MEMBERS, *OTHERS, *members, *others)
            criteria = []
            for one in score.criteria:
                marks = []
                for sheet in entry.sheets:
                    if (sheet.member, one.code) in entry.assigned:
                        why = rng.choice(("", "Đủ số liệu", f"theo {rng.choice(hidden)} thì {rng.choice(hidden)}."))
                        out = one.code in sheet.eliminated
                        marks.append(MarkSaid(sheet.marks[one.code], why, eliminates=out))
                gaps = (Lacking("awards", PAPER),) if rng.random() < 0.3 else ()
                criteria.append(
                    CriterionFacts(one.code, one.total, one.scorers, tuple(marks), fields[one.code], ("d" * 64,), gaps)
                )
            ballots = [sheet.ballot for sheet in entry.sheets if sheet.ballot is not None]
            found = facts(
                rules,
                number=entry.dossier,
                set_code=entry.set_code,
                total=score.total,
                totals=totals,
                criteria=tuple(criteria),
                failed=score.failed,
                ballots_for=sum(ballots),
                ballots=len(ballots),
                hidden=hidden,
            )
            yield rng, found, score, entries


def test_in_random_seasons_no_name_stands_in_a_letter_and_every_number_is_that_of_the_result():
    letters = cut = 0
    for rng, given, score, _entries in drawn(range(40)):
        letter = reasons.compose(given)
        said = json.dumps(letter.plain(), ensure_ascii=False)
        letters += 1
        cut += said.count("[…]")
        assert [name for name in given.hidden if len(name) > 2 and name in said] == []
        assert sum((one.mean for one in given.criteria), Fraction(0)) == score.total
        total = next(one for one in letter.sections[1].sentences if one.key == "total")
        assert f"Tổng điểm là {number(score.total, 'vi')} trên" in total.vi
        assert [row.mean["vi"] for row in letter.rows] == [number(c.average, "vi") for c in score.criteria]
        missed = [one.key for one in letter.sections[1].sentences if one.key.startswith("fails:")]
        assert missed == [f"fails:{failed}" for failed in score.failed]
        assert [one for section_ in letter.sections for one in section_.sentences if not one.source.kind] == []
        keys = [one.key for section_ in letter.sections for one in section_.sentences]
        assert len(keys) == len(set(keys))
        shuffled = tuple(replace(c, marks=tuple(rng.sample(c.marks, len(c.marks)))) for c in given.criteria)
        assert reasons.compose(replace(given, criteria=shuffled)) == letter
    assert letters > 150
    assert cut > 300


def test_no_points_of_another_dossier_change_a_letter_but_through_the_quarters():
    for _rng, given, _score, _entries in drawn(range(5)):
        far = Field.of([*given.totals.values[:-1], given.totals.values[-1] + 1])
        same_quarter = far.quarter(given.total) == given.totals.quarter(given.total)

        assert (reasons.compose(replace(given, totals=far)) == reasons.compose(given)) is same_quarter


def test_the_record_digest_changes_with_the_facts_and_not_with_the_names_of_others():
    given = whole(criterion("1", "20"))

    assert given.record_digest() == replace(given, hidden=()).record_digest()
    assert given.record_digest() != whole(criterion("1", "21")).record_digest()
    assert given.record_digest() != replace(given, version_digest="0" * 64).record_digest()
