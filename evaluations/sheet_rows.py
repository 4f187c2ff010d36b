"""Each criterion as the sheet prints it: the box with what is typed, its levels, why it is folded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.ui import in_language
from evaluations.answers import NOTHING, UNKNOWN, Answer
from evaluations.queries import Desk, justify_words, trim
from evaluations.sheet_input import Box, SheetInput


@dataclass
class Level:
    """One described level; `place` is its option where the criterion is a choice."""

    place: int
    points: Decimal
    words: str
    case: str
    ends: bool
    reached: bool

    @property
    def plain(self) -> str:
        return f"{self.points:f}"


@dataclass
class Row:
    place: int
    box: Box
    label: str
    group: str
    most: Decimal
    answer: Answer
    levels: list[Level] = field(default_factory=list)
    claim: dict[str, str] = field(default_factory=dict)
    folded: str = ""
    condition: dict[str, str] = field(default_factory=dict)
    justify: str = ""
    eliminates: str = ""
    mean: Decimal | None = None
    is_current: bool = False

    @property
    def code(self) -> str:
        return self.box.code

    @property
    def free(self) -> bool:
        return self.box.rule.free

    @property
    def given(self) -> Decimal | None:
        return None if self.answer.points is None else trim(self.answer.points)

    @property
    def is_done(self) -> bool:
        return bool(self.folded) or (self.answer.is_given and not self.box.errors)

    @property
    def ends(self) -> bool:
        return self.answer.eliminates

    @property
    def asks_why(self) -> bool:
        """Is the reason asked for by what is given now?"""
        return self.answer.points is not None and self.box.rule.needs_justification(self.answer.points)

    @property
    def opens_more(self) -> bool:
        box = self.box
        return bool(box.why or box.abstains or "why" in box.errors or (self.asks_why and not self.folded))

    @property
    def short(self) -> bool:
        """Names of levels short enough to stand beside the number."""
        return len(self.levels) < 5 and all(len(level.words) <= 9 for level in self.levels)

    @property
    def columns(self) -> int:
        return min(len(self.levels), 6)


def rows_of(
    desk: Desk,
    typed: SheetInput,
    claims: Mapping[str, dict[str, str]] | None = None,
    means: Mapping[str, Decimal] | None = None,
) -> list[Row]:
    """In the order of the rubric. The first one that needs an answer is where the member is."""
    rows: list[Row] = []
    group, found_current = "", False
    titles = {rule.code: str(in_language(rule, "label")) for rule in desk.asked.rules.criteria}
    for place, (code, box) in enumerate(typed.boxes.items(), start=1):
        rule, answer = box.rule, desk.answers.get(code, NOTHING)
        why = desk.asked.folded(code, desk.answers)
        is_current = desk.is_open and not found_current and not why and not answer.is_given
        found_current = found_current or is_current
        title = titles.get(rule.parent, "")
        rows.append(
            Row(
                place=place,
                box=box,
                label=str(in_language(rule, "label")),
                group=title if title != group else "",
                most=trim(rule.max_points),
                answer=answer,
                levels=_levels(desk, code, answer),
                claim=(claims or {}).get(code, {}),
                folded=_folded_words(desk, code, why),
                condition=_condition(desk, code),
                justify=justify_words(rule.justify_below, rule.justify_above) if _justifies(rule) else "",
                eliminates=str(in_language(rule, "eliminates")) if rule.may_eliminate else "",
                mean=(means or {}).get(code),
                is_current=is_current,
            )
        )
        group = title
    return rows


def _justifies(rule: Any) -> bool:
    return rule.justify_below is not None or rule.justify_above is not None


def _levels(desk: Desk, code: str, answer: Answer) -> list[Level]:
    levels, free = desk.asked.levels(code), desk.asked.rule(code).free
    reached = None
    if answer.points is not None:
        below = [place for place, level in enumerate(levels) if level.points <= answer.points]
        reached = (max(below, key=lambda place: levels[place].points) if below else None) if free else answer.option
    return [
        Level(
            place,
            trim(level.points),
            str(in_language(level, "when")),
            str(in_language(level, "case")) if level.case_vi else "",
            level.eliminates,
            place == reached,
        )
        for place, level in enumerate(levels)
    ]


def _condition(desk: Desk, code: str) -> dict[str, str]:
    condition = desk.asked.rule(code).condition
    if condition is None or condition.criterion not in desk.asked.held:
        return {}
    return {"code": condition.criterion, "at_least": f"{trim(condition.at_least):f}"}


def _folded_words(desk: Desk, code: str, why: str) -> str:
    """Why a criterion is not asked now; also given for one that is, so that the script can fold it."""
    condition = desk.asked.rule(code).condition
    if not why or condition is None:
        return ""
    if why == UNKNOWN:
        return _("Not asked: the criterion on which it depends is not judged on this sheet. You abstain here by rule.")
    return condition_words(desk, code)


def condition_words(desk: Desk, code: str) -> str:
    condition = desk.asked.rule(code).condition
    assert condition is not None
    return _("Asked only when criterion %(code)s has at least %(n)s points. Until then it counts 0.") % {
        "code": condition.criterion,
        "n": trim(condition.at_least),
    }
