"""What a member answers to one criterion, and what the rubric makes of it on the whole sheet. Pure.

A criterion may be asked under a condition. Where the condition is not met it is folded and counts 0 by rule; where
the member abstained from the criterion of the condition, or it stands on another member's sheet, nobody can tell, and
the member abstains here too: an abstention never becomes a zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.canonical import digest
from programme.rubric_file import Anchor, CriterionRule, RubricRules

UNMET, UNKNOWN = "unmet", "unknown"
HUNDREDTHS = 100


@dataclass(frozen=True)
class Answer:
    """`option` is the place of the chosen level, from 0, where the criterion is a choice."""

    points: Decimal | None = None
    abstains: bool = False
    option: int | None = None
    eliminates: bool = False
    why: str = ""

    @property
    def is_given(self) -> bool:
        return self.points is not None or self.abstains

    def facts(self) -> dict[str, Any]:
        """What a seal stands for: numbers as whole hundredths."""
        return {
            "points": None if self.points is None else int(self.points * HUNDREDTHS),
            "abstains": self.abstains,
            "option": self.option,
            "eliminates": self.eliminates,
            "why": self.why,
        }

    @property
    def token(self) -> str:
        """Short, equal for equal answers: what a page saw before it was changed."""
        return token(self.facts()) if self.is_given else ""


NOTHING = Answer()


def token(value: Any) -> str:
    """Of any other cell of the sheet: a note, the ballot. Nothing has the empty token."""
    return digest(value)[:16] if value not in ("", None) else ""


# --- conditions ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sheet:
    """The criteria that one member answers for one dossier, in the order of the rubric."""

    rules: RubricRules
    set_code: str
    held: tuple[str, ...]

    def rule(self, code: str) -> CriterionRule:
        return self.rules.by_code[code]

    def levels(self, code: str) -> tuple[Anchor, ...]:
        return self.rule(code).anchors_for(self.set_code)

    @property
    def most(self) -> Decimal:
        return sum((self.rule(code).max_points for code in self.held), Decimal(0))

    def folded(self, code: str, answers: Mapping[str, Answer]) -> str:
        """Why this criterion is not asked: "" when it is asked, `UNMET` or `UNKNOWN`."""
        condition = self.rule(code).condition
        if condition is None:
            return ""
        if condition.criterion not in self.held:
            return UNKNOWN
        above = self.folded(condition.criterion, answers)
        if above:
            return above
        given = answers.get(condition.criterion, NOTHING)
        if given.abstains:
            return UNKNOWN
        return "" if given.points is not None and given.points >= condition.at_least else UNMET

    def asked(self, answers: Mapping[str, Answer]) -> tuple[str, ...]:
        return tuple(code for code in self.held if not self.folded(code, answers))

    def final(self, answers: Mapping[str, Answer], unknown_words: str) -> dict[str, Answer]:
        """As they are signed: what is folded has its 0, or its abstention, by rule."""
        by_rule = {UNMET: Answer(points=Decimal(0)), UNKNOWN: Answer(abstains=True, why=unknown_words)}
        found = {}
        for code in self.held:
            why = self.folded(code, answers)
            given = by_rule[why] if why else answers.get(code, NOTHING)
            if given.is_given:
                found[code] = replace(given, eliminates=True) if not why and self.ends(code, given) else given
        return found

    def ends(self, code: str, answer: Answer) -> bool:
        """Does this answer end the evaluation of the dossier: by its tick, or by a level that does?"""
        if answer.eliminates:
            return True
        free = self.rule(code).free
        return any(
            level.eliminates and (level.points == answer.points if free else place == answer.option)
            for place, level in enumerate(self.levels(code))
        )

    def total(self, answers: Mapping[str, Answer]) -> Decimal:
        return sum((answers[c].points or Decimal(0) for c in self.asked(answers) if c in answers), Decimal(0))

    def unanswered(self, answers: Mapping[str, Answer]) -> list[str]:
        return [code for code in self.asked(answers) if not answers.get(code, NOTHING).is_given]

    def unjustified(self, answers: Mapping[str, Answer]) -> list[str]:
        """Asked criteria whose points need a reason that is not written."""
        return [
            code
            for code in self.asked(answers)
            if (given := answers.get(code, NOTHING)).points is not None
            and not given.why
            and self.rule(code).needs_justification(given.points)
        ]

    def answered(self, answers: Mapping[str, Answer]) -> int:
        """How many need nothing more, folded ones among them."""
        return len(self.held) - len(self.unanswered(answers))


def option_for(levels: Iterable[Anchor], points: Decimal) -> int | None:
    """The one level with these points; None when there is none or more than one."""
    places = [place for place, level in enumerate(levels) if level.points == points]
    return places[0] if len(places) == 1 else None
