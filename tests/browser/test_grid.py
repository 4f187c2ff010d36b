"""The grid of figures behaves like a spreadsheet."""

import pytest
from playwright.sync_api import expect

from dossiers.models import Dossier
from programme.models import Season

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BLOCK = "120\t135,5\t150\n2\t2,2\t2,5"
PASTE = """([selector, text]) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.querySelector(selector).dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def clerk(story, person):
    Season.objects.all()
    dossier = story.draft()
    Season.objects.update(usd_rate_vnd=25_000)
    one = person()
    one.sign_in("clerk@kip.test")
    one.go(f"/ho-so/{dossier.pk}/so-lieu/")
    return one, dossier


def cell(measure: str, year: int) -> str:
    return f'[name="{measure}_{year}"]'


def value(dossier: Dossier, measure: str, year: int):
    return getattr(dossier.figures.get(year=year), measure)


def test_arrow_keys_move_like_in_a_spreadsheet(clerk):
    page = clerk[0].page
    page.focus(cell("revenue_vnd_billion", 2023))
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)

    expect(page.locator(cell("enterprise_revenue_vnd_billion", 2024))).to_be_focused()


def test_a_block_from_excel_fills_saves_and_is_taken_back(clerk):
    person, dossier = clerk
    page = person.page
    page.focus(cell("revenue_vnd_billion", 2023))
    page.evaluate(PASTE, [cell("revenue_vnd_billion", 2023), "120\t135,5\t150\r\n\t\t\r\n2\t2,2\t2,5\r\n"])

    expect(page.locator(cell("revenue_vnd_billion", 2024))).to_have_value("135,5")
    expect(page.locator(cell("export_usd_million", 2025))).to_have_value("2,5")
    row = page.locator('tr[data-measure="revenue_vnd_billion"]')
    expect(row.locator("[data-growth]").nth(1)).to_have_text("+12,9 %")
    # 2.5 million USD at 25,000 VND are 62.5 of 150 billion VND.
    expect(page.locator('[data-share="2025"]')).to_have_text("41,7 %")
    assert "L" in (row.locator("svg.spark path").get_attribute("d") or "")
    expect(page.locator("[data-autosave-note]")).to_contain_text("Đã lưu")
    assert str(value(dossier, "revenue_vnd_billion", 2024)) == "135.500"

    page.keyboard.press("Control+z")
    expect(page.locator(cell("revenue_vnd_billion", 2024))).to_have_value("")


def test_several_cells_are_marked_and_emptied_together(clerk):
    page = clerk[0].page
    page.focus(cell("revenue_vnd_billion", 2023))
    page.evaluate(PASTE, [cell("revenue_vnd_billion", 2023), "1\t2\t3\n4\t5\t6"])
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")

    expect(page.locator("input.marked")).to_have_count(4)
    page.keyboard.press("Delete")

    expect(page.locator(cell("enterprise_revenue_vnd_billion", 2024))).to_have_value("")
    expect(page.locator(cell("revenue_vnd_billion", 2025))).to_have_value("3")


def test_an_unusual_value_is_asked_at_once_and_can_be_confirmed(clerk):
    person, dossier = clerk
    page = person.page
    page.fill(cell("revenue_vnd_billion", 2024), "15")
    page.fill(cell("revenue_vnd_billion", 2025), "1.500")

    question = page.locator(".question")
    expect(question).to_contain_text("Đơn vị tính của cả hai năm đã đúng chưa?")
    person.press("Yes, this is right")

    expect(page.locator(".question")).to_contain_text("Người clerk đã xác nhận số này.")
    dossier.refresh_from_db()
    assert len(dossier.confirmed_figures) == 1
