import pytest
from django.utils import timezone


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """A story has many people; nobody here tests how a password is kept."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clock(monkeypatch, story):
    """The pages' clock shows the time of the story."""
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    return story


@pytest.fixture
def as_(client, clock):
    """The test client, signed in as somebody of the story: `as_("secretary")`."""

    def sign_in(key: str):
        people = {"secretary": lambda: clock.secretary, "officer": lambda: clock.officer}
        client.force_login(people[key]() if key in people else clock.person(key))
        return client

    return sign_in
