"""Every kind of page by the axe rules (WCAG 2.2 A and AA), light and dark, wide and narrow, without sideways
scrolling at 390 px."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from certificates.models import Certificate
from core import jobs
from core.models import Job
from registry.models import PublishedProduct
from tests.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.pdf, pytest.mark.django_db(transaction=True)]
TOO_WIDE = """width => [...document.querySelectorAll("main *")]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map(e => `${e.tagName}.${e.className}`)"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def pages(transactional_db) -> dict[str, list[str]]:
    """Addresses by who opens them: a past season with a certificate, a running one with the council."""
    call_command("load_reference", verbosity=0)
    past = Story(year=2025)
    past.recognised(2)
    jobs.perform(Job.objects.filter(kind="certificate.issue").first().pk)
    product = PublishedProduct.objects.first()
    serial = Certificate.objects.filter(issued_at__isnull=False).get().serial
    # The running season begins where the past one ended, with the same people.
    story = Story(now=past.now, people=past.people, count=past.count)
    season = story.season()
    type(season).objects.filter(pk=season.pk).update(
        registration_opens_at=story.now.replace(year=2026), registration_closes_at=story.now.replace(year=2027)
    )
    draft, asked = story.draft("clerk-a"), story.supplement("clerk-b")
    (scoring,) = story.scoring()
    return {
        "": [
            "/",
            "/en/",
            "/san-pham/",
            "/san-pham/?view=table",
            f"/san-pham/{product.pk}-{product.slug}/",
            "/doanh-nghiep/",
            "/ky-xet-chon/2025/",
            "/so-lieu/",
            "/xac-minh/",
            f"/v/{serial}",
            "/tra-cuu/",
            "/dang-nhap/",
            "/dang-ky/",
            "/api/docs/",
        ],
        "clerk-a": ["/ho-so/", "/ho-so/moi/", f"/ho-so/{draft.pk}/", f"/ho-so/{draft.pk}/giay-to/"],
        "clerk-b": [f"/ho-so/{asked.pk}/bo-sung/"],
        "officer": ["/lam-viec/", f"/lam-viec/ho-so/{scoring.pk}/", "/lam-viec/ky/2026/", "/en/desk/"],
        "secretary": [
            "/lam-viec/ky/2026/hoi-dong/",
            "/lam-viec/ky/2026/phan-cong/",
            "/lam-viec/ky/2026/tien-do/",
            "/lam-viec/ky/2025/xep-hang/",
            "/lam-viec/ky/2025/chung-nhan/",
        ],
        "member-1": ["/hoi-dong/", f"/hoi-dong/{scoring.pk}/", "/hoi-dong/xung-dot/"],
    }


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_pages_keep_the_rules(pages, person, scheme, width):
    faults = []
    for who, addresses in pages.items():
        visitor = person(color_scheme=scheme)
        visitor.page.set_viewport_size({"width": width, "height": 900})
        if who:
            visitor.sign_in(f"{who}@kip.test")
        for address in addresses:
            visitor.go(address)
            if visitor.page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{address} scrolls sideways: {visitor.page.evaluate(TOO_WIDE, width)}")
            for violation in Axe().run(visitor.page, options=RULES).response["violations"]:
                faults.append(f"{address}: {violation['id']} {violation['nodes'][0]['target']}")
    assert faults == [], "\n".join(faults)
