"""The pages of a sign-in with the identity of an organisation, with a real browser and the small identity provider:
from the button to the record, by the axe rules."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from enterprises.models import Enterprise
from tests.accounts.conftest import idp
from tests.browser.test_accessible import RULES, TOO_WIDE
from tests.story import make_reference

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["idp"]


def look(one, name, width, theme):
    page = one.page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    # Links change their colour in a tenth of a second: axe would see the way there.
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => {})))")
    page.set_viewport_size({"width": width, "height": 900})
    found = Axe().run(page, options=RULES).response["violations"]
    faults = [f"{name}: {fault['id']} {[node['target'] for node in fault['nodes'][:3]]}" for fault in found]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        faults.append(f"{name}: scrolls sideways {page.evaluate(TOO_WIDE, width)}")
    assert faults == []


@pytest.mark.parametrize(("language", "width", "theme"), [("vi", 1440, "light"), ("en", 390, "dark")])
def test_from_the_button_to_the_record(idp, person, settings, live_server, language, width, theme):
    settings.SITE_URL = live_server.url
    make_reference()
    one = person(language)
    one.go("/dang-nhap/" if language == "vi" else "/en/sign-in/")
    look(one, "sign-in with the button", width, theme)
    one.page.get_by_role("button", name=idp_button(language)).click()
    one.page.wait_for_url("**/moi/" if language == "vi" else "**/new/")
    look(one, "the first time", width, theme)
    one.press("Open the account")
    look(one, "an account without an enterprise", width, theme)

    one.go("/doanh-nghiep-cua-toi/them/" if language == "vi" else "/en/my-enterprises/add/")
    code = one.page.locator("[name=tax_code]")
    assert (code.input_value(), code.is_editable()) == ("0100109106", False)
    look(one, "which enterprise", width, theme)
    one.fill(position="Giám đốc").press("Go on")
    name = one.page.locator("[name=name_vi]")
    assert (name.input_value(), name.is_editable()) == ("Công ty Cổ phần Minh Họa", False)
    assert not one.page.locator("[name=legal_representative]").is_editable()
    look(one, "its facts", width, theme)
    one.go("/tai-khoan/dinh-danh/" if language == "vi" else "/en/account/identity/")
    look(one, "the connected identity", width, theme)
    assert not Enterprise.objects.exists()

    idp.claims = lambda claims: claims | {"aud": "somebody else"}
    two = person(language)
    two.go("/dang-nhap/" if language == "vi" else "/en/sign-in/")
    two.page.get_by_role("button", name=idp_button(language)).click()
    two.page.wait_for_url("**/callback/**")
    look(two, "refused", width, theme)


def idp_button(language):
    return "Đăng nhập bằng VNeID minh họa" if language == "vi" else "Sign in with VNeID minh họa"
