"""The secretary tries an assignment, keeps it, and walks the matrix with the keyboard; pages that one reaches only by
pressing a button keep the axe rules, too."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse

from evaluations import panel_sheet
from evaluations.models import Assignment, Council
from tests.browser.test_accessible import RULES
from tests.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def faults_of(page) -> list[str]:
    found = []
    for theme, width in (("light", 1440), ("dark", 390)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{width}: scrolls sideways")
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        answer = page.evaluate("rules => axe.run(document, rules)", RULES)
        found += [f"{width} {v['id']} {[n['target'] for n in v['nodes'][:3]]}" for v in answer["violations"]]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    return found


def test_an_assignment_is_tried_kept_walked_by_keyboard_and_brought_in_from_excel(transactional_db, person, tmp_path):
    story = Story()
    first, second = story.eligible("clerk-1"), story.eligible("clerk-2")
    story.seats(4)
    story.declared(conflicts={1: [first]})
    secretary = person().sign_in(story.secretary.email)
    address = reverse("evaluations:assignment", args=[2026])

    secretary.go(address)
    secretary.page.select_option('[name="per_criterion"]', "2")
    secretary.press("Try", "assignment")
    assert not Assignment.objects.exists()
    assert faults_of(secretary.page) == []
    secretary.press("Keep this assignment")
    assert Assignment.objects.count() == 2 * 3 * 2

    # The conflicted cell is passed over; the end of the row is the last member.
    page = secretary.page
    page.locator("table[data-matrix] td a").first.focus()
    page.keyboard.press("ArrowRight")
    seats = story.seats()
    assert page.evaluate("document.activeElement.pathname").endswith(f"/{first.pk}/{seats[2].pk}/")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.pathname").endswith(f"/{second.pk}/{seats[3].pk}/")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert str(seats[3]) in page.inner_text("h1")

    # The workbook of before a change takes the change back: shown, then written.
    Assignment.objects.filter(dossier=second).delete()
    (tmp_path / "old.xlsx").write_bytes(
        panel_sheet.workbook(story.season(), Council.objects.get(), for_user=story.secretary)
    )
    secretary.go(address).page.select_option('[name="per_criterion"]', "3")
    secretary.press("Try", "assignment").press("Keep this assignment")
    page.set_input_files('[name="file"]', tmp_path / "old.xlsx")
    secretary.press("Look at the differences")
    assert faults_of(page) == []
    with page.expect_navigation():
        page.locator('main form:has([name="plan"]) button').click()
    assert not Assignment.objects.filter(dossier=second).exists()
