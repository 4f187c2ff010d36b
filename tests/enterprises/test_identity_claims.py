"""Who comes with the identity of an organisation registers that organisation, as its identity names it: from the
sign-in at the provider to the record, against the small identity provider."""

import pytest
from django.core.cache import cache
from django.utils import translation

from accounts.models import User
from enterprises import claims
from enterprises.models import Enterprise
from tests.accounts.conftest import through
from tests.enterprises.post import words
from tests.story import make_reference

pytestmark = pytest.mark.django_db
CODE, FORGED = "0100109106", "0101243150"
ADD = "/doanh-nghiep-cua-toi/them/"


@pytest.fixture(autouse=True)
def _reference():
    translation.activate("vi")
    make_reference()
    cache.clear()


def facts(**changes):
    return {
        "name_vi": "Công ty Giả Mạo",
        "name_en": "",
        "form": "joint_stock",
        "street": "Số 1 Lê Duẩn",
        "ward": "00004",
        "zone": "",
        "legal_representative": "Kẻ Giả Mạo",
        "phone": "024 3825 1234",
        "email": "",
        "website": "",
    } | changes


def come_in(client):
    """Through the provider, and the account opened."""
    opened = client.post(through(client).url)
    assert opened.url == "/cua-toi/", words(opened)


def input_of(page, name):
    return next(piece for piece in page.split("<input")[1:] if f'name="{name}"' in piece.split(">")[0]).split(">")[0]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_the_sign_in_to_the_record_nothing_of_the_identity_can_be_typed_over(idp, client, language):
    come_in(client)
    add = ADD if language == "vi" else "/en/my-enterprises/add/"

    first = words(client.get(add))
    assert f'value="{CODE}"' in input_of(first, "tax_code")
    assert " readonly" in input_of(first, "tax_code")
    assert " readonly" not in input_of(first, "position")
    onward = client.post(add, {"tax_code": FORGED, "position": "Giám đốc"})
    assert onward.url == f"{add}{CODE}/"

    second = words(client.get(onward.url))
    for name, value in (("name_vi", "Công ty Cổ phần Minh Họa"), ("legal_representative", "Lê Thị Đại Diện")):
        assert f'value="{value}"' in input_of(second, name)
        assert " readonly" in input_of(second, name)
    assert " readonly" not in input_of(second, "street")
    assert client.post(onward.url, facts()).status_code == 302

    enterprise = Enterprise.objects.get()
    assert (enterprise.tax_code, enterprise.name_vi, enterprise.legal_representative, enterprise.street) == (
        CODE,
        "Công ty Cổ phần Minh Họa",
        "Lê Thị Đại Diện",
        "Số 1 Lê Duẩn",
    )
    assert enterprise.representatives.get().user == User.objects.get(email="vanthu@minh-hoa.vn")


def test_the_address_of_the_page_does_not_get_round_the_identity(idp, client):
    come_in(client)

    assert client.post(f"{ADD}{FORGED}/", facts()).url == ADD
    assert not Enterprise.objects.exists()


def test_what_the_identity_does_not_say_is_asked(idp, client):
    del idp.person["organisation"], idp.person["representative"]
    come_in(client)

    page = words(client.get(f"{ADD}{CODE}/"))
    assert "readonly" not in page
    client.post(f"{ADD}{CODE}/", facts(name_vi="Công ty Tự Khai"))

    assert Enterprise.objects.get().name_vi == "Công ty Tự Khai"


def test_a_name_that_fits_no_record_is_asked_and_locks_nobody_out(idp, client):
    idp.person["organisation"] = "Công ty " + "dài " * 60
    idp.person["representative"] = "Lê  Thị\u200b Đại\tDiện "
    come_in(client)

    page = words(client.get(f"{ADD}{CODE}/"))
    assert " readonly" not in input_of(page, "name_vi")
    assert 'value="Lê Thị Đại Diện"' in input_of(page, "legal_representative")
    client.post(f"{ADD}{CODE}/", facts(name_vi="Công ty Ngắn"))

    assert Enterprise.objects.get().legal_representative == "Lê Thị Đại Diện"


def test_only_what_the_record_can_hold_is_a_fact():
    assert claims.facts_of({"organisation": "x" * 201, "representative": "y" * 121}) == {}
    assert claims.facts_of({"organisation": "x" * 200, "representative": " "}) == {"name_vi": "x" * 200}
    assert claims.facts_of({}) == {}
