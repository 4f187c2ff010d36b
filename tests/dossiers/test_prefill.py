"""Last year's answers are offered with their origin, and never across enterprises."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dossiers import prefill
from dossiers.models import Dossier
from tests.dossiers.applicant import signed_in, tell_time, url, words
from tests.story import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


@pytest.fixture
def last_year(story):
    """A dossier of the same product that was sent in the season before."""
    past = Story(now=story.now - timedelta(days=3), year=2025, people=story.people)
    sent = past.submitted()
    Dossier.objects.filter(pk=sent.pk).update(contact_name="Lê Thị Năm Ngoái")
    type(sent.season).objects.filter(pk=sent.season_id).update(registration_closes_at=past.tick())
    story.count = past.count
    return Dossier.objects.get(pk=sent.pk)


def test_the_contact_of_the_last_dossier_is_not_asked_for_again(story, last_year):
    draft = story.draft()

    assert draft.contact_name == "Lê Thị Năm Ngoái"
    assert draft.origins["enterprise.contact_name"]["number"] == last_year.number
    page = words(signed_in(story.person("clerk")).get(url("enterprise_part", draft)))
    assert f"từ hồ sơ {last_year.number} năm 2025, nộp ngày" in page


def test_texts_and_overlapping_figures_of_the_same_product_are_taken_over(story, last_year):
    draft = story.draft(product=last_year.product)
    client = signed_in(story.person("clerk"))

    assert f"từ hồ sơ {last_year.number} năm 2025" in words(client.get(url("product_part", draft)))
    client.post(url("reuse_answers", draft), {"key": "description", "part": "product"})
    draft.refresh_from_db()
    assert (draft.description, draft.technology) == (last_year.description, "")
    client.post(url("reuse_answers", draft), {"key": "all"})

    draft.refresh_from_db()
    assert draft.technology == last_year.technology
    known = {row.year: row.revenue_vnd_billion for row in draft.figures.all()}
    assert known == {2023: Decimal(150), 2024: Decimal(150), 2025: None}
    assert draft.origins["figures.workers_2024"]["season"] == 2025
    assert prefill.offers(draft) == []


def test_the_origin_stays_until_the_field_is_edited(story, last_year):
    from tests.dossiers.test_draft import save

    draft = story.draft(product=last_year.product)
    client = signed_in(story.person("clerk"))
    client.post(url("reuse_answers", draft), {"key": "all"})
    draft.refresh_from_db()

    save(client, draft, "product", technology=(draft.technology, "Dây chuyền mới"))

    draft.refresh_from_db()
    assert "product.technology" not in draft.origins
    assert "product.description" in draft.origins


def test_another_product_of_the_enterprise_is_offered_technology_only(story, last_year):
    assert [offer.key for offer in prefill.offers(story.draft())] == ["technology"]


def test_nothing_crosses_from_one_enterprise_to_another(story, last_year):
    foreign = story.draft("rival")

    assert prefill.offers(foreign) == []
    assert foreign.contact_name == "Người rival"
    assert prefill.take_over(dossier=foreign, keys=None, by=story.person("rival"), at=story.tick()) == 0


def test_an_answer_given_already_is_not_replaced(story, last_year):
    draft = story.draft(product=last_year.product)
    Dossier.objects.filter(pk=draft.pk).update(description="Của tôi")

    prefill.take_over(dossier=draft, keys=None, by=story.person("clerk"), at=story.tick())

    assert Dossier.objects.get(pk=draft.pk).description == "Của tôi"


def test_a_draft_of_an_earlier_season_that_was_never_sent_offers_nothing(story):
    past = Story(now=story.now, year=2025, people=story.people)
    old = past.complete()
    story.count = past.count

    assert prefill.offers(story.draft(product=old.product)) == []
