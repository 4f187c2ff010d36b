"""What every table of the exchange has in common: fields that are shown and read, and the plan of an import.

A plan compares what a workbook says with what the registry holds: each row is new, changed, the same, or wrong. It
writes nothing; the rows that are to be written go through the actions of their own rooms.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import vietnamese
from core.canonical import digest
from core.xlsx.columns import CellError, Column
from core.xlsx.reading import Row, Table

NEW, CHANGED, SAME, ERROR = "new", "changed", "same", "error"
STATUSES = (ERROR, NEW, CHANGED, SAME)
Parse = Callable[[Any], Any]


@dataclass(frozen=True)
class Field:
    """One column and its fact. `show` gives what an export writes; `parse` makes the fact of what was read, or raises
    ValueError or ValidationError with a sentence. `needed` for a new row. `fixed` says why it cannot be changed here:
    such a cell may repeat what the registry holds, nothing else; `first_only` can be given for a new row."""

    column: Column
    show: Callable[[Any], Any]
    parse: Parse | None = None
    name: str = ""
    needed: str = ""
    fixed: str = ""
    first_only: bool = False
    empty_stays: bool = False
    of: Callable[[Any], Any] | None = None

    @property
    def key(self) -> str:
        return self.column.key

    @property
    def fact(self) -> str:
        return self.name or self.column.key

    def held(self, target: Any) -> Any:
        """What the registry holds."""
        return self.of(target) if self.of else getattr(target, self.fact)


@dataclass(frozen=True)
class Change:
    """One cell: what stands there and what would, for people; `mark` says the same for the digest."""

    key: str
    label: str
    old: str
    new: str
    mark: tuple[str, str]


@dataclass
class Planned:
    """One row of the workbook and what it would do."""

    number: int
    name: str
    status: str = SAME
    target: Any = None
    facts: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.number,
            "name": self.name,
            "status": self.status,
            "changes": [{"label": c.label, "old": c.old, "new": c.new} for c in self.changes],
            "errors": [{"row": e.row, "column": e.column, "words": e.words, "key": e.key} for e in self.errors],
        }

    def mark(self) -> list[Any]:
        target = self.target.pk if self.target is not None else None
        return [self.number, self.status, target, [[c.key, *c.mark] for c in self.changes], len(self.errors)]


def basis_of(sha256: str, rows: Sequence[Planned]) -> str:
    """Same file over the same state of the registry: same basis, in whatever language it is shown."""
    return digest({"file": sha256, "rows": [row.mark() for row in rows]})


def plan_row(row: Row, fields: Sequence[Field], target: Any, planned: Planned) -> None:
    """Fill `planned` with changes, facts and errors of one row that was found (or is new)."""
    planned.target = target
    for one in fields:
        if one.key in row.values:
            try:
                _plan_cell(row.values[one.key], one, target, planned)
            except (ValueError, ValidationError) as error:
                planned.errors.append(CellError(row.number, one.column.label, words_of(error), one.key))
        elif target is None and one.needed and one.key not in row.raw:
            planned.errors.append(CellError(row.number, one.column.label, one.needed, one.key))


def _plan_cell(value: Any, one: Field, target: Any, planned: Planned) -> None:
    empty = value in (None, "")
    if target is None:
        if one.fixed and not one.first_only:
            return  # of a row that is not there yet nothing can differ
        if empty:
            if one.needed:
                raise ValueError(one.needed)
            return
        fact = one.parse(value) if one.parse else value
        planned.facts[one.fact] = fact
        planned.changes.append(Change(one.key, one.column.label, "", shown(value), ("", mark_of(fact))))
        return
    before = one.show(target)
    if mark_of(value) == mark_of(before) or (empty and (one.fixed or one.empty_stays)):
        return
    if one.fixed:
        if not _means_the_same(value, one, target):
            raise ValueError(one.fixed)
        return
    if empty and one.needed:
        raise ValueError(one.needed)
    old = one.held(target)
    fact = one.parse(value) if one.parse else value
    if mark_of(fact) == mark_of(old):
        return
    planned.facts[one.fact] = fact
    planned.changes.append(
        Change(one.key, one.column.label, shown(before), shown(value), (mark_of(old), mark_of(fact)))
    )


def _means_the_same(value: Any, one: Field, target: Any) -> bool:
    """The word of the other language for what the registry holds."""
    try:
        return one.parse is not None and mark_of(one.parse(value)) == mark_of(one.held(target))
    except (ValueError, ValidationError):
        return False


def settle(planned: Planned, table: Table) -> Planned:
    """The errors of reading join those of planning; the status follows."""
    planned.errors = [e for e in table.errors if e.row == planned.number] + planned.errors
    if planned.errors:
        planned.status, planned.facts = ERROR, {}
    elif planned.target is None:
        planned.status = NEW
    else:
        planned.status = CHANGED if planned.facts else SAME
    return planned


def mark_of(value: Any) -> str:
    """A value as plain text without language, for comparing. A time counts to its minute, as workbooks show it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal | int | float):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return (local.replace(tzinfo=None) + timedelta(seconds=30)).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "pk"):
        return str(value.pk)
    return vietnamese.nfc_lines(str(value))


def shown(value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        places = max(0, -int(value.normalize().as_tuple().exponent))
        return number_format(value, places, force_grouping=True)
    return str(value)


def words_of(error: ValueError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


class Seen:
    """Rows of one file that mean the same thing: the second one is wrong."""

    def __init__(self) -> None:
        self.rows: dict[Any, int] = {}

    def again(self, key: Any, row: int) -> int | None:
        """The earlier row with this key, if there is one."""
        first = self.rows.setdefault(key, row)
        return first if first != row else None


def twice(first: int) -> str:
    return _("Row %(n)s of this file is about the same. Keep one of them.") % {"n": first}


def key_error(row: int, column: Column, words: str) -> CellError:
    return CellError(row, column.label, words, column.key)


class Kind(ABC):
    """One table. Subclasses say what it holds."""

    code: str
    needs_season = False

    @abstractmethod
    def fields(self) -> Sequence[Field]:
        """Every column, in the order of the sheet."""

    def columns(self) -> tuple[Column, ...]:
        return tuple(one.column for one in self.fields_once())

    @abstractmethod
    def sheet_name(self) -> str:
        """What the sheet is called, in the language in force."""

    @abstractmethod
    def guide(self) -> list[str]:
        """The sentences of the guide sheet."""

    @abstractmethod
    def objects(self, *, for_user: Any, season: Any = None, stage: str = "") -> Iterable[Any]:
        """What an export holds."""

    @abstractmethod
    def plan(self, table: Table, *, by: Any, season: Any = None, lock: bool = False) -> list[Planned]:
        """Every row of the workbook; with `lock` the rows it would change are locked."""

    @abstractmethod
    def write(self, planned: Planned, *, by: Any, at: datetime, season: Any = None) -> None:
        """One row, through the actions of its room."""

    def export_row(self, thing: Any) -> dict[str, Any]:
        return {one.key: one.show(thing) for one in self.fields_once()}

    def fields_once(self) -> Sequence[Field]:
        """The fields, made once per table and language; a heading of the other language is known as well."""
        if not hasattr(self, "_fields"):
            others: dict[str, tuple[str, ...]] = {}
            for language, _name in settings.LANGUAGES:
                with override(language):
                    for one in self.fields():
                        others[one.key] = (*others.get(one.key, ()), one.column.label)
            self._fields = tuple(
                replace(one, column=replace(one.column, others=(*one.column.others, *others[one.key])))
                for one in self.fields()
            )
        return self._fields
