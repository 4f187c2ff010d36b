"""Who scored a dossier, how, and what it came to."""

from evaluations.models.appeals import Appeal
from evaluations.models.assignments import Assignment, AssignmentRun
from evaluations.models.council import Council, Seat
from evaluations.models.interests import Interest, InterestStatement
from evaluations.models.results import CutVote, Result, ResultRun
from evaluations.models.sheets import ABSTAINED, Mark, ScoreSheet, SheetVoid, StandingSheet, Tally

__all__ = [
    "ABSTAINED",
    "Appeal",
    "Assignment",
    "AssignmentRun",
    "Council",
    "CutVote",
    "Interest",
    "InterestStatement",
    "Mark",
    "Result",
    "ResultRun",
    "ScoreSheet",
    "Seat",
    "SheetVoid",
    "StandingSheet",
    "Tally",
]
