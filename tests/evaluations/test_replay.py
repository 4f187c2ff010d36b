"""A decision bundle gives the same ranking again: on another machine, without Django, without a database, whatever
the locale and the order of hashes. What is not such a bundle is refused with a sentence."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.canonical import canonical, digest
from evaluations import replay, scoring
from evaluations.replay import Change, Unusable
from evaluations.replay.__main__ import main
from evaluations.replay.difference import as_text
from tests.evaluations.seasons import Drawn, draw_rubric, draw_season

ROOT = Path(settings.BASE_DIR)


def content_of(drawn: Drawn, entries: list[scoring.Entry], places: int = 3, number: int = 1) -> dict[str, Any]:
    """The content of a bundle, with the record of the run that these inputs give."""
    document = json.loads(canonical(drawn.document))
    rubric_digest = digest(document)
    found = scoring.outcome(drawn.rules, rubric_digest, entries, places)
    return {
        "format": replay.FORMAT,
        "method": scoring.METHOD,
        "season": 2026,
        "rubric": {"digest": rubric_digest, "document": document},
        "places": places,
        "cut": drawn.rules.cut,
        **replay.inputs(entries),
        "conflicts": [],
        "run": {
            "number": number,
            "method": scoring.METHOD,
            "input_digest": found.input_digest,
            "result_digest": found.result_digest,
        },
    }


def season_of(seed: int, least: int = 1) -> tuple[Drawn, list[scoring.Entry]]:
    rng = random.Random(seed)
    while True:
        drawn = draw_rubric(rng)
        entries = draw_season(rng, drawn.rules)
        if len(entries) >= least:
            return drawn, entries


@pytest.fixture
def whole() -> dict[str, Any]:
    return content_of(*season_of(7, least=4))


def written(tmp_path: Path, data: bytes, name: str = "bundle.json") -> str:
    path = tmp_path / name
    path.write_bytes(data)
    return str(path)


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Another process with nothing of ours in its environment, and no Django to be found where it looks first."""
    return subprocess.run(
        [sys.executable, "-m", "evaluations.replay", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        check=False,
    )


# --- the same again -----------------------------------------------------------------------------------
@given(seed=st.integers(0, 10**6), places=st.integers(1, 5))
@hypothesis_settings(max_examples=100, deadline=None)
def test_a_bundle_gives_the_ranking_that_was_recorded(seed, places):
    drawn, entries = season_of(seed)
    content = content_of(drawn, entries, places)

    bundle = replay.read(replay.seal(content))

    expected = scoring.outcome(drawn.rules, content["rubric"]["digest"], entries, places)
    assert bundle.as_recorded
    assert bundle.outcome.lines == expected.lines
    assert {e.dossier: e for e in bundle.entries} == {e.dossier: e for e in entries}


def test_the_order_of_everything_in_the_file_changes_nothing(whole):
    shuffled = json.loads(json.dumps(whole))
    rng = random.Random(1)
    for name in ("dossiers", "sheets"):
        rng.shuffle(shuffled[name])
    for assigned in shuffled["assignments"].values():
        for codes in assigned.values():
            rng.shuffle(codes)

    assert replay.read(replay.seal(shuffled)).outcome == replay.read(replay.seal(whole)).outcome


def test_another_process_without_django_or_database_prints_the_same_bytes(whole, tmp_path):
    name = written(tmp_path, replay.seal(whole))
    expected = replay.read(replay.seal(whole)).outcome
    places = [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"},
        {"PYTHONHASHSEED": "1", "LANG": "vi_VN", "PYTHONOPTIMIZE": "1", "TZ": "Asia/Ho_Chi_Minh"},
    ]

    for environment in places:
        done = run(name, **environment)

        assert done.returncode == 0, done.stderr
        assert done.stdout == expected.lines.encode()
        assert scoring.sha256(done.stdout.decode()) == expected.result_digest
        assert expected.input_digest.encode() in done.stderr
        assert expected.result_digest.encode() in done.stderr


def test_the_replay_loads_neither_django_nor_a_driver_of_databases(whole, tmp_path):
    name = written(tmp_path, replay.seal(whole))
    code = (
        "import sys; from evaluations.replay.__main__ import main; code = main([sys.argv[1]]);"
        "sys.exit(code or any(m.split('.')[0] in ('django', 'psycopg', 'numpy') for m in sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code, name], cwd=ROOT, env={}, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


def test_a_bundle_may_come_from_the_standard_input(whole):
    done = subprocess.run(
        [sys.executable, "-m", "evaluations.replay", "-"],
        cwd=ROOT,
        env={},
        input=replay.seal(whole),
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
    assert done.stdout.count(b"\n") == len(whole["dossiers"])


# --- what is refused ----------------------------------------------------------------------------------
def edited(whole: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(whole))
    place = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return copy


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: data[: len(data) // 2], "not whole JSON"),
        (lambda data: b"", "not whole JSON"),
        (lambda data: data.replace(b'"season":2026', b'"season":2027'), "changed after it was written"),
        (lambda data: data.replace(b'"ballot"', b'"\xff\xfe"'), "not UTF-8"),
        (lambda data: b"[]", "not a decision bundle"),
        (lambda data: b'{"bundle": {}}', "format kip-decision/1"),
        (lambda data: b"[" * 100_000, "nested too deeply"),
        (lambda data: data.replace(b'"season":2026', b'"season":2026,"season":2025'), "one thing twice"),
        (lambda data: data + b" " * replay.MAX_BYTES, "at most"),
    ],
)
def test_a_spoilt_file_is_refused_with_a_sentence(whole, spoil, words):
    with pytest.raises(Unusable, match=words):
        replay.read(spoil(replay.seal(whole)))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("method",), "mean-sum/1", "this program is mean-sum/2"),
        (("rubric", "digest"), "0" * 64, "do not have their digest"),
        (("places",), 0, "whole number of at least one"),
        (("places",), "many", "not complete"),
        (("sheets", 0, "dossier"), "KIP-0", "does not list"),
        (("sheets", 0, "ballot"), 1, "neither yes, no nor empty"),
        (("sheets", 0, "marks"), {"nowhere": "1"}, "not one of the criteria"),
        (("sheets", 0, "eliminated"), ["nowhere"], "not one of the criteria"),
        (("sheets", 0, "marks"), [], "not complete"),
        (("run",), {}, "'number' is missing"),
        (("sheets",), None, "not complete"),
    ],
)
def test_content_that_does_not_hold_together_is_refused(whole, path, value, words):
    with pytest.raises(Unusable, match=words):
        replay.read(replay.seal(edited(whole, *path, to=value)))


