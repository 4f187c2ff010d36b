"""The pages of the outbox and of the demonstration's mailbox: axe, both languages, both themes, wide and narrow; and
the preview in its frame under the strict policy, with scripts and without."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from core import jobs
from core.models import Job
from mail.actions import change_words, post
from mail.kinds import Addressee, CalendarEntry
from mail.models import DemoMessage, Letter
from tests.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
TOO_WIDE = """width => [...document.querySelectorAll("main *")]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map(e => `${e.tagName}.${e.className}`)"""
PICTURES = os.environ.get("KIP_PICTURES", "")  # a folder, to look at the pages


@pytest.fixture
def letters(transactional_db, live_server, settings):
    settings.LOAD_DEMO = True
    settings.SITE_URL = live_server.url
    settings.EMAIL_BACKEND = "mail.backends.DemoMailbox"
    story = Story()
    now = timezone.now()
    link = f"{live_server.url}/dat-lai/d2k3j4h5-0123456789abcdef0123456789/"
    notice = {"when": "10:42 22/11/2026", "where": "203.0.113.7", "what": "Firefox 146"}
    clerk = story.person("clerk")
    sent = post(
        kind="account_password_reset",
        to=clerk,
        context={"link": link},
        key="a",
        at=now,
        about=clerk,
        calendar=CalendarEntry("Hạn bổ sung", (now + timedelta(days=7)).date()),
    )
    stranger = Addressee(
        "mot-dia-chi-rat-dai-cua-doanh-nghiep@cong-ty-co-phan-chieu-sang.example.vn", "Ông Trần Văn Dân"
    )
    unknown = {"email": stranger.email, "link": f"{live_server.url}/dang-ky/"}
    both = post(kind="account_unknown", to=stranger, context=unknown, key="b", at=now)
    for letter in (sent, both):
        jobs.perform(Job.objects.get(kind="mail.send", key=str(letter.pk)).pk)
    by_state = {"sent": sent}
    for state in ("held", "unsure", "failed", "waiting"):
        by_state[state] = post(kind="account_password_changed", to=story.secretary, context=notice, key=state, at=now)
        Letter.objects.filter(pk=by_state[state].pk).update(state=state)
    by_state["unsure"].attempts.create(
        number=1,
        round=1,
        started_at=now,
        ended_at=now,
        outcome="unsure",
        answer="451 later",
    )
    change_words(
        kind="account_known",
        language="vi",
        subject="Tài khoản đã có",
        body="Địa chỉ {email} đã có tài khoản.\n\n[Đặt lại mật khẩu](link)",
        seen_version=0,
        by=story.officer,
        at=now,
    )
    return by_state | {"message": DemoMessage.objects.last()}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)])
def test_pages_keep_the_rules(letters, person, language, scheme, width):
    visitor = person(language, color_scheme=scheme)
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.sign_in("officer@kip.test")
    desk, box = (
        ("/lam-viec/thu/", "/hop-thu-mau/") if language == "vi" else ("/en/desk/letters/", "/en/sample-mailbox/")
    )
    words = "mau" if language == "vi" else "words"
    pages = {
        "outbox": desk,
        "none": f"{desk}?q=nothing",
        "sent": f"{desk}{letters['sent'].pk}/",
        "held": f"{desk}{letters['held'].pk}/",
        "unsure": f"{desk}{letters['unsure'].pk}/",
        "words": f"{desk}{words}/",
        "editor": f"{desk}{words}/account_known/vi/",
        "mailbox": box,
        "message": f"{box}{letters['message'].pk}/",
    }
    faults = []
    for name, address in pages.items():
        visitor.go(address)
        if visitor.page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{address} scrolls sideways: {visitor.page.evaluate(TOO_WIDE, width)}")
        for violation in Axe().run(visitor.page, options=RULES).response["violations"]:
            faults.append(f"{address}: {violation['id']} {violation['nodes'][0]['target']}")
        if PICTURES:
            visitor.page.screenshot(path=Path(PICTURES) / f"{name}-{language}-{scheme}-{width}.png", full_page=True)
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("scripts", [True, False])
def test_words_just_typed_are_previewed_in_the_frame(letters, person, scripts):
    visitor = person(java_script_enabled=scripts)
    visitor.sign_in("officer@kip.test")
    visitor.go("/lam-viec/thu/mau/account_known/vi/")
    frame = visitor.page.frame_locator("iframe[name=letter-preview]")
    assert "đã có tài khoản." in frame.locator("body").inner_text()

    visitor.page.fill("main textarea[name=body]", "Lời vừa gõ cho {email}.")
    visitor.page.get_by_role("button", name="Xem trước").click()

    frame.get_by_text("Lời vừa gõ cho nguoi-dung@example.vn.").wait_for()
    assert visitor.page.input_value("main textarea[name=body]") == "Lời vừa gõ cho {email}."
    visitor.page.fill("main textarea[name=body]", "Lời {sai}.")
    visitor.page.get_by_role("button", name="Xem trước").click()
    frame.get_by_text("Thư này không có trường {sai}").wait_for()


def test_a_newcomer_follows_a_letter_to_its_link(letters, person):
    visitor = person()
    visitor.go("/hop-thu-mau/")
    visitor.page.get_by_role("link", name="Đặt lại mật khẩu").click()

    link = visitor.page.get_by_role("link", name="Đặt mật khẩu mới")
    assert "/dat-lai/d2k3j4h5-0123456789abcdef0123456789/" in (link.get_attribute("href") or "")
