"""Next year's weights on a past result: the old ones give it back exactly, others say who gains and who loses."""

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import laboratory
from analysis.laboratory import Facts, Trial, Unknown
from evaluations import scoring
from evaluations.models import Result, ResultRun
from evaluations.queries import ranking, scores_of
from programme import actions, rubric_actions, rubric_file
from programme.actions import rules_of
from tests.analysis.closed import bar, closed
from tests.evaluations.test_shipped_rubrics import FILES, products, season
from tests.story import SMALL_RUBRIC, Story


def tried(name: str, **changes):
    """A generated season of a shipped rubric: its places, and those of a trial."""
    made = season(name, dossiers=24, members=3)
    scores = [scoring.score(made.rules, entry) for entry in made.entries]
    ballots = {e.dossier: tuple(bool(s.ballot) for s in e.sheets if s.ballot is not None) for e in made.entries}
    facts = {number: Facts(votes) for number, votes in ballots.items()}
    before = list(scoring.rank(scores, made.rules, 10))
    trial = replace(laboratory.old_trial(made.rules, 10), **changes)
    return made.rules, before, laboratory.tried(made.rules, trial, scores, facts)


@pytest.mark.parametrize("name", FILES)
def test_the_old_weights_reproduce_the_old_result_exactly(name):
    _rules, before, after = tried(name)

    def said(place):
        score = place.score
        averages = [(c.code, c.average) for c in score.criteria]
        return (score.dossier, place.rank, score.total, averages, score.failed, place.is_top, place.tie_rule)

    assert [said(p) for p in after] == [said(p) for p in before]
    assert not any(move.is_moved for move in laboratory.moves(before, after))


def test_a_mean_is_rescaled_to_its_new_maximum():
    rules = rubric_file.judge(SMALL_RUBRIC)
    maxima = {"1": Decimal(25), "2": Decimal(60), "3": Decimal(15)}
    entry = scoring.Entry(
        "d",
        "standard",
        frozenset((m, c) for m in "ab" for c in "123"),
        tuple(
            scoring.Sheet(m, {"1": Decimal(p), "2": Decimal(30), "3": Decimal(10)}) for m, p in (("a", 40), ("b", 41))
        ),
    )
    trial = replace(laboratory.old_trial(rules, 10), maxima=maxima)

    (place,) = laboratory.tried(rules, trial, [scoring.score(rules, entry)], {"d": Facts()})

    assert place.score.total == Fraction(81, 4) + 60 + Fraction(15, 2)
    assert place.score.passes


def test_the_minimum_of_each_criterion_follows_its_new_maximum():
    rules = rubric_file.judge(SMALL_RUBRIC)
    marks = {"1": Decimal(50), "2": Decimal(30), "3": Decimal(7)}  # 35 % of criterion 3
    entry = scoring.Entry("d", "standard", frozenset(("a", c) for c in "123"), (scoring.Sheet("a", marks),))
    found = scoring.score(rules, entry)
    old = laboratory.old_trial(rules, 10)

    def failed(trial: Trial) -> tuple[str, ...]:
        return laboratory.tried(rules, trial, [found], {"d": Facts()})[0].score.failed

    assert failed(old) == ("each_criterion_at_least_percent:3",)
    left_out = replace(old, maxima={"1": Decimal(60), "2": Decimal(40), "3": Decimal(0)})
    assert failed(left_out) == ()
    lower = replace(old, pass_rules=(rubric_file.PassRule("each_criterion_at_least_percent", Fraction(35)),))
    assert failed(lower) == ()


