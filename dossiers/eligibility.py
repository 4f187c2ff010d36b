"""The questions before the start: may this product take part at all? Pure.

What the guidance of 2019 asks is a rule; the rest the registry asks because a dossier without it fails later, and
the pages say which is which. An answer is "yes" or "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Question:
    """`rule_on`: the tracks for which a source confirms it. `blocks_on`: those on which a "no" stands in the way."""

    code: str
    rule_on: tuple[str, ...]
    blocks_on: tuple[str, ...]


ALL = ("standard", "hi_tech", "handicraft", "startup")
QUESTIONS = (
    Question("in_hanoi", ALL, ALL),
    Question("own_product", (), ALL),
    Question("over_threshold", ALL, ALL),
    Question("on_list", ("hi_tech",), ("hi_tech",)),
    Question("undertakes", ("hi_tech",), ALL),
    Question("no_breach", (), ALL),
)
CODES = tuple(question.code for question in QUESTIONS)


def obstacles(track: str, answers: Mapping[str, str]) -> tuple[str, ...]:
    """The questions whose "no" stands in the way on this track, in their order."""
    return tuple(q.code for q in QUESTIONS if track in q.blocks_on and answers.get(q.code) == NO)


def is_answered(answers: Mapping[str, str]) -> bool:
    return all(answers.get(code) in (YES, NO) for code in CODES)


def answers_of(kept: Mapping[str, Any]) -> dict[str, str]:
    """The answers as a dossier keeps them, whatever else stands beside them."""
    found = kept.get("answers")
    return {code: found[code] for code in CODES if found.get(code) in (YES, NO)} if isinstance(found, Mapping) else {}
