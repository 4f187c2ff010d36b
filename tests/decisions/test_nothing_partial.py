"""The public reads a whole result: nothing is published while the council still scores, and nothing is scored or
computed once it is public."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from core.errors import Refused
from decisions import actions as decisions
from dossiers.models import Dossier
from evaluations import actions, queries
from evaluations.guards import nobody_is_left_behind

pytestmark = pytest.mark.django_db


def publish(story):
    now = story.tick()
    return decisions.publish_result(
        season=story.season(), opens_at=now, closes_at=now + timedelta(days=10), by=story.secretary, at=now
    )


@contextmanager
def standing_at(dossier: Dossier, stage: str):
    """As if it stood there: taken back before the database asks which step led to it."""
    with transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(stage=stage)
        yield
        transaction.set_rollback(True)


def test_no_list_while_a_dossier_is_still_scored(story):
    """Scoring was extended and opened once more for one that came late; the first result knows nothing of it."""
    story.scored(2)
    late = story.eligible("clerk-late")
    story.declared()
    actions.assign(season=story.season(), by=story.secretary, at=story.tick())
    story.council_time()
    actions.open_session(season=story.season(), by=story.secretary, at=story.tick())

    with pytest.raises(Refused, match=late.number):
        publish(story)

    assert not Dossier.objects.filter(stage="public_comment").exists()
    assert late.number in nobody_is_left_behind(story.season(), queries.latest_run(story.season()))[0]


def test_scoring_is_not_opened_after_its_last_moment(story):
    story.scored(1)
    story.eligible("clerk-late")
    story.declared()

    with pytest.raises(Refused, match="Đã hết hạn chấm điểm"):
        actions.open_session(season=story.season(), by=story.secretary, at=story.now + timedelta(days=400))


def test_once_public_nothing_is_scored_or_computed_any_more(story):
    first, *_others = story.published(2)
    season, by = story.season(), story.secretary

    with standing_at(first, "eligible"), pytest.raises(Refused, match="đã được công bố"):
        actions.open_session(season=season, by=by, at=story.tick())
    with standing_at(first, "scoring"), pytest.raises(Refused, match="đã được công bố"):
        actions.close_session(season=season, by=by, at=story.tick())
    with standing_at(first, "scored"), pytest.raises(Refused, match="đã được công bố"):
        actions.order_run(season=season, reason="Thử", by=by, at=story.tick())
    with standing_at(first, "scored"), pytest.raises(Refused, match="đã được công bố"):
        publish(story)
