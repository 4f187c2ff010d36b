"""The draft in a real browser: without a network, in a closed tab, with two people, and without a mouse."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dossiers.models import Dossier, FieldChange, Stage
from dossiers.papers import required_on
from enterprises.actions import add_representative
from tests.browser.conftest import end_at_once
from tests.browser.test_year import path
from tests.story import PASSWORD, Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TECHNOLOGY = 'main [name="technology"]'
NOTE = "[data-autosave-note]"


@pytest.fixture
def story(transactional_db) -> Story:
    made = Story(now=timezone.now() - timedelta(hours=1))
    now = timezone.now()
    made.receive(now - timedelta(days=1), now + timedelta(days=30))
    return made


def stored(dossier: Dossier) -> str:
    return Dossier.objects.get(pk=dossier.pk).technology


def until(happened, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_what_is_typed_without_a_network_comes_back_and_is_saved(story, person):
    dossier = story.draft()
    clerk = person().sign_in("clerk@kip.test")
    context = clerk.page.context
    clerk.go(path("dossiers:product_part", dossier.pk))

    context.set_offline(True)
    clerk.page.fill(TECHNOLOGY, "Gõ khi mất mạng")
    expect(clerk.page.locator(NOTE)).to_contain_text(clerk.words("Not saved – kept on this device, will try again"))
    assert stored(dossier) == ""
    # A closed tab loses nothing either: it is opened again, and what was typed is there.
    end_at_once(clerk.page)
    context.set_offline(False)
    clerk.page = context.new_page()
    clerk.go(path("dossiers:product_part", dossier.pk))
    assert clerk.page.input_value(TECHNOLOGY) == "Gõ khi mất mạng"
    until(lambda: stored(dossier) == "Gõ khi mất mạng")
    expect(clerk.page.locator("[data-others]")).to_contain_text("Đã khôi phục")

    # An open page that loses its network for a while saves when it is back.
    context.set_offline(True)
    clerk.page.fill(TECHNOLOGY, "Gõ tiếp khi mất mạng")
    expect(clerk.page.locator(NOTE)).to_contain_text(clerk.words("Not saved – kept on this device, will try again"))
    context.set_offline(False)
    until(lambda: stored(dossier) == "Gõ tiếp khi mất mạng")
    clerk.page.evaluate("window.dispatchEvent(new Event('focus'))")
    until(lambda: clerk.page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('kip-draft-')).length") == 0)


def test_ten_minutes_without_a_network_lose_nothing(story, person):
    """The page's clock is wound forward: all its tries and looks of ten minutes happen, and all fail."""
    dossier = story.draft()
    clerk = person()
    clerk.page.clock.install()
    clerk.sign_in("clerk@kip.test").go(path("dossiers:product_part", dossier.pk))
    tries: list[str] = []
    clerk.page.on("requestfailed", lambda request: tries.append(request.method))
    texts = {name: f"Gõ trong mười phút mất mạng: {name}" for name in ("summary_vi", "description", "technology")}

    clerk.page.context.set_offline(True)
    began = clerk.page.evaluate("Date.now()")
    for name, text in texts.items():
        clerk.page.fill(f'main [name="{name}"]', text)
        for _ in range(20):
            clerk.page.clock.run_for(10_000)
    assert clerk.page.evaluate("Date.now()") - began >= 600_000
    expect(clerk.page.locator(NOTE)).to_contain_text(clerk.words("Not saved – kept on this device, will try again"))
    assert tries.count("POST") >= 20  # it kept trying
    assert {name: clerk.page.input_value(f'main [name="{name}"]') for name in texts} == texts
    assert stored(dossier) == ""

    clerk.page.context.set_offline(False)
    clerk.page.clock.run_for(10_000)
    until(lambda: all(getattr(Dossier.objects.select_related("product").get(pk=dossier.pk), name, "") == texts[name]
                      for name in ("description", "technology")))  # fmt: skip
    assert Dossier.objects.get(pk=dossier.pk).product.summary_vi == texts["summary_vi"]
    expect(clerk.page.locator(NOTE)).not_to_contain_text(
        clerk.words("Not saved – kept on this device, will try again")
    )
    until(lambda: clerk.page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('kip-draft-')).length") == 0)


def test_what_was_kept_and_did_arrive_is_forgotten(story, person):
    """The last words of a closed window reached the server, the answer reached nobody."""
    dossier = story.draft()
    clerk = person().sign_in("clerk@kip.test")
    context, address = clerk.page.context, path("dossiers:product_part", dossier.pk)
    clerk.go(address)
    context.set_offline(True)
    clerk.page.fill(TECHNOLOGY, "Đã đến nơi")
    expect(clerk.page.locator(NOTE)).to_contain_text(clerk.words("Not saved – kept on this device, will try again"))
    (kept,) = clerk.page.evaluate("Object.entries(localStorage).filter(([k]) => k.startsWith('kip-draft-'))")
    end_at_once(clerk.page)
    context.set_offline(False)
    Dossier.objects.filter(pk=dossier.pk).update(technology="Đã đến nơi")

    clerk.page = context.new_page()
    clerk.go("/")
    clerk.page.evaluate("([key, value]) => localStorage.setItem(key, value)", kept)
    clerk.go(address)
    assert clerk.page.input_value(TECHNOLOGY) == "Đã đến nơi"
    assert clerk.page.evaluate("key => localStorage.getItem(key)", kept[0]) is None


