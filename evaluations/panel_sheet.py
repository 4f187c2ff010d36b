"""The matrix of the assignment as a workbook, out and in.

One row is one dossier, one column one member; a cell holds the criteria that the member scores, or "all". The number
of the dossier is the key, the hidden sheet says which column is which seat. Nothing is guessed: what cannot be read is
refused with its row and column, and with one such cell nothing at all is taken over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from core.errors import Refused
from core.templatetags.ui import in_language
from core.xlsx.columns import CellError, Column, heading_key
from core.xlsx.reading import Row, Table, read
from core.xlsx.writing import Sheet, write
from dossiers.models import Dossier, Stage
from evaluations import queries
from evaluations.actions.assigning import refusals
from evaluations.models import Council, Seat
from evaluations.queries import Cell, MatrixRow
from programme.models import Season

KIND = "assignment"
MAX_ROWS = 2_000
OPEN = (Stage.ELIGIBLE, Stage.SCORING)


@dataclass(frozen=True)
class CellChange:
    seat: Seat
    dossier: Dossier
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass
class Plan:
    """What a workbook would change. With errors nothing may be written."""

    changes: list[CellChange] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    rows: int = 0
    unread: list[str] = field(default_factory=list)
    version: int | None = None

    @property
    def wanted(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for change in self.changes:
            found.setdefault(str(change.seat.pk), {})[str(change.dossier.pk)] = list(change.after)
        return found


def columns(seats: Sequence[Seat]) -> tuple[Column, ...]:
    """The dossier, then one column per seat. Members of one name are told apart by their mail address."""
    names = [str(seat) for seat in seats]

    def label(seat: Seat) -> str:
        return f"{seat} ({seat.user.email})" if names.count(str(seat)) > 1 else str(seat)

    number, product, sector = _words()
    others = _others()
    return (
        Column("number", number, "code", 22, needed=True, others=others[0]),
        Column("product", product, width=40, others=others[1], note=_("Only shown.")),
        Column("sector", sector, width=26, others=others[2], note=_("Only shown.")),
        *(Column(f"seat:{seat.pk}", label(seat), "code", 16, note=_cell_note()) for seat in seats),
    )


def _words() -> tuple[str, str, str]:
    return pgettext("excel", "Dossier number"), pgettext("excel", "Product"), pgettext("excel", "Sector")


def _others() -> list[tuple[str, ...]]:
    found = []
    for language in ("vi", "en"):
        with override(language):
            found.append(_words())
    return [tuple(words) for words in zip(*found, strict=True)]


def _cell_note() -> str:
    return _("The criteria that the member scores, parted by semicolons, or “%(all)s”. Empty: none.") % {
        "all": all_word()
    }


def all_word() -> str:
    return pgettext("criteria in a cell", "all")


def _mark(cell: Cell) -> str:
    if cell.kind == "conflict":
        return pgettext("cell", "conflict")
    return pgettext("cell", "not declared") if cell.kind == "silent" and not cell.codes else ""


def workbook(season: Season, council: Council, *, for_user: Any) -> bytes:
    seats = list(queries.seats_of(season).prefetch_related("sectors"))
    rows = queries.matrix(season, seats, for_user=for_user)
    sheet = Sheet(
        pgettext("sheet", "Assignment"),
        columns(seats),
        [_row(row) for row in rows],
        title=_("Who scores what in season %(year)s") % {"year": season.year},
    )
    guide = [
        _cell_note(),
        _("Conflicts and missing declarations are shown; such a cell cannot be filled."),
        _("Dossiers whose scoring is closed, and cells whose sheet is signed, stay as they are."),
        _("A column that is deleted changes nothing. Nothing is written before you have seen the differences."),
    ]
    keys = {"kind": KIND, "season": str(season.year), "panel": str(queries.seen_version(council, for_user))}
    return write(sheet, guide=guide, keys=keys)


def _row(row: MatrixRow) -> dict[str, Any]:
    dossier = row.dossier
    found: dict[str, Any] = {
        "number": dossier.number,
        "product": in_language(dossier.product, "name"),
        "sector": in_language(dossier.product.sector, "name"),
    }
    for cell in row.cells:
        whole = bool(cell.codes) and len(cell.codes) == row.asked
        found[f"seat:{cell.seat.pk}"] = _mark(cell) or (all_word() if whole else "; ".join(sorted(cell.codes)))
    return found


# --- in -----------------------------------------------------------------------------------------------
def plan(content: bytes, season: Season, *, for_user: Any) -> Plan:
    """What the workbook would change. Raises Refused when it is not the matrix of this season."""
    seats = list(queries.seats_of(season).prefetch_related("sectors"))
    asked = columns(seats)
    table = read(content, asked, max_rows=MAX_ROWS)
    _check_facts(table, season)
    rows = {row.dossier.number: row for row in queries.matrix(season, seats, for_user=for_user)}
    panel = table.facts.get("panel", "")
    found = Plan(
        errors=list(table.errors),
        rows=len(table.rows),
        unread=table.unknown,
        version=int(panel) if panel.isascii() and panel.isdecimal() and len(panel) < 10 else None,
    )
    labels = {column.key: column.label for column in asked}
    seen: dict[str, int] = {}
    for row in table.rows:
        number = row.values.get("number", "")
        if number in seen:
            words = _("Row %(n)s of this file is about the same dossier. Keep one of them.") % {"n": seen[number]}
            found.errors.append(CellError(row.number, labels["number"], words, "number"))
        elif number not in rows:
            words = _("There is no dossier “%(number)s” before the council.") % {"number": number[:40]}
            found.errors.append(CellError(row.number, labels["number"], words, "number"))
        else:
            _plan_row(found, row, rows[number], labels)
        seen.setdefault(number, row.number)
    found.errors.sort(key=lambda error: (error.row, error.column))
    return found


def _check_facts(table: Table, season: Season) -> None:
    if table.facts.get("kind", KIND) != KIND:
        raise Refused(_("This workbook is not the matrix of the assignment."))
    year = table.facts.get("season", str(season.year))
    if year != str(season.year):
        raise Refused(
            _("This workbook is of the season %(found)s, not of %(year)s.") % {"found": year[:10], "year": season.year}
        )


def _plan_row(found: Plan, row: Row, matrix_row: MatrixRow, labels: Mapping[str, str]) -> None:
    codes = matrix_row.codes
    for cell in matrix_row.cells:
        key = f"seat:{cell.seat.pk}"
        if key not in row.values:
            continue
        try:
            wanted = _wanted(row.values[key], row.raw.get(key), cell, codes)
        except ValueError as error:
            found.errors.append(CellError(row.number, labels[key], str(error), key))
            continue
        if wanted == cell.codes:
            continue
        reasons = refusals(cell.seat, matrix_row.dossier, set(wanted - cell.codes))
        found.errors += [CellError(row.number, labels[key], reason, key) for reason in reasons]
        if not reasons:
            after = tuple(code for code in codes if code in wanted)
            before = tuple(code for code in codes if code in cell.codes)
            found.changes.append(CellChange(cell.seat, matrix_row.dossier, before, after))


def _wanted(text: Any, raw: Any, cell: Cell, codes: Sequence[str]) -> frozenset[str]:
    """The criteria that the cell asks for. Raises ValueError with a sentence."""
    if isinstance(raw, float) and not raw.is_integer():
        raise ValueError(_("Excel has made a number of this cell. Write the criteria as text, parted by semicolons."))
    text = str(text or "").strip()
    if text in ("", "-", "–") or heading_key(text) in _no_words():
        return frozenset()
    if heading_key(text) in _all_words():
        return frozenset(codes)
    parts = [part for part in re.split(r"[;,\s]+", text) if part]
    strange = [part for part in parts if part not in codes]
    if strange:
        raise ValueError(
            _("This dossier has no criterion %(codes)s.") % {"codes": ", ".join(part[:20] for part in strange[:5])}
        )
    return frozenset(parts)


def _all_words() -> set[str]:
    return {"x", *_in_both(all_word)}


def _no_words() -> set[str]:
    return {
        *_in_both(lambda: pgettext("cell", "conflict")),
        *_in_both(lambda: pgettext("cell", "not declared")),
    }


def _in_both(word: Any) -> set[str]:
    found = set()
    for language in ("vi", "en"):
        with override(language):
            found.add(heading_key(word()))
    return found
