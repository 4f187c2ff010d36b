"""Every state that a file can be in, as a person meets it: by the axe rules, narrow and wide, light and dark, in
both languages; and the whole page by keyboard alone."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from dossiers import actions
from dossiers.models import Document, Scan
from tests.browser.test_accessible import RULES, TOO_WIDE
from tests.dossiers import corpus
from tests.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def lay_in(story, dossier, paper, name, content=None, **state):
    media = "image/png" if name.endswith("png") else "application/pdf"
    document = actions.attach(
        dossier=dossier,
        paper=paper,
        name=name,
        content=content or corpus.pdf(name),
        media_type=media,
        by=story.person("clerk"),
        at=story.tick(),
    )
    Document.objects.filter(pk=document.pk).update(**state)
    return document


@pytest.fixture
def dossier(transactional_db):
    """A draft with a file in every state, and another dossier whose papers are offered."""
    story = Story(now=timezone.now() - timedelta(hours=1), year=timezone.now().year)
    story.receive(story.now - timedelta(days=9), story.now + timedelta(days=90))
    other, mine = story.draft(), story.draft()
    today = timezone.localdate()
    facts = {"issuer": "QUACERT", "reference": "VN-1/2026", "issued_on": today - timedelta(days=400)}
    lay_in(story, other, "environment_papers", "giấy phép cũ.pdf", valid_until=today - timedelta(days=2), **facts)
    lay_in(story, other, "intellectual_property", "nhãn hiệu.pdf", valid_until=today + timedelta(days=20), **facts)
    lay_in(story, other, "business_registration", "đăng ký doanh nghiệp.pdf")
    lay_in(story, mine, "application_form", "đang quét.pdf", scan=Scan.WAITING)
    lay_in(story, mine, "awards", "nhiễm.pdf", scan=Scan.INFECTED, scan_words="Win.Test.EICAR_HDB-1")
    lay_in(story, mine, "awards", "sạch.pdf", scan=Scan.CLEAN, scanned_at=timezone.now())
    lay_in(story, mine, "photos", "ảnh " + "rất " * 30 + "dài.png", corpus.picture(size=(90, 60)))
    ended = {"valid_until": today - timedelta(days=1), **facts}
    lay_in(story, mine, "quality_certificates", "ISO 9001 hết hạn.pdf", **ended)
    lay_in(story, mine, "quality_certificates", "ISO 14001.pdf", valid_until=today + timedelta(days=900), **facts)
    gone = lay_in(story, mine, "product_description", "bản cũ.pdf")
    actions.remove_document(document=gone, by=story.person("clerk"), at=timezone.now())
    actions.begin_upload(
        dossier=mine,
        paper="tax_confirmation",
        name="dở dang.pdf",
        size_bytes=9_000_000,
        modified="1",
        by=story.person("clerk"),
        at=timezone.now(),
    )
    return mine


def test_every_state_of_a_file_by_the_axe_rules(dossier, person, tmp_path):
    refused = tmp_path / "mật khẩu.pdf"
    refused.write_bytes(b"%PDF-1.7 not at all")
    found = []
    for language, pages in {
        "vi": [f"/ho-so/{dossier.pk}/giay-to/", f"/ho-so/doanh-nghiep/{dossier.enterprise_id}/giay-to/"],
        "en": [f"/en/dossiers/{dossier.pk}/papers/", f"/en/dossiers/enterprise/{dossier.enterprise_id}/papers/"],
    }.items():
        for scheme in ("light", "dark"):
            one = person(language, color_scheme=scheme, bypass_csp=True)
            one.sign_in("clerk@kip.test")
            for address in pages:
                one.go(address)
                if one.page.locator("[data-papers]").count():
                    one.page.set_input_files("#files-awards", str(refused))
                    one.page.locator(".upload-entry.failed").wait_for()
                for width in (1440, 390):
                    one.page.set_viewport_size({"width": width, "height": 900})
                    for broken in Axe().run(one.page, options=RULES).response["violations"]:
                        where = [node["html"][:120] for node in broken["nodes"][:3]]
                        found.append(f"{address} {scheme} {width}: {broken['id']}: {where}")
                    if wide := one.page.evaluate(TOO_WIDE, width):
                        found.append(f"{address} {scheme} {width}: too wide: {wide}")
    assert found == [], "\n".join(found)


def test_the_page_is_worked_by_keyboard_alone(dossier, person, tmp_path):
    """Tab reaches every button that can be seen, with a ring around it; Enter opens the choice of files."""
    path = tmp_path / "moi.pdf"
    path.write_bytes(corpus.pdf("moi"))
    one = person()
    page = one.sign_in("clerk@kip.test").go(f"/ho-so/{dossier.pk}/giay-to/").page
    # Listening is told to the page by another road than keys take, and nothing orders the two: under load Enter came
    # first. So it begins here, many answers of the page before the key.
    page.on("filechooser", lambda chooser: None)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("[data-papers] :is(a[href], button, input, summary)")]
            .filter(e => e.type !== "hidden" && !e.closest("dialog, template, [hidden]")
                && e.checkVisibility({checkVisibilityCSS: true}) && !e.classList.contains("no-js-only"))
            .map((e, n) => { e.dataset.n = n; return n; })"""
    )
    assert len(wanted) > 40
    reached = {}
    page.locator("[data-papers]").evaluate("e => { e.tabIndex = -1; e.focus(); }")
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        number, ring = page.evaluate(
            """() => {
                const e = document.activeElement;
                const shown = e.matches("[data-pick]") ? e.closest("label") || e.form.querySelector(".pick") : e;
                const style = getComputedStyle(shown);
                return [e.dataset.n, style.outlineStyle !== "none" || style.boxShadow !== "none"];
            }"""
        )
        if number is None:
            break
        reached[int(number)] = ring
    assert sorted(reached) == wanted
    assert all(reached.values()), [n for n, ring in reached.items() if not ring]

    page.locator("#files-environment_papers").focus()
    with page.expect_file_chooser() as choice:
        page.keyboard.press("Enter")
    choice.value.set_files(str(path))
    page.locator("#slot-environment_papers [data-file]").wait_for()
