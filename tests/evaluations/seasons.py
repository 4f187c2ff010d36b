"""Random rubrics and seasons for the properties: every shape the rubric file can express, small enough to read."""

import random
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from evaluations.scoring import Entry, Sheet
from programme import rubric_file
from programme.rubric_file import CriterionRule, RubricRules

TRACKS = ("standard", "hi_tech", "handicraft", "startup")
SECTORS = ("electrical", "mechanical")


@dataclass(frozen=True)
class Drawn:
    """A judged random rubric with its file."""

    document: dict[str, Any]
    rules: RubricRules


def draw_rubric(rng: random.Random) -> Drawn:
    """Trees, choices, cases, conditions, eliminations, sets, all pass rules, tie rules with groups and votes."""
    sets = rng.choice(([], [], ["x", "y"]))
    document: dict[str, Any] = {
        "format": 1,
        "code": f"drawn-{rng.randrange(10**9)}",
        "title_vi": "Bộ tiêu chí ngẫu nhiên",
        "title_en": "Random criteria",
        "status": "proposal",
        "cut": rng.choice(("admit", "refer")),
    }
    if sets:
        document["sets"] = [
            {"code": "x", "label_vi": "X", "label_en": "X", "tracks": ["standard", "hi_tech"]},
            {"code": "y", "label_vi": "Y", "label_en": "Y"},
        ]
    criteria: list[dict[str, Any]] = []
    scale = 100
    for name in sets or [""]:
        criteria += _tops(rng, scale, name)
    document["scale_max"] = scale
    document["criteria"] = criteria
    codes = _named_in_rules(criteria, sets)
    ties = rng.sample(codes, min(len(codes), rng.randrange(4)))
    if rng.random() < 0.3:
        ties.append("vote")
    document["tie_rules"] = ties
    rules: list[dict[str, Any]] = []
    if rng.random() < 0.8:
        rules.append({"type": "total_at_least", "value": rng.choice((50, 62.5, 70))})
    if rng.random() < 0.5:
        rules.append({"type": "each_criterion_at_least_percent", "value": rng.choice((20, 40, 60))})
    if rng.random() < 0.4:
        rules.append({"type": "criterion_at_least", "criterion": rng.choice(codes), "value": 1})
    if rng.random() < 0.3:
        rules.append({"type": "ballot_share_at_least", "value": rng.choice(("1/2", "2/3"))})
    document["pass_rule"] = {"type": "all_of", "rules": rules}
    return Drawn(document, rubric_file.judge(document))


def _named_in_rules(criteria: list[dict[str, Any]], sets: list[str]) -> list[str]:
    """The codes that a rule may name: with sets, those that every set has, without the set's prefix."""
    codes = [c["code"] for c in criteria] + [k["code"] for c in criteria for k in c.get("children", [])]
    if not sets:
        return codes
    return [code[2:] for code in codes if code[:2] == "x." and f"y.{code[2:]}" in codes]


def _tops(rng: random.Random, scale: int, set_code: str) -> list[dict[str, Any]]:
    count = rng.randint(1, 4)
    cuts = sorted(rng.sample(range(5, scale - 4, 5), count - 1)) if count > 1 else []
    points = [b - a for a, b in zip([0, *cuts], [*cuts, scale], strict=True)]
    prefix = f"{set_code}." if set_code else ""
    found = []
    for number, most in enumerate(points, start=1):
        node: dict[str, Any] = {**_words(f"{prefix}{number}"), "max_points": most}
        if set_code:
            node["sets"] = [set_code]
        if most >= 6 and rng.random() < 0.5:
            half = Decimal(most) / 2
            first, second = half - Decimal("0.25"), half + Decimal("0.25")
            node["children"] = [
                {**_words(f"{prefix}{number}.1"), "max_points": str(first)},
                {**_words(f"{prefix}{number}.2"), "max_points": str(second)},
            ]
            if rng.random() < 0.3:
                node["children"][1]["condition"] = {"criterion": f"{prefix}{number}.1", "at_least": 1}
        elif rng.random() < 0.4:
            node["choice"] = "anchors"
            node["anchors"] = [
                {"points": 0, "when_vi": "không", "when_en": "none", "eliminates": rng.random() < 0.2},
                {"points": 2, "when_vi": "ít", "when_en": "some"},
                {"points": most, "when_vi": "nhiều", "when_en": "much"},
            ]
        elif rng.random() < 0.2:
            node["eliminates_vi"], node["eliminates_en"] = "Vi phạm", "Infringes"
        found.append(node)
    return found


