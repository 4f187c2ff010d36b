import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprises import tax_code


@pytest.mark.parametrize("typed", ["0100112437", "010 011 2437", "0100.112.437", " 0100-112-437 "])
def test_a_valid_code_is_read_however_it_is_typed(typed):
    assert tax_code.parse(typed) == "0100112437"


@pytest.mark.parametrize("typed", ["0100233488", "0314409058-002", "0312687878001"])
def test_the_published_examples_hold(typed):
    assert tax_code.parse(typed)


def test_a_branch_is_shown_with_its_hyphen_and_belongs_to_the_enterprise():
    assert tax_code.parse("0312687878001") == "0312687878-001"
    assert tax_code.legal_entity("0312687878-001") == "0312687878"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("0100233480", "check_digit"),
        ("010023348", "length"),
        ("01002334889", "length"),
        ("abcdefghij", "length"),
        ("", "length"),
        ("0000000000", "length"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(typed, kind):
    with pytest.raises(tax_code.InvalidTaxCode) as error:
        tax_code.parse(typed)
    assert error.value.kind == kind


@given(st.text(max_size=16))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(tax_code.InvalidTaxCode):
        assert len(tax_code.legal_entity(tax_code.parse(text))) == 10


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(position, shift):
    digits = list("0100112437")
    digits[position] = str((int(digits[position]) + shift) % 10)

    with pytest.raises(tax_code.InvalidTaxCode):
        tax_code.parse("".join(digits))
