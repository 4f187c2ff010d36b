"""What a member types on a score sheet, read cell by cell: a cell that cannot be read is told beside its field and
keeps what was typed; the others are saved all the same.

Fields are named by the code of the criterion (`points-1.2`), never by its place: a sheet whose criteria changed
meanwhile must not write the points of one criterion on another.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import localize_input
from django.utils.translation import gettext as _

from core.forms import DecimalField, LongTextField
from evaluations.answers import NOTHING, Answer, option_for
from evaluations.queries import Desk, trim
from programme.rubric_file import CriterionRule

PARTS = ("points", "option", "abstain", "out", "why", "base")
WHY_LENGTH = 2000
TEXT_LENGTH = 4000
# Digits of ASCII only, and no spaces within: what looks like one number must not be stored as another.
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,6}(?:[.,][0-9]{1,30})?")


class PointsField(DecimalField):
    """Points of one criterion. A comma and a point both part the decimals, in both languages: points have no
    thousands, and 1,5 typed on an English page must not become 15."""

    def __init__(self, most: Decimal) -> None:
        limits = _("Give 0 to %(most)s points.") % {"most": localize_input(trim(most))}
        super().__init__(
            required=False,
            min_value=Decimal(0),
            max_value=most,
            decimal_places=2,
            error_messages={
                "invalid": _("Write points as a number, for example %(example)s.")
                % {"example": localize_input(Decimal("7.5"))},
                "max_decimal_places": _("Use at most two decimals."),
            }
            | dict.fromkeys(("min_value", "max_value"), limits),
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if not isinstance(value, str):
            return super().to_python(value)
        typed = value.strip()
        if not typed:
            return None
        if not PLAIN_NUMBER.fullmatch(typed):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(typed.replace(",", "."))


@dataclass
class Box:
    """One criterion as it stands on the page: what is stored, or what was typed and could not be kept."""

    code: str
    rule: CriterionRule
    stored: Answer
    points: str = ""
    option: str = ""
    abstains: bool = False
    eliminates: bool = False
    why: str = ""
    base: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    theirs: str = ""

    def values(self) -> dict[str, Any]:
        """What its fields show, for the script."""
        shown = {"points": self.points, "option": self.option, "why": self.why, "base": self.base}
        return shown | {"abstain": self.abstains, "out": self.eliminates}


class SheetInput:
    """The sheet of a desk; with `data`, what was typed. Criteria that were not sent stay as they are."""

    def __init__(self, desk: Desk, data: Mapping[str, Any] | None = None) -> None:
        self.desk = desk
        self.answers: dict[str, Answer] = {}
        self.cells: dict[str, Any] = {}
        self.bases: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        sheet = desk.sheet
        self.note = sheet.private_note if sheet else ""
        self.comment = sheet.council_comment if sheet else ""
        self.ballot = sheet.ballot if sheet else None
        self.base = {cell: desk.base_of(cell) for cell in ("note", "comment", "ballot")}
        self.theirs: dict[str, str] = {}
        self.boxes = {code: stored_box(desk, code) for code in desk.asked.held}
        if data is not None:
            for code, box in self.boxes.items():
                if any(f"{part}-{code}" in data for part in PARTS):
                    self._read(box, data)
            self._tell_strangers(data)
            self._read_texts(data)

    # --- reading ------------------------------------------------------------------------------------------------
    def _read(self, box: Box, data: Mapping[str, Any]) -> None:
        code = box.code
        box.points = str(data.get(f"points-{code}", ""))
        box.option = str(data.get(f"option-{code}", ""))
        box.abstains = bool(data.get(f"abstain-{code}"))
        box.eliminates = box.rule.may_eliminate and bool(data.get(f"out-{code}"))
        box.why = str(data.get(f"why-{code}", ""))
        if f"base-{code}" in data:
            self.bases[code] = str(data[f"base-{code}"])
        answer = read_answer(box, self.desk)
        self.errors |= {f"{part}-{code}": words for part, words in box.errors.items()}
        if answer is not None:
            self.answers[code] = answer

    def _tell_strangers(self, data: Mapping[str, Any]) -> None:
        """Points for a criterion that is not, or no longer, this member's are told, never dropped silently."""
        for name in data:
            part, _dash, code = name.partition("-")
            if part in ("points", "option", "abstain") and code and code not in self.boxes and data[name]:
                self.errors[f"points-{code[:20]}"] = _("Criterion %(code)s is not assigned to you.") % {
                    "code": code[:20]
                }

    def _read_texts(self, data: Mapping[str, Any]) -> None:
        for cell in ("note", "comment"):
            if cell not in data:
                continue
            setattr(self, cell, str(data[cell]))
            try:
                self.cells[cell] = LongTextField(required=False, max_length=TEXT_LENGTH).clean(data[cell])
            except forms.ValidationError as error:
                self.errors[cell] = error.messages[0]
        if self.desk.asked.rules.asks_ballot and data.get("ballot") in ("yes", "no"):
            self.ballot = self.cells["ballot"] = data["ballot"] == "yes"
        for cell in ("note", "comment", "ballot"):
            if cell in self.cells and f"base-{cell}" in data:
                self.bases[cell] = str(data[f"base-{cell}"])

    @property
    def loose(self) -> list[str]:
        """Errors without a field on this page."""
        return [
            words for name, words in self.errors.items() if name.startswith("points-") and name[7:] not in self.boxes
        ]

    # --- after saving -------------------------------------------------------------------------------------------
    def tell_conflicts(self, conflicts: list[str], desk: Desk) -> None:
        """Both versions stand on the page: what was typed in the fields, the other one beside them. Their base is the
        other version now, so that saving once more is a choice made knowingly."""
        now = SheetInput(desk)
        for cell in conflicts:
            if cell in self.boxes:
                self.boxes[cell].theirs = in_words(now.boxes[cell].stored)
                self.boxes[cell].base = now.boxes[cell].base
            else:
                self.theirs[cell] = texts_in_words(now, cell)
                self.base[cell] = now.base[cell]


