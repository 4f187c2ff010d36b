"""What version 2 of the rules adds: sets, conditions, cases, eliminating conditions, justifications, ties, the cut."""

import json
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.canonical import digest
from programme import rubric_file
from tests.story import SMALL_RUBRIC

FOLDER = Path(settings.BASE_DIR) / "programme" / "rubrics"
SETS = [
    {"code": "S1", "label_vi": "Dệt", "label_en": "Textile", "sectors": ["textile"]},
    {"code": "S2", "label_vi": "Khác", "label_en": "Other"},
]


def leaf(code: str, points: Any = 10, **more: Any) -> dict[str, Any]:
    return {"code": code, "label_vi": f"tiêu chí {code}", "label_en": f"criterion {code}", "max_points": points} | more


def rubric(*criteria: dict[str, Any], **changes: Any) -> dict[str, Any]:
    base = {key: value for key, value in SMALL_RUBRIC.items() if key not in ("tie_rules", "pass_rule", "format")}
    rules = {"pass_rule": {"type": "all_of", "rules": []}, "format": 2}
    whole = sum(Decimal(str(c["max_points"])) for c in criteria if not c.get("sets"))
    return deepcopy(base | rules | {"scale_max": str(whole), "criteria": list(criteria)} | changes)


def two_sets(**changes: Any) -> dict[str, Any]:
    criteria = [
        leaf("A", 4),
        leaf("S1.C", 6, sets=["S1"]),
        leaf("S2.C", 6, sets=["S2"], children=[leaf("S2.C.1", 2), leaf("S2.C.2", 4)]),
    ]
    return rubric(*criteria, **({"sets": SETS, "scale_max": 10, "tie_rules": ["C", "vote"]} | changes))


def problems(document: dict[str, Any]) -> list[str]:
    with pytest.raises(rubric_file.UnsoundRubric) as error:
        rubric_file.judge(document)
    return error.value.problems


# --- sets ---------------------------------------------------------------------------------------------
def test_a_set_is_chosen_by_sector_and_track_in_file_order():
    rules = rubric_file.judge(two_sets())

    assert rules.set_of("standard", "textile") == "S1"
    assert rules.set_of("startup", "it") == "S2"
    assert [c.code for c in rules.leaves("S1")] == ["A", "S1.C"]
    assert [c.code for c in rules.leaves("S2")] == ["A", "S2.C.1", "S2.C.2"]
    assert rules.leaf_positions == {"A": 0, "S1.C": 1, "S2.C.1": 2, "S2.C.2": 3}


def test_a_product_no_set_takes_is_told():
    rules = rubric_file.judge(two_sets(sets=[SETS[0], {**SETS[1], "tracks": ["handicraft"]}]))

    with pytest.raises(rubric_file.NoSet, match="track standard, sector it"):
        rules.set_of("standard", "it")


def test_without_sets_the_set_is_the_track():
    rules = rubric_file.judge(SMALL_RUBRIC)

    assert rules.set_of("hi_tech", "textile") == "hi_tech"
    assert [c.code for c in rules.leaves("hi_tech")] == ["1", "2", "3"]


def test_a_track_whose_criteria_are_incomplete_has_no_set():
    criteria = [leaf("1", 4), leaf("2", 6, tracks=["standard"]), leaf("2h", 6, tracks=["handicraft"])]
    rules = rubric_file.judge(rubric(*criteria, scale_max=10))

    assert rules.set_of("handicraft") == "handicraft"
    with pytest.raises(rubric_file.NoSet):
        rules.set_of("startup")


def test_a_rule_names_the_criterion_of_each_set_by_its_common_code():
    rules = rubric_file.judge(two_sets())

    assert rules.tie_rules == ("C", "vote")
    assert [c.code for c in rules.leaves_under("C", "S1")] == ["S1.C"]
    assert [c.code for c in rules.leaves_under("C", "S2")] == ["S2.C.1", "S2.C.2"]
    assert [c.code for c in rules.leaves_under("A", "S2")] == ["A"]
    assert rules.leaves_under("S2.C", "S1") == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tie_rules": ["S1.C"]}, "tie_rules: there is no criterion S1.C in set S2"),
        ({"tie_rules": ["vote", "C"]}, "tie_rules: vote must be the last rule"),
        ({"tie_rules": ["C", "C"]}, "tie_rules: a criterion is named twice"),
        ({"sets": [SETS[1], SETS[0]]}, "set S1: no dossier can come to this set: set S2 takes all of its products"),
        ({"sets": [SETS[0], SETS[0]]}, "set S1: this set is named twice"),
        ({"sets": [{**SETS[0], "tracks": ["x"]}, SETS[1]]}, "set S1: there is no track x"),
        ({"sets": [SETS[0]]}, "criterion S2.C: there is no set S2"),
        ({"scale_max": 11}, "rubric: the criteria of set S1 add up to 10, not to scale_max 11 (-1)"),
        ({"cut": "draw"}, "rubric: cut must be one of admit, refer"),
    ],
)
def test_a_mistake_with_sets_is_named(changes, told):
    assert any(problem.startswith(told) for problem in problems(two_sets(**changes))), problems(two_sets(**changes))


