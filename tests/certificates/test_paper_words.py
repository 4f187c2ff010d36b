"""What a certificate says, before any rendering."""

from datetime import date

import pytest
import segno

from certificates import paper
from tests.certificates.snapshots import snapshot


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 12, 5), "ngày 05 tháng 12 năm 2026"),
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 2, 15), "ngày 15 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
    ],
)
def test_legal_dates_have_a_nought_before_small_days_and_the_first_two_months(day, text):
    assert paper.legal_date(day) == text


@pytest.mark.parametrize(
    ("position", "lines"),
    [
        ("Phó Chủ tịch", ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        ("Phó Chủ tịch UBND thành phố", ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        ("chủ tịch", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        ("TUQ. Chủ tịch / Giám đốc Sở Công Thương", ["TUQ. CHỦ TỊCH", "GIÁM ĐỐC SỞ CÔNG THƯƠNG"]),
    ],
)
def test_a_vice_chair_signs_for_the_chair_and_others_as_entered(position, lines):
    assert paper.office_lines(position) == lines


def test_the_top_ten_has_its_own_heading():
    assert paper.words("KIP2026-T0001-X", snapshot(kind="top10"))["heading"].startswith("TOP 10 SẢN PHẨM")
    assert paper.words("KIP2026-0001-X", snapshot())["heading"].startswith("SẢN PHẨM")


def test_no_english_name_gives_no_english_line():
    assert paper.words("KIP2026-0001-X", snapshot(product_name_en=""))["english"] == ""


def test_the_code_holds_the_address_of_the_verification_page(settings):
    settings.SITE_URL = "https://kip.example.gov.vn"
    serial = "KIP2026-0046-K"

    assert paper.verify_url(serial) == "https://kip.example.gov.vn/v/KIP2026-0046-K"
    drawn = segno.make(paper.verify_url(serial), error="m", micro=False, boost_error=False)
    size = 4 * drawn.symbol_size(border=0)[0]
    picture = paper.qr_svg(paper.verify_url(serial)).decode()
    assert f'width="{size}"' in picture
    assert paper.qr_svg(paper.verify_url(serial)) != paper.qr_svg(paper.verify_url("KIP2026-0047-K"))


def test_a_code_for_an_address_of_42_letters_has_29_modules_a_side():
    """Version 3-M: one module is nearly a millimetre on the paper."""
    address = "https://kip.hanoi.gov.vn/v/KIP2026-0046-K"

    assert len(address) <= 42
    assert segno.make(address, error="m", micro=False, boost_error=False).designator == "3-M"


def test_short_names_are_large_and_long_ones_smaller():
    first = paper._ever_smaller("Đèn LED", "Công ty Sông Tô")[0]
    long = paper._ever_smaller("HỆ THỐNG THIẾT BỊ TỰ ĐỘNG " * 6, "CÔNG TY TRÁCH NHIỆM HỮU HẠN " * 6)[0]

    assert (first["product_size"], first["enterprise_size"]) == (20, 17)
    assert long["product_size"] < 20
    assert long["enterprise_size"] < 17