@pytest.mark.parametrize("text", ["45,5", "1e3", "-1", "NaN", "1.005", 45, None, "٤٥", ""])
def test_points_are_decimal_text_with_two_decimals_at_most(whole, text):
    code = next(iter(whole["sheets"][0]["marks"]))

    with pytest.raises(Unusable, match="decimal text"):
        replay.read(replay.seal(edited(whole, "sheets", 0, "marks", code, to=text)))


def test_a_member_with_a_conflict_has_no_sheet(whole):
    sheet = whole["sheets"][0]
    conflict = {"member": sheet["member"], "dossier": sheet["dossier"], "kind": "family"}

    with pytest.raises(Unusable, match="conflict of interest bars"):
        replay.read(replay.seal({**whole, "conflicts": [conflict]}))


def test_a_missing_sheet_is_named_and_nothing_is_ranked(whole):
    bundle = replay.read(replay.seal({**whole, "sheets": whole["sheets"][1:]}))

    with pytest.raises(Unusable, match=f"dossier {whole['sheets'][0]['dossier']}"):
        _ = bundle.outcome


def test_a_sheet_that_stands_twice_is_refused(whole):
    with pytest.raises(Unusable, match="two sheets"):
        replay.read(replay.seal({**whole, "sheets": [*whole["sheets"], whole["sheets"][0]]}))


def test_the_exit_code_tells_another_result_from_an_unusable_file(whole, tmp_path, capfd):
    other = edited(whole, "run", "result_digest", to="0" * 64)

    assert main([written(tmp_path, replay.seal(whole))]) == 0
    assert main([written(tmp_path, replay.seal(other))]) == 1
    assert "NOT the recorded run" in capfd.readouterr().err
    assert main([written(tmp_path, b"{")]) == 2
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "cannot be read" in capfd.readouterr().err


# --- an appeal ----------------------------------------------------------------------------------------
CHANGEABLE: dict[str, Any] = {
    "format": 1,
    "code": "two",
    "title_vi": "Hai tiêu chí",
    "title_en": "Two criteria",
    "status": "proposal",
    "scale_max": 100,
    "tie_rules": ["1"],
    "pass_rule": {"type": "all_of", "rules": [{"type": "total_at_least", "value": 70}]},
    "criteria": [
        {"code": "1", "label_vi": "Một", "label_en": "One", "max_points": 60},
        {"code": "2", "label_vi": "Hai", "label_en": "Two", "max_points": 40},
    ],
}


def small(points: dict[str, list[tuple[int, int]]], places: int = 1) -> replay.Bundle:
    """A season of these dossiers; each member gives one pair of points."""
    from decimal import Decimal

    from programme import rubric_file

    entries = [
        scoring.Entry(
            number,
            "standard",
            frozenset((f"M{m}", code) for m in range(len(rows)) for code in ("1", "2")),
            tuple(scoring.Sheet(f"M{m}", {"1": Decimal(one), "2": Decimal(two)}) for m, (one, two) in enumerate(rows)),
        )
        for number, rows in points.items()
    ]
    return replay.read(replay.seal(content_of(Drawn(CHANGEABLE, rubric_file.judge(CHANGEABLE)), entries, places)))