def test_gains_and_losses_balance_and_are_counted_by_group():
    _rules, before, after = tried(
        "proposal.json", maxima={str(n): Decimal(p) for n, p in enumerate((5, 5, 5, 5, 5, 65, 5, 5), start=1)}
    )
    found = laboratory.moves(before, after)
    group_of = {move.dossier: "ab"[number % 2] for number, move in enumerate(found)}

    groups = laboratory.grouped(found, group_of, ["a", "b", "c"])

    assert [g.name for g in groups] == ["a", "b"]
    assert sum(g.rise + g.fall for g in groups) == sum(m.ranks != 0 for m in found) > 0
    tops = [sum(place.is_top for place in places) for places in (before, after)]
    assert sum(g.top_gained - g.top_lost for g in groups) == tops[1] - tops[0]
    assert sum(g.rank_change * g.dossiers for g in groups) == sum(m.ranks for m in found)
    turned, apart = laboratory.turned_pairs(found)
    assert 0 < turned <= apart == 24 * 23 // 2


def test_points_that_miss_the_scale_are_told_for_each_set():
    made = season("ocop-1048.json", dossiers=3)
    trial = laboratory.old_trial(made.rules, 10)
    changed = replace(trial, maxima={**trial.maxima, "S19.A.1.1": Decimal(1)})

    assert laboratory.off_by(made.rules, trial, products(made.rules)) == {}
    assert laboratory.off_by(made.rules, changed, products(made.rules)) == {"S19": Decimal(-2)}


def test_criteria_that_nobody_scored_cannot_be_tried():
    rules = rubric_file.judge(SMALL_RUBRIC)
    other = {**SMALL_RUBRIC, "criteria": [{**SMALL_RUBRIC["criteria"][0], "code": "9", "max_points": 100}]}
    other |= {"tie_rules": []}

    with pytest.raises(Unknown, match="9"):
        laboratory.taken_from(rules, rubric_file.judge(other), 10)


def test_a_criterion_that_next_year_drops_counts_nothing():
    rules = rubric_file.judge(SMALL_RUBRIC)
    first, second, _third = SMALL_RUBRIC["criteria"]
    other = {**SMALL_RUBRIC, "criteria": [{**first, "max_points": 60}, {**second, "max_points": 40}]}

    trial = laboratory.taken_from(rules, rubric_file.judge(other), 10)

    assert trial.maxima == {"1": Decimal(60), "2": Decimal(40), "3": Decimal(0)}


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_whatever_is_tried_all_stand_in_the_ranking_and_no_total_leaves_the_scale(seed):
    source = random.Random(seed)
    cuts = sorted(source.randint(0, 100) for _ in range(7))
    points = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]

    _rules, before, after = tried(
        "proposal.json",
        maxima={str(n): Decimal(p) for n, p in enumerate(points, start=1)},
        places=source.randint(1, 30),
    )

    assert {p.score.dossier for p in after} == {p.score.dossier for p in before}
    assert all(0 <= p.score.total <= 100 for p in after)


# --- the page -----------------------------------------------------------------------------------------
def decided(story: Story) -> ResultRun:
    run, _dossiers = closed(story)
    actions.close_season(season=story.season(), by=story.secretary, at=story.tick())
    return run


def weights(*points: object, **more: object) -> dict[str, object]:
    base = {"season": 2026, "places": 10, "cut": "admit", "p0": "70", "p1": "40", "t0": "2", "t1": "1"}
    return base | {f"m{n}": str(p) for n, p in enumerate(points)} | more


@pytest.mark.django_db
def test_the_page_with_the_old_weights_is_the_official_result(client, story):
    run = decided(story)
    client.force_login(story.officer)

    page = client.get(reverse("analysis:laboratory"))

    assert "kết quả thử trùng với kết quả chính thức" in page.content.decode()
    shown = {row.result.pk: row.move.after for row in page.context["rows"]}
    for result in Result.objects.filter(run=run):
        place = shown[result.pk]
        assert (place.rank, place.score.total, place.score.passes, place.is_top, place.tie_rule) == (
            result.rank,
            result.total_exact,
            result.passes,
            result.is_top10,
            result.tie_rule,
        )
    assert not any(row.move.is_moved for row in page.context["rows"])


