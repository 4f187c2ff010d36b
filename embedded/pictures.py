"""Takes the README's pictures from the application that `make run` has started: `make pictures`."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from embedded.machine import chromium
from embedded.state import PROJECT

TARGET = PROJECT / "docs" / "pictures"
OFFICER, PASSWORD = "can-bo@kip.demo", "demo-2026-kip"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def take(address: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium() or None, args=FLAGS)
        _directory(browser, address)
        _desk(browser, address)
        browser.close()
    _certificate(address)


def _directory(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/san-pham/?status=valid")
    page.screenshot(path=TARGET / "directory.png")
    page.close()


def _desk(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/dang-nhap/?next=/lam-viec/")
    page.fill('[name="login"]', OFFICER)
    page.fill('[name="password"]', PASSWORD)
    with page.expect_navigation():
        page.locator("main form button").first.click()
    shown = page.locator("[data-demo-code]").first.get_attribute("data-demo-code")
    page.fill('[name="code"]', shown or "")
    with page.expect_navigation():
        page.locator('main form:has([name="code"]) button').first.click()
    page.locator("table").first.wait_for()
    page.screenshot(path=TARGET / "desk.png")
    page.close()


def _certificate(address: str) -> None:
    with urllib.request.urlopen(f"{address}/api/v1/recognitions?status=valid&page_size=50") as answer:  # noqa: S310 - our own address
        serials = [row["certificate_serial"] for row in json.load(answer)["results"] if row["certificate_serial"]]
    if not serials:
        raise SystemExit("No certificate is made yet; wait a minute and try again.")
    with urllib.request.urlopen(f"{address}/v/{serials[0]}/pdf") as answer, tempfile.TemporaryDirectory() as folder:  # noqa: S310
        paper = Path(folder) / "paper.pdf"
        paper.write_bytes(answer.read())
        command = ["pdftoppm", "-r", "90", "-png", "-singlefile", str(paper), str(TARGET / "certificate")]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else f"http://localhost:{os.environ.get('PORT', '8000')}")
