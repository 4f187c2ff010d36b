import json
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from programme import rubric_file
from tests.story import SMALL_RUBRIC

PROPOSAL = Path(settings.BASE_DIR) / "programme" / "rubrics" / "proposal.json"


def problems(**changes) -> list[str]:
    document = deepcopy(SMALL_RUBRIC) | changes
    with pytest.raises(rubric_file.UnsoundRubric) as error:
        rubric_file.judge(document)
    return error.value.problems


def changed(index: int, **values) -> list[dict]:
    criteria = deepcopy(SMALL_RUBRIC["criteria"])
    criteria[index] |= values
    return criteria


def test_the_default_is_sound_and_says_that_it_is_a_proposal():
    document = rubric_file.read(PROPOSAL.read_text(), toml=False)

    rules = rubric_file.judge(document)

    assert rules.scale_max == 100
    assert [c.max_points for c in rules.criteria] == [15, 20, 10, 15, 15, 15, 5, 5]
    assert document["status"] == "proposal"
    assert "NOT LAW" in document["status_note"]
    scale = rules.criteria[1]
    assert [a.points for a in scale.anchors_for("handicraft")] == [8, 12, 16, 20]


def test_points_must_add_up():
    assert problems(scale_max=90) == ["rubric: the criteria add up to 100, not to scale_max 90 (+10)"]


def test_codes_must_be_unique():
    assert "criterion 1: this code is used twice" in problems(criteria=changed(1, code="1"))


def test_levels_must_rise():
    levels = [{"points": 9, "when_vi": "a", "when_en": "a"}, {"points": 9, "when_vi": "b", "when_en": "b"}]

    assert problems(criteria=changed(1, anchors=levels)) == ["criterion 2, level 2: levels must rise, but 9 follows 9"]


def test_levels_stay_below_the_maximum():
    levels = [{"points": 31, "when_vi": "a", "when_en": "a"}]

    assert problems(criteria=changed(1, anchors=levels)) == [
        "criterion 2, level 1: 31 points are above the maximum of 30"
    ]


def test_both_languages_are_needed():
    assert problems(criteria=changed(2, label_en=" ")) == ["criterion 3: label_en is missing"]


def test_every_problem_is_named_at_once():
    assert len(problems(scale_max=90, tie_rules=["9"], status="maybe")) == 3


@pytest.mark.parametrize("value", ["NaN", "-1", "1.234", True, None, [], "x"])
def test_points_are_plain_numbers(value):
    assert problems(criteria=changed(2, max_points=value))


def test_children_add_up_to_their_parent():
    children = [
        {"code": "1.1", "label_vi": "a", "label_en": "a", "max_points": 20},
        {"code": "1.2", "label_vi": "b", "label_en": "b", "max_points": 20},
    ]

    told = ["criterion 1: its children add up to 40, not to 50 (-10)"]
    assert problems(criteria=changed(0, children=children)) == told


def test_a_tree_gives_its_leaves_in_order():
    children = [
        {"code": "1.1", "label_vi": "a", "label_en": "a", "max_points": 20},
        {"code": "1.2", "label_vi": "b", "label_en": "b", "max_points": 30},
    ]
    rules = rubric_file.judge({**SMALL_RUBRIC, "criteria": changed(0, children=children)})

    assert [c.code for c in rules.leaves("standard")] == ["1.1", "1.2", "2", "3"]


def test_sets_by_track_add_up_each():
    criteria = [
        *deepcopy(SMALL_RUBRIC["criteria"][:2]),
        {**SMALL_RUBRIC["criteria"][2], "tracks": ["standard"]},
        {**SMALL_RUBRIC["criteria"][2], "code": "3h", "tracks": ["handicraft"]},
    ]
    rules = rubric_file.judge({**SMALL_RUBRIC, "criteria": criteria})

    assert [c.code for c in rules.leaves("handicraft")] == ["1", "2", "3h"]


def test_bands_pass_rules_and_scorers_are_read():
    document = {
        **SMALL_RUBRIC,
        "award_bands": [{"label_vi": "Ba sao", "label_en": "3 stars", "from": 50}],
        "criteria": changed(
            1, scorers=["tax"], choice="anchors", anchors=[{"points": 5, "when_vi": "a", "when_en": "a"}]
        ),
        "pass_rule": {
            "type": "all_of",
            "rules": [
                {"type": "ballot_share_at_least", "value": "2/3"},
                {"type": "criterion_at_least", "criterion": "1", "value": 20},
            ],
        },
    }

    rules = rubric_file.judge(document)

    assert rules.bands[0].from_points == Decimal(50)
    assert [str(r.value) for r in rules.pass_rules] == ["2/3", "20"]
    assert rules.criteria[1].scorers == ("tax",)
    assert rules.criteria[1].free is False


def test_toml_and_json_give_the_same_rules(tmp_path):
    toml = """
format = 1
code = "small-toml"
title_vi = "Nhỏ"
title_en = "Small"
status = "proposal"
scale_max = 10
pass_rule = { type = "all_of", rules = [{ type = "total_at_least", value = 7.5 }] }
[[criteria]]
code = "1"
label_vi = "Một"
label_en = "One"
max_points = 10
anchors = [{ points = 2.5, when_vi = "khá", when_en = "fair" }]
"""
    rules = rubric_file.judge(rubric_file.read(toml, toml=True))

    assert rules.criteria[0].anchors_for("")[0].points == Decimal("2.5")
    assert rules.pass_rules[0].value == Decimal("7.5")


def test_check_says_yes_or_names_the_fault(tmp_path, capsys):
    call_command("load_rubric", str(PROPOSAL), check=True)
    assert "is sound: 8 criteria, 100 points" in capsys.readouterr().out
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps({**SMALL_RUBRIC, "scale_max": 90}))

    with pytest.raises(CommandError, match="add up to 100, not to scale_max 90"):
        call_command("load_rubric", str(broken), check=True)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_rubric", str(tmp_path / "none.json"), check=True)


@pytest.mark.django_db
def test_loading_twice_gives_one_rubric():
    from programme.models import Criterion, Rubric

    for _ in range(2):
        call_command("load_rubric", str(PROPOSAL))

    assert Rubric.objects.count() == 1
    assert Criterion.objects.count() == 8
    assert Rubric.objects.get().is_proposal


def test_published_criteria_cannot_change(story):
    from django.db import IntegrityError, transaction

    from core.canonical import digest

    rubric = story.rubric()
    assert digest(rubric.content) == rubric.digest
    for act in (
        lambda: type(rubric).objects.filter(pk=rubric.pk).update(title_vi="khác"),
        lambda: rubric.criteria.update(max_points=1),
        lambda: rubric.criteria.first().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_a_season_prepared_for_next_year_does_not_take_the_desk_over(story):
    from datetime import timedelta

    from django.utils import timezone

    from core.errors import Refused
    from programme import actions, queries

    running, now = story.season(), timezone.now()
    dates = {
        "registration_opens_at": now + timedelta(days=200),
        "registration_closes_at": now + timedelta(days=260),
        "scoring_closes_at": now + timedelta(days=300),
    }
    year = (now + timedelta(days=200)).year
    actions.plan_season(by=story.officer, at=now, year=year, **dates)

    assert queries.running_season() == running
    with pytest.raises(Refused):
        actions.plan_season(by=story.officer, at=now, year=year + 5, **dates)
