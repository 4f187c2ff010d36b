import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import vietnamese

WORDS = ["An Phát", "Ánh Dương", "Áp", "Ăn", "Di", "Đại Kim", "Đi", "ma", "mà", "mả", "mã", "má", "mạ"]


def test_company_names_sort_as_in_a_dictionary():
    assert sorted(WORDS, key=vietnamese.sort_key) == WORDS


def test_people_sort_by_given_name():
    people = ["Nguyễn Thị Hà", "Trần Văn An", "Lê Văn An", "Đỗ Bình"]

    ordered = sorted(people, key=vietnamese.given_name_key)

    assert ordered == ["Lê Văn An", "Trần Văn An", "Đỗ Bình", "Nguyễn Thị Hà"]


def test_text_is_kept_in_one_form():
    decomposed = unicodedata.normalize("NFD", "Hà Nội")

    assert len(decomposed) == 9
    assert vietnamese.nfc(f"  {decomposed}\u00a0\t ") == "Hà Nội"


def test_line_breaks_of_longer_text_stay():
    assert vietnamese.nfc_lines("một \r\n hai\x00") == "một\nhai"


@pytest.mark.parametrize(("text", "folded"), [("Đèn LED", "den led"), ("ĐƯỜNG", "duong"), ("Ô-xy", "o-xy")])
def test_folding_drops_every_mark(text, folded):
    assert vietnamese.fold(text) == folded


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text):
    assert vietnamese.fold(vietnamese.fold(text)) == vietnamese.fold(text)


@given(st.text(alphabet="aàáạăâđeêioôơuưy bcdghklmnpqrstvx0123456789", max_size=20))
def test_keys_are_plain_ascii(text):
    assert vietnamese.sort_key(text).isascii()


def test_invisible_characters_are_no_name():
    assert vietnamese.nfc("\u200b\u202e An\u200b Phát") == "An Phát"
