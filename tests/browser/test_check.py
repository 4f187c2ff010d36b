"""An officer checks a dossier without a mouse: from the worklist to “eligible”, and to the request for a supplement.
Keys and seconds are counted and printed."""

import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from dossiers.models import CheckMark, Dossier, Stage
from programme.models import Season
from tests.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The bar of the product: one dossier, keys only.
SECONDS = 90


class Keyboard:
    """Presses keys and counts them; there is no mouse."""

    def __init__(self, page) -> None:
        self.page, self.pressed, self.begun = page, 0, time.monotonic()

    def __call__(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def mark(self, key: str, part: str, kind: str) -> None:
        """Until the page shows the mark as kept; a refusal fails with its words."""
        self(key)
        self.page.locator(f'#item-{part}[data-kind="{kind}"], [data-not-saved]:not([hidden])').first.wait_for()
        assert self.page.locator("[data-not-saved]").inner_text() == ""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun


@pytest.fixture
def story(transactional_db) -> Story:
    call_command("load_reference", verbosity=0)
    now = timezone.now()
    story = Story(now=now)
    season = story.season()
    Season.objects.filter(pk=season.pk).update(year=now.year)
    story.year = now.year
    story.receive(now - timedelta(days=1), now + timedelta(days=30))
    return story


@pytest.fixture
def officer(story, person):
    story.submitted("a")
    story.submitted("b")
    one = person()
    one.sign_in(f"{story.officer.email}")
    one.go("/lam-viec/")
    return one


def parts_of(page) -> list[str]:
    return page.eval_on_selector_all(".check-row", "rows => rows.map(row => row.dataset.item)")


def test_a_dossier_is_found_eligible_with_the_keyboard_alone(officer, capsys):
    keys = Keyboard(officer.page)
    keys("j", "Enter")
    officer.page.wait_for_url("**/lam-viec/ho-so/*/**")
    officer.page.wait_for_selector("[data-check]")
    officer.page.wait_for_load_state()
    parts = parts_of(officer.page)
    for number, part in enumerate(parts[:9], start=1):
        keys.mark(str(number), part, "ok")
    keys("j")  # the file after that of the ninth line, or the next part
    for part in parts[9:]:
        while officer.page.locator(f"#item-{part}.current").count() == 0:
            keys("j")
        keys.mark("t", part, "ok")
    keys("d")
    dialog = officer.page.locator("#admit-dialog[open]")
    dialog.wait_for()
    assert dialog.locator('[data-count="ok"]').inner_text() == str(len(parts))
    assert dialog.locator('[data-count="open"]').inner_text() == "0"
    with officer.page.expect_navigation():
        keys("Enter")

    with capsys.disabled():
        print(f"\n  eligible: {keys.pressed} keys, {keys.seconds:.1f} s, {len(parts)} lines")
    assert keys.seconds < SECONDS
    assert Dossier.objects.filter(stage=Stage.ELIGIBLE).count() == 1
    assert CheckMark.objects.filter(verdict="fine").count() == len(parts)


def test_a_supplement_is_asked_with_the_keyboard_alone(officer, capsys):
    keys = Keyboard(officer.page)
    keys("j", "Enter")
    officer.page.wait_for_selector("[data-check]")
    officer.page.wait_for_load_state()
    parts = parts_of(officer.page)
    keys.mark("1", parts[0], "ok")
    keys.mark("Shift+2", parts[1], "no")
    reason = officer.page.locator(f"#reason-{parts[1]}")
    expect(reason).to_be_focused()
    keys("ArrowDown", "ArrowDown")  # the second reason: expired
    officer.page.locator(f"#item-{parts[1]} [data-kept]:not(:empty)").wait_for()
    keys("Escape")
    keys("x")  # the same line: the cross goes and comes again
    officer.page.locator(f'#item-{parts[1]}[data-kind="open"]').wait_for()
    keys.mark("Shift+2", parts[1], "no")
    officer.page.locator(f"#reason-{parts[1]}").wait_for()
    keys("ArrowDown", "ArrowDown", "Tab", "Tab")
    keys.types("Đề nghị nộp bản mới.")
    officer.page.locator(f"#item-{parts[1]} [data-kept]:not(:empty)").wait_for()
    keys("Escape")
    with officer.page.expect_navigation():
        keys("b")
    officer.page.locator("[data-letter] li").first.wait_for()
    assert "Đề nghị nộp bản mới." in officer.page.locator("[data-letter]").inner_text()
    with officer.page.expect_navigation():
        keys("Control+Enter")

    with capsys.disabled():
        print(f"\n  supplement: {keys.pressed} keys, {keys.seconds:.1f} s")
    assert keys.seconds < SECONDS
    asked = Dossier.objects.get(stage=Stage.SUPPLEMENT).open_supplement
    defect = asked.defects.get()
    assert (defect.part, defect.reason) == (parts[1], "expired")
    assert "Đề nghị nộp bản mới." in defect.words


def test_the_letter_follows_the_typing(officer, story):
    dossier = Dossier.objects.filter(stage=Stage.SUBMITTED).first()
    officer.go(f"/lam-viec/ho-so/{dossier.pk}/bo-sung/")
    officer.page.fill("[name=message]", "Kính gửi quý công ty")

    officer.page.locator("[data-letter]", has_text="Kính gửi quý công ty").wait_for()


def test_no_single_key_acts_while_somebody_types_or_has_switched_them_off(officer, story):
    dossier = Dossier.objects.filter(stage=Stage.SUBMITTED).first()
    officer.go(f"/lam-viec/ho-so/{dossier.pk}/")
    officer.page.focus("#note-text")
    officer.page.keyboard.type("1tdx?")
    assert officer.page.input_value("#note-text") == "1tdx?"
    type(story.officer).objects.filter(pk=story.officer.pk).update(single_keys=False)
    officer.go(f"/lam-viec/ho-so/{dossier.pk}/")
    for key in ("1", "t", "x", "d", "?"):
        officer.page.keyboard.press(key)

    assert officer.page.locator("dialog[open]").count() == 0
    assert not CheckMark.objects.exists()
    assert Dossier.objects.get(pk=dossier.pk).stage == Stage.SUBMITTED


def test_the_screen_is_whole_on_a_telephone(officer):
    dossier = Dossier.objects.filter(stage=Stage.SUBMITTED).first()
    officer.page.set_viewport_size({"width": 390, "height": 844})
    for address in ("", "bo-sung/", "thay-doi/"):
        officer.go(f"/lam-viec/ho-so/{dossier.pk}/{address}")
        assert officer.page.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_a_row_is_marked_by_mouse_by_key_and_by_space(story, person):
    story.submitted()
    with_code = person()
    with_code.sign_in(story.officer.email)
    with_code.go("/lam-viec/")
    page = with_code.page
    box = page.locator("input[name=dossier][form=bulk]").first

    box.check()
    expect(box).to_be_checked()
    expect(page.locator("[data-bulk-count]")).to_have_text("Đã đánh dấu 1 hồ sơ")
    box.press("Space")
    expect(box).not_to_be_checked()
    page.locator("tr[data-row] [data-open]").first.focus()
    page.keyboard.press("x")
    expect(box).to_be_checked()
    with_code.press("Show the effects")
    assert with_code.sees("1 hồ sơ giao cho bạn thụ lý.")
