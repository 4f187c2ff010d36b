"""The figures of the three years, and the unusual ones that somebody says are right."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from dossiers import queries
from dossiers.actions.row import editable, touch
from dossiers.models import Dossier


@transaction.atomic
def report_figures(
    *, dossier: Dossier, figures: dict[int, dict[str, Decimal | int | None]], by: Any, at: datetime
) -> Dossier:
    """Write the figures of the years asked; `figures[year]` maps the fields of YearFigure."""
    dossier = editable(dossier, by, "figures")
    changed = []
    for row in dossier.figures.select_for_update():
        new = figures.get(row.year, {})
        before = {name: getattr(row, name) for name in new}
        if new and before != new:
            for name, value in new.items():
                setattr(row, name, value)
            row.save()
            changed.append(row.year)
    if changed:
        touch(dossier, at)
        audit.record("dossier.figures_reported", dossier, by=by, at=at, years=changed)
    return dossier


@transaction.atomic
def confirm_figure(*, dossier: Dossier, key: str, by: Any, at: datetime) -> Dossier:
    """Say that an unusual figure is right; the officer reads who said so. A question that no longer stands, because
    the figure changed meanwhile, is refused."""
    dossier = editable(dossier, by, "figures")
    if key not in {doubt.key for doubt in queries.doubts_of(dossier)}:
        raise Refused(_("The figure has changed meanwhile. Look at the question again."))
    if all(known["key"] != key for known in dossier.confirmed_figures):
        dossier.confirmed_figures = [*dossier.confirmed_figures, {"key": key, "by": str(by), "at": at.isoformat()}]
        dossier.save(update_fields=["confirmed_figures"])
        touch(dossier, at)
        audit.record("dossier.figure_confirmed", dossier, by=by, at=at, key=key)
    return dossier
