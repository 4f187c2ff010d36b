"""Every rubric that is shipped loads, and scores a season made by a seeded generator."""

import random
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from evaluations import scoring
from evaluations.scoring import Entry, Sheet
from programme import rubric_file
from programme.rubric_file import RubricRules
from programme.tracks import TRACKS
from tests.story import make_reference

FOLDER = Path(settings.BASE_DIR) / "programme" / "rubrics"
FILES = sorted(path.name for path in FOLDER.iterdir())
SHAPES = {
    "cnnt-2014.toml": ([40, 40, 10, 10], 4, 70),
    "gtclqg.json": ([120, 85, 85, 90, 85, 85, 450], 7, 600),
    "hue-kp-2021.json": ([10, 20, 12, 18, 15, 25], 6, 65),
    "moit-si-project-2022.toml": ([100], 1, 65),
    "ocop-1048.json": ([35, 25, 40] * 3, 29 + 28 + 29, 50),
    "ocop-148.json": ([40, 25, 35], 3, 50),
    "proposal.json": ([15, 20, 10, 15, 15, 15, 5, 5], 8, 70),
    "vnvalue-2019.toml": ([300, 180, 520], 10, 650),
}


@dataclass(frozen=True)
class Generated:
    rules: RubricRules
    entries: tuple[Entry, ...]


def read(name: str) -> tuple[dict, RubricRules]:
    path = FOLDER / name
    document = rubric_file.read_bytes(path.read_bytes(), toml=path.suffix == ".toml")
    return document, rubric_file.judge(document)


def products(rules: RubricRules) -> list[str]:
    """The sets, or the tracks, that a season of these rules can have."""
    return [s.code for s in rules.sets] or [t for t in TRACKS if t not in rules.closed_tracks]


def sheet(rules: RubricRules, set_code: str, member: str, source: random.Random) -> Sheet:
    """Points as a member could give them: a level of a choice, hundredths elsewhere, 0 where not asked."""
    marks: dict[str, Decimal | None] = {}
    eliminated = set()
    for leaf in rules.leaves(set_code):
        if not rules.is_asked(leaf, marks):
            marks[leaf.code] = Decimal(0)
        elif leaf.free:
            marks[leaf.code] = Decimal(source.randint(int(leaf.max_points * 40), int(leaf.max_points * 100))) / 100
        else:
            marks[leaf.code] = source.choice(leaf.anchors_for(set_code)).points
        if leaf.may_eliminate and source.random() < 0.02:
            eliminated.add(leaf.code)
    ballot = source.random() < 0.7 if rules.asks_ballot else None
    return Sheet(member, marks, frozenset(eliminated), ballot)


def season(name: str, dossiers: int = 30, members: int = 5) -> Generated:
    _document, rules = read(name)
    source = random.Random(name)  # a seeded generator of test data
    entries = []
    for number in range(dossiers):
        set_code = products(rules)[number % len(products(rules))]
        sheets = tuple(sheet(rules, set_code, f"m{m}", source) for m in range(members))
        assigned = frozenset((s.member, leaf.code) for s in sheets for leaf in rules.leaves(set_code))
        entries.append(Entry(f"d{number:03}", set_code, assigned, sheets))
    return Generated(rules, tuple(entries))


