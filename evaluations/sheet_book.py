"""All open sheets of one member as a workbook: who, which dossier and which criterion are locked; points, level,
abstention and reason are to be filled in. A hidden sheet says whose it is and what stood there when it was made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import localize_input
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.canonical import canonical
from core.templatetags.ui import in_language
from core.xlsx.columns import Column
from core.xlsx.writing import Book
from evaluations.answers import NOTHING
from evaluations.models import Seat
from evaluations.queries import Desk, justify_words, trim
from evaluations.sheet_rows import condition_words

BALLOT = "*"
HEAD = 3
TICK = "x"
_SALT = "evaluations.sheet_book"


@dataclass(frozen=True)
class Line:
    """One row: a criterion of a dossier, or its ballot."""

    desk: Desk
    code: str

    @property
    def key(self) -> str:
        return f"{self.desk.dossier.number} {self.code}"


def lines_of(desks: Sequence[Desk]) -> Iterator[Line]:
    for desk in desks:
        yield from (Line(desk, code) for code in desk.asked.held)
        if desk.asked.rules.asks_ballot:
            yield Line(desk, BALLOT)


def columns() -> list[Column]:
    return [
        Column("number", _("Dossier number"), "code", 20, needed=True),
        Column("product", _("Product"), width=34),
        Column("code", pgettext("rubric", "Criterion"), "code", 10, needed=True),
        Column("label", _("Name of the criterion"), width=44),
        Column("most", _("At most"), "text", 9),
        Column("points", pgettext("column", "Points"), "text", 10, needed=True, note=_("9.5 or 9,5; empty: not yet.")),
        Column("option", pgettext("rubric", "Level"), "text", 40, note=_("Only where the criterion is a choice.")),
        Column("abstain", pgettext("sheet", "Abstain"), "text", 10, note=_("x where you abstain; write the reason.")),
        Column("out", _("Ends the evaluation"), "text", 12, note=_("x where the condition of the rubric is met.")),
        Column("why", pgettext("sheet", "Reason"), "text", 60, needed=True),
    ]


def keys_of(seat: Seat, desks: Sequence[Desk]) -> dict[str, str]:
    """What comes back with the file: season, whose, and the state of every cell."""
    facts = {"what": "score-sheets", "season": str(seat.council.season.year), "member": seat.alias}
    for desk in desks:
        sheet = desk.sheet
        facts[f"dossier:{desk.dossier.number}"] = f"{sheet.version}.{sheet.revision}" if sheet else "1.0"
    for line in lines_of(desks):
        cell = "ballot" if line.code == BALLOT else line.code
        facts[f"base:{line.key}"] = line.desk.base_of(cell)
    return facts | {"seal": seal_of(facts)}


def seal_of(facts: Mapping[str, str]) -> str:
    """So that an edited hidden key is noticed."""
    return salted_hmac(_SALT, canonical(dict(facts)), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def is_ours(facts: Mapping[str, str]) -> bool:
    own = {k: v for k, v in facts.items() if not k.startswith("column:") and k not in ("format", "language", "seal")}
    return constant_time_compare(facts.get("seal", ""), seal_of(own))


def workbook(seat: Seat, desks: Sequence[Desk]) -> bytes:
    title = _("Score sheets of %(name)s, season %(year)s") % {"name": seat, "year": seat.council.season.year}
    book = Book(title)
    page = book.file.add_worksheet(pgettext("sheet", "Score sheets")[:31])
    page.write_string(0, 0, title, book.look("title"))
    page.write_string(
        1, 0, _("Fill in the white columns, save, upload on the same page. Nothing counts before you sign.")
    )
    found = columns()
    entry = book.file.add_format({"font_name": "Arial", "font_size": 11, "valign": "top", "locked": False, "border": 1,
                                  "border_color": "#B8C0C8", "text_wrap": True})  # fmt: skip
    fixed = book.file.add_format({"font_name": "Arial", "font_size": 11, "valign": "top", "text_wrap": True,
                                  "bg_color": "#F1F3F5", "num_format": "@"})  # fmt: skip
    for place, column in enumerate(found):
        page.set_column(place, place, column.width)
        page.write_string(HEAD, place, column.label, book.look("needed" if column.key == "points" else "head"))
    row = HEAD
    for line in lines_of(desks):
        row += 1
        for place, (column, value) in enumerate(zip(found, _cells(line), strict=True)):
            if column.key in ("points", "option", "abstain", "out", "why"):
                page.write(row, place, value, entry) if value != "" else page.write_blank(row, place, None, entry)
            else:
                page.write_string(row, place, str(value), fixed)
        _validate(book, page, row, line, {column.key: place for place, column in enumerate(found)})
    page.freeze_panes(HEAD + 1, 5)
    page.protect("", {"select_locked_cells": True, "format_columns": True, "format_rows": True, "autofilter": True})
    page.autofilter(HEAD, 0, max(row, HEAD + 1), len(found) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD)
    book.guide(
        [
            _("One row per criterion of every dossier that you have not signed. Grey cells are locked."),
            _("Points: a number from 0 to the maximum with at most two decimals. For a choice take a level instead."),
            _("A reason is needed where you abstain, and where the rubric asks for one beside its name."),
            _("What you changed on the website after this file was made is shown to you and never overwritten."),
            _("Formulas are not read: enter the number itself."),
        ],
        found,
    )
    book.keys({"format": "1"} | keys_of(seat, desks), {column.key: column.label for column in found})
    return book.close()


def _cells(line: Line) -> list[Any]:
    desk, dossier = line.desk, line.desk.dossier
    product = str(in_language(dossier.product, "name"))
    if line.code == BALLOT:
        ballot = desk.sheet.ballot if desk.sheet else None
        shown = "" if ballot is None else ballot_choices()[0 if ballot else 1]
        return [dossier.number, product, BALLOT, _("Ballot"), "", "", shown, "", "", ""]
    rule, answer = desk.asked.rule(line.code), desk.answers.get(line.code, NOTHING)
    points: Any = "" if answer.points is None else float(answer.points)
    option = level_names(desk, line.code)[answer.option] if answer.option is not None else ""
    label = str(in_language(rule, "label"))
    if rule.condition is not None and rule.condition.criterion in desk.asked.held:
        label += f" ({condition_words(desk, line.code)})"
    if rule.justify_below is not None or rule.justify_above is not None:
        label += f" ({justify_words(rule.justify_below, rule.justify_above)})"
    most = str(localize_input(trim(rule.max_points)))
    ticks = [TICK if answer.abstains else "", TICK if answer.eliminates else ""]
    return [dossier.number, product, line.code, label, most, points if rule.free else "", option, *ticks, answer.why]


def level_names(desk: Desk, code: str) -> list[str]:
    """The levels of a choice as the list of the cell offers them: the number in front is what is read back."""
    return [
        f"{place}) {localize_input(trim(level.points))}: {in_language(level, 'when')}"[:200]
        for place, level in enumerate(desk.asked.levels(code), start=1)
    ]


def ballot_choices() -> tuple[str, str]:
    return (f"1) {_('in favour')}", f"2) {_('against')}")


def _validate(book: Book, page: Any, row: int, line: Line, place: Mapping[str, int]) -> None:
    if line.code == BALLOT:
        _list(book, page, row, place["option"], ballot_choices())
        return
    rule = line.desk.asked.rule(line.code)
    if rule.free:
        facts = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": float(rule.max_points),
            "error_message": _("Give 0 to %(most)s points.") % {"most": localize_input(trim(rule.max_points))},
        }
        page.data_validation(row, place["points"], row, place["points"], facts)
    else:
        _list(book, page, row, place["option"], tuple(level_names(line.desk, line.code)))
    _list(book, page, row, place["abstain"], (TICK,))
    if rule.may_eliminate:
        _list(book, page, row, place["out"], (TICK,))


def _list(book: Book, page: Any, row: int, column: int, words: tuple[str, ...]) -> None:
    facts = {"validate": "list", "source": book.choices(words), "error_message": _("Choose a value of the list.")}
    page.data_validation(row, column, row, column, facts)
