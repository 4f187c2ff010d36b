"""Nobody learns by any answer what the rules hide from him: everything is asked in two worlds that differ in one
hidden value only, and the answers are the same to the last byte (threats 7.2).

An answer that was made in the first world without reading any table of the secret cannot differ in the second, and is
counted as such; every other request is really asked again. KIP_LEAKS=full asks all of them again.
"""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone

from tests.leaks import worlds
from tests.leaks.asking import Answer, Request, ask, passage
from tests.leaks.secrets import SECRETS, Secret
from tests.leaks.worlds import World
from tests.story import Story

pytestmark = pytest.mark.django_db
FULL = os.environ.get("KIP_LEAKS") == "full"
GROUPS = {
    "scoring, the barred": ("scoring", worlds.BARRED),
    "scoring, the council": ("scoring", ("chair", "member")),
    "scoring, the Department": ("scoring", ("officer", "secretary", "it")),
    "scoring, outside": ("scoring", worlds.OUTSIDE),
    "closed": ("closed", worlds.EVERYBODY),
    "published": ("published", worlds.EVERYBODY),
}


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both worlds are asked at the same moment."""
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)


def build(story: Story, stage: str) -> World:
    world = worlds.begin(story)
    if stage != "scoring":
        worlds.close(world)
    if stage == "published":
        worlds.publish(world)
    return world


def first_answers(world: World, role: str) -> dict[Request, Answer]:
    client = world.client(role)
    return {request: ask(client, request) for request in world.requests(role)}


def differences(
    world: World, secret: Secret, role: str, first: dict[Request, Answer], counted: Counter[str], *, full: bool = FULL
) -> Iterator[str]:
    """What the role could notice of the secret."""
    with transaction.atomic():
        with worlds.unguarded():
            secret.change(world)
        for request, before in first.items():
            counted["pairs"] += 1
            if not full and before.tables.isdisjoint(secret.tables):
                counted["never read it"] += 1
                continue
            after = ask(world.client(role), request)
            if after != before:
                how = ", ".join(before.differs_in(after))
                yield f"{secret.name} → {role}: {request.name} {request} ({how}) {passage(before, after)}"
        transaction.set_rollback(True)


@pytest.mark.pdf
@pytest.mark.parametrize("group", GROUPS)
def test_a_hidden_value_changes_no_answer(story, frozen, group):
    stage, who = GROUPS[group]
    world = build(story, stage)
    found: list[str] = []
    print(f"\n| {group} | addresses | requests | pairs | asked twice | differences |\n|---|---|---|---|---|---|")
    for role in who:
        secrets = [s for s in SECRETS if s.world == stage and role in s.roles]
        if not secrets:
            continue
        first, counted = first_answers(world, role), Counter[str]()
        leaks = [line for secret in secrets for line in differences(world, secret, role, first, counted)]
        names = len({request.name for request in first})
        twice = counted["pairs"] - counted["never read it"]
        print(f"| {role} × {len(secrets)} | {names} | {len(first)} | {counted['pairs']} | {twice} | {len(leaks)} |")
        found += leaks

    assert found == [], f"{len(found)} leaks\n" + "\n".join(found)


def test_every_address_is_asked(story):
    """A new address is asked by itself: nothing is listed by hand."""
    from tests.test_access import addresses

    world = worlds.begin(story)
    asked = {request.name for role in ("officer", "api") for request in world.requests(role)}

    assert set(addresses()) - asked == set()


def test_the_same_world_twice_gives_the_same_answers(story, frozen):
    """What would differ by itself would hide a leak or cry wolf."""
    world = build(story, "scoring")
    nothing = Secret("nothing", "scoring", (), lambda _world: None, ())

    for role in ("barred officer", "owner"):
        first = first_answers(world, role)
        assert list(differences(world, nothing, role, first, Counter(), full=True)) == []
