"""The way in with a real browser: a passkey made, used as the second step and alone; the code; the warning before a
session ends; every page of the own account by the axe rules."""

import time

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe

from accounts import second_factor, totp
from tests.browser.conftest import authenticator_of
from tests.browser.test_accessible import RULES, TOO_WIDE
from tests.story import PASSWORD, Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _localhost(settings):
    """Passkeys belong to a name, not to an address."""
    settings.ALLOWED_HOSTS = ["*"]


def by_name(someone):
    someone.address = someone.address.replace("127.0.0.1", "localhost")
    return someone


def with_fingerprint(someone):
    """A virtual device that knows its owner and keeps passkeys."""
    devices = someone.page.context.new_cdp_session(someone.page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return someone


def enter_password(someone, email):
    someone.go("/dang-nhap/").fill(login=email, password=PASSWORD)
    return someone.press("Sign in")


def test_an_officer_makes_a_passkey_and_signs_in_with_it_as_second_step_and_alone(person):
    story = Story()
    officer = with_fingerprint(by_name(person()))
    enter_password(officer, story.officer.email)
    assert officer.page.url.endswith("/tai-khoan/buoc-hai/?next=/cua-toi/")

    officer.page.get_by_role("link", name=officer.words("Add a passkey")).click()
    officer.fill(name="Máy cơ quan").press("Make the passkey")
    assert officer.page.url.endswith("/tai-khoan/buoc-hai/ma-du-phong/")
    assert officer.page.locator(".recovery-codes li").count() == 10
    officer.go("/lam-viec/")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Máy cơ quan"

    officer.page.context.clear_cookies()
    enter_password(officer, story.officer.email)
    assert officer.page.url.endswith("/dang-nhap/ma/")
    officer.press("Use a passkey")
    assert officer.page.url.endswith("/lam-viec/")

    officer.page.context.clear_cookies()
    officer.go("/dang-nhap/?next=/tai-khoan/").press("Sign in with a passkey")
    assert officer.page.url.endswith("/tai-khoan/")
    officer.go("/lam-viec/")


def test_a_passkey_that_nobody_knows_here_is_refused_in_words(person):
    story = Story()
    someone = with_fingerprint(by_name(person()))
    enter_password(someone, story.officer.email)
    someone.page.get_by_role("link", name=someone.words("Add a passkey")).click()
    someone.press("Make the passkey")
    Authenticator.objects.all().delete()
    someone.page.context.clear_cookies()

    someone.go("/dang-nhap/").press("Sign in with a passkey")

    assert someone.sees(someone.words("This passkey did not open the account. Try again, or use another way."))


def test_without_a_device_that_answers_the_page_says_what_to_do(person):
    someone = by_name(person())
    devices = someone.page.context.new_cdp_session(someone.page)
    devices.send("WebAuthn.enable")
    someone.go("/dang-nhap/")
    someone.page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )

    someone.page.get_by_role("button", name=someone.words("Sign in with a passkey")).click()

    trouble = someone.page.locator(".passkey-trouble")
    trouble.filter(
        has_text=someone.words("The passkey was not used. Try again, or sign in with the password.")
    ).wait_for()


def test_the_warning_comes_in_time_and_staying_keeps_the_session(person, settings):
    settings.STAFF_IDLE_MINUTES = 0.15  # nine seconds
    story = Story()
    officer = person().sign_in(story.officer.email).go("/lam-viec/")
    box = officer.page.locator("#session-warning")

    box.wait_for(state="visible")
    box.get_by_role("button", name=officer.words("Stay signed in")).click()
    box.wait_for(state="hidden")
    box.wait_for(state="visible")
    officer.page.wait_for_url("**/het-phien/**", timeout=20_000)

    assert officer.sees(officer.words("What was kept"))
    officer.page.get_by_role("link", name=officer.words("Sign in and go on there")).click()
    officer.page.wait_for_url("**/dang-nhap/?next=%2Flam-viec%2F")


@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1440, "en"), ("dark", 390, "vi")])
def test_the_pages_of_the_own_account_keep_the_rules(person, scheme, width, language):
    story = Story()
    story.enterprise("clerk")
    prefix = "/en/" if language == "en" else "/"
    account, second, sign_in = (
        ("account/", "account/second-step/", "sign-in/")
        if language == "en"
        else ("tai-khoan/", "tai-khoan/buoc-hai/", "dang-nhap/")
    )
    words = {
        "en": ["password/", "devices/", "identity/", "confirm/"],
        "vi": ["mat-khau/", "thiet-bi/", "dinh-danh/", "xac-nhan/"],
    }[language]
    steps = {"en": ["app/", "passkey/", "codes/new/"], "vi": ["ung-dung/", "khoa/", "ma-du-phong/moi/"]}[language]
    faults = []

    def look(someone, path=None):
        if path:
            someone.go(prefix + path)
        if someone.page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{someone.page.url} scrolls sideways: {someone.page.evaluate(TOO_WIDE, width)}")
        for violation in Axe().run(someone.page, options=RULES).response["violations"]:
            faults.append(f"{someone.page.url}: {violation['id']} {violation['nodes'][0]['target']}")

    visitor = person(language, color_scheme=scheme)
    visitor.page.set_viewport_size({"width": width, "height": 900})
    lost = "password/" if language == "en" else "quen-mat-khau/"
    for path in (
        sign_in,
        lost,
        lost + ("sent/" if language == "en" else "da-gui/"),
        lost + "1-x/",
        "signed-out/?after=30&next=/" if language == "en" else "het-phien/?after=30&next=/",
    ):
        look(visitor, path)

    clerk = person(language, color_scheme=scheme)
    clerk.page.set_viewport_size({"width": width, "height": 900})
    clerk.sign_in("clerk@kip.test")
    for path in (account, *(account + word for word in words), second, second + steps[0], second + steps[1]):
        look(clerk, path)

    secret = authenticator_of(story.officer.email)
    officer = person(language, color_scheme=scheme)
    officer.page.set_viewport_size({"width": width, "height": 900})
    officer.go(prefix + sign_in).fill(login=story.officer.email, password=PASSWORD)
    officer.press("Sign in")
    look(officer)
    officer.fill(code="000000").press("Continue", "next step")
    look(officer)
    officer.fill(code=totp.code_at(secret, time.time())).press("Continue", "next step")
    for path in (second, second + steps[2]):
        look(officer, path)
    officer.press("Make new codes")
    look(officer)
    assert second_factor.is_set_up(story.officer)
    assert faults == [], "\n".join(faults)
