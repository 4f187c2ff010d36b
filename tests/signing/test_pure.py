"""Canonical JSON and the alphabets, against values known from outside."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing import jcs, multibase

CANONICAL = [
    # RFC 8785 section 3.2.2 and 3.2.3, the parts without fractions
    (
        {"string": '€$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]},
        '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ),
    (
        {
            "€": "Euro Sign",
            "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\U0001f600": "Emoji: Grinning Face",
            "\u0080": "Control",
            "ö": "Latin Small Letter O With Diaeresis",
        },
        '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",'
        '"€":"Euro Sign","\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    ),
    # RFC 8785 section 3.1, members of nested objects are sorted too, lists keep their order
    ({"b": [3, 1, {"z": 0, "a": -1}], "a": {}}, '{"a":{},"b":[3,1,{"a":-1,"z":0}]}'),
    ({"peach": "This sorting order", "péché": "is wrong according to French", "sin": ""}, None),
    ([], "[]"),
    ("\u007f\u2028/", '"\u007f\u2028/"'),
    (2**53 - 1, "9007199254740991"),
    ("Sản phẩm công nghiệp chủ lực", '"Sản phẩm công nghiệp chủ lực"'),
]
BASE58 = [
    # draft-msporny-base58, test vectors, and the zeros at the front
    (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
    (b"The quick brown fox jumps over the lazy dog.", "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"),
    (bytes.fromhex("0000287fb4cd"), "11233QC4"),
    (b"", ""),
    (b"\0", "1"),
    (bytes.fromhex("61"), "2g"),
    (bytes.fromhex("516b6fcd0f"), "ABnLTmg"),
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(("value", "text"), CANONICAL)
def test_canonical_json_as_rfc_8785_writes_it(value, text):
    if text is not None:
        assert jcs.canonical(value).decode() == text
    assert json.loads(jcs.canonical(value)) == value


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, "\ud800", {1: "a"}, {"a": b"x"}, {"\udead": 1}])
def test_what_has_no_one_form_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        jcs.canonical(value)


def test_a_document_nested_without_end_is_refused():
    value = []
    for _ in range(10_000):
        value = [value]

    with pytest.raises(ValueError, match="deep"):
        jcs.canonical(value)


@given(json_values)
def test_canonical_json_reads_back_as_it_was_and_has_one_form(value):
    once = jcs.canonical(value)

    assert json.loads(once) == value
    assert jcs.canonical(json.loads(once)) == once


@pytest.mark.parametrize(("data", "text"), BASE58)
def test_base58_of_known_pairs(data, text):
    assert multibase.base58(data) == text
    assert multibase.from_base58(text) == data


@pytest.mark.parametrize("text", ["", "m123", "z0", "zO", "zI", "zl", "z" + "1" * 20_000])
def test_what_is_not_base58btc_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        multibase.decode(text)


@given(st.binary(max_size=200))
def test_every_alphabet_reads_back(data):
    assert multibase.decode(multibase.encode(data)) == data
    assert multibase.from_base64url(multibase.base64url(data)) == data
    assert multibase.from_base32(multibase.base32(data)) == data


def test_unused_bits_of_the_last_letter_are_not_ignored():
    assert multibase.base32(b"\x00") == "AA"
    for text in ("AB", "aa", "AA======", "A", "A1"):
        with pytest.raises(ValueError, match="base32"):
            multibase.from_base32(text)
    with pytest.raises(ValueError, match="base64url"):
        multibase.from_base64url("AB")
