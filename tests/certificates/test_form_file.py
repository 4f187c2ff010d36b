"""The judge of paper forms: sound forms are read, everything else is refused with its place."""

import copy
import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates import form_file
from certificates.form_file import UnsoundForm

ROOT = Path(__file__).parents[2]
SHIPPED = json.loads((ROOT / "certificates" / "forms" / "2026.json").read_text(encoding="utf-8"))


def changed(*path, to):
    """The shipped form with one value changed; `...` removes it."""
    form = copy.deepcopy(SHIPPED)
    place = form
    for key in path[:-1]:
        place = place[key]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return form


def problems(form):
    with pytest.raises(UnsoundForm) as refusal:
        form_file.parse(form if isinstance(form, str) else json.dumps(form))
    return refusal.value.problems


def zone(name):
    return next(number for number, zone in enumerate(SHIPPED["zones"]) if zone["name"] == name)


def test_the_shipped_form_is_sound_and_frozen():
    form = form_file.parse(json.dumps(SHIPPED))

    assert form.code == "2026"  # the name of its file
    with pytest.raises(dataclasses.FrozenInstanceError):
        form.code = "other"


def test_the_digest_is_that_of_the_content_not_of_the_file():
    one = form_file.parse(json.dumps(SHIPPED, indent=4))
    other = form_file.parse(json.dumps(dict(reversed(SHIPPED.items()))))

    assert one.digest == other.digest
    assert form_file.parse(json.dumps(changed("title", to="Another"))).digest != one.digest


@pytest.mark.parametrize(
    ("path", "to", "words"),
    [
        (["format"], 2, "form: format must be 1"),
        (["format"], True, "form: format must be 1"),
        (["colour"], {}, "form: there is no key colour here; did you mean colours?"),
        (["code"], "Năm 2026", "form: code must be 1 to 40 small letters, digits or hyphens"),
        (["title"], "", "form: title is missing"),
        (["title"], "x" * 121, "form: title has 121 characters; at most 120 are allowed"),
        (["title"], "a\u200bb", "form: title holds a control character or an unusual space"),
        (["from_year"], "2026", "form: from_year must be a number from 2000 to 2999"),
        (["colours", "paper"], "url(file:///x)", "colours: paper must be a colour such as #7d5210"),
        (["frame", "colour"], "red;}", "frame: colour must be #rrggbb or one of: #"),
        (["frame", "style"], "dashed", "frame: style must be one of: double, single, none"),
        (["frame", "tint_percent"], 30, "frame: tint_percent must be a number from 0 to 6"),
        (["frame", "outer_pt"], True, "frame: outer_pt must be a number from 0.2 to 6"),
        (["qr", "most_mm"], 21, "qr: most_mm is smaller than least_mm"),
        (["kinds", "top10"], ..., "kinds: top10 must be an object"),
        (["kinds", "top10", "heading_en"], ..., "form: kinds: every kind needs words of the same names"),
        (["kinds", "product", "serial"], "x", "kinds, product: serial is the name of a placeholder already"),
        (["document", "title"], "{seral}", "document: there is no placeholder {seral}; did you mean {serial}?"),
        (["offices", 0, "lines"], [], "offices 1: lines must be a list of 1 to 6 texts"),
        (["zones"], [], "form: zones must be a list with at least one object"),
        (["zones", 1, "x"], 280, "zone agency: it reaches beyond the page; 5 mm at the edge stay free"),
        (["zones", 1, "colour"], "red", "zone agency: there is no key colour here"),
        (["zones", 1, "lines", 0, "text"], "{{ settings }}", "line 1: text holds a brace that is not part of a plac"),
        (["zones", 1, "lines", 0, "text"], "{% include x %}", "line 1: text holds a brace that is not part of a"),
        (["zones", 1, "lines", 0, "text"], "{0.__class__}", "line 1: text holds a brace that is not part of a"),
        (["zones", 1, "lines", 0, "text"], "{serial.__class__}", "line 1: text holds a brace that is not part of"),
        (["zones", 1, "lines", 0, "size"], 1e9, "zone agency, line 1: size must be a number from 6 to 60"),
        (["zones", 1, "lines", 0, "sizes"], [10, 12], "zone agency, line 1: sizes step down: each must be smaller"),
        (["zones", 1, "lines", 0, "italics"], True, "line 1: there is no key italics here; did you mean italic?"),
        (["zones", 1, "lines", 0, "bold"], "yes", "zone agency, line 1: bold must be true or false"),
        (["zones", 1, "lines", 0, "as"], "script", "zone agency, line 1: as must be one of: p, h1, h2"),
        (["zones", 1, "lines", 0, "when"], "is_dmeo", "line 1: when: there is no placeholder is_dmeo"),
        (["zones", 1, "lines", 0, "colour"], "expression(1)", "line 1: colour must be #rrggbb or one of: #"),
        (["zones", 1, "lines", 0, "text"], "Office: {office}", "line 1: {office} stands alone in its line"),
        (["zones", 1, "lines", 2, "weight"], 99, "zone agency, line 3: weight must be a number from 0.2 to 4"),
        (["zones", 1, "name"], "nation", "form: two zones have the same name"),
        (["zones", 1, "width"], 150, "form: zone agency and zone nation overlap"),
        (["zones", zone("name"), "lines", 0, "text"], "x", "form: no line prints {signer_name}"),
        (
            ["zones", zone("demo-mark"), "lines", 0, "when"],
            "serial",
            "form: no line marks papers of demonstration data",
        ),
        (["zones", zone("proof"), "lines", 1], {"qr": True}, "form: exactly one line holds the QR code, not 2"),
    ],
)
def test_every_mistake_is_told_with_its_place(path, to, words):
    start = words.removesuffix("#") if words.endswith("one of: #") else words

    assert any(start in problem for problem in problems(changed(*path, to=to)))


def test_all_problems_are_told_at_once():
    form = changed("title", to="")
    form["zones"][1]["lines"][0]["size"] = 100
    form["frame"]["style"] = "x"

    assert len(problems(form)) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "form: it is no JSON"),
        ("[]", "form: a form is a JSON object"),
        ('{"format": 1, "format": 1}', "form: the key format stands twice in one object"),
        ('{"format": NaN}', "form: NaN is no number that JSON knows"),
        ("[" * 99_000, "form: its objects lie too deep"),
        ('{"a": "' + "x" * 100_000 + '"}', "form: it is larger than the 100000 bytes that a form may have"),
    ],
)
def test_what_is_no_form_at_all_is_refused_too(text, words):
    assert any(problem.startswith(words) for problem in problems(text))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


def paths(value, at=()):
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*at, key))


PATHS = [path for path in paths(SHIPPED) if path]


@settings(max_examples=400, deadline=None)
@given(path=st.sampled_from(PATHS), value=json_values)
def test_any_value_in_any_place_is_read_or_refused_in_words(path, value):
    try:
        form = form_file.parse(json.dumps(changed(*path, to=value)))
    except UnsoundForm as refusal:
        found = refusal.problems
    else:
        found = [f"digest: {form.digest}"]

    assert found
    assert all(": " in problem for problem in found)


def test_forms_can_be_judged_from_the_command_line(tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(changed("title", to="")), encoding="utf-8")
    command = [sys.executable, "-m", "certificates.form_file"]

    done = subprocess.run([*command, bad], cwd=ROOT, capture_output=True, text=True, check=False)
    good = subprocess.run([*command, "certificates/forms/2026.json"], cwd=ROOT, capture_output=True, check=False)

    assert done.returncode == 1
    assert "form: title is missing" in done.stdout
    assert good.returncode == 0
