"""The score sheet in a real browser: by keyboard alone, by touch, without a network, in two windows, and counted."""

import time
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dossiers.models import Dossier
from evaluations import actions
from evaluations.answers import Answer
from evaluations.models import Mark, ScoreSheet, StandingSheet
from evaluations.queries import tasks
from tests.browser.conftest import end_at_once
from tests.browser.test_year import path
from tests.evaluations.sheet_story import RICH, node
from tests.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEMBER = "member-1@kip.test"
STATE = "[data-state]"
LEVELS = [{"points": n, "when_vi": w, "when_en": w} for n, w in ((3, "Đạt"), (6, "Khá"), (9, "Tốt"), (10, "Xuất sắc"))]
# Eight criteria, as the rubric of the programme has; two of them weigh more, so that they add up to a hundred.
EIGHT = RICH | {
    "code": "eight",
    "tie_rules": ["1"],
    "pass_rule": {"type": "all_of", "rules": [{"type": "total_at_least", "value": 50}]},
    "criteria": [node(str(n), 20 if n < 3 else 10, anchors=LEVELS) for n in range(1, 9)],
}


def scoring(rubric, n=1):
    made = Story()
    made.season(rubric)
    found = made.scoring(n)
    return found, made.seats()[0]


def until(happened, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def points(dossier):
    rows = Mark.objects.filter(sheet__dossier=dossier).values_list("criterion__code", "points")
    return dict(rows)


def test_a_dossier_of_eight_criteria_takes_at_most_twenty_five_interactions(transactional_db, person):
    _dossiers, seat = scoring(EIGHT, 2)
    first, second = [task.dossier for task in tasks(seat)]
    one = person().sign_in(MEMBER)
    one.go(path("evaluations:sheet", first.pk))
    page = one.page
    page.evaluate(
        """() => { window.counted = 0; ['click', 'keydown'].forEach(name => document.addEventListener(name,
            event => { if (event.isTrusted && event.key !== 'Control') window.counted += 1; }, true)); }"""
    )

    for place, words in enumerate(("Tốt", "Khá", "Tốt", "Đạt", "Tốt", "Khá", "Xuất sắc", "Tốt"), start=1):
        page.locator(f"#criterion-{place} button.level", has_text=words).click()
    page.locator("#criterion-8 [data-step='-1']").click()  # a level puts the value, then it is tuned
    page.keyboard.press("ArrowUp")
    counted = page.evaluate("window.counted")
    until(lambda: len(points(first)) == 8)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    assert page.url.endswith(path("evaluations:sheet", second.pk))
    assert counted + 1 <= 25
    assert sum(points(first).values()) == Decimal(9 + 6 + 9 + 3 + 9 + 6 + 10 + 8)


def test_the_whole_sheet_is_filled_and_signed_by_keyboard_alone(transactional_db, person):
    (dossier,), _seat = scoring(RICH)
    one = person().sign_in(MEMBER)
    one.go(path("evaluations:sheet", dossier.pk))
    page, press = one.page, one.page.keyboard.press

    press("j")  # to the first criterion
    expect(page.locator("#criterion-1")).to_be_focused()
    press("3")  # its third level
    expect(page.locator("[name='points-G']")).to_have_value("30")
    page.locator("[name='points-G']").focus()
    press("ArrowUp")
    expect(page.locator("[name='points-G']")).to_have_value("30,5")
    press("Enter")  # the next criterion's field
    expect(page.locator("[name='points-E']")).to_be_focused()
    page.keyboard.type("7.25")
    press("Enter")
    press("ArrowDown")  # a choice is a group of radio buttons
    press("Tab")
    page.locator("[name='points-N']").focus()
    page.keyboard.type("12,5")
    page.locator("#ballot-yes").focus()
    press(" ")
    until(lambda: len(points(dossier)) == 4 and ScoreSheet.objects.get().ballot is True)
    expect(page.locator(STATE)).to_contain_text("Đã lưu")
    expect(page.locator("[data-marked]")).to_have_text("4")

    with page.expect_navigation():
        press("Control+Enter")  # nothing else waits: the review
    page.locator("input[name=sign]").focus()
    press(" ")
    page.get_by_role("button", name=one.words("Sign the ticked sheets")).focus()
    with page.expect_navigation():
        press("Enter")
    assert StandingSheet.objects.get().points[:2] == [3050, 725]
    assert not page.locator("input[name=sign]").count()


def test_single_keys_can_be_switched_off(transactional_db, person):
    (dossier,), seat = scoring(RICH)
    seat.user.single_keys = False
    seat.user.save()
    one = person().sign_in(MEMBER)
    one.go(path("evaluations:sheet", dossier.pk))

    one.page.locator("#criterion-1").focus()
    one.page.keyboard.press("3")
    one.page.keyboard.press("j")

    expect(one.page.locator("#criterion-1")).to_be_focused()
    assert one.page.input_value("[name='points-G']") == ""


def test_ten_minutes_without_a_network_and_a_closed_tab_lose_nothing(transactional_db, person):
    (dossier,), _seat = scoring(RICH)
    one = person()
    one.page.clock.install()
    one.sign_in(MEMBER).go(path("evaluations:sheet", dossier.pk))
    context, page = one.page.context, one.page

    context.set_offline(True)
    for name, value in (("points-G", "31,5"), ("points-E", "12"), ("why-E", "Gõ khi mất mạng")):
        if name.startswith("why"):
            page.locator("#criterion-2 summary").click()
        page.fill(f"[name='{name}']", value)
        for _ in range(20):
            page.clock.run_for(10_000)
    expect(page.locator(STATE)).to_contain_text("Mất kết nối")
    page.locator("[data-next]").click()  # "save and next" waits for the network
    expect(page.locator(STATE)).to_contain_text("Chưa được: đang mất kết nối")
    assert points(dossier) == {}
    (kept,) = page.evaluate("Object.entries(localStorage).filter(([k]) => k.startsWith('kip-draft-'))")

    end_at_once(page)
    context.set_offline(False)
    one.page = context.new_page()
    one.go(path("evaluations:sheet", dossier.pk))
    until(lambda: points(dossier) == {"G": Decimal("31.5"), "E": Decimal(12)})
    assert Mark.objects.get(criterion__code="E").justification == "Gõ khi mất mạng"
    until(lambda: one.page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('kip-draft-')).length") == 0)
    # Nor does what did arrive stay here, when only the answer was lost.
    one.go("/")
    one.page.evaluate("([key, value]) => localStorage.setItem(key, value)", kept)
    one.go(path("evaluations:sheet", dossier.pk))
    assert one.page.evaluate("key => localStorage.getItem(key)", kept[0]) is None


def test_what_was_given_after_the_session_ended_survives_the_next_sign_in(transactional_db, person):
    (dossier,), _seat = scoring(RICH)
    one = person().sign_in(MEMBER)
    one.go(path("evaluations:sheet", dossier.pk))
    one.page.context.clear_cookies()

    one.page.fill("[name='points-G']", "22")
    expect(one.page.locator(STATE)).to_contain_text("Bạn đã bị đăng xuất")
    assert points(dossier) == {}
    one.sign_in(MEMBER).go(path("evaluations:sheet", dossier.pk))

    until(lambda: points(dossier) == {"G": Decimal(22)})
    assert one.page.input_value("[name='points-G']") == "22"


def test_two_windows_see_each_other_criterion_by_criterion(transactional_db, person):
    (dossier,), _seat = scoring(RICH)
    one = person().sign_in(MEMBER)
    address = path("evaluations:sheet", dossier.pk)
    one.go(address)
    other = one.page.context.new_page()
    other.goto(one.address + address)

    one.page.fill("[name='points-G']", "30")
    until(lambda: points(dossier) == {"G": Decimal(30)})
    one.page.context.set_offline(True)
    other.fill("[name='points-G']", "12")
    other.fill("[name='points-E']", "5")
    one.page.context.set_offline(False)
    until(lambda: points(dossier).get("E") == 5)

    box = other.locator("#criterion-1 .two-versions")
    expect(box).to_contain_text("30 điểm")
    assert points(dossier)["G"] == 30  # nothing is overwritten silently
    box.get_by_role("button", name=one.words("Keep mine")).click()
    until(lambda: points(dossier)["G"] == 12)
    one.page.evaluate("window.dispatchEvent(new Event('focus'))")  # the first window comes back into sight
    expect(one.page.locator("[name='points-G']")).to_have_value("12")
    expect(one.page.locator("[name='points-E']")).to_have_value("5")


def test_what_cannot_be_read_is_told_at_its_field_and_stays_as_typed(transactional_db, person):
    (dossier,), _seat = scoring(RICH)
    one = person().sign_in(MEMBER)
    one.go(path("evaluations:sheet", dossier.pk))

    one.page.fill("[name='points-G']", "41")
    one.page.fill("[name='points-E']", "1e309")
    expect(one.page.locator("#error-1")).to_contain_text("Cho từ 0 đến 40 điểm.")
    expect(one.page.locator("#error-2")).to_be_visible()
    assert one.page.input_value("[name='points-E']") == "1e309"
    assert points(dossier) == {}
    one.page.keyboard.press("Control+Enter")  # stays here, at the first field that is wrong
    expect(one.page.locator("[name='points-G']")).to_be_focused()
    one.page.fill("[name='points-G']", "40")
    expect(one.page.locator("#error-1")).to_be_hidden()
    expect(one.page.locator("#criterion-1 [data-justify]")).to_be_visible()  # so many points ask for a reason


def test_on_a_small_touch_screen_every_target_is_large_enough(transactional_db, person):
    (dossier,), _seat = scoring(RICH)
    one = person(has_touch=True, is_mobile=True)
    one.page.set_viewport_size({"width": 390, "height": 844})
    one.sign_in(MEMBER).go(path("evaluations:sheet", dossier.pk))
    page = one.page

    page.locator("#criterion-1 button.level").nth(2).tap()
    page.locator("#criterion-1 [data-step='1']").tap()
    page.locator("label.option").nth(1).tap()
    until(lambda: points(dossier) == {"G": Decimal(31), "C": Decimal(25)})
    small = page.evaluate(
        """() => [...document.querySelectorAll(['button', 'summary', 'label.option', 'label.check-line',
            '.stepper input', '.totalbar a'].map(one => '#sheet-form ' + one).join() + ', .evidence [role=tab]')]
            .filter(node => node.offsetParent && !node.closest('[hidden]'))
            .map(node => [node.className || node.tagName, node.getBoundingClientRect()])
            .filter(([, box]) => box.height && (box.height < 43.5 || box.width < 43.5))
            .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_evidence_opens_its_part_and_its_file_beside_the_criteria(transactional_db, person):
    (dossier,), _seat = scoring(RICH)
    one = person().sign_in(MEMBER)
    one.go(path("evaluations:sheet", dossier.pk))
    page = one.page

    page.locator("[role=tab]", has_text="Tài chính").click()
    expect(page.locator("#evidence-finance")).to_be_visible()
    expect(page.locator("#evidence-summary")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#evidence-certificates")).to_be_visible()
    page.locator("#evidence-certificates a[data-file]").first.click()
    expect(page.locator("#evidence-file iframe")).to_have_attribute("src", f"{one.address}{_file(dossier)}?xem=1")


def _file(dossier: Dossier) -> str:
    return path("dossiers:document", dossier.documents.filter(paper="quality_certificates").get().pk)


def test_the_states_of_a_sheet_that_no_other_walk_meets_keep_the_axe_rules(transactional_db, person):
    (dossier,), seat = scoring(RICH)
    answers = {"G": Answer(points=Decimal(5), why="yếu"), "E": Answer(abstains=True, why="Không đúng chuyên môn"),
               "C": Answer(points=Decimal(10), option=2)}  # fmt: skip
    by = {"by": seat.user, "at": dossier.changed_at}
    actions.save_sheet(dossier=dossier, answers=answers, cells={"ballot": True, "comment": "Tốt"}, **by)
    actions.sign_sheet(dossier=dossier, **by)
    one = person(color_scheme="dark").sign_in(MEMBER)
    faults = [
        *look(one, path("evaluations:sheet", dossier.pk)),
        *look(one, path("evaluations:correct_sheet", dossier.pk)),
    ]
    actions.begin_correction(dossier=dossier, reason="Gõ nhầm", **by)
    faults += look(one, path("evaluations:sheet", dossier.pk))  # folded, abstained, with reasons, in correction

    assert faults == []


def look(one, address) -> list[str]:
    found = []
    for width in (1440, 390):
        one.page.set_viewport_size({"width": width, "height": 900})
        one.go(address)
        answer = Axe().run(one.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        found += [f"{address} {width}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in answer.response["violations"]]
        if one.page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{address} {width}: scrolls sideways")
    return found