def test_two_people_in_one_field_see_both_versions(story, person):
    dossier = story.draft()
    add_representative(
        enterprise=dossier.enterprise, user=story.person("colleague"), role="fills_in", by=story.person("clerk"),
        at=story.tick(),
    )  # fmt: skip
    address = path("dossiers:product_part", dossier.pk)
    first, second = person().sign_in("clerk@kip.test"), person().sign_in("colleague@kip.test")
    first.go(address)
    second.go(address)

    second.page.fill(TECHNOLOGY, "Bản của đồng nghiệp")
    until(lambda: stored(dossier) == "Bản của đồng nghiệp")
    first.page.fill(TECHNOLOGY, "Bản của tôi")
    box = first.page.locator(".two-versions")
    expect(box).to_contain_text("Bản của đồng nghiệp")
    expect(box).to_contain_text("Người colleague đã viết lúc")
    assert stored(dossier) == "Bản của đồng nghiệp"
    box.get_by_role("button", name=first.words("Keep mine")).click()
    until(lambda: stored(dossier) == "Bản của tôi")

    # The other has touched nothing since: the change arrives by itself and says whose it is.
    second.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(second.page.locator(TECHNOLOGY)).to_have_value("Bản của tôi")
    expect(second.page.locator("[data-others]")).to_contain_text("Người clerk")
    assert FieldChange.objects.get(name="technology").changed_by == story.person("clerk")


def test_what_was_kept_is_forgotten_at_sign_out(story, person):
    dossier = story.draft()
    clerk = person().sign_in("clerk@kip.test")
    clerk.go(path("dossiers:product_part", dossier.pk))
    kept = "Object.keys(localStorage).filter(k => k.startsWith('kip-draft-')).length"
    clerk.page.fill('main [name="hs_code"]', "không phải mã")
    expect(clerk.page.locator("[data-live-error]")).to_be_visible()
    assert clerk.page.evaluate(kept) == 1

    with clerk.page.expect_navigation(wait_until="load"):
        clerk.page.locator("form[data-sign-out]").first.evaluate("form => form.requestSubmit()")

    assert clerk.page.evaluate(kept) == 0


class Keys:
    """A person without a mouse. Every key counts; a text typed counts once."""

    def __init__(self, page) -> None:
        self.page, self.count, self.began = page, 0, time.monotonic()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)
        self.count += 1

    def to(self, selector: str, most: int = 400) -> None:
        """Tab on until the focus is there, as far as it takes."""
        for _ in range(most):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector} on {self.page.url}")

    def go_on(self, key: str = "Enter") -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.press(key)

    def follow(self, href: str) -> None:
        self.to(f'main a[href="{href}"]')
        self.go_on()


def test_the_clerk_needs_no_mouse_from_sign_in_to_the_receipt(story, person):
    story.enterprise()
    clerk = person()
    clerk.go("/dang-nhap/")
    keys = Keys(clerk.page)
    keys.to('main [name="login"]')
    keys.type("clerk@kip.test")
    keys.to('main [name="password"]')
    keys.type(PASSWORD)
    keys.go_on()
    if "/ho-so/" not in clerk.page.url:
        clerk.go("/ho-so/")
    keys.follow("/ho-so/moi/")
    for name, value in (
        ("track", "standard"), ("in_hanoi", "yes"), ("own_product", "yes"), ("over_threshold", "yes"),
        ("on_list", "yes"), ("undertakes", "yes"), ("no_breach", "yes"),
    ):  # fmt: skip
        keys.to(f'main [name="{name}"]')
        keys.press("Space")
        assert clerk.page.is_checked(f'main [name="{name}"][value="{value}"]')
    keys.to('main [name="name_vi"]')
    keys.type("Robot hàn hồ quang 6 trục")
    keys.to('main [name="sector"]')
    keys.press("ArrowDown")
    keys.to('main button[type="submit"]')
    keys.go_on()
    dossier = Dossier.objects.get()
    home = path("dossiers:dossier", dossier.pk)
    assert clerk.page.url.endswith(home)

    keys.follow(path("dossiers:undertakings", dossier.pk))
    keys.to('main [name="agreed"]')
    keys.press("Space")
    keys.to("main form button[type=submit]")
    keys.go_on()
    keys.follow(path("dossiers:product_part", dossier.pk))
    for name, text in (
        ("summary_vi", "Robot hàn tự động."), ("description", "Mô tả sản phẩm. " * 10), ("technology", "Dây chuyền."),
    ):  # fmt: skip
        keys.to(f'main [name="{name}"]')
        keys.type(text)
    keys.to("main form[data-autosave] button[type=submit]")
    keys.go_on()
    keys.follow(path("dossiers:figures", dossier.pk))
    first = dossier.season.year - 3
    for name, text in (("revenue_vnd_billion", "150"), ("export_usd_million", "2"), ("workers", "120")):
        for year in range(first, first + 3):
            keys.to(f'main [name="{name}_{year}"]')
            keys.type(text)
    keys.to("main form[data-autosave] button[type=submit]")
    keys.go_on()
    # The file dialogue belongs to the system: the papers come by the action, everything else by keys.
    for paper in required_on("standard"):
        for side in range(3 if paper.code == "photos" else 1):
            story.attach(dossier, paper.code, content=f"%PDF-1.4 {paper.code} {side}".encode())
    clerk.go(home)
    keys.follow(path("dossiers:review", dossier.pk))
    assert clerk.page.locator(".outcome.no li, .error-summary li").all_inner_texts() == []
    keys.to('main [name="declared"]')
    keys.press("Space")
    keys.to("main .declaration button[type=submit]")
    keys.go_on()

    dossier.refresh_from_db()
    assert dossier.stage == Stage.SUBMITTED
    assert clerk.sees(dossier.number)
    print(f"\nClerk by keyboard: {keys.count} keys and texts, {time.monotonic() - keys.began:.1f} s")
