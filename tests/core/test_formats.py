"""The eight traps of Django's own `vi` locale (measured on 5.2), each closed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.formats import date_format, get_format, number_format

from core import vietnamese
from core.forms import DateField, DateTimeField, DecimalField, IntegerField


@pytest.fixture(params=["vi", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def _vi():
    with translation.override("vi"):
        yield


def test_1_a_typed_date_is_day_before_month(language):
    assert DateField().clean("05/03/2026") == date(2026, 3, 5)


def test_2_a_day_above_twelve_is_accepted(language):
    assert DateField().clean("25/12/2026") == date(2026, 12, 25)


@pytest.mark.usefixtures("_vi")
def test_3_numbers_are_shown_with_dots_and_a_comma():
    assert number_format(Decimal("1234567.89")) == "1.234.567,89"


def test_4_the_week_starts_on_monday(language):
    assert get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.usefixtures("_vi")
@pytest.mark.parametrize(
    ("typed", "value"),
    [("1.234", "1234"), ("1.234,5", "1234.5"), ("7,5", "7.5"), ("1.234.567", "1234567"), ("0,25", "0.25")],
)
def test_5_a_typed_number_means_what_people_mean(typed, value):
    assert DecimalField().clean(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Đèn LED Rạng Đông", "den-led-rang-dong"),
        ("Ống thép inox 304 – Ø 21", "ong-thep-inox-304-21"),
        ("Đặc sản “Ước” ", "dac-san-uoc"),
    ],
)
def test_6_slugs_keep_every_letter(name, slug):
    assert vietnamese.slug(name) == slug


@pytest.mark.django_db
def test_7_page_not_found_speaks_vietnamese(client):
    response = client.get("/khong-co-trang-nay/")

    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.content.decode()


@pytest.mark.django_db
def test_8_sign_in_speaks_vietnamese_and_english(client):
    assert "Đăng nhập" in client.get("/dang-nhap/").content.decode()
    assert "Sign in" in client.get("/en/sign-in/").content.decode()


@pytest.mark.usefixtures("_vi")
def test_what_is_shown_can_be_typed_back():
    shown = number_format(Decimal("1420.5"))

    assert DecimalField().clean(shown) == Decimal("1420.5")
    assert IntegerField().clean("2.100") == 2100
    assert date_format(date(2026, 3, 5), "SHORT_DATE_FORMAT") == "05/03/2026"
    assert DateTimeField().clean("17:00 15/10/2026").replace(tzinfo=None) == datetime(2026, 10, 15, 17, 0)


def test_a_wrong_date_is_refused_not_guessed(language):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        DateField().clean("31/02/2026")


def test_a_moment_needs_its_hour(language):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        DateTimeField().clean("01/05/2031")
