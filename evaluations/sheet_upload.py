"""A filled-in workbook of score sheets: whose it is, and what it would change, cell by cell. Nothing is written here.

Three ways, as on the page: what the member did not change in the file stays as it is on the website; what was changed
in both places is refused in words.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.canonical import digest
from core.errors import Refused
from core.templatetags.ui import in_language
from core.xlsx.columns import CellError
from core.xlsx.reading import Row, Table, read
from evaluations.answers import Answer, token
from evaluations.models import Seat
from evaluations.queries import Desk
from evaluations.sheet_book import BALLOT, columns, is_ours
from evaluations.sheet_input import in_words, read_answer, stored_box

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
MAX_ROWS = 5_000
MAX_TEXT = 4_000


@dataclass
class Planned:
    """One row of the file. `words` say why it is refused."""

    number: int
    dossier: str
    code: str
    label: str
    status: str
    before: str = ""
    after: str = ""
    words: str = ""
    value: Any = None
    base: str = ""


@dataclass
class Plan:
    rows: list[Planned] = field(default_factory=list)

    def of(self, status: str) -> list[Planned]:
        return [row for row in self.rows if row.status == status]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(row.status for row in self.rows))

    @property
    def refused(self) -> int:
        return len(self.of(REFUSED))

    @property
    def to_write(self) -> list[Planned]:
        return [row for row in self.rows if row.status in (NEW, CHANGED)]

    @property
    def basis(self) -> str:
        """What a confirmation is given for: these changes over these states."""
        return digest([[r.dossier, r.code, r.status, r.before, r.after, r.base] for r in self.rows])


def plan(content: bytes, seat: Seat, desks: Sequence[Desk]) -> Plan:
    """`desks` are all of the member's sheets. Raises Refused for a file that is not this member's, of another season,
    with edited keys, or that cannot be read."""
    table = read(content, columns(), max_rows=MAX_ROWS)
    _refuse_foreign(table, seat)
    by_number = {desk.dossier.number: desk for desk in desks}
    found = Plan()
    seen: set[tuple[str, str]] = set()
    errors = {(error.row, error.key): error for error in table.errors}
    for row in table.rows:
        found.rows.append(_planned(row, table, by_number, seen, errors))
    return found


def _refuse_foreign(table: Table, seat: Seat) -> None:
    facts = table.facts
    if facts.get("what") != "score-sheets":
        raise Refused(_("This is not a workbook of score sheets. Download yours here and fill that one in."))
    if not is_ours(facts):
        raise Refused(_("The hidden keys of this workbook were changed. Download it anew and copy your points over."))
    year = str(seat.council.season.year)
    if facts.get("season") != year:
        raise Refused(
            _("This workbook belongs to the season of %(theirs)s; scoring now is of %(ours)s.")
            % {"theirs": facts.get("season", "?"), "ours": year}
        )
    if facts.get("member") != seat.alias:
        raise Refused(_("This workbook was made for another member of the council."))


def _planned(
    row: Row,
    table: Table,
    desks: dict[str | None, Desk],
    seen: set[tuple[str, str]],
    errors: dict[tuple[int, str], CellError],
) -> Planned:
    number, code = str(row.values.get("number", "")), str(row.values.get("code", ""))
    made = Planned(row.number, number, code, "", REFUSED)
    key = f"base:{number} {code}"
    desk = desks.get(number)
    if key not in table.facts:
        made.words = _("This row is not of this workbook: number or criterion was changed.")
    elif (number, code) in seen:
        made.words = _("The same criterion of the same dossier stands there twice.")
    elif desk is None or (code != BALLOT and code not in desk.asked.held):
        made.words = _("This criterion is not assigned to you any more.")
    elif any(row_number == row.number for row_number, _key in table.formulas):
        made.words = _("A formula is not read. Enter the number or the words themselves.")
    else:
        broken = [error.words for (at, _key), error in errors.items() if at == row.number]
        made.words = " ".join(broken)
    seen.add((number, code))
    if made.words or desk is None:
        return made
    made.base = table.facts[key]
    made.label = _("Ballot") if code == BALLOT else str(in_language(desk.asked.rule(code), "label"))
    return _ballot(made, row, desk) if code == BALLOT else _answer(made, row, desk)


def _answer(made: Planned, row: Row, desk: Desk) -> Planned:
    box = stored_box(desk, made.code)
    before = box.stored
    made.before = in_words(before)
    box.points = str(row.values.get("points", "")).strip()
    box.option = _leading_number(str(row.values.get("option", "")))
    box.abstains = bool(str(row.values.get("abstain", "")).strip())
    box.eliminates = bool(str(row.values.get("out", "")).strip())
    box.why = str(row.values.get("why", ""))[: MAX_TEXT + 1]
    if box.eliminates and not box.rule.may_eliminate:
        made.words = _("This criterion has no condition that ends the evaluation.")
        return made
    answer = read_answer(box, desk)
    if answer is None:
        made.words = " ".join(box.errors.values())
        return made
    made.after, made.value = in_words(answer), answer
    return _three_ways(made, desk, made.code, answer.token if answer.is_given else "", before.is_given)


def _ballot(made: Planned, row: Row, desk: Desk) -> Planned:
    choice = _leading_number(str(row.values.get("option", "")))
    ballot = {"0": True, "1": False, "": None}.get(choice, "?")
    now = desk.sheet.ballot if desk.sheet else None
    words = {None: _("no vote"), True: _("in favour"), False: _("against")}
    made.before = str(words[now])
    if ballot == "?":
        made.words = _("Choose a value of the list.")
        return made
    made.value, made.after = ballot, str(words[ballot])  # type: ignore[index]
    return _three_ways(made, desk, "ballot", token(ballot), now is not None)


def _three_ways(made: Planned, desk: Desk, cell: str, new: str, had: bool) -> Planned:
    now = desk.base_of(cell)
    if new in (now, made.base):
        made.status, made.after = SAME, made.before
    elif not desk.is_open:
        made.words = _("This sheet is signed or closed: nothing can change in it.")
    elif made.base != now:
        made.words = _("Changed on the website since the file was made: there %(there)s, here %(here)s.") % {
            "there": made.before,
            "here": made.after,
        }
    else:
        made.status = CHANGED if had else NEW
    return made


def _leading_number(text: str) -> str:
    """“3) 15: …” is the third level, counted from 0; other words stay words, which no level has."""
    head = text.strip().partition(")")[0].strip()
    return str(int(head) - 1) if head.isdecimal() and len(head) < 4 and int(head) > 0 else text.strip()


def answers_of(plan: Plan, dossier: str) -> tuple[dict[str, Answer], dict[str, Any], dict[str, str]]:
    """What is to be written on one sheet: answers, other cells, and their bases."""
    rows = [row for row in plan.to_write if row.dossier == dossier]
    answers = {row.code: row.value for row in rows if row.code != BALLOT}
    cells = {cell: row.value for row in rows if (cell := _cell(row)) == "ballot"}
    bases = {_cell(row): row.base for row in rows}
    return answers, cells, bases


def _cell(row: Planned) -> str:
    return "ballot" if row.code == BALLOT else row.code