def stored_box(desk: Desk, code: str) -> Box:
    answer = desk.answers.get(code, NOTHING)
    return Box(
        code=code,
        rule=desk.asked.rule(code),
        stored=answer,
        points="" if answer.points is None else str(localize_input(trim(answer.points))),
        option="" if answer.option is None else str(answer.option),
        abstains=answer.abstains,
        eliminates=answer.eliminates,
        why=answer.why,
        base=desk.base_of(code),
    )


def read_answer(box: Box, desk: Desk) -> Answer | None:
    """The typed cell as an answer; None with its errors in the box."""
    levels = desk.asked.levels(box.code)
    try:
        why = LongTextField(required=False, max_length=WHY_LENGTH).clean(box.why)
    except forms.ValidationError as error:
        box.errors["why"] = error.messages[0]
        why = ""
    if box.abstains:
        if not why and "why" not in box.errors:
            box.errors["why"] = _("Say why you abstain.")
        return None if box.errors else Answer(abstains=True, why=why)
    points, option = None, None
    if not box.rule.free and box.option.isdecimal() and len(box.option) < 4 and int(box.option) < len(levels):
        option = int(box.option)
        points = levels[option].points
    else:
        try:
            points = PointsField(box.rule.max_points).clean(box.points)
        except forms.ValidationError as error:
            box.errors["points"] = error.messages[0]
        if points is not None and not box.rule.free:
            option = option_for(levels, points)
            if option is None:
                names = ", ".join(str(localize_input(trim(level.points))) for level in levels)
                box.errors["points"] = _("Choose one of the levels %(levels)s.") % {"levels": names}
    if points is None and "points" not in box.errors and (why or box.eliminates):
        box.errors["points"] = _("Give the points too: what is written here is kept together with them.")
    return None if box.errors else Answer(points=points, option=option, eliminates=box.eliminates, why=why)


# --- words ------------------------------------------------------------------------------------------------------
def in_words(answer: Answer) -> str:
    """One answer in one line, for the other version of a cell and for differences."""
    if answer.abstains:
        return _("abstained: %(why)s") % {"why": answer.why}
    if answer.points is None:
        return _("no points")
    words = _("%(n)s points") % {"n": localize_input(trim(answer.points))}
    if answer.eliminates:
        words += " · " + _("ends the evaluation")
    return f"{words} · {answer.why}" if answer.why else words


def texts_in_words(found: SheetInput, cell: str) -> str:
    if cell == "ballot":
        return _("no vote") if found.ballot is None else _("in favour") if found.ballot else _("against")
    text: str = getattr(found, cell)
    return text or _("empty")
