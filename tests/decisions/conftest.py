import pytest
from django.utils import timezone

from decisions import reasons_actions
from decisions.models import ReasonsLetter
from tests.decisions.reasons_story import decided
from tests.remembered import watch


@pytest.fixture
def clock(monkeypatch, story):
    """The pages' clock shows the time of the story."""
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    watch.expects("the clock of the story")
    return story


@pytest.fixture
def as_(client, clock):
    """The test client, signed in as somebody of the story: `as_("secretary")`."""

    def sign_in(key: str):
        people = {
            "secretary": lambda: clock.secretary,
            "officer": lambda: clock.officer,
            "signatory": lambda: clock.signatory,
        }
        client.force_login(people[key]() if key in people else clock.person(key))
        return client

    return sign_in


@pytest.fixture
def season(story):
    """Three dossiers, the first of them recognised."""
    return decided(story, 3)


@pytest.fixture
def drafted(story, season):
    """The letters of reasons of the two others."""
    reasons_actions.draft_letters(season=story.season(), by=story.secretary, at=story.tick())
    return list(ReasonsLetter.objects.order_by("dossier_id"))
