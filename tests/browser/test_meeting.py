"""A session in three browsers: the secretary leads it, a member on a telephone follows and votes, a barred member is
told to wait outside. Nobody reloads a page; a lost connection comes back by itself."""

import os

import pytest
from playwright.sync_api import expect

from meetings.models import Vote
from tests.meetings.conftest import Held
from tests.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 15_000
PICTURES = os.environ.get("KIP_PICTURES", "")


@pytest.fixture
def held(transactional_db) -> Held:
    """Three members, the second barred from the second dossier; the result is known, the members are there."""
    found = Held(Story())
    found.council(members=4, dossiers=2, conflicts={1: [1]})
    found.result()
    found.plan()
    found.open()
    return found


def on_a_phone(person, held: Held, number: int):
    member = person(has_touch=True)
    member.page.set_viewport_size({"width": 390, "height": 844})
    return member.sign_in(held.seats[number].user.email).go("/hoi-dong/hop/1/")


def picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_a_session_is_led_followed_and_voted_in_without_a_reload(held, person):
    desk = f"/lam-viec/ky/{held.season.year}/hop/1/"
    secretary = person().sign_in(held.secretary.email)
    secretary.go(f"{desk}chuan-bi/")
    picture(secretary.page, "prepare")
    secretary.go(desk)
    member, barred = (on_a_phone(person, held, number) for number in (0, 1))
    wall = person().sign_in(held.secretary.email).go(f"{desk}man-chieu/")
    first, second = held.dossiers[0].product.name_vi, held.dossiers[1].product.name_vi

    # The first item, led with the keyboard only; the others follow by themselves.
    for name in ("Call the item", "Begin the item", "End the item"):
        button = secretary.page.get_by_role("button", name=secretary.words(name)).first
        button.focus()
        with secretary.page.expect_navigation(wait_until="load"):
            secretary.page.keyboard.press("Enter")
        if name == "Begin the item":
            expect(member.page.get_by_role("heading", name=first)).to_be_visible(timeout=SOON)
            expect(wall.page.locator(".wall-big")).to_contain_text(first, timeout=SOON)
            picture(wall.page, "wall")
            picture(secretary.page, "run-item")

    # The second item bars a member: he sees nothing but that, and the item does not begin before he has left.
    secretary.press("Call the item")
    expect(barred.page.locator(".outside")).to_be_visible(timeout=SOON)
    assert not barred.sees(second)
    picture(barred.page, "outside")
    secretary.press("Has left").press("Begin the item").press("Open the vote")
    picture(secretary.page, "run-vote")
    choice = member.page.locator("#vote-for")
    expect(choice).to_be_visible(timeout=SOON)
    for button in member.page.locator(".ballot button").all():
        box = button.bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 44
    picture(member.page, "ballot")
    assert member.page.evaluate("document.documentElement.scrollWidth") <= 390
    with member.page.expect_navigation(wait_until="load"):
        choice.tap()
    expect(secretary.page.locator("#vote-title")).to_contain_text("1/3", timeout=SOON)
    expect(wall.page.locator(".wall-vote")).to_contain_text("1/3", timeout=SOON)
    assert Vote.objects.get().choice == "for"
    assert not barred.sees(second)


def test_a_lost_connection_is_told_and_comes_back_by_itself(held, person):
    member = on_a_phone(person, held, 0)
    lost = member.page.locator("[data-lost]")
    expect(lost).to_be_hidden()

    member.page.context.set_offline(True)
    expect(lost).to_be_visible(timeout=SOON)
    held.act("call_item", held.item(0))
    member.page.context.set_offline(False)

    expect(lost).to_be_hidden(timeout=SOON)
    expect(member.page.get_by_role("heading", name=held.dossiers[0].product.name_vi)).to_be_visible(timeout=SOON)