def test_tracks_and_sets_do_not_mix():
    assert problems(rubric(leaf("1", 10, tracks=["standard"]), sets=SETS, scale_max=10))[0] == (
        "criterion 1: tracks: a rubric with sets names sets, not tracks"
    )
    assert problems(rubric(leaf("1", 10, sets=["S1"]), scale_max=10))[0] == (
        "criterion 1: sets: the rubric declares no sets"
    )


# --- a criterion --------------------------------------------------------------------------------------
def test_a_condition_decides_whether_a_sheet_is_asked():
    criteria = [leaf("1"), leaf("2", condition={"criterion": "1", "at_least": 2}), leaf("3")]
    criteria[2]["condition"] = {"criterion": "2", "at_least": "0.5"}
    rules = rubric_file.judge(rubric(*criteria))
    second, third = rules.criteria[1:]

    assert second.condition == rubric_file.Condition("1", Decimal(2))
    assert rules.is_asked(second, {"1": Decimal(2)})
    assert not rules.is_asked(second, {"1": Decimal("1.99")})
    assert not rules.is_asked(second, {"1": None})
    assert rules.is_asked(third, {"1": Decimal(2), "2": Decimal(1)})
    assert not rules.is_asked(third, {"1": Decimal(1), "2": Decimal(1)}), "a condition that falls takes the next along"


def test_a_condition_of_a_group_holds_for_each_of_its_leaves():
    group = leaf("2", 10, condition={"criterion": "1", "at_least": 1}, children=[leaf("2.1", 4), leaf("2.2", 6)])

    rules = rubric_file.judge(rubric(leaf("1"), group))

    assert [c.condition for c in rules.all_leaves] == [None, *[rubric_file.Condition("1", Decimal(1))] * 2]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"criterion": "3", "at_least": 1}, "its condition names criterion 3, which receives no marks before it"),
        ({"criterion": "2", "at_least": 1}, "its condition names criterion 2, which receives no marks before it"),
        ({"criterion": "1", "at_least": 11}, "asks for 11 points of criterion 1, which has at most 10"),
        ({"criterion": "1", "at_least": 0}, "its condition must ask for more than 0 points"),
        ({"criterion": "1"}, "at_least must be a number"),
        ("1", "condition must be a table with criterion and at_least"),
    ],
)
def test_a_mistaken_condition_is_named(condition, told):
    found = problems(rubric(leaf("1"), leaf("2", condition=condition), leaf("3")))

    assert len(found) == 1
    assert found[0].startswith("criterion 2: ")
    assert told in found[0]


def test_cases_are_chosen_and_need_not_rise_together():
    levels = [
        {"points": p, "when_vi": f"v{p}{case}", "when_en": "e", "case_vi": case, "case_en": case}
        for case, p in (("công ty", 1), ("công ty", 2), ("hộ", 0), ("hộ", 1))
    ]
    rules = rubric_file.judge(rubric(leaf("1", 2, choice="anchors", anchors=levels)))

    assert [(a.points, a.case_vi) for a in rules.criteria[0].anchors_for("standard")] == [
        (1, "công ty"),
        (2, "công ty"),
        (0, "hộ"),
        (1, "hộ"),
    ]
    del levels[3]["case_vi"], levels[3]["case_en"]
    assert problems(rubric(leaf("1", 2, choice="anchors", anchors=levels))) == [
        "criterion 1: either every level names its case or none does"
    ]
    assert "criterion 1: cases are for a choice between levels: choice must be anchors" in problems(
        rubric(leaf("1", 2, anchors=levels[:2]))
    )


def test_points_that_eliminate_belong_to_one_level_only():
    levels = [{"points": 1, "when_vi": w, "when_en": w} for w in ("a", "b")]
    levels[0]["eliminates"] = True

    assert problems(rubric(leaf("1", 2, choice="anchors", anchors=levels))) == [
        "criterion 1: an eliminating level needs points of its own, but 1 stand twice"
    ]


def test_an_eliminating_condition_needs_both_languages():
    assert problems(rubric(leaf("1", eliminates_vi="bị loại"))) == [
        "criterion 1: eliminates_en is missing: give both languages or neither"
    ]
    rule = rubric_file.judge(rubric(leaf("1", eliminates_vi="bị loại", eliminates_en="out"))).criteria[0]
    assert rule.may_eliminate


