"""Tables for Excel and for machines: UTF-8 with a byte order mark, and no cell that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.http import HttpResponse

from core.xlsx.columns import safe_csv

_BOM = "\ufeff"


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A file `name`.csv; None is an empty cell."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([safe_csv(cell) for cell in row] for row in rows)
    response = HttpResponse(_BOM + stream.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
