"""PostgreSQL and the pure way give the same lines to the last digit, for every shape of rubric and season."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.canonical import digest
from core.errors import Refused
from dossiers.models import Dossier, Stage
from evaluations import closing, queries, result_sql, scoring, tally
from evaluations.models import (
    Assignment,
    Council,
    CutVote,
    Mark,
    Result,
    ResultRun,
    ScoreSheet,
    Seat,
    StandingSheet,
    Tally,
)
from programme import actions as programme
from programme.models import Criterion, Season
from tests.evaluations.seasons import draw_rubric, draw_season
from tests.story import START, Story

pytestmark = pytest.mark.django_db


@contextmanager
def undone() -> Iterator[None]:
    """Everything within is rolled back: signed sheets cannot be deleted, and no stage may be written past the
    workflow."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def store(story: Story, document, rules, entries) -> Season:
    """A season whose judged dossiers have exactly these sheets, written as rows. The tracks are chosen so that the
    rubric gives each dossier the set it was drawn with."""
    rubric, _new = programme.load_rubric(document=document, by=story.officer, at=START)
    season = Season.objects.create(
        year=2000 + Season.objects.count(),
        registration_opens_at=START,
        registration_closes_at=story.tick(days=1),
        scoring_closes_at=story.tick(days=2),
        rubric=rubric,
        top_places=2,
    )
    council = Council.objects.create(season=season, decision_number="1", decision_date=START.date())
    names = sorted({m for e in entries for m, _code in e.assigned} | {s.member for e in entries for s in e.sheets})
    seats = {
        name: Seat.objects.create(
            council=council, user=story.person(name), position="member", alias=name, seated_at=START
        )
        for name in names
    }
    criteria = {c.code: c for c in Criterion.objects.filter(rubric=rubric)}
    products = {}
    for entry in entries:
        number = len(products)
        products[entry.dossier] = story_product(story, number)
        track = next(t for t in ("standard", "hi_tech", "handicraft", "startup") if rules.set_of(t) == entry.set_code)
        dossier = Dossier.objects.create(
            season=season,
            enterprise=products[entry.dossier].enterprise,
            product=products[entry.dossier],
            track=track,
            stage=Stage.SCORED,
            number=entry.dossier,
            submitted_at=START,
            created_at=START,
            changed_at=START,
        )
        Assignment.objects.bulk_create(
            Assignment(seat=seats[m], dossier=dossier, criterion=criteria[c], assigned_at=START)
            for m, c in sorted(entry.assigned)
        )
        if entry.vote:
            CutVote.objects.create(dossier=dossier, in_favour=entry.vote[0], against=entry.vote[1], voted_at=START)
        for sheet in entry.sheets:
            row = ScoreSheet.objects.create(
                seat=seats[sheet.member], dossier=dossier, saved_at=START, ballot=sheet.ballot
            )
            Mark.objects.bulk_create(
                Mark(
                    sheet=row,
                    criterion=criteria[code],
                    points=points,
                    max_points=criteria[code].max_points,
                    abstains=points is None,
                    justification="không đủ chuyên môn" if points is None else "",
                    eliminates=code in sheet.eliminated,
                )
                for code, points in sheet.marks.items()
            )
            row.signed_at, row.digest = START, "0" * 64
            row.save()
            tally.stand(row)
    return season


def story_product(story: Story, number: int):
    """One product per place, made once for all examples of a test."""
    made = story.__dict__.setdefault("_products", [])
    while len(made) <= number:
        made.append(story.product("clerk"))
    return made[number]


@pytest.fixture
def prepared(db) -> Story:
    story = Story()
    for number in range(6):
        story_product(story, number)
    for name in range(11, 16):
        story.person(f"M{name}")
    return story


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_both_ways_give_the_same_lines_and_digests(prepared, seed):
    rng = random.Random(seed)
    drawn = draw_rubric(rng)
    entries = draw_season(rng, drawn.rules)
    with undone():
        season = store(prepared, drawn.document, drawn.rules, entries)
        expected = scoring.outcome(drawn.rules, digest(drawn.document), entries, season.top_places)

        assert closing.compute(season) == expected
        assert closing.current_inputs(season) == expected.input_digest
        run = closing.write_run(season, 1, None, START)
        assert closing.stored_lines(season, run) == expected.lines
        assert (run.input_digest, run.result_digest) == (expected.input_digest, expected.result_digest)
        stored = {r.dossier.number: r for r in Result.objects.select_related("dossier")}
        for place in expected.places:
            row = stored[place.score.dossier]
            assert row.total == scoring.rounded(place.score.total, 4)
            assert (row.rank, row.passes, row.is_top10) == (place.rank, place.score.passes, place.is_top)
        assert tally.drifted(season.pk) == []


