"""A workbook comes in: it is looked at, confirmed, and written by a job, whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.access import can, require
from core import audit, files, jobs
from core.errors import Refused
from core.uploads import XLSX
from core.xlsx.reading import Table, read
from exchange.kinds import kind_of
from exchange.kinds.base import CHANGED, NEW, STATUSES, Kind, Planned, basis_of
from exchange.kinds.products import enterprises_of
from exchange.models import Import
from programme.models import Season

JOB = "exchange.write"
MAX_ROWS = 1_000
Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]


@contextmanager
def _unseen(pk: int) -> Iterator[Callable[[int], None]]:
    """Nobody watches."""
    yield lambda done: None


@transaction.atomic
def preview(*, kind: str, season: Season | None, content: bytes, name: str, by: Any, at: datetime) -> Import:
    """Keep the workbook and what it would change; write nothing else. Raises Refused when it cannot be read."""
    require(by, "exchange.import")
    table_kind, table = open_table(kind, season, content, at)
    planned = table_kind.plan(table, by=by, season=season)
    sha256 = files.put(content)
    made = Import(
        kind=kind,
        season=season,
        file=files.name(sha256, size_bytes=len(content), media_type=XLSX, at=at),
        file_name=name,
        made_by=by,
        made_at=at,
    )
    _show(made, table, planned)
    made.save()
    audit.record("import.previewed", made, by=by, at=at, sha256=sha256, counts=made.counts)
    return made


@transaction.atomic
def confirm(*, made: Import, basis: str, by: Any, at: datetime) -> Import:
    """Order what was shown to be written. Twice is once. When the registry has changed under the preview, nothing is
    ordered: the import comes back as a preview, and `show_anew` shows the new differences."""
    require(by, "exchange.import")
    locked = Import.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if locked.state != Import.State.PREVIEW:
        return locked
    planned = plan_again(locked, by=by, at=at)
    if locked.basis != basis or basis_of(locked.file_id, planned) != basis:
        return locked
    if not locked.may_be_confirmed:
        raise Refused(_("Nothing can be written from this file. Mend it and upload it again."))
    locked.state, locked.confirmed_at, locked.confirmed_by = Import.State.CONFIRMED, at, by
    locked.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    jobs.enqueue(JOB, key=f"import-{locked.pk}", payload={"import": locked.pk}, batch=f"import-{locked.pk}")
    audit.record("import.confirmed", locked, by=by, at=at, basis=basis)
    return locked


@transaction.atomic
def show_anew(*, made: Import, by: Any, at: datetime) -> Import:
    """The differences against the registry of now, in the language of now."""
    require(by, "exchange.import")
    locked = Import.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if locked.state == Import.State.PREVIEW:
        kind, table = open_table(locked.kind, locked.season, files.read(locked.file_id), at)
        _show(locked, table, kind.plan(table, by=by, season=locked.season))
        locked.save()
    return locked


def translated(made: Import, *, by: Any, at: datetime) -> Import:
    """The same preview in the language of now; nothing is stored, and what was shown stays what can be confirmed."""
    basis = made.basis
    try:
        kind, table = open_table(made.kind, made.season, files.read(made.file_id), at)
        _show(made, table, kind.plan(table, by=by, season=made.season))
    except Refused:  # a number typed as text in the other language: the words stay as they were
        made.refresh_from_db()
    made.basis = basis
    return made


def write(*, made: Import, at: datetime, progress: Progress = _unseen) -> Import:
    """The effect of the job, in its transaction: every row or none. What stood in the way is told in `reasons`."""
    by = made.confirmed_by
    try:
        with transaction.atomic():
            require_still(by)
            kind, table = open_table(made.kind, made.season, files.read(made.file_id), at)
            planned = kind.plan(table, by=by, season=made.season, lock=True)
            if basis_of(made.file_id, planned) != made.basis:
                raise Refused(changed_meanwhile())
            with progress(made.pk) as step:
                _write_rows(kind, planned, made, at, step)
    except Refused as refusal:
        made.state, made.reasons = Import.State.REFUSED, refusal.reasons
    except IntegrityError:  # somebody else wrote the same fact in this very moment
        made.state, made.reasons = Import.State.REFUSED, [changed_meanwhile()]
    else:
        made.state, made.written = Import.State.DONE, made.to_write
    made.finished_at = at
    made.save(update_fields=["state", "reasons", "written", "finished_at"])
    act = "import.written" if made.state == Import.State.DONE else "import.refused"
    audit.record(act, made, by=by, at=at, counts=made.counts, reasons=made.reasons)
    return made


def _write_rows(kind: Kind, planned: list[Planned], made: Import, at: datetime, step: Callable[[int], None]) -> None:
    done = 0
    for row in planned:
        if row.status not in (NEW, CHANGED):
            continue
        try:
            kind.write(row, by=made.confirmed_by, at=at, season=made.season)
        except Refused as refusal:
            where = _("Row %(n)s (%(name)s)") % {"n": row.number, "name": row.name}
            raise Refused([f"{where}: {reason}" for reason in refusal.reasons]) from refusal
        done += 1
        step(done)


def changed_meanwhile() -> str:
    return _(
        "The registry has changed since the differences were shown. Nothing was written. Upload the file again to see "
        "the new differences."
    )


def require_still(by: Any) -> None:
    """Between the confirmation and the job the person may have lost the role."""
    if not can(by, "exchange.import"):
        raise Refused(_("Whoever confirmed may no longer import. Nothing was written."))


def open_table(kind: str, season: Season | None, content: bytes, at: datetime) -> tuple[Kind, Table]:
    """The workbook read by its kind. Raises Refused, also for the workbook of another table or season."""
    found = kind_of(kind, season, at)
    table = read(content, found.columns(), max_rows=MAX_ROWS)
    told = table.facts.get("kind", kind)
    if told != kind:
        names = dict(Import.Kind.choices)
        raise Refused(
            _("This workbook is of the table “%(found)s”. Upload it there.") % {"found": names.get(told, told[:20])}
        )
    year = table.facts.get("season", "")
    if season is not None and year not in ("", str(season.year)):
        raise Refused(
            _("This workbook is of the season %(found)s, not of %(year)s.") % {"found": year[:10], "year": season.year}
        )
    return found, table


def plan_again(made: Import, *, by: Any, at: datetime) -> list[Planned]:
    """In the language of the preview, in which numbers typed as text were read."""
    with override(made.language):
        kind, table = open_table(made.kind, made.season, files.read(made.file_id), at)
        return kind.plan(table, by=by, season=made.season)


def _show(made: Import, table: Table, planned: list[Planned]) -> None:
    made.language = (get_language() or "vi")[:2]
    made.rows = [row.as_json() for row in planned]
    made.counts = {status: sum(row.status == status for row in planned) for status in STATUSES}
    made.unread = table.unknown
    made.basis = basis_of(made.file_id, planned)
    made.enterprises = sorted(enterprise.pk for enterprise in enterprises_of(table).values())
