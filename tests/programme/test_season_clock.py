"""Deadlines follow the clock of the database, whatever the machine that answers believes."""

import inspect
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import clock
from dossiers.models import Dossier, Stage
from programme.models import Season
from registry.models import Comment
from tests.registry import factories


@pytest.fixture
def apart(monkeypatch):
    """The application's clock stands wrong by so much; the database knows better and is asked alone."""

    def wrong_by(shift):
        monkeypatch.setattr(clock, "database_now", clock.database_now.alone)
        monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + shift)

    return wrong_by


@pytest.mark.django_db
def test_the_clock_is_that_of_the_database_and_moves_within_a_transaction():
    with transaction.atomic():
        first, second = clock.database_now(), clock.database_now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT now(), clock_timestamp()")
            begun, later = cursor.fetchone()

    assert begun < first < second < later
    assert first.tzinfo is not None


def registration(story, *, closed: bool) -> Dossier:
    """A complete draft, and a season whose registration ended an hour ago or ends in an hour, as it really is."""
    dossier = story.complete()
    now, hour = datetime.now(UTC), timedelta(hours=1)
    closes = now - hour if closed else now + hour
    Season.objects.update(
        registration_opens_at=now - timedelta(days=9),
        registration_closes_at=closes,
        scoring_opens_at=closes,
        scoring_closes_at=closes + timedelta(days=9),
    )
    return dossier


@pytest.mark.parametrize(("closed", "shift"), [(True, -2), (False, 2)])
def test_a_dossier_is_sent_by_the_clock_of_the_database(story, client, apart, closed, shift):
    dossier = registration(story, closed=closed)
    client.force_login(story.person("clerk"))
    apart(timedelta(hours=shift))

    client.post(f"/ho-so/{dossier.pk}/kiem-tra/", {"declared": "on"})

    sent = Dossier.objects.get(pk=dossier.pk).stage == Stage.SUBMITTED
    assert sent is not closed


@pytest.mark.django_db
@pytest.mark.parametrize(("closed", "shift"), [(True, -3), (False, 3)])
def test_a_comment_is_taken_by_the_clock_of_the_database(client, apart, closed, shift):
    product = factories.make_product()
    opens = timedelta(days=-10, hours=-1) if closed else timedelta(days=-10, hours=1)
    published = factories.open_list(product, opens=opens)
    apart(timedelta(hours=shift))

    client.post(
        f"/ky-xet-chon/{published.season_year}/",
        {"name": "Bà Mai", "contact": "mai@example.vn", "text": "Sản phẩm tốt.", "item": published.items.get().pk},
    )

    assert Comment.objects.exists() is not closed


def test_every_door_with_a_deadline_asks_the_database():
    """Sending, answering a supplement, scoring, signing and commenting."""
    from dossiers.views.applicant import send, supplement
    from evaluations.views import sheet
    from public.views import season

    for module in (send, supplement, sheet, season):
        assert "clock.database_now()" in inspect.getsource(module), module.__name__