def test_a_long_list_of_members_is_ranked_in_numeric(prepared, monkeypatch):
    """Above about thirty members the common multiple leaves 64 bits."""
    rng = random.Random(4)
    drawn = draw_rubric(rng)
    entries = draw_season(rng, drawn.rules)
    real = result_sql.ranking
    monkeypatch.setattr(result_sql, "ranking", lambda rules, **k: real(rules, **{**k, "most_members": 41}))
    with undone():
        season = store(prepared, drawn.document, drawn.rules, entries)

        run = closing.write_run(season, 1, None, START)

        assert "::numeric * div(" in real(drawn.rules, season_id=1, stages=[], places=1, most_members=41).text
        assert closing.stored_lines(season, run) == closing.compute(season).lines


@pytest.fixture
def scored(story):
    story.scored(3)
    return story.season()


@pytest.fixture
def story(db) -> Story:
    return Story()


def test_a_run_takes_the_same_queries_for_one_and_three_dossiers(story):
    counts = []
    for _more in range(2):
        story.scored(1 if not counts else 2)
        season = story.season()
        assert season.rubric is not None
        programme.rules_of(season.rubric)  # every process keeps them in memory
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            closing.write_run(season, 90 + len(counts), None, story.tick())
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_asking_twice_for_a_run_gives_the_same_run(scored, story):
    before = ResultRun.objects.get(season=scored)

    again = closing.write_run(scored, before.number, None, story.tick())

    assert again == before
    assert ResultRun.objects.filter(season=scored).count() == 1


def test_nothing_is_written_when_the_two_ways_differ(scored, story):
    wrong = closing.Digests("0" * 64, "1" * 64)

    with pytest.raises(closing.Disagreement), transaction.atomic():
        closing.write_run(scored, 2, wrong, story.tick())
    assert not ResultRun.objects.filter(season=scored, number=2).exists()


def test_a_criterion_without_points_is_named_before_anything_is_ranked(scored, story):
    dossier = Dossier.objects.filter(season=scored).first()
    for seat in story.seats():
        tally.withdraw(ScoreSheet.objects.get(seat=seat, dossier=dossier))

    with pytest.raises(Refused) as refusal:
        closing.write_run(scored, 2, None, story.tick())
    assert refusal.value.reasons == [f"{dossier.number}: không ai cho điểm tiêu chí 1, 2, 3."]


def test_the_inputs_differ_as_soon_as_a_sheet_no_longer_counts(scored, story):
    run = queries.latest_run(scored)
    assert closing.current_inputs(scored) == run.input_digest

    tally.withdraw(ScoreSheet.objects.filter(dossier__season=scored).first())

    assert closing.current_inputs(scored) != run.input_digest


def test_drift_is_found_in_marks_in_standing_sheets_and_in_tallies(scored):
    first, second, third = Dossier.objects.filter(season=scored).order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE evaluations_mark DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE evaluations_mark SET points = points - 1 WHERE id = (SELECT min(m.id) FROM evaluations_mark m "
            "JOIN evaluations_scoresheet s ON s.id = m.sheet_id WHERE s.dossier_id = %s)",
            [first.pk],
        )
    StandingSheet.objects.filter(dossier=second).update(points=[1, 1, 1])
    Tally.objects.filter(dossier=third).update(sums=[1, 1, 1])

    assert tally.drifted(scored.pk) == [first.pk, second.pk, third.pk]


def test_only_a_signed_sheet_can_stand(story):
    (dossier,) = story.scoring()
    seat = story.seats()[0]
    story.score(dossier, seat, {"1": 40}, sign=False)
    sheet = ScoreSheet.objects.get(seat=seat, dossier=dossier)

    with pytest.raises(IntegrityError), transaction.atomic():
        StandingSheet.objects.create(seat=seat, dossier=dossier, sheet=sheet, points=[100, None, None])


def test_stored_results_never_change(scored):
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.update(total=Decimal(0))