def test_a_changed_mark_shows_exactly_the_ranks_that_move():
    before = small({"A": [(50, 30), (50, 30)], "B": [(45, 30), (45, 30)], "C": [(30, 30), (30, 30)], "D": [(9, 9)]})

    after = replay.changed(before, replay.parse_change("C M1 1 58.50"))
    found = replay.compare(before, after)

    assert [(m.dossier, m.rank, m.passes, m.is_top) for m in found.moves] == [
        ("C", (3, 3), (False, True), (False, False))
    ]
    text = as_text(found)
    assert "C\trank 3 -> 3\ttotal 60.0000 -> 74.2500\tpasses no -> yes" in text
    assert f"result {before.outcome.result_digest} -> {after.outcome.result_digest}" in text


def test_a_change_that_lifts_one_lowers_the_others_and_the_top_changes_hands():
    before = small({"A": [(50, 30)], "B": [(45, 30)], "C": [(40, 30)]})

    found = replay.compare(before, replay.changed(before, Change("C", "M0", "1", before.rules.scale_max * 6 / 10)))

    assert {m.dossier: (m.rank, m.is_top) for m in found.moves} == {
        "C": ((3, 1), (False, True)),
        "A": ((1, 2), (True, False)),
        "B": ((2, 3), (False, False)),
    }


def test_a_voided_sheet_leaves_the_mean_of_the_others():
    before = small({"A": [(50, 30), (20, 10)], "B": [(45, 30)]})

    after = replay.changed(before, replay.parse_change("A M1 void"))

    assert after.outcome.places[0].score.dossier == "A"
    assert after.outcome.places[0].score.total == 80


def test_nothing_changed_gives_the_same_digests():
    before = small({"A": [(50, 30)], "B": [(45, 30)]})

    found = replay.compare(before, replay.changed(before, replay.parse_change("A M0 1 50")))

    assert found.is_none
    assert found.before.input_digest == found.after.input_digest
    assert "no dossier moves" in as_text(found)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("A M0 1", "is not a change"),
        ("A M0 1 many", "decimal text"),
        ("X M0 1 50", "no dossier X"),
        ("A M9 1 50", "no sheet"),
        ("A M0 3 50", "was not asked criterion 3"),
        ("A M0 1 61", "out of bounds"),
        ("A M0 void", "unassigned"),
        ("A M0 1 abstain", "all abstained"),
    ],
)
def test_an_impossible_change_is_refused_with_a_sentence(words, answer):
    before = small({"A": [(50, 30)], "B": [(45, 30)]})

    with pytest.raises(Unusable, match=answer):
        _ = replay.compare(before, replay.changed(before, replay.parse_change(words)))


def test_the_command_compares_with_a_change_and_with_another_bundle(whole, tmp_path, capfdbinary):
    first = written(tmp_path, replay.seal(whole))
    sheet = whole["sheets"][0]
    code, points = next(iter(sheet["marks"].items()))
    second = written(tmp_path, canonical({"bundle": whole, "sha256": "edited by hand"}), "second.json")

    assert main([first, "--change", f"{sheet['dossier']} {sheet['member']} {code} {points}"]) == 0
    assert b"no dossier moves" in capfdbinary.readouterr().out
    assert main([first, "--changed", second]) == 0
    assert b"no dossier moves" in capfdbinary.readouterr().out
    assert main([second]) == 2


# --- from the database --------------------------------------------------------------------------------
def bundle_of(year: int, *arguments: str, tmp_path: Path) -> bytes:
    """What the command writes, as bytes."""
    path = tmp_path / "out"
    with path.open("w", encoding="ascii") as out:
        call_command("decision_bundle", str(year), *arguments, stdout=out)
    return path.read_bytes()


def test_the_bundle_of_a_season_replays_to_the_stored_rows(story, tmp_path):
    from evaluations import closing
    from evaluations.models import ResultRun

    story.scored(3)
    stored = ResultRun.objects.get()

    data = bundle_of(story.year, tmp_path=tmp_path)
    done = run(written(tmp_path, data), PYTHONHASHSEED="3")

    assert done.returncode == 0, done.stderr
    assert done.stdout.decode() == closing.stored_lines(stored.season, stored)
    assert scoring.sha256(done.stdout.decode()) == stored.result_digest
    assert bundle_of(story.year, "--run", "1", tmp_path=tmp_path) == data


def test_the_bundle_names_no_person_and_no_enterprise(story, tmp_path):
    from accounts.models import User
    from dossiers.models import Dossier

    story.scored(2)
    text = bundle_of(story.year, tmp_path=tmp_path).decode()

    named = {str(value) for user in User.objects.all() for value in (user.full_name, user.email)}
    for dossier in Dossier.objects.select_related("enterprise", "product"):
        named |= {dossier.enterprise.name_vi, dossier.enterprise.tax_code, dossier.product.name_vi}
        assert f'"number":"{dossier.number}"' in text
    assert {word for word in named if word and word in text} == set()


def test_a_season_without_a_result_has_no_bundle(story, tmp_path):
    story.season()

    with pytest.raises(CommandError, match=f"season of {story.year} has no run"):
        call_command("decision_bundle", str(story.year))