def test_what_is_shipped_is_what_is_expected():
    assert sorted(SHAPES) == FILES
    assert any(name.endswith(".toml") for name in FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_rubric_has_the_points_of_its_source(name):
    document, rules = read(name)
    tops, leaves, threshold = SHAPES[name]

    assert [c.max_points for c in rules.criteria if not c.parent] == tops
    assert len(rules.all_leaves) == leaves
    assert rules.pass_rules[0] == rubric_file.PassRule("total_at_least", Fraction(threshold))
    if name != "proposal.json":
        assert document["status"] == "reference"
        assert document["source"]
        assert document["source_url"]
        assert document["completeness"]
        assert document["inferred"]


@pytest.mark.parametrize("name", FILES)
def test_a_generated_season_is_scored_and_ranked(name):
    made = season(name)

    found = scoring.outcome(made.rules, "digest", made.entries, 10)

    assert len(found.places) == len(made.entries)
    by_hand = {}
    for entry in made.entries:
        sums = [sum(filter(None, s.marks.values()), Decimal(0)) for s in entry.sheets]
        by_hand[entry.dossier] = Fraction(sum(sums)) / len(sums)
    assert {p.score.dossier: p.score.total for p in found.places} == by_hand
    assert all(0 < total <= made.rules.scale_max for total in by_hand.values())
    totals = [p.score.total for p in found.places]
    assert totals == sorted(totals, reverse=True)
    assert sum(p.is_top for p in found.places) >= min(10, sum(p.score.passes for p in found.places))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.django_db
def test_a_shipped_rubric_is_loaded_by_the_command(name, capsys):
    from core.canonical import digest
    from programme.models import Rubric

    make_reference()
    call_command("load_rubric", str(FOLDER / name))
    call_command("load_rubric", str(FOLDER / name))

    rubric = Rubric.objects.get()
    assert rubric.is_proposal, "no shipped rubric claims to be law of this programme"
    assert digest(rubric.content) == rubric.digest
    assert rubric_file.judge(rubric.content) == read(name)[1], "what the database returns gives the same rules"
    assert "Known already" in capsys.readouterr().out


# --- the patterns, one by one -------------------------------------------------------------------------
def test_vietnam_value_asks_for_the_total_and_for_each_criterion():
    _document, rules = read("vnvalue-2019.toml")
    codes = [leaf.code for leaf in rules.leaves("standard")]

    def failed(share: dict[str, str]) -> tuple[str, ...]:
        marks = {c: rules.by_code[c].max_points * Decimal(share.get(c[0], "0.7")) for c in codes}
        assigned = frozenset(("m", c) for c in codes)
        return scoring.score(rules, Entry("d", "standard", assigned, (Sheet("m", marks),))).failed

    assert failed({}) == ()
    assert failed({"2": "0.6"}) == ()
    assert failed({"2": "0.59"}) == ("each_criterion_at_least_percent:2",)
    assert failed({"1": "0.6", "2": "0.6", "3": "0.6"}) == ("total_at_least",)


def test_a_ballot_decides_beside_the_average():
    _document, rules = read("moit-si-project-2022.toml")

    def failed(*ballots: bool, points: int = 80) -> tuple[str, ...]:
        sheets = tuple(Sheet(f"m{n}", {"1": Decimal(points)}, ballot=b) for n, b in enumerate(ballots))
        assigned = frozenset((s.member, "1") for s in sheets)
        return scoring.score(rules, Entry("d", "standard", assigned, sheets)).failed

    assert failed(True, True, False) == ()
    assert failed(True, False, False) == ("ballot_share_at_least",)
    assert failed(True, True, True, points=64) == ("total_at_least",)


def test_ocop_takes_its_sets_its_conditions_and_its_bands():
    _document, rules = read("ocop-1048.json")
    assert [rules.set_of("standard", "textile"), rules.set_of("handicraft", "handicraft")] == ["S13", "S20"]
    assert rules.set_of("standard", "handicraft") == "S19"
    with pytest.raises(rubric_file.NoSet):
        rules.set_of("standard", "it")
    story, wisdom = rules.by_code["S19.B.5.1"], rules.by_code["S19.B.5.2"]
    assert rules.is_asked(wisdom, {story.code: Decimal(2)})
    assert not rules.is_asked(wisdom, {story.code: Decimal(1)})
    best = sum((leaf.max_points for leaf in rules.leaves("S13")), Decimal(0))
    assert best == 100
    assert [rules.band_for(Fraction(t)).label_vi for t in (0, 50, 70, 90)] == ["1 sao", "3 sao", "4 sao", "5 sao"]
    assert {leaf.code for leaf in rules.all_leaves if leaf.may_eliminate} == {
        f"{s}.{c}" for s in ("S13", "S19", "S20") for c in ("A.1.1", "C.6.2")
    }
    cases = {a.case_en for a in rules.by_code["S20.A.3.2"].anchors_for("S20")}
    assert len(cases) == 2


def test_an_eliminating_condition_that_a_member_ticks_keeps_a_dossier_from_passing():
    made = season("ocop-1048.json", dossiers=3)
    entry = made.entries[0]
    leaf = next(c for c in made.rules.leaves(entry.set_code) if c.may_eliminate)
    first = Sheet("m0", entry.sheets[0].marks, frozenset({leaf.code}))
    found = scoring.score(made.rules, Entry("d", entry.set_code, entry.assigned, (first, *entry.sheets[1:])))

    assert f"eliminated:{leaf.code}" in found.failed