def test_a_reason_is_asked_below_and_above():
    rule = rubric_file.judge(rubric(leaf("1", justify_below=3, justify_above="8.5"))).criteria[0]

    asked = {p: rule.needs_justification(Decimal(p)) for p in ("2.99", "3", "8.5", "8.51")}
    assert asked == {"2.99": True, "3": False, "8.5": False, "8.51": True}
    assert problems(rubric(leaf("1", justify_below=9, justify_above=3))) == [
        "criterion 1: justify_below 9 lies above justify_above 3"
    ]


def test_points_of_a_choice_are_those_of_its_levels():
    levels = [{"points": p, "when_vi": "a", "when_en": "a"} for p in (0, 5)]
    choice = rubric_file.judge(rubric(leaf("1", choice="anchors", anchors=levels))).criteria[0]
    free = rubric_file.judge(rubric(leaf("1", anchors=levels))).criteria[0]

    assert [choice.allows(Decimal(p), "standard") for p in (0, 3, 5, 11)] == [True, False, True, False]
    assert [free.allows(Decimal(p), "standard") for p in (0, 3, 5, 11)] == [True, True, True, False]


# --- verdicts -----------------------------------------------------------------------------------------
def test_the_band_of_an_exact_total():
    bands = [{"label_vi": w, "label_en": w, "from": p} for w, p in (("một", 3), ("hai", "6.5"))]
    rules = rubric_file.judge(rubric(leaf("1"), award_bands=bands))
    found = [rules.band_for(t) for t in (Fraction(2), Fraction(3), Fraction(649, 100), Fraction(13, 2))]

    assert [band and band.label_vi for band in found] == [None, "một", "một", "hai"]


def test_a_ballot_has_words_for_and_against():
    rule = {"type": "all_of", "rules": [{"type": "ballot_share_at_least", "value": "2/3"}]}
    options = [{"label_vi": w, "label_en": w, "in_favour": v} for w, v in (("đạt", True), ("không", False))]

    rules = rubric_file.judge(rubric(leaf("1"), pass_rule=rule, ballot={"options": options}))

    assert rules.asks_ballot
    assert [o.in_favour for o in rules.ballot] == [True, False]
    assert problems(rubric(leaf("1"), pass_rule=rule, ballot={"options": options[:1]})) == [
        "ballot: every option counts in favour; one must not"
    ]
    assert problems(rubric(leaf("1"), ballot={"options": options})) == [
        "ballot: options are given, but no pass rule counts ballots"
    ]


def test_a_minimum_of_a_criterion_stays_within_its_points():
    rule = {"type": "all_of", "rules": [{"type": "criterion_at_least", "criterion": "1", "value": 11}]}

    assert problems(rubric(leaf("1"), leaf("2", 90), pass_rule=rule)) == [
        "pass_rule 1: value 11 must lie between 0 and 10"
    ]


# --- bounds and typing mistakes -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("criterion", "told"),
    [
        (leaf("1" * 21), "criterion 111111111111111111111: code has 21 characters, more than 20"),
        (leaf("vote"), "criterion vote: this code is a word of the format"),
        (leaf("a b"), "criterion a b: code may have letters, digits, hyphens, dots and underscores only"),
        (leaf("1") | {"label_vi": "x" * 301}, "criterion 1: label_vi has 301 characters, more than 300"),
        (leaf("1") | {"achors": []}, "criterion 1: there is no key achors in this format; did you mean anchors?"),
        (leaf("1") | {"zzz": 1}, "criterion 1: there is no key zzz in this format"),
        (leaf("1") | {"scorers": "tax"}, "criterion 1: scorers must be a list of words"),
        (leaf("1") | {"note_vi": "\x00"}, "rubric: criteria.0.note_vi contains a character that no text may have"),
    ],
)
def test_a_mistake_in_a_criterion_is_named(criterion, told):
    assert told in problems(rubric(criterion))


def test_format_1_passes_over_keys_it_does_not_know():
    document = deepcopy(SMALL_RUBRIC) | {"remark": "x"}

    assert rubric_file.judge(document).code == "small"
    assert problems({**document, "format": 2}) == ["rubric: there is no key remark in this format"]
    assert problems({**document, "format": 3}) == ["rubric: format must be 1 or 2"]


def test_there_is_an_end_to_criteria_points_and_depth():
    many = [leaf(f"c{n}", 1) for n in range(201)]
    assert "criterion c200: more than 200 criteria" in problems(rubric(*many))
    assert "criterion 1: max_points: 100000 must be below 100000" in problems(rubric(leaf("1", 100_000)))
    deep = leaf("7", 10)
    for level in range(6, 0, -1):
        deep = leaf(str(level), 10, children=[deep])
    assert "criterion 7: criteria may lie at most 6 levels deep" in problems(rubric(deep))


