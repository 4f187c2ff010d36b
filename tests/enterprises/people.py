"""People of an enterprise for the tests of this folder. The clock is the story's: actions and pages agree."""

import pytest
from django.test import Client
from django.utils import timezone, translation

from enterprises.actions import add_representative

MINE = "/doanh-nghiep-cua-toi/"


@pytest.fixture
def world(story, monkeypatch):
    translation.activate("vi")
    monkeypatch.setattr(timezone, "now", lambda: story.tick(seconds=1))
    return World(story)


class World:
    """One enterprise with somebody in each role, and a stranger with an enterprise of his own."""

    def __init__(self, story):
        self.story = story
        self.enterprise = story.enterprise("boss")
        self.boss = story.person("boss")
        self.filler = self.join("filler", "fills_in")
        self.reader = self.join("reader", "reads")
        self.other = story.enterprise("stranger", name_vi="Công ty Cổ phần Người Ngoài", street="Số 77 ngõ Lạ")
        self.stranger = story.person("stranger")

    def join(self, key, role, enterprise=None, **facts):
        user = self.story.person(key)
        add_representative(
            enterprise=enterprise or self.enterprise, user=user, role=role, by=self.boss, at=self.story.tick(), **facts
        )
        return user

    def of(self, user, enterprise=None):
        """The row that lets the person act."""
        return (enterprise or self.enterprise).representatives.get(user=user, ended_at=None)

    def at(self, path="nguoi/", enterprise=None):
        return f"{MINE}{(enterprise or self.enterprise).pk}/{path}"


def as_(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client
