"""Values stay text, whatever they hold; words with faults are named."""

import pytest

from mail import hidden, merge

SITE = "https://kip.example.gov.vn"


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("Tốt", "Xin chào {name}", []),
        ("Tốt", "[Mở](link)", []),
        ("Tốt {nam}", "x", [("unknown", "nam")]),
        ("Tốt", "[Mở](lonk)", [("unknown", "lonk")]),
        ("Tốt", "{name", [("braces", "{name")]),
        ("Tốt", "{{name}}", [("braces", "{{name}}")]),
        ("Tốt", "name}", [("braces", "name}")]),
        ("Tốt", "{name.__class__}", [("braces", "{name.__class__}")]),
        ("Tốt", "{0}", [("braces", "{0}")]),
        ("Tốt", "{% load x %}", [("braces", "{% load x %}")]),
        ("Tốt", "[Mở](https://evil.example/)", [("button", "[Mở](https://evil.example/)")]),
        ("Tốt", "[{name}](link)", [("button", "[{name}](link)")]),
        ("Tốt", "[Mở](name)", [("target", "name")]),
        ("Hai\ndòng", "x", [("subject", "Hai")]),
    ],
)
def test_words_are_checked_before_they_are_kept(subject, body, expected):
    found = merge.faults(subject, body, {"name", "link"}, {"link"})

    assert [(fault.code, fault.what) for fault in found] == expected


def test_a_value_that_looks_like_a_field_is_not_filled_again():
    assert merge.fill("{a} {b}", {"a": "{b}", "b": "{a}"}) == "{b} {a}"


@pytest.mark.parametrize(
    "value",
    [
        "x\r\nBcc: all@example.vn",
        "x\nBcc: all@example.vn",
        "x\rBcc: all@example.vn",
        "x\x00\x0b\x0cy",
        "x\u2028Bcc: y",
        "x\u2029y",
        "x\x85Bcc: y",
        "\r\n\r\n<html>",
    ],
)
def test_no_line_break_reaches_a_header(value):
    line = merge.one_line(value)

    assert line.splitlines() == [line]
    assert line.isprintable()


def test_direction_marks_that_deceive_the_eye_are_gone():
    assert merge.plain("hồ-sơ\u202efdp.exe\u2066") == "hồ-sơfdp.exe"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("xem https://evil.example/a?b=c nhé", "xem https[:]//evil[.]example/a?b=c nhé"),
        ("HTTP://EVIL.EXAMPLE", "HTTP[:]//EVIL[.]EXAMPLE"),
        ("www.evil.example", "www[.]evil[.]example"),
        ("javascript://x.y", "javascript[:]//x[.]y"),
        ("Công ty Vatgia.com", "Công ty Vatgia.\u200bcom"),
        ("lien-he@congty.com.vn", "lien-he@congty.com.vn"),
        ("H26.12-261005-0007", "H26.12-261005-0007"),
        ("1.234,5 tỷ", "1.234,5 tỷ"),
        (f"{SITE}/ho-so/1/", f"{SITE}/ho-so/1/"),
        (f"{SITE}.evil.example/", "https[:]//kip[.]example[.]gov[.]vn[.]evil[.]example/"),
        ("https://kip.example.gov.vn@evil.example/", "https[:]//kip[.]example[.]gov[.]vn@evil[.]example/"),
    ],
)
def test_addresses_in_values_are_no_links(value, shown):
    assert merge.unlinked(value, SITE) == shown


def test_the_longest_values_give_way_and_addresses_do_not():
    values = {"a": "x" * 5000, "b": "y" * 300, "link": f"{SITE}/{'z' * 900}"}

    short = merge.shortened(values, 2000)

    assert sum(map(len, short.values())) <= 2000
    assert short["a"].endswith("…")
    assert (short["b"], short["link"]) == (values["b"], values["link"])


def test_shortening_ends_although_nothing_more_can_give_way():
    assert merge.shortened({"a": "x" * 900, "b": "y" * 900}, 10)["a"].endswith("…")


def test_keys_inside_addresses_are_hidden_and_pages_are_not():
    secrets = []
    address = f"{SITE}/dat-lai-mat-khau-cua-toi/abc-d2k3j4h5-0123456789abcdef/?next=/ho-so/"

    shown = hidden.hide(address, whole=False, is_address=True, secrets=secrets)

    assert shown == f"{SITE}/dat-lai-mat-khau-cua-toi/•••1•••/?next=/ho-so/"
    assert hidden.reveal(shown, secrets) == address


def test_a_secret_field_is_hidden_whole():
    secrets = []

    assert hidden.hide("7KQ4", whole=True, is_address=False, secrets=secrets) == "•••1•••"
    assert hidden.hide(f"{SITE}/moi/7K/", whole=True, is_address=True, secrets=secrets) == f"{SITE}/•••2•••"
    assert secrets == ["7KQ4", "moi/7K/"]
