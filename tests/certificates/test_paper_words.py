"""What a certificate says, before any rendering."""

import unicodedata
from datetime import date

import pytest

from certificates import paper, paper_code, paper_words
from tests.certificates.reading import another_year
from tests.certificates.snapshots import snapshot


def said(serial="KIP2026-0001-K", form=None, **facts):
    return paper_words.values(serial, snapshot(**facts), form or paper.form_for(2026))


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


def test_another_form_has_its_own_rules_for_who_signs():
    assert another_year().office("Giám đốc Sở Công Thương") == ["GIÁM ĐỐC"]
    assert another_year().office("Chủ tịch") == ["CHỦ TỊCH"]


def test_the_top_ten_has_its_own_heading():
    assert said(kind="top10")["heading_vi"] == "TOP 10 SẢN PHẨM CÔNG NGHIỆP CHỦ LỰC THÀNH PHỐ HÀ NỘI NĂM 2026"
    assert said()["heading_vi"] == "SẢN PHẨM CÔNG NGHIỆP CHỦ LỰC THÀNH PHỐ HÀ NỘI NĂM 2026"


def test_what_a_name_holds_is_never_read_as_a_placeholder():
    found = said(product_name_vi="{serial} {heading_vi} {0.__class__}")

    assert found["product_name_vi"] == "{serial} {heading_vi} {0.__class__}"


def test_texts_are_in_one_form_of_unicode_with_single_spaces():
    name = unicodedata.normalize("NFD", "Máy\u00a0biến \n áp")

    assert said(product_name_vi=name)["product_name_vi"] == "Máy biến áp"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Đèn LED – 220 V “mới” №1 µm ± 5 °C Ω €", []),
        (unicodedata.normalize("NFD", "Đường Nguyễn Thượng Hiền ợ ữ ặ"), []),
        ("đèn 灯", ["U+706F"]),
        ("سلام", ["U+0633", "U+0644", "U+0627", "U+0645"]),
        ("שלום", ["U+05E9", "U+05DC", "U+05D5", "U+05DD"]),
        ("vui 😀", ["U+1F600"]),
        ("a\u200bb\u202ec", ["U+200B", "U+202E"]),
        ("z\u0323\u0308\u0330", ["U+0330", "U+0308"]),
        ("\u0301\u0301", ["U+0301"]),
        ("a\x00b", ["U+0000"]),
        ("\ue000", ["U+E000"]),
        ("ไทย", ["U+0E44", "U+0E17", "U+0E22"]),
    ],
)
def test_what_cannot_be_printed_is_said_in_words(text, codes):
    sentences = paper.unprintable(text)

    assert [sentence for sentence, code in zip(sentences, codes, strict=True) if code not in sentence] == []


def test_the_code_holds_the_address_of_the_verification_page(settings):
    settings.SITE_URL = "https://kip.example.gov.vn"

    assert paper.verify_url("KIP2026-0046-K") == "https://kip.example.gov.vn/v/KIP2026-0046-K"
    assert said("KIP2026-0046-K")["verify_short"] == "kip.example.gov.vn/v/KIP2026-0046-K"


def test_a_code_for_an_address_of_42_letters_has_29_modules_a_side():
    """Version 3-M: one module is nearly a millimetre on the paper."""
    code = paper_code.code("https://kip.hanoi.gov.vn/v/KIP2026-0046-K")

    assert code.modules == 29
    assert code.side_mm(26, 34) == 26


def test_a_long_token_takes_less_room_in_a_segment_of_its_own():
    address, token = "https://kip.hanoi.gov.vn/v/KIP2026-0046-K", "ABC234" * 70

    code = paper_code.code(f"{address}#{token}")

    assert code.modules == 73
    assert paper_code.code(f"{address}#{token.lower()}").modules > 80
    assert code.side_mm(26, 34) / code.modules >= 0.35
