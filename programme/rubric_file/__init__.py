"""The rubric file: read, judged and turned into exact values. Pure; the format is docs/rubric-format.md.

A rubric that is not sound is refused as a whole, with every problem named by its place.
"""

from programme.rubric_file.judging import CUTS, PASS_RULES, STATUSES, judge
from programme.rubric_file.problems import Place, Problem, Signed, UnsoundRubric, place_words, sentence, words
from programme.rubric_file.reading import MAX_BYTES, read, read_bytes
from programme.rubric_file.rules import (
    VOTE,
    Anchor,
    BallotOption,
    Band,
    Condition,
    CriterionRule,
    NoSet,
    PassRule,
    RubricRules,
    RubricSet,
)

__all__ = [
    "CUTS",
    "MAX_BYTES",
    "PASS_RULES",
    "STATUSES",
    "VOTE",
    "Anchor",
    "BallotOption",
    "Band",
    "Condition",
    "CriterionRule",
    "NoSet",
    "PassRule",
    "Place",
    "Problem",
    "RubricRules",
    "RubricSet",
    "Signed",
    "UnsoundRubric",
    "judge",
    "place_words",
    "read",
    "read_bytes",
    "sentence",
    "words",
]
