"""Criteria as a page shows them: a tree for each set, and every rule in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from programme import rubric_words
from programme.actions import rules_of
from programme.models import Rubric, Season, TrackName
from programme.rubric_file import Anchor, BallotOption, Band, CriterionRule, RubricRules


@dataclass(frozen=True)
class Case:
    """Levels to choose from; `name` where the member first chooses one of several cases."""

    name_vi: str
    name_en: str
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True)
class Levels:
    """The described levels of one criterion, for one track or (name "") for all."""

    name: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class CriterionRow:
    rule: CriterionRule
    depth: int
    levels: tuple[Levels, ...]
    condition: str
    justification: str
    where: str


@dataclass(frozen=True)
class Tree:
    """The criteria of one set, or (without a name) the only ones."""

    code: str
    name: str
    takes: str
    rows: tuple[CriterionRow, ...]


@dataclass(frozen=True)
class Criteria:
    rubric: Rubric
    published_at: datetime | None
    trees: tuple[Tree, ...]
    scale_max: str
    pass_rules: Sequence[str]
    ties: Sequence[str]
    cut: str
    bands: Sequence[Band]
    ballot: Sequence[BallotOption]
    status: str
    remarks: Sequence[str]


def criteria_of(season: Season | None) -> Criteria | None:
    """The published criteria of a season; None before they are published."""
    if season is None or season.rubric is None or season.rubric.published_at is None:
        return None
    return criteria_in(season.rubric, season.rubric_published_at or season.rubric.published_at)


def criteria_in(rubric: Rubric, published_at: datetime | None) -> Criteria:
    rules = rules_of(rubric)
    if rules.sets:
        trees = tuple(
            Tree(s.code, rubric_words.set_name(s.code, rules), _takes(s.tracks), _rows(rules, s.code))
            for s in rules.sets
        )
    else:
        trees = (Tree("", "", "", _rows(rules, None)),)
    return Criteria(
        rubric=rubric,
        published_at=published_at,
        trees=trees,
        scale_max=rubric_words.points(rules.scale_max),
        pass_rules=rubric_words.pass_sentences(rules),
        ties=rubric_words.tie_steps(rules),
        cut=rubric_words.cut_sentence(rules),
        bands=rules.bands,
        ballot=rules.ballot,
        status=rubric.content.get("status", "law"),
        remarks=[str(r) for r in (rubric.content.get("completeness"), *(rubric.content.get("inferred") or ())) if r],
    )


def _takes(tracks: tuple[str, ...]) -> str:
    return ", ".join(str(TrackName(track).label) for track in tracks)


def _rows(rules: RubricRules, set_code: str | None) -> tuple[CriterionRow, ...]:
    depths: dict[str, int] = {"": -1}
    rows = []
    for rule in rules.criteria:
        depths[rule.code] = depths[rule.parent] + 1
        if set_code is not None and not rule.applies_to(set_code):
            continue
        groups = ("", *TrackName.values) if set_code is None else ("", set_code)
        levels = tuple(
            Levels(rubric_words.set_name(group, rules) if group and set_code is None else "", _cases(found))
            for group in groups
            if (found := rule.anchors.get(group))
        )
        parent = rules.by_code.get(rule.parent)
        narrower = set_code is None and rule.sets and (parent is None or parent.sets != rule.sets)
        rows.append(
            CriterionRow(
                rule=rule,
                depth=depths[rule.code],
                levels=levels,
                condition=rubric_words.condition_sentence(rule, rules),
                justification=rubric_words.justification_sentence(rule),
                where=_takes(rule.sets) if narrower else "",
            )
        )
    return tuple(rows)


def _cases(anchors: tuple[Anchor, ...]) -> tuple[Case, ...]:
    """The levels by case, in file order."""
    cases: dict[tuple[str, str], list[Anchor]] = {}
    for anchor in anchors:
        cases.setdefault((anchor.case_vi, anchor.case_en), []).append(anchor)
    return tuple(Case(*names, tuple(found)) for names, found in cases.items())
