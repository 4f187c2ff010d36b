"""The rubric editor as somebody uses it: judged while typing, a line added, by the keyboard, no line too wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from programme import rubric_draft
from programme.models import RubricDraft
from programme.rubric_actions import start_draft
from tests.story import SMALL_RUBRIC, Story, make_reference

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def test_a_draft_is_judged_while_it_is_written(person, transactional_db):
    story = Story()
    make_reference()
    story.season()
    draft = start_draft(content=SMALL_RUBRIC, based_on=None, by=story.officer, at=story.now)
    officer = person().sign_in("officer@kip.test")
    page = officer.go(f"/lam-viec/bo-tieu-chi/ban-nhap/{draft.pk}/?node=n1").page
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("Hợp lệ")

    page.locator("#id_max_points").fill("30")

    expect(verdict).to_contain_text("thiếu 20 điểm")
    beside = page.locator("#id_level0-1-points_judged")
    expect(beside).to_have_text("40 điểm vượt mức tối đa 30")
    assert page.locator("#id_level0-1-points").get_attribute("aria-describedby") == "id_level0-1-points_judged"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            broken = Axe().run(page, options=RULES).response["violations"]
            assert [(b["id"], b["nodes"][0]["html"][:120]) for b in broken] == []

    page.locator("#id_max_points").fill("50")
    expect(verdict).to_contain_text("Hợp lệ")
    expect(beside).to_have_count(0)
    page.get_by_role("button", name="Thêm dòng").first.press("Enter")
    assert page.evaluate("document.activeElement.name") == "level0-3-points"
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.keyboard.type("từ 20%")
    page.keyboard.press("Tab")
    page.keyboard.type("20 % or more")
    expect(verdict).to_contain_text("Hợp lệ")
    officer.send(page.get_by_role("button", name="Lưu", exact=True))

    levels = (rubric_draft.own(RubricDraft.objects.get().content, "n1") or {})["anchors"]
    assert [level["points"] for level in levels] == [20, 40, 50]
    officer.send(page.get_by_role("button", name="Xóa"))
    assert [node["code"] for node in RubricDraft.objects.get().content["criteria"]] == ["2", "3"]
    expect(page.locator("[data-verdict]")).to_contain_text("thiếu 50 điểm")
