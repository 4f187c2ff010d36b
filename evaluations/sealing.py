"""What a signature on a score sheet stands for: one digest over everything that the member wrote for the council.

The private note is the member's own and no part of it.
"""

from collections.abc import Mapping

from core.canonical import digest
from evaluations.answers import Answer
from evaluations.models import ScoreSheet


def seal(sheet: ScoreSheet, answers: Mapping[str, Answer]) -> str:
    """The digest of this version with these answers: who, which dossier, which version and why, every mark with its
    level, abstention, elimination and justification, the ballot, the comment, and the paper it was typed from."""
    facts: dict[str, object] = {
        "format": 2,
        "seat": sheet.seat_id,
        "dossier": sheet.dossier_id,
        "version": sheet.version,
        "reason": sheet.reason,
        "marks": {code: answer.facts() for code, answer in answers.items()},
        "ballot": sheet.ballot,
        "comment": sheet.council_comment,
    }
    if sheet.entered_by_name:
        facts |= {"entered_by": sheet.entered_by_name, "scan": sheet.scan_sha256}
    return digest(facts)


def is_intact(sheet: ScoreSheet, answers: Mapping[str, Answer]) -> bool:
    """Do the rows still hold what was signed? Sheets of before the versions were sealed by their points alone."""
    if sheet.digest == seal(sheet, answers):
        return True
    points = {code: str(a.points.normalize()) for code, a in answers.items() if a.points is not None}
    return sheet.digest == digest({"seat": sheet.seat_id, "dossier": sheet.dossier_id, "marks": points})


def answers_of(sheet: ScoreSheet) -> dict[str, Answer]:
    """The marks of a sheet by criterion."""
    rows = sheet.marks.values_list("criterion__code", "points", "abstains", "option", "eliminates", "justification")
    return {
        code: Answer(points, abstains, option, eliminates, why)
        for code, points, abstains, option, eliminates, why in rows
    }
