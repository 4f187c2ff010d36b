"""An enterprise comes in: an account and a record, both or neither."""

import pytest
from django.utils import translation

from accounts.models import User
from enterprises.models import Enterprise, Representative
from tests.story import make_reference, tax_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fast_and_vietnamese(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    translation.activate("vi")
    make_reference()


def answers(**changes):
    return {
        "tax_code": tax_code(7),
        "name_vi": "Công ty TNHH Mới",
        "name_en": "",
        "form": "limited",
        "street": "Số 1",
        "ward": "00004",
        "zone": "",
        "legal_representative": "Trần Văn Một",
        "phone": "024 3825 1234",
        "website": "www.congty.vn",
        "full_name": "Nguyễn Thị Hai",
        "position": "Kế toán trưởng",
        "email": "Hai@Congty.vn",
        "password": "một câu đủ dài",
    } | changes


def register(client, **changes):
    return client.post("/dang-ky/", answers(**changes))


def words(response):
    return response.content.decode()


def test_the_page_has_its_address_in_both_languages(client):
    assert "Đăng ký tài khoản doanh nghiệp" in words(client.get("/dang-ky/"))
    assert "Register an enterprise" in words(client.get("/en/register/"))


def test_a_registration_makes_account_and_record_and_signs_in(client):
    answer = register(client)

    enterprise, person = Enterprise.objects.get(), User.objects.get()
    assert answer.url == "/ho-so/"
    assert (enterprise.tax_code, enterprise.website) == (tax_code(7), "https://www.congty.vn")
    assert (person.email, person.full_name, person.title) == ("hai@congty.vn", "Nguyễn Thị Hai", "Kế toán trưởng")
    assert Representative.objects.get(enterprise=enterprise, user=person).position == "Kế toán trưởng"
    assert "Công ty TNHH Mới" in words(client.get("/ho-so/"))


@pytest.mark.parametrize("typed", ["{0}{1}", "{0} {1}", "{0}.{1}", "{0}-{1}", " {0} – {1} "])
def test_the_tax_code_may_be_typed_in_any_spacing(client, typed):
    code = tax_code(7)

    register(client, tax_code=typed.format(code[:4], code[4:]))

    assert Enterprise.objects.get().tax_code == code


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Hãy nhập mã số thuế."),
        ("123", "Mã số thuế có mười chữ số"),
        ("một hai ba", "Mã số thuế có mười chữ số"),
        ("0101243151", "Chữ số thứ mười"),
        ("0101\x00", "Mã số thuế có mười chữ số"),
    ],
)
def test_a_wrong_tax_code_says_what_is_wrong_with_it(client, typed, reason):
    page = words(register(client, tax_code=typed))

    assert reason in page
    assert not User.objects.exists()


def test_every_value_but_the_password_is_kept_with_an_error(client):
    page = words(register(client, phone="không có"))

    assert "<title>Lỗi:" in page
    for kept in ("Công ty TNHH Mới", "Số 1", "Trần Văn Một", "Nguyễn Thị Hai", "Hai@Congty.vn", "không có"):
        assert kept in page
    assert "một câu đủ dài" not in page
    assert '<option value="00004" selected>Ba Đình (phường)</option>' in page


def test_a_known_enterprise_is_refused_beside_its_field(story, client):
    known = story.enterprise()
    people = User.objects.count()

    page = words(register(client, tax_code=known.tax_code + "-001"))

    assert "đã được đăng ký" in page
    assert 'href="#id_tax_code"' in page
    assert User.objects.count() == people


def test_a_known_address_is_refused_beside_its_field(story, client):
    story.person("clerk")

    page = words(register(client, email="CLERK@kip.test"))

    assert "đã có tài khoản" in page
    assert not Enterprise.objects.exists()


def test_two_at_the_same_moment_make_one(client, monkeypatch):
    from enterprises import forms

    register(client)
    client.logout()
    monkeypatch.setattr(forms.RegistrationForm, "clean_tax_code", lambda self: self.cleaned_data["tax_code"])
    page = words(register(client, email="another@congty.vn"))

    assert "đã được đăng ký" in page
    assert User.objects.count() == Enterprise.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "reason"),
    [("ngắn", "quá ngắn"), ("1234567890", "rất dễ bị đoán"), ("hai@congty.vn", "quá giống tên")],
)
def test_a_weak_password_is_refused_in_words(client, password, reason):
    assert reason in words(register(client, password=password))
    assert not User.objects.exists()


@pytest.mark.parametrize("field", list(answers()))
@pytest.mark.parametrize("value", ["\x00", "ă" * 5_000, "9" * 40, "<script>alert(1)</script>", "\ud7ff\u202e"])
def test_odd_input_is_an_error_of_the_form_or_harmless(client, field, value):
    answer = register(client, **{field: value})

    assert answer.status_code in (200, 302)
    assert b"<script>alert(1)" not in answer.content


def test_long_names_up_to_the_limit_are_kept(client):
    register(client, name_vi="Ấ" * 200, full_name="Ễ" * 120, street="Ơ" * 200)

    assert len(Enterprise.objects.get().name_vi) == 200


def test_fields_that_are_not_on_the_form_are_ignored(client):
    register(client, is_demo="on", is_superuser="on", is_active="", created_at="x", id="7", roles="officer")

    person = User.objects.get()
    assert person.is_active
    assert not person.is_superuser
    assert not person.grants.exists()
    assert not Enterprise.objects.get().is_demo


def test_a_signed_in_person_is_led_home(story, client):
    client.force_login(story.person("clerk"))

    assert client.get("/dang-ky/").url == "/cua-toi/"
