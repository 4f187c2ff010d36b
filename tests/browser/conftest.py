"""A real Chromium on the live pages, one context per person."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from allauth.mfa.models import Authenticator
from django.utils import translation
from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

from accounts import second_factor, totp
from accounts.models import User
from tests.story import PASSWORD

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ["KIP_CHROMIUM"], args=FLAGS)
        yield browser
        browser.close()


def authenticator_of(email: str) -> str:
    """A fresh authenticator for a person of the house; nothing for an applicant."""
    user = User.objects.get(email=email)
    Authenticator.objects.filter(user=user).delete()
    if not second_factor.is_required(user):
        return ""
    secret = totp.random_secret()
    sealed = second_factor.MfaAdapter().encrypt(secret)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": sealed})
    return secret


class Person:
    """Somebody at a browser. Buttons are named by their English words and pressed by what the page says."""

    def __init__(self, page: Page, address: str, language: str) -> None:
        self.page, self.address, self.language = page, address, language
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", self._listen)
        page.on("response", self._watch)
        page.on("dialog", lambda dialog: dialog.accept())  # "Are you sure?" is answered with yes

    def _listen(self, message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _watch(self, response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.faults.append(f"{response.status} {response.url}")

    def words(self, english: str, context: str | None = None) -> str:
        with translation.override(self.language):
            return translation.pgettext(context, english) if context else translation.gettext(english)

    def go(self, path: str) -> "Person":
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        return self

    def fill(self, **values: str) -> "Person":
        for name, value in values.items():
            self.page.fill(f'main [name="{name}"]', value)
        return self

    def choose(self, **values: str) -> "Person":
        for name, value in values.items():
            self.page.check(f'main [name="{name}"][value="{value}"]')
        return self

    def press(self, english: str, context: str | None = None, *, within: str = "main") -> "Person":
        name = self.words(english, context)
        return self.send(self.page.locator(within).get_by_role("button", name=name).first)

    def send(self, button: Locator) -> "Person":
        """Press and wait for the next page."""
        with self.page.expect_navigation(wait_until="load"):
            button.click()
        return self

    def sees(self, text: str) -> bool:
        return text in self.page.locator("main").inner_text()

    def sign_in(self, email: str) -> "Person":
        """Password, and the code of an authenticator app for whoever needs one."""
        secret = authenticator_of(email)
        self.go("/dang-nhap/" if self.language == "vi" else "/en/sign-in/")
        self.fill(login=email, password=PASSWORD)
        self.press("Sign in")
        if secret:
            self.fill(code=totp.code_at(secret, time.time()))
            self.press("Continue", "next step")
        assert "dang-nhap" not in self.page.url, self.page.inner_text("main")
        return self


def end_at_once(page: Page) -> None:
    """The page ends without another word, as when its process is killed. One that is closed in the ordinary way may
    still notice that the network is back, and send what it had kept."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    page.close()


@pytest.fixture
def person(chromium: Browser, live_server) -> Iterator[Callable[..., Person]]:
    people: list[Person] = []

    def make(language: str = "vi", **options) -> Person:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, **options)
        context.set_default_timeout(15_000)
        one = Person(context.new_page(), live_server.url, language)
        people.append(one)
        return one

    yield make
    faults = [fault for one in people for fault in one.faults]
    for one in people:
        one.page.context.close()
    _wait_for_the_server()
    assert faults == []


def _wait_for_the_server() -> None:
    """Until the server has answered what the closed pages asked last. A request in hand holds locks on the tables
    that the end of the test empties, and the two would wait for each other."""
    until = time.monotonic() + 20
    while time.monotonic() < until and any("process_request_thread" in t.name for t in threading.enumerate()):
        time.sleep(0.02)
