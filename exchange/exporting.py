"""Workbooks that go out: what the registry holds, or an empty one to fill in."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from core import vietnamese
from core.xlsx.columns import CellError
from core.xlsx.writing import Sheet, error_copy, write
from exchange.actions import open_table
from exchange.kinds import kind_of
from exchange.models import Import
from programme.models import Season

MAX_ROWS = 20_000


def workbook(
    code: str, *, for_user: Any, season: Season | None, stage: str = "", empty: bool = False, at: datetime
) -> bytes:
    """One table, typed. `season` narrows enterprises and products to those with a filed dossier in it."""
    kind = kind_of(code, season, at)
    things = [] if empty else list(kind.objects(for_user=for_user, season=season, stage=stage))[:MAX_ROWS]
    sheet = Sheet(kind.sheet_name(), kind.columns(), [kind.export_row(thing) for thing in things], for_entry=True)
    return write(sheet, guide=kind.guide(), keys=_keys(code, season if kind.needs_season else None))


def returned(made: Import, content: bytes, at: datetime) -> bytes:
    """The uploaded workbook with its wrong cells red, each with a note, and a list of the errors."""
    kind, table = open_table(made.kind, made.season, content, at)
    errors = [CellError(e["row"], e["column"], e["words"], e["key"]) for e in made.errors()]
    keys = _keys(made.kind, made.season)
    return error_copy(kind.columns(), table, errors, name=kind.sheet_name(), keys=keys)


def file_name(words: str, at: datetime) -> str:
    return f"{slugify(vietnamese.fold(words))}-{timezone.localdate(at):%Y-%m-%d}.xlsx"


def _keys(code: str, season: Season | None) -> dict[str, str]:
    return {"kind": code} | ({"season": str(season.year)} if season else {})
