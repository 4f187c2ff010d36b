"""Every stored result is computed once more, all ways; whoever changes a number past the actions is found out."""

import io
import random
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core.looks import looks
from core.models import AuditEvent
from evaluations import checking, closing, tally
from evaluations.models import ResultRun, ScoreSheet, Tally
from evaluations.tasks import check_results
from tests.evaluations.seasons import draw_rubric, draw_season
from tests.evaluations.test_result_sql import store, story_product, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared(story):
    """What every drawn season stands on; made outside of what is rolled back."""
    for number in range(6):
        story_product(story, number)
    for name in range(11, 16):
        story.person(f"M{name}")
    return story


def command() -> str:
    out = io.StringIO()
    call_command("recompute_results", "--check", stdout=out)
    return out.getvalue()


def bare(table: str, text: str) -> None:
    """Past the triggers, as somebody with the database in hand would."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE {table} SET {text}")
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_generated_seasons_agree_in_all_ways(prepared):
    """Random rubrics and seasons of every shape, two runs each: kept numbers, a fresh count, and Python."""
    for seed in range(12):
        rng = random.Random(seed)
        drawn = draw_rubric(rng)
        entries = draw_season(rng, drawn.rules)
        with undone():
            season = store(prepared, drawn.document, drawn.rules, entries)
            first = closing.write_run(season, 1, None, prepared.tick())
            tally.count_season(season)
            second = closing.write_run(season, 2, None, prepared.tick(), tallies=tally.RECOUNT)

            found = checking.check_all()

            assert found.faults == [], seed
            assert (found.seasons, found.runs, found.results) == (1, 2, 2 * len(entries))
            assert (first.input_digest, first.result_digest) == (second.input_digest, second.result_digest)


def test_both_ways_of_counting_give_the_same_rows(prepared):
    for seed in range(12, 24):
        rng = random.Random(seed)
        drawn = draw_rubric(rng)
        entries = draw_season(rng, drawn.rules)
        with undone():
            season = store(prepared, drawn.document, drawn.rules, entries)
            tally.recount([t.dossier_id for t in Tally.objects.all()])

            assert tally.drifted(season.pk) == []


def test_nothing_to_check_is_said(db):
    assert "0 runs" in command()
    assert checking.keep(checking.check_all(), timezone.now()) is None
    assert checking.fault() is None


def test_a_whole_season_is_well(story):
    story.scored(2)

    assert "1 seasons, 1 runs, 2 results" in command()


@pytest.mark.parametrize(
    ("table", "text", "words"),
    [
        ("evaluations_result", "rank = rank + 1", "stored rows no longer have the digest"),
        ("evaluations_result", "tie_rule = 'shared'", "stored rows no longer have the digest"),
        ("evaluations_mark", "points = points - 1", "can no longer be brought back|không còn khôi phục"),
        ("evaluations_tally", "sums[1] = sums[1] + 1", "kept numbers differ"),
        ("evaluations_standingsheet", "points[1] = points[1] + 1", "differ from the signed marks"),
        ("evaluations_resultrun", "result_digest = repeat('0', 64)", "give another result"),
        ("evaluations_resultrun", "input_digest = repeat('0', 64)", "no longer those of run 1"),
    ],
)
def test_a_number_changed_behind_our_back_is_found(story, table, text, words):
    story.scored(2)
    bare(table, text)

    with pytest.raises(CommandError, match=f"(?i){words}"):
        command()


def test_a_sheet_withdrawn_since_says_that_the_result_is_no_longer_current(story):
    dossiers = story.scored(2)
    tally.withdraw(ScoreSheet.objects.filter(dossier=dossiers[0]).first())

    with pytest.raises(CommandError, match="has to be computed again"):
        command()


def test_the_nightly_verdict_is_kept_and_told_to_the_doctor(story):
    story.scored(1)

    check_results()

    last = AuditEvent.objects.latest("seq")
    assert (last.act, last.detail["runs"], last.detail["faults"]) == ("results.checked", 1, [])
    assert looks["results"]() is None

    bare("evaluations_result", "rank = 2")
    check_results()

    assert AuditEvent.objects.latest("seq").act == "results.differ"
    assert "stored rows" in looks["results"]()


def test_the_doctor_says_when_nobody_checks_any_more(story):
    story.scored(1)
    assert checking.fault() is None

    run = ResultRun.objects.get()
    bare("evaluations_resultrun", "computed_at = computed_at - interval '3 days'")
    assert "ever recomputed" in checking.fault()

    checking.keep(checking.Checked(1, 1, 1), run.computed_at - timedelta(days=5))
    assert "two days" in checking.fault()


def test_the_nightly_check_is_in_the_timetable():
    from django.conf import settings

    assert "evaluations.tasks.check_results" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
