"""The rehearsal of the day when this site is gone: an exported copy on a plain web host and on a stick, and a
telephone in flight mode, in a real browser."""

import base64
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from certificates import serial
from certificates.models import Certificate
from signing import keys as key_history
from tests.browser.test_accessible import RULES
from tests.public.test_offline import Case, mutations, python_says
from tests.registry.factories import make_product, order, recognise, withdraw

pytestmark = [pytest.mark.browser, pytest.mark.pdf]
SAYS = "#verifier [data-verdict]"
OPEN = """cases => Promise.all(cases.map(([text, keys]) =>
    kip.token.open(text, keys).then(() => "accepted", error => error.message)))"""
READ_LIST = (
    """([list, keys]) => kip.status.read(JSON.parse(list), JSON.parse(keys)).then(found => found.why || null)"""
)
DETECTOR = """self.BarcodeDetector = class {
    static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
    detect(picture) { return Promise.resolve(picture.width ? [{ rawValue: "TEXT" }] : []); }
};"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
UNTIL_NEWER = """async since => {
    for (;;) {
        const list = await (await caches.match("/credentials/status/1")).json();
        if (Date.parse(list.validFrom) >= since) return;
        await new Promise(go => setTimeout(go, 50));
    }
}"""
WIDE, NARROW = ("light", 1440), ("dark", 390)


@pytest.fixture
def issued(story, keys) -> list[Certificate]:
    """A season with one product: its certificate and that of the Top 10, made and signed by the real way."""
    story.recognised(1)
    story.now = timezone.now()
    story.issued()
    return list(Certificate.objects.select_related("recognition").order_by("kind"))


def copy(tmp_path: Path, name: str = "copy") -> Path:
    folder = tmp_path / "host" / "below" / name
    call_command("export_verifier", folder)
    return folder


@pytest.fixture
def host(tmp_path) -> Iterator[str]:
    """Somebody else's web host: files below another folder, and no code of ours."""
    root = tmp_path / "host"
    root.mkdir(exist_ok=True)
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(root)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    found = re.search(r"port (\d+)", server.stdout.readline())
    assert found is not None
    address = f"http://127.0.0.1:{found[1]}"
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"{address}/below"
    server.terminate()
    server.wait()


