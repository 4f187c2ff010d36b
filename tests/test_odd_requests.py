"""Requests that once ended in a fault: each is an answer in words now."""

import pytest
from django.urls import reverse
from django.utils import translation

from core.errors import Refused
from programme import actions as programme
from programme.models import Season

pytestmark = pytest.mark.django_db
DIGITS = ("²", "9" * 5000, "٣", "1" * 20)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_status_code_with_a_zero_byte_finds_nothing(client, language):
    with translation.override(language):
        address = reverse("dossiers:track_code", kwargs={"code": "abc"}).replace("abc", "a%00b")

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("year", [*DIGITS, "2²26", ""])
def test_an_impossible_year_of_a_new_season_is_told(client, story, year):
    story.season()
    client.force_login(story.officer)

    answer = client.post(reverse("programme:season_new"), {"year": year})

    assert answer.status_code in (200, 409)


def test_a_season_made_twice_at_once_is_refused_in_words(story, monkeypatch):
    """The second of two presses finds the year free and the row taken."""
    story.season()
    at = story.tick()
    facts = {
        name: getattr(story.season(), name)
        for name in ("registration_opens_at", "registration_closes_at", "scoring_opens_at", "scoring_closes_at")
    }
    monkeypatch.setattr(type(Season.objects.all()), "exists", lambda self: False)

    with pytest.raises(Refused, match="2026"):
        programme.plan_season(by=story.officer, at=at, year=2026, **facts)


def test_a_season_deleted_twice_is_refused_in_words(story):
    season = story.season()
    gone = Season(pk=season.pk + 1000, year=2030)

    with pytest.raises(Refused, match="2030"):
        programme.delete_season(season=gone, by=story.officer, at=story.tick())


@pytest.mark.parametrize("number", DIGITS)
def test_an_impossible_number_of_a_certificate_retries_nothing_in_particular(client, story, number):
    story.season()
    client.force_login(story.secretary)

    answer = client.post(reverse("decisions:retry", args=[2026]), {"certificate": number})

    assert answer.status_code in (200, 302, 409)


def test_a_save_that_is_a_form_cannot_be_read(client, story):
    dossier = story.draft()
    client.force_login(story.person("clerk"))

    answer = client.post(reverse("dossiers:save_part", args=[dossier.pk, "product"]), {"fields": "x"})

    assert answer.status_code == 400
    assert "refused" in answer.json()
