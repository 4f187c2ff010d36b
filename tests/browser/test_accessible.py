"""Every page by the axe rules (WCAG 2.0 to 2.2, A and AA), in both languages and both themes, wide and narrow, and
without sideways scrolling at 390 px. Run with -s for the table."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from enterprises.actions import invite
from tests.browser import every_page
from tests.browser.conftest import Person
from tests.enterprises.post import letters, path_in
from tests.story import PASSWORD
from tests.test_access import world  # noqa: F401

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    "resultTypes": ["violations"],  # nobody reads what passed
}
TOO_WIDE = """width => [...document.querySelectorAll("main *")]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map(e => `${e.tagName}.${e.className}`)"""
WIDE, NARROW = ("light", 1440), ("dark", 390)


def test_every_page_of_the_table_is_looked_at_or_says_why_not():
    assert every_page.without_a_place() == set()
    assert {e for entries in every_page.BY_PERSON.values() for e in entries.split()} >= every_page.HEAVY


def test_no_name_is_listed_that_the_table_does_not_know():
    from tests.test_access import ROWS

    assert every_page.listed() | every_page.BY_WALKING | set(every_page.NOT_A_PAGE) <= set(ROWS)


class Inspector:
    """Looks at pages and writes down what it finds."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def look(self, one: Person, entry: str, language: str, face: tuple[str, int]) -> None:
        theme, width = face
        page = one.page
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => {})))")
        combination = f"{language} {theme} {width}"
        if page.evaluate("document.documentElement.lang") != language and not re.match(
            r"mail:(letter|mailbox|text)|terms",
            entry,  # one address, both languages
        ):
            self.faults.append(f"{entry} ({combination}): the page is in another language")
        found = []
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"scrolls sideways {page.evaluate(TOO_WIDE, width)}")
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        answer = page.evaluate("rules => axe.run(document, rules)", RULES)
        for violation in answer["violations"]:
            found.append(f"{violation['id']} {[node['target'] for node in violation['nodes'][:3]]}")
        print(f"| {entry} | {combination} | {len(found)} |", *found, flush=True)
        self.faults += [f"{entry} {page.url} ({combination}): {fault}" for fault in found]


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    print("\n| page | language, theme, width | violations |\n|---|---|---|")
    one = Inspector()
    yield one
    assert one.faults == [], "\n".join(one.faults)


@pytest.mark.browser
@pytest.mark.pdf
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "face", "other"), [("vi", WIDE, NARROW), ("en", NARROW, WIDE)])
def test_pages_keep_the_rules(world, story, person, inspector, language, face, other):  # noqa: F811
    dossiers = every_page.dossiers_of(world, story)
    every_page.with_second_steps(world["people"]["officer"])
    people: dict[str, Person] = {}
    for who, entry, address in every_page.addresses(language, world, dossiers):
        if who not in people:
            people[who] = visitor(person, world, who)
        one = people[who]
        if entry in every_page.SEALED:
            one.page.goto("about:blank")  # the policy of the page before would take the letter's styles away
            one.page.set_content(one.page.request.get(one.address + address).text())
        else:
            one.go(address)
        assert "/dang-nhap/" not in one.page.url or who == "visitor", f"{entry} leads to the sign-in page"
        inspector.look(one, entry, language, face)
        if entry in every_page.HEAVY:
            inspector.look(one, entry, language, other)


def visitor(person: Callable[..., Person], world: dict[str, Any], who: str) -> Person:  # noqa: F811
    one = person()
    if who != "visitor":
        session = every_page.session_of(world["people"][who])
        one.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": one.address}])
    return one


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "face"), [("vi", WIDE), ("en", NARROW)])
def test_the_steps_of_coming_in_keep_the_rules(story, person, inspector, language, face):
    """Registration, invitation and the second step: each page is reached only by the one before."""
    story.enterprise()
    officer, now = story.officer, timezone.now()
    invite(
        enterprise=story.enterprise(), email="moi@kip.test", role="reads", is_consultant=False, language=language,
        by=story.person("clerk"), at=now,
    )  # fmt: skip
    with translation.override(language):
        register, sign_in = reverse("accounts:register"), reverse("accounts:sign_in")

    one = person(language)
    one.go(register).press("Send me the link")  # nothing typed: the page with its error
    inspector.look(one, "accounts:register with an error", language, face)
    one.fill(email="ke-cho@kip.test").press("Send me the link")
    inspector.look(one, "enterprises:registration_sent", language, face)
    one.go(path_in(letters("registration_begin", "ke-cho@kip.test")[-1]))
    inspector.look(one, "enterprises:registration", language, face)

    guest = person(language).go(path_in(letters("invitation", "moi@kip.test")[-1]))
    inspector.look(guest, "enterprises:invitation", language, face)

    every_page.with_second_steps(officer)
    staff = person(language).go(sign_in).fill(login=officer.email, password=PASSWORD).press("Sign in")
    inspector.look(staff, "mfa_authenticate", language, face)