@pytest.fixture
def stranger(chromium) -> Iterator[Any]:
    """A browser that may reach one address and no other; what it asked for is written down."""
    contexts = []

    def make(allowed: str, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": 390, "height": 844}, **options)
        contexts.append(context)
        context.asked = []

        def decide(route: Any) -> None:
            context.asked.append(route.request.url)
            if route.request.url.startswith(allowed):
                route.continue_()
            else:
                route.abort()

        context.route("**/*", decide)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        return page

    yield make
    for context in contexts:
        context.close()


def verdict(page: Page, address: str) -> str:
    """What the page says when it is opened anew at this address."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function("window.kip && kip.ready")
    page.evaluate("kip.ready")
    return str(page.locator(SAYS).get_attribute("data-verdict"))


def spread(token: str, count: int = 12) -> list[str]:
    """The token with one letter changed, at places all over it."""
    changed = []
    for number in range(count):
        place = (len(token) - 1) * number // (count - 1)
        changed.append(token[:place] + ("Q" if token[place] != "Q" else "R") + token[place + 1 :])
    return changed


def says_the_truth(page: Page, folder: str, certificate: Certificate) -> None:
    """A genuine token passes at both addresses, a harmed one and one of another number do not."""
    own = f"{folder}/v/{certificate.serial}/index.html"
    for address in (f"{folder}/index.html", own):
        assert verdict(page, f"{address}#{certificate.token}") == "genuine"
        shown = page.locator(SAYS).inner_text()
        for fact in (certificate.serial, certificate.snapshot["decision_number"], "Thật, chưa bị thu hồi"):
            assert fact in shown
    assert certificate.snapshot["product_name_vi"] in shown
    for harmed in spread(certificate.token):
        assert verdict(page, f"{folder}/index.html#{harmed}") in {"altered", "not_a_token", "unknown_key"}


@pytest.mark.django_db
def test_a_copy_on_any_host_judges_without_us(issued, tmp_path, host, stranger):
    copy(tmp_path)
    page = stranger(host)
    one = issued[0]

    says_the_truth(page, f"{host}/copy", one)
    assert verdict(page, f"{host}/copy/v/{one.serial}/#{one.token}") == "genuine"
    other = issued[1]
    assert one.serial in page.title()
    assert verdict(page, f"{host}/copy/v/{one.serial}/#{other.token}") == "mismatch"
    assert page.title() == "Bị sửa hoặc giả mạo"
    assert verdict(page, f"{host}/copy/v/{one.serial}/#rubbish") == "not_a_token"
    assert "hiệu lực" not in page.title()
    assert "Genuine" in _english(page, f"{host}/copy/en.html#{one.token}")
    asked = page.context.asked
    assert [url for url in asked if not url.startswith(f"{host}/copy/")] == []
    assert not any(one.token[:20] in url.partition("#")[0] for url in asked)

    withdraw(one.recognition)
    copy(tmp_path)
    assert verdict(page, f"{host}/copy/index.html#{one.token}") == "revoked"
    assert verdict(page, f"{host}/copy/v/{one.serial}/#{one.token}") == "revoked"
    assert page.title().count(one.serial) == 1  # page and code say the same
    assert page.faults == []


@pytest.mark.django_db
def test_a_folder_of_any_name_holds_a_copy(issued, tmp_path, host, stranger):
    copy(tmp_path, "v")
    page, one = stranger(host), issued[0]

    for end in ("/", "/index.html", "/en.html", f"/v/{one.serial}/", f"/v/{one.serial}/en.html"):
        assert verdict(page, f"{host}/v{end}#{one.token}") == "genuine", end
    assert verdict(page, f"{host}/v/v/{issued[1].serial}/#{one.token}") == "mismatch"


def _english(page: Page, address: str) -> str:
    verdict(page, address)
    return page.locator(SAYS).inner_text()


@pytest.mark.django_db
def test_a_copy_on_a_stick_judges_by_itself(issued, tmp_path, stranger):
    folder = copy(tmp_path)
    page = stranger(folder.as_uri())

    says_the_truth(page, folder.as_uri(), issued[0])
    _looks_up(page, folder, issued[0])
    withdraw(issued[0].recognition)
    revoked = copy(tmp_path)
    assert verdict(page, f"{revoked.as_uri()}/index.html#{issued[0].token}") == "revoked"
    assert [url for url in page.context.asked if not url.startswith(folder.as_uri())] == []
    assert page.faults == []


def _looks_up(page: Page, folder: Path, certificate: Certificate) -> None:
    """The copy of the register, whole and with one changed letter."""
    page.goto(f"{folder.as_uri()}/index.html")
    content = (folder / "register.json").read_bytes()
    changed = content.replace(b'"valid"', b'"vilid"', 1)
    added = content.replace(b"{", b'{"__proto__":{"note":"Valid for ever"},', 1)
    for text, holds in ((content, True), (changed, False), (added, False)):
        file = {"name": "register.json", "mimeType": "application/json", "buffer": text}
        page.set_input_files("#copy", file)
        page.fill("#number", certificate.serial.lower())
        page.click("[data-copy] button")
        said = page.locator(f"[data-copy-is={'whole' if holds else 'altered'}]")
        said.wait_for()
        assert (certificate.snapshot["product_name_vi"] in said.inner_text()) == holds


@pytest.mark.django_db
def test_a_number_that_was_misread_never_issued_or_never_drawn_is_told_apart(issued, tmp_path, stranger):
    without_paper = order(recognise(make_product("Chưa in"), year=2025)[0])
    withdraw(without_paper.recognition)
    folder = copy(tmp_path)
    page = stranger(folder.as_uri())
    page.goto(f"{folder.as_uri()}/en.html")
    page.set_input_files("#copy", folder / "register.json")
    misread = issued[0].serial[:-1] + ("A" if issued[0].serial[-1] != "A" else "B")
    for number, words in (
        (issued[0].serial, "Valid at that moment."),
        (misread, "This number is mistyped"),
        ("hello", "This number is mistyped"),
        (serial.make(2031, 7), "holds no certificate with that number"),
        (serial.make(2031, 7, top10=True), "holds no certificate with that number"),
        (without_paper.serial, "No paper was ever issued under this number."),
        (without_paper.serial, "Revoked at that moment."),
    ):
        page.fill("#number", number)
        page.click("[data-copy] button")
        page.get_by_text(words).wait_for()
    assert "2 certificates" in page.locator("[data-copy-is=whole]").inner_text()


@pytest.mark.django_db
def test_a_list_with_a_hidden_name_is_no_list_of_ours(issued, tmp_path, stranger):
    folder = copy(tmp_path)
    page = stranger(folder.as_uri())
    page.goto(f"{folder.as_uri()}/index.html")
    texts = [(folder / name).read_text() for name in ("credentials/status/1", "keys.json")]
    for content, why in ((texts[0], None), (texts[0].replace("{", '{"__proto__":{"id":"x"},', 1), "bad_list")):
        said = page.evaluate(READ_LIST, [content, texts[1]])
        assert said == why


@pytest.mark.django_db
def test_an_address_is_read_as_a_browser_takes_it(issued, tmp_path, stranger):
    """Another number beside the token is a mismatch, however it is written; another host is named."""
    folder, one, other = copy(tmp_path), issued[0], issued[1]
    page = stranger(folder.as_uri())
    page.goto(f"{folder.as_uri()}/index.html")
    ours = key_history.controller().removeprefix("did:web:").replace("%3A", ":")
    for before, expected, host in (
        (f"https://{ours}/V/{other.serial}", "mismatch", False),
        (f"https://{ours}\\v\\{other.serial}", "mismatch", False),
        (f"https://{ours}/%76/{other.serial}", "mismatch", False),
        (f"https://{ours}/en/v/{one.serial}", "genuine", False),
        (f"{ours}/v/{one.serial}", "genuine", False),
        (f"/v/{one.serial}", "genuine", False),
        (f"v/{one.serial}", "genuine", False),
        (f"{folder.as_uri()}/v/{one.serial}/index.html", "genuine", False),
        (f"evil.example/v/{one.serial}", "genuine", True),
        (f"//evil.example/v/{one.serial}", "genuine", True),
        (f"https:\\\\evil.example\\v\\{one.serial}", "genuine", True),
        (f"https://{ours}@evil.example/v/{one.serial}", "genuine", True),
        (f"HTTPS:evil.example/v/{one.serial}", "genuine", True),
    ):
        page.fill("#text", f"{before}#{one.token}")
        page.click("[data-ask] button")
        page.locator(f"{SAYS}[data-verdict={expected}]").wait_for()
        page.wait_for_function("kip.ready")
        shown = page.locator(SAYS).inner_text()
        assert ("evil.example" in shown) == host, before
        assert ("Đừng mở" in shown) == host, before
        page.evaluate("document.querySelector('[data-verdict]').dataset.verdict = ''")


@pytest.mark.django_db
def test_a_pasted_address_is_read_and_a_false_host_is_named(issued, tmp_path, stranger):
    folder = copy(tmp_path)
    page = stranger(folder.as_uri())
    page.goto(f"{folder.as_uri()}/index.html")
    page.fill("#text", f"https://hanoi-kip.example.co/v/{issued[0].serial}#{issued[0].token}\n")
    page.click("[data-ask] button")
    page.locator(f"{SAYS}[data-verdict=genuine]").wait_for()

    assert "hanoi-kip.example.co" in page.locator(SAYS).inner_text()
    assert page.evaluate("document.activeElement.tagName") == "H2"


@pytest.mark.django_db
def test_a_picture_is_read_where_the_browser_reads_codes_and_not_offered_elsewhere(issued, tmp_path, stranger):
    folder = copy(tmp_path)
    text = f"{folder.as_uri()}/v/{issued[0].serial}#{issued[0].token}"
    page = stranger(folder.as_uri())
    page.goto(f"{folder.as_uri()}/index.html")
    page.evaluate("kip.ready")
    assert page.locator("#picture").is_visible() == page.evaluate("kip.camera.isHere()")

    reader = stranger(folder.as_uri())
    reader.add_init_script(DETECTOR.replace("TEXT", text))
    reader.goto(f"{folder.as_uri()}/index.html")
    reader.locator("#picture").wait_for()
    reader.set_input_files("#picture", {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL})
    reader.locator(f"{SAYS}[data-verdict=genuine]").wait_for()
    assert reader.faults == []


@pytest.mark.django_db
def test_the_days_pass_by_the_clock_of_the_device(issued, tmp_path, stranger):
    """Fresh for a week, then unknown, then expired; a clock that is behind is told."""
    folder, one = copy(tmp_path), issued[0]
    start, address = timezone.now(), f"{folder.as_uri()}/index.html#{one.token}"
    for days, expected in ((6, "genuine"), (8, "status_unknown"), (3000, "expired"), (-1, "genuine")):
        page = stranger(folder.as_uri())
        page.clock.set_fixed_time(start + timedelta(days=days))
        assert verdict(page, address) == expected, days
    assert "đồng hồ" in page.locator(SAYS).inner_text()

    page = stranger(folder.as_uri())  # the page of the number, without a code
    page.clock.set_fixed_time(start + timedelta(days=3000))
    page.goto(f"{folder.as_uri()}/v/{one.serial}/index.html")
    assert "hết hiệu lực ngày" in page.locator("[data-truth].expired").inner_text()


@pytest.mark.django_db
def test_browser_and_server_give_the_same_answer_to_every_mutation(issued, tmp_path, stranger):
    folder = copy(tmp_path)
    page = stranger(folder.as_uri())
    page.goto(f"{folder.as_uri()}/index.html")
    now = timezone.now()
    key = key_history.current("credential", now)
    cases: list[Case] = mutations(issued[0].token, key, key_history.published(now))

    here = [python_says(text, published) for _name, text, published in cases]
    there = page.evaluate(OPEN, [[text, published] for _name, text, published in cases])

    assert len(cases) >= 60
    assert {"accepted", "altered", "not_a_token", "unknown_key", "before_key", "after_key"} <= set(here)
    names = [name for name, _text, _published in cases]
    assert dict(zip(names, there, strict=True)) == dict(zip(names, here, strict=True))


# --- the live page ----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_code_scanned_in_flight_mode_gets_its_verdict(issued, person):
    one, certificate = person(), issued[0]
    one.go("/xac-minh/ngoai-tuyen/")
    one.page.locator("[data-kept=yes]").wait_for()
    asked: list[str] = []
    one.page.context.on("request", lambda request: asked.append(request.url))
    one.page.context.set_offline(True)

    assert verdict(one.page, f"{one.address}/v/{certificate.serial}#{certificate.token}") == "genuine"
    assert verdict(one.page, f"{one.address}/en/v/{certificate.serial}#{certificate.token}") == "genuine"
    assert "Genuine" in one.page.locator(SAYS).inner_text()
    assert verdict(one.page, f"{one.address}/v/{certificate.serial}#{spread(certificate.token)[5]}") in {
        "altered",
        "not_a_token",
    }
    assert verdict(one.page, f"{one.address}/v/{issued[1].serial}#{certificate.token}") == "mismatch"
    assert verdict(one.page, f"{one.address}/xac-minh/ngoai-tuyen/#{certificate.token}") == "genuine"
    assert not any(certificate.token[:20] in url.partition("#")[0] for url in asked)

    one.page.context.set_offline(False)
    withdraw(certificate.recognition)
    one.go(f"/v/{certificate.serial}")  # with a network: today's truth, and no script
    assert "Đã bị thu hồi" in one.page.inner_text("h1")
    assert one.page.locator("script").count() == 0
    since = _the_server_makes_a_new_list()
    one.go("/xac-minh/ngoai-tuyen/")
    one.page.evaluate(UNTIL_NEWER, since * 1000)
    one.page.context.set_offline(True)
    assert verdict(one.page, f"{one.address}/v/{certificate.serial}#{certificate.token}") == "revoked"


def _the_server_makes_a_new_list() -> int:
    """As it does once a minute; no list from before this second is the new one."""
    time.sleep(1.1)
    cache.clear()
    return int(timezone.now().timestamp())


@pytest.mark.django_db(transaction=True)
def test_the_offline_page_keeps_the_rules(issued, person, tmp_path):
    """axe finds nothing, and nothing scrolls sideways, with and without a verdict, in both languages and themes."""
    one, certificate = person(), issued[0]
    folder = copy(tmp_path).as_uri()
    live = (f"{one.address}/xac-minh/ngoai-tuyen/", f"{one.address}/en/verify/offline/")
    copied = (f"{folder}/index.html", f"{folder}/v/{certificate.serial}/en.html")
    harmed = spread(certificate.token)[6]
    for base in (*live, *copied):
        for end, (theme, width) in (("", WIDE), (f"#{certificate.token}", NARROW), (f"#{harmed}", NARROW)):
            one.page.emulate_media(color_scheme=theme)
            one.page.set_viewport_size({"width": width, "height": 844})
            verdict(one.page, base + end)
            one.page.evaluate(AXE_SCRIPT)
            found = one.page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
            assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in found] == [], base + end
            assert one.page.evaluate("document.documentElement.scrollWidth") <= width, base + end