def test_a_rubric_with_sets_may_have_twice_as_many_criteria():
    criteria = [leaf(f"{s}.c{n}", 1, sets=[s]) for s in ("S1", "S2") for n in range(150)]

    assert len(rubric_file.judge(rubric(*criteria, sets=SETS, scale_max=150)).criteria) == 300


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.text(max_size=6) | st.decimals(allow_nan=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """A sound file in which a value somewhere is replaced by anything at all."""
    document = two_sets() if draw(st.booleans()) else deepcopy(SMALL_RUBRIC)
    for _ in range(draw(st.integers(1, 3))):
        node: Any = document
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(node[key], dict | list) and node[key] and draw(st.booleans()):
                node = node[key]
                continue
            node[key] = draw(junk)
            break
    return document


@given(spoiled())
@hypothesis_settings(max_examples=100, deadline=None)
def test_whatever_a_file_says_it_is_judged_and_never_crashes(document):
    found = None
    try:
        rubric_file.judge(document)
    except rubric_file.UnsoundRubric as error:
        found = error.problems

    assert found is None or all(": " in sentence for sentence in found)


# --- reading ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", b"", "file: it is empty"),
        ("a.json", b"{", "file: not readable as JSON"),
        ("a.json", b"[1]", "file: the outermost value must be a table"),
        ("a.json", b'{"code": 1, "code": 2}', "file: the key code stands twice in one table"),
        ("a.json", b'{"scale_max": NaN}', "file: NaN is no number that JSON knows"),
        ("a.json", b'{"scale_max": ' + b"9" * 5000 + b"}", "file: not readable as JSON"),
        ("a.json", b'{"scale_max": 1e999}', "rubric: scale_max: 1E+999 must be below 100000"),
        ("a.json", b'{"a":' * 3000 + b"1" + b"}" * 3000, "file: its tables lie too deep in one another"),
        ("a.json", b'{"a":' * 60 + b"1" + b"}" * 60, "file: its tables lie too deep in one another"),
        ("a.json", "{'code': 'bộ'}".encode("utf-16"), "file: it is not UTF-8 text (byte 1)"),
        ("a.json", b'{"code": "\\ud800"}', "rubric: code contains a character that no text may have"),
        ("a.json", b" " * 2_000_001, "file: it is larger than the 2000000 bytes"),
        ("a.toml", b"code = 1\ncode = 2", "file: not readable as TOML"),
        ("a.toml", b"scale_max = nan", "rubric: scale_max: NaN must be a number from 0"),
        ("a.toml", b"scale_max = 2026-11-22", "rubric: scale_max must be a number"),
        ("a.toml", b"\xff", "file: it is not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, name, content, told):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(CommandError) as refused:
        call_command("load_rubric", str(path), check=True)

    assert told in str(refused.value)


def test_a_file_from_windows_with_a_byte_order_mark_is_read(tmp_path, capsys):
    path = tmp_path / "a.JSON"
    path.write_bytes(json.dumps(SMALL_RUBRIC).encode("utf-8-sig"))

    call_command("load_rubric", str(path), check=True)

    assert "a.JSON is sound: 3 criteria, 100 points." in capsys.readouterr().out


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_rubric", str(tmp_path), check=True)


# --- what came before ---------------------------------------------------------------------------------
def test_files_of_the_first_format_keep_their_digest():
    """What a season published in an older version is still the same file, and still sound."""
    proposal = rubric_file.read((FOLDER / "proposal.json").read_text(encoding="utf-8"), toml=False)

    assert digest(proposal) == "1fab4aaa9a552bc78f715e4d67ffdfb47b8183c3b9b6cadfcf76869ad11cb572"
    assert rubric_file.judge(proposal).leaf_positions == {str(n): n - 1 for n in range(1, 9)}


def test_the_examples_of_the_documentation_are_sound():
    text = (Path(settings.BASE_DIR) / "docs" / "rubric-format.md").read_text(encoding="utf-8")
    toml = text.split("```toml\n")[1].split("```")[0]
    excerpt = json.loads(text.split("```json\n")[1].split("```")[0])

    assert rubric_file.judge(rubric_file.read(toml, toml=True)).cut == "refer"
    other = leaf("rest", 10, sets=["S19"], children=[leaf("S19.C", 10)])
    excerpt["criteria"][0]["code"] = "S13.C"
    assert rubric_file.judge(
        rubric(*excerpt["criteria"], other, **{**excerpt, "scale_max": 10, "criteria": [*excerpt["criteria"], other]})
    )
