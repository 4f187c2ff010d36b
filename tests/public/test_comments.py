"""Comments of the public on a published list."""

from datetime import timedelta

import pytest

from core.models import AuditEvent
from registry.models import Comment
from tests.public.pages import address, page
from tests.registry.factories import (
    make_product,
    make_season,
    open_list,
)

pytestmark = pytest.mark.django_db


WORDS = {"text": "Sản phẩm này tốt.", "name": "Nguyễn Thị An", "contact": "an@kip.test", "item": "", "homepage": ""}


def test_a_comment_in_the_window_is_kept_and_thanked_for(client):
    published = open_list(make_product())
    item = published.items.get()

    response = client.post(address("season", 2026), WORDS | {"item": item.pk})

    assert response.status_code == 302
    assert response["Location"] == address("season_thanks", 2026)
    comment = Comment.objects.get()
    assert (comment.text, comment.item) == ("Sản phẩm này tốt.", item)
    assert AuditEvent.objects.filter(act="comment.received").exists()
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("opens", [timedelta(days=1), timedelta(days=-11)])
def test_outside_the_window_there_is_no_form_and_a_comment_is_refused(client, opens):
    open_list(make_product(), opens=opens)

    assert "<textarea" not in page(client, "season", 2026)
    response = client.post(address("season", 2026), WORDS)

    assert response.status_code == 409
    assert "không trong thời hạn góp ý" in response.content.decode()
    assert "Sản phẩm này tốt." in response.content.decode()
    assert not Comment.objects.exists()


def test_a_comment_without_words_or_contact_is_sent_back_with_what_was_typed(client):
    open_list(make_product())

    response = client.post(address("season", 2026), WORDS | {"text": " ", "contact": ""})
    html = response.content.decode()

    assert response.status_code == 400
    assert "Viết góp ý của bạn." in html
    assert "Nguyễn Thị An" in html
    assert "<title>Lỗi:" in html


def test_an_item_of_another_list_is_refused(client):
    open_list(make_product(), year=2026)
    other = open_list(make_product("Khác"), year=2025).items.get()

    assert client.post(address("season", 2026), WORDS | {"item": other.pk}).status_code == 400


def test_a_program_that_fills_the_trap_is_thanked_and_nothing_is_kept(client):
    open_list(make_product())

    response = client.post(address("season", 2026), WORDS | {"homepage": "https://spam.test"})

    assert response.status_code == 302
    assert not Comment.objects.exists()


def test_the_sixth_comment_of_an_hour_is_put_off_politely(client):
    open_list(make_product())
    for _number in range(5):
        assert client.post(address("season", 2026), WORDS).status_code == 302

    response = client.post(address("season", 2026), WORDS)

    assert response.status_code == 400
    assert "sau một giờ" in response.content.decode()
    assert Comment.objects.count() == 5


def test_a_comment_arrives_when_the_cache_is_down(client, monkeypatch):
    from django.core.cache import cache

    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", broken)
    open_list(make_product())

    assert client.post(address("season", 2026), WORDS).status_code == 302


def test_a_comment_to_a_season_without_a_list_finds_nothing(client):
    make_season()

    assert client.post(address("season", 2026), WORDS).status_code == 200
    assert not Comment.objects.exists()
