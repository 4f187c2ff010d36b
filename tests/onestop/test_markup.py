"""The small markup: what it reads, what it refuses, and how a form is filled."""

import pytest

from onestop import markup
from onestop.kinds import KINDS


def blocks(text, **values):
    return markup.fill(markup.parse(text), {name.replace("_", " "): value for name, value in values.items()})


def codes(text):
    return [fault.code for fault in markup.parse(text).faults]


@pytest.mark.parametrize(
    ("line", "kind"),
    [("# A", "title"), ("## A", "subtitle"), ("- A", "item"), ("< A", "aside"), ("A", "text"), ("#A", "text")],
)
def test_the_beginning_of_a_line_says_what_it_is(line, kind):
    (made,) = blocks(line)

    assert made.kind == kind
    assert markup.text_of(made.pieces) == ("#A" if line == "#A" else "A")


def test_stars_make_bold_and_italic_and_stand_for_themselves_after_a_backslash():
    (line,) = blocks(r"a **b** *c* ***d*** \*e\* \{f\}")

    shown = [(p.text, p.bold, p.italic) for p in line.pieces if p.text.strip()]
    assert shown == [
        ("a ", False, False),
        ("b", True, False),
        ("c", False, True),
        ("d", True, True),
        (" *e* {f}", False, False),
    ]


@pytest.mark.parametrize("value", ["{x}", "**bold**", "# title", "| a | b |", "[trái]", "{#mỗi x}", "\\*", "{/mỗi}"])
def test_nothing_in_a_value_acts_as_markup(value):
    (line,) = blocks("tên: {tên}", tên=value)

    assert markup.text_of(line.pieces) == f"tên: {value}"
    assert not any(piece.bold or piece.italic for piece in line.pieces)


def test_rows_of_a_list_join_the_table_of_their_head():
    text = "| STT | Tên |\n{#mỗi giấy tờ}\n| {stt} | {tên} |\n{/mỗi}\nhết"

    table, line = blocks(text, giấy_tờ=[{"stt": "1", "tên": "Đơn"}, {"stt": "2", "tên": ""}])

    assert [[markup.text_of(cell) for cell in row.cells] for row in (table.head, *table.rows)] == [
        ["STT", "Tên"],
        ["1", "Đơn"],
        ["2", "–"],
    ]
    assert markup.shown(line) == "hết"


def test_english_words_for_the_marks_mean_the_same():
    vi = "[trái]\na\n[ký]\n[phải]\nb\n[hết]\n{#mỗi x}\n- {y}\n{/mỗi}"
    en = "[left]\na\n[sign]\n[right]\nb\n[end]\n{#each x}\n- {y}\n{/each}"

    assert markup.parse(vi) == markup.parse(en)


def test_a_line_whose_field_is_empty_is_left_out_and_a_cell_shows_a_dash():
    found = blocks("Điện thoại: {điện thoại}\nTên: {tên}\n| {điện thoại} | |", tên="A", điện_thoại="")

    assert markup.texts(found) == ["Tên: A", "–"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   \n \n", "empty"),
        ("[trái]\na", "columns_open"),
        ("[phải]\na", "right_alone"),
        ("[trái]\n[phải]\n[phải]\n[hết]", "right_alone"),
        ("a\n[hết]", "end_alone"),
        ("[trái]\n[trái]\n[hết]", "nested"),
        ("{#mỗi a}\n{#mỗi b}\nx\n{/mỗi}", "nested"),
        ("{#mỗi a}\nx", "each_open"),
        ("x\n{/mỗi}", "each_end_alone"),
        ("[giữa]", "unknown_mark"),
        ("[trái]\n| a |\n[phải]\n[hết]", "table_in_column"),
        ("| a | b |\n| c |", "uneven_table"),
        ("|" + " a |" * 17, "too_many_columns"),
        ("một { ngoặc", "stray_brace"),
        ("một } ngoặc", "stray_brace"),
        ("{}", "bad_name"),
        ("{1a}", "bad_name"),
        ("{a.b}", "bad_name"),
        ("{a__class__!r}", "bad_name"),
        ("a **b", "open_stars"),
        ("a *b", "open_stars"),
        ("a" * 20_001, "too_long"),
    ],
)
def test_each_fault_is_named(text, code):
    assert code in codes(text)


def test_a_fault_tells_its_line():
    (fault,) = markup.parse("một\n\nhai {").faults

    assert (fault.line, fault.about) == (3, "hai {")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_standard_text_of_a_form_is_without_fault_and_uses_every_list(kind):
    template = markup.parse(kind.standard())

    assert template.faults == ()
    assert markup.unknown_names(template, kind.names, kind.list_names()) == []
    assert set(template.lists()) == set(kind.list_names())


def test_a_field_of_a_list_is_unknown_outside_it():
    from onestop.kinds import BY_CODE

    kind = BY_CODE["01"]
    template = markup.parse(
        "{tên giấy tờ} {không có}\n{#mỗi giấy tờ}\n- {tên giấy tờ} {mã hồ sơ}\n{/mỗi}\n{#mỗi x}\n{/mỗi}"
    )

    assert markup.unknown_names(template, kind.names, kind.list_names()) == ["không có", "tên giấy tờ", "#x"]