@pytest.mark.django_db
def test_other_weights_say_who_gains_and_nothing_is_saved(client, story):
    run = decided(story)
    before = list(Result.objects.filter(run=run).order_by("pk").values_list("pk", "rank", "total", "passes"))
    client.force_login(story.secretary)

    page = client.get(reverse("analysis:laboratory"), weights(10, 80, 10, p0="75", places=2))
    words = page.content.decode()

    assert page.status_code == 200
    assert page.context["pass_lost"] > 0
    assert page.context["top_lost"] > 0
    assert any(row.before != row.after for row in page.context["rows"])
    assert "Không có gì được lưu" in words
    assert page.context["by_sector"]
    assert [bar.group.name for bar in page.context["by_size"]] == ["chưa khai số lao động"]
    assert list(Result.objects.filter(run=run).order_by("pk").values_list("pk", "rank", "total", "passes")) == before
    only = client.get(reverse("analysis:laboratory"), weights(10, 80, 10, only_moved="on"))
    assert all(row.move.is_moved for row in only.context["rows"])


IMPOSSIBLE = (
    (weights(10, 80, 5), "Tổng điểm là 95, không bằng 100: thiếu 5 điểm."),
    (weights(10, 80, "abc"), "error-summary"),
    (weights(50, 30, 20, p0="101"), "Giá trị nằm giữa 0 và 100."),
    (weights(50, 30, 20, t1="2"), "Một tiêu chí được nêu hai lần."),
    (weights(50, 30, 20, t0="vote"), "Biểu quyết phải là bước cuối"),
    ({"season": 2026, "like": "r999"}, "Thử nghiệm tiêu chí"),
)


@pytest.mark.django_db
def test_what_cannot_be_tried_is_told_at_its_place(client, story):
    decided(story)
    client.force_login(story.officer)

    for asked, told in IMPOSSIBLE:
        page = client.get(reverse("analysis:laboratory"), asked)
        assert page.status_code == 200, asked
        assert told in page.content.decode(), asked


@pytest.mark.django_db
def test_the_points_of_a_draft_are_tried(client, story):
    decided(story)
    first, second, third = SMALL_RUBRIC["criteria"]
    criteria = [{**first, "max_points": 40}, {**second, "max_points": 40}, third]
    draft = rubric_actions.start_draft(
        content={**SMALL_RUBRIC, "criteria": criteria}, based_on=None, by=story.officer, at=story.tick()
    )
    client.force_login(story.officer)

    page = client.get(reverse("analysis:laboratory"), {"season": 2026, "like": f"d{draft.pk}"})

    assert page.context["form"].start.maxima["2"] == 40
    assert page.context["is_old"] is False


@pytest.mark.django_db
def test_a_dossier_behind_the_wall_is_left_out_before_and_after(client, story):
    run = decided(story)
    best = Result.objects.get(run=run, rank=1)
    bar(story.secretary, best.dossier, story)
    client.force_login(story.secretary)

    page = client.get(reverse("analysis:laboratory"))
    words = page.content.decode()

    assert best.dossier.number not in words
    assert "xung đột lợi ích" in words
    assert min(row.move.before.rank for row in page.context["rows"]) == 1, "ranked among the others"
    assert page.context["all"] == Result.objects.filter(run=run).count() - 1
    rules = rules_of(story.rubric())
    visible = [r for r in ranking(run) if r.pk != best.pk]
    expected = scoring.rank(scores_of(visible, rules), rules, 10)
    assert [row.move.after.rank for row in page.context["rows"]] == [p.rank for p in expected]


@pytest.mark.django_db
def test_before_a_decision_there_is_nothing_to_try(client, story):
    closed(story)
    client.force_login(story.officer)

    assert "Chưa có kỳ nào có quyết định" in client.get(reverse("analysis:laboratory")).content.decode()
    decided_page = reverse("analysis:laboratory")
    actions.close_season(season=story.season(), by=story.secretary, at=story.tick())
    assert client.get(decided_page, {"season": 1999}).status_code == 404
