"""Nobody learns by any answer what the rules hide from him: everything is asked in two worlds that differ in one
hidden value only, and the answers are the same to the last byte (threats 7.2).

An answer that was made in the first world without reading any table of the secret cannot differ in the second, and is
counted as such; every other request is really asked again. KIP_LEAKS=full asks all of them again.
"""

import logging
import os
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from tests.leaks import worlds
from tests.leaks.asking import Answer, Request, ask, passage
from tests.leaks.secrets import SECRETS, Secret
from tests.leaks.worlds import World
from tests.story import Story

pytestmark = pytest.mark.django_db
KEPT_IN = frozenset(table for secret in SECRETS for table in secret.tables)
ALWAYS_NEW = {"mfa_activate_totp", "mfa_add_webauthn"}
FULL = os.environ.get("KIP_LEAKS") == "full"
GROUPS = {
    "scoring, the barred": ("scoring", worlds.BARRED),
    "scoring, the council": ("scoring", ("chair", "member")),
    "scoring, the Department": ("scoring", ("officer", "secretary", "it")),
    "scoring, outside": ("scoring", worlds.OUTSIDE),
    # The wall is the same for all who are barred: two of them before, the two others after the publication.
    "closed": ("closed", worlds.EVERYBODY if FULL else worlds.everybody_but("barred officer", "barred root")),
    "published": (
        "published",
        worlds.EVERYBODY if FULL else worlds.everybody_but("barred secretary", "barred member"),
    ),
}


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both worlds are asked at the same moment, and nothing is written about it."""
    monkeypatch.setattr(logging.root.manager, "disable", logging.WARNING)
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)


def build(story: Story, stage: str) -> World:
    world = worlds.begin(story)
    if stage != "scoring":
        worlds.close(world)
    if stage == "published":
        worlds.publish(world)
    return world


def first_answers(world: World, role: str, *, full: bool = FULL, others: int = 1) -> dict[Request, Answer]:
    """Every address, and so many `others` of the ways to ask for what is shown.

    Where one refuses without having read what some secret is kept in, it is not asked for other ids; where one shows
    nothing, not by searches. KIP_LEAKS=full asks all of it, in every way."""
    client, found = world.client(role), {}
    shown, closed = set(), set()
    for request in world.requests(role):
        if not full and (request.name in closed or (request.is_search and request.name not in shown)):
            continue
        found[request] = answer = ask(client, request)
        touched = not answer.tables.isdisjoint(KEPT_IN)
        if answer.status == 200:
            shown.add(request.name)
        elif not touched and request.name not in shown:
            closed.add(request.name)
        if full or (answer.status == 200 and touched):
            ways = list(world.variants(request))[: None if full else others]
            found |= {way: ask(client, way) for way in ways}
    return found


def together(secrets: list[Secret]) -> list[list[Secret]]:
    """Which are changed at once. An answer that is the same when all of them are others is the same for each; one that
    is not is asked again for each alone. KIP_LEAKS=full takes every one alone."""
    alone = [[secret] for secret in secrets if secret.alone or FULL]
    rest = [secret for secret in secrets if not (secret.alone or FULL)]
    return [rest, *alone] if rest else alone


def differences(
    world: World, secrets: list[Secret], role: str, first: dict[Request, Answer], counted: Counter[str]
) -> list[str]:
    """What the role could notice of the secrets."""
    found: list[str] = []
    for group in together(secrets):
        suspects = _changed(world, group, role, first, counted)
        if len(group) == 1:
            found += [_told(group[0], role, *one) for one in suspects]
            continue
        counted["pairs"] += len(first) * (len(group) - 1)
        only = {request: first[request] for request, _before, _after in suspects}
        for secret in group if only else ():
            found += [_told(secret, role, *one) for one in _changed(world, [secret], role, only, Counter())]
    return found


def _changed(
    world: World, secrets: list[Secret], role: str, first: dict[Request, Answer], counted: Counter[str]
) -> list[tuple[Request, Answer, Answer]]:
    client, second = world.client(role), {}
    tables = {table for secret in secrets for table in secret.tables}
    with transaction.atomic():
        with worlds.unguarded():
            for secret in secrets:
                secret.change(world)
        for request, before in first.items():
            counted["pairs"] += 1
            if FULL or not secrets or not before.tables.isdisjoint(tables):
                counted["asked twice"] += 1
                after = ask(client, request)
                if after != before:
                    second[request] = after
        transaction.set_rollback(True)
    found = []
    by_work = not secrets or all(secret.by_work for secret in secrets)
    for request, after in second.items():
        first[request] = before = ask(client, request)  # what was not yet in the memory of the process is by now
        if after != before and (by_work or not after.refuses_like(before)):
            found.append((request, before, after))
    return found


def _told(secret: Secret, role: str, request: Request, before: Answer, after: Answer) -> str:
    how = ", ".join(before.differs_in(after))
    line = f"{secret.name} → {role}: {request.name} {request} ({how}) {passage(before, after)}"
    print("  !", line, flush=True)
    return line


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
        # How a page is asked for is no matter of the stage: the other ways are tried while the council scores.
        first, counted = first_answers(world, role, others=int(stage == "scoring")), Counter[str]()
        leaks = differences(world, secrets, role, first, counted)
        names = len({request.name for request in first})
        row = (names, len(first), counted["pairs"], counted["asked twice"], len(leaks))
        print(f"| {role} × {len(secrets)} |", " | ".join(map(str, row)), "|", flush=True)
        found += leaks

    assert found == [], f"{len(found)} leaks\n" + "\n".join(found)


def test_every_address_is_asked_and_the_same_world_twice_gives_the_same_answers(story, frozen):
    """A new address is asked by itself: nothing is listed by hand. What would differ by itself would hide a leak or
    cry wolf; a new key for the second step does, as it must."""
    from tests.test_access import addresses

    world = build(story, "scoring")
    asked = {request.name for role in ("officer", "api") for request in world.requests(role)}
    assert set(addresses()) - asked - {"api:None"} == set()  # whatever the API does not know: no name to ask by

    for role in ("barred officer", "owner"):
        first = {r: a for r, a in first_answers(world, role).items() if r.name not in ALWAYS_NEW}
        assert _changed(world, [], role, first, Counter()) == []