def _words(code: str) -> dict[str, str]:
    return {"code": code, "label_vi": f"Tiêu chí {code}", "label_en": f"Criterion {code}"}


def draw_entry(rng: random.Random, rules: RubricRules, number: str, members: list[str], track: str) -> Entry:
    """A dossier in which every criterion has somebody who gave points; abstentions and partial panels included."""
    set_code = rules.set_of(track, "electrical")
    panel = rng.sample(members, rng.randint(1, len(members)))
    assigned: set[tuple[str, str]] = set()
    leaves = rules.leaves(set_code)
    for leaf in leaves:
        who = rng.sample(panel, rng.randint(1, len(panel)))
        assigned |= {(member, leaf.code) for member in who}
    # A condition is answered on the same sheet: whoever scores the one scores the other.
    for leaf in leaves:
        if leaf.condition is not None:
            assigned = {pair for pair in assigned if pair[1] != leaf.code}
            assigned |= {(m, leaf.code) for m, code in assigned if code == leaf.condition.criterion}
    sheets = []
    for member in sorted({m for m, _code in assigned}):
        marks: dict[str, Decimal | None] = {}
        out: set[str] = set()
        for leaf in leaves:
            if (member, leaf.code) not in assigned:
                continue
            if not rules.is_asked(leaf, marks):
                marks[leaf.code] = Decimal(0)
                continue
            marks[leaf.code] = _points(rng, leaf, set_code)
            others = [m for m, code in assigned if code == leaf.code and m != member]
            last = bool(others) and member > max(others)
            if last and rng.random() < 0.15 and not _is_condition(rules, leaf):
                marks[leaf.code] = None
            eliminating = {a.points for a in leaf.anchors_for(set_code) if a.eliminates}
            if marks[leaf.code] in eliminating or (leaf.may_eliminate and rng.random() < 0.1):
                out.add(leaf.code)
        ballot = rng.random() < 0.7 if rules.asks_ballot else None
        sheets.append(Sheet(member, marks, frozenset(out), ballot))
    vote = (rng.randrange(5), rng.randrange(5)) if "vote" in rules.tie_rules and rng.random() < 0.5 else None
    return Entry(number, set_code, frozenset(assigned), tuple(sheets), vote)


def _is_condition(rules: RubricRules, leaf: CriterionRule) -> bool:
    return any(c.condition is not None and c.condition.criterion == leaf.code for c in rules.criteria)


def _points(rng: random.Random, leaf: CriterionRule, set_code: str) -> Decimal:
    if not leaf.free:
        return rng.choice([a.points for a in leaf.anchors_for(set_code)])
    # few values, so that totals are often equal; now and then a hundredth
    step = rng.choice((Decimal(1), Decimal("0.5"), Decimal("0.01"))) if rng.random() < 0.3 else leaf.max_points / 4
    most = int(leaf.max_points / step)
    return min((step * rng.randint(most // 2, most)).quantize(Decimal("0.01")), leaf.max_points)


def draw_season(rng: random.Random, rules: RubricRules, dossiers: int = 6, members: int = 5) -> list[Entry]:
    """Dossiers of all tracks; some are copies of others, so that ties at every place occur."""
    names = [f"M{n}" for n in range(11, 11 + members)]
    found: list[Entry] = []
    for index in range(rng.randint(1, dossiers)):
        number = f"H26.{index:03d}"
        if found and rng.random() < 0.35:
            found.append(replace(rng.choice(found), dossier=number))
        else:
            track = rng.choice(TRACKS)
            found.append(draw_entry(rng, rules, number, names, track))
    return found
