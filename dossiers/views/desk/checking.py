"""The check of one dossier: the file on the left, what the machine found and the checklist on the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import can
from core import scanner
from dossiers import check_queries, checklist, phrasebook, trends
from dossiers.models import Dossier, SupplementRequest, YearFigure
from dossiers.views.desk import words
from dossiers.views.desk.ground import Way, dossier_of, panel_for
from dossiers.views.desk.rows import rows_of
from dossiers.views.desk.viewer import COMPARE, FILE, PART, VIEWER, viewer_of


@dataclass(frozen=True)
class FigureRow:
    """One measure over the years, with its growth from year to year."""

    name: str
    values: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Event:
    """One step of the story, and the request for a supplement that belongs to it."""

    at: datetime
    by: str
    title: str
    kind: str
    note: str
    request: SupplementRequest | None


@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """`tep` names the file that is shown; `phan=tep` asks for the viewer alone."""
    dossier, way = dossier_of(request, pk), Way.of(request.GET)
    if request.GET.get(PART) == VIEWER:
        items = checklist.items_of(dossier, today=timezone.localdate())
        context = {"dossier": dossier, "viewer": _viewer(request, dossier, items, way)}
        return render(request, "dossiers/desk/_viewer.html", context)
    return check_page(request, dossier, way)


def _viewer(request: HttpRequest, dossier: Dossier, items: Sequence[checklist.Item], way: Way) -> Any:
    return viewer_of(
        dossier,
        items,
        way,
        wish=request.GET.get(FILE, ""),
        compares=COMPARE in request.GET,
        earlier=check_queries.earlier_dossier(dossier, for_user=request.user),
    )


def check_page(
    request: HttpRequest, dossier: Dossier, way: Way, *, reasons: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    """The whole page; also the answer to an act that was refused, with its reasons on top."""
    at = timezone.now()
    items = checklist.items_of(dossier, today=timezone.localdate(at))
    figures = list(dossier.figures.all())
    may_mark = can(request.user, "dossiers.check", dossier) and dossier.stage in checklist.MARKABLE
    context = {
        "dossier": dossier,
        "panel": panel_for(request, dossier, way, at=at),
        "way": way,
        "viewer": _viewer(request, dossier, items, way),
        "rows": rows_of(dossier, items, way, library=phrasebook.live(), user=request.user),
        "tally": checklist.tally(items),
        "has_scanner": scanner.is_connected(),
        "may_mark": may_mark,
        "others_here": here_words(check_queries.others_here(dossier, user=request.user, at=at)),
        "changes_url": way.to("changes", dossier.pk),
        "figure_years": [str(figure.year) for figure in figures],
        "figure_rows": _figure_rows(figures),
        "exports": [figure.export_usd_million for figure in figures],
        "events": _events(dossier),
        "notes": list(dossier.staff_notes.all()),
        "asked_at": last_answered_request(dossier),
        "latest_request": max((one.pk for one in dossier.supplements.all()), default=None),
        "reasons": reasons,
    }
    return render(request, "dossiers/desk/check.html", context, status=status)


def here_words(others: Sequence[str]) -> str:
    return _("%(names)s has this dossier open too.") % {"names": ", ".join(others)} if others else ""


def last_answered_request(dossier: Dossier) -> datetime | None:
    """Files that came after this moment are new since the officer last looked."""
    answered = [r.asked_at for r in dossier.supplements.all() if r.answered_at is not None]
    return max(answered, default=None)


def _figure_rows(figures: Sequence[YearFigure]) -> list[FigureRow]:
    rows = []
    for name in trends.MEASURES:
        field = cast("models.Field[Any, Any]", YearFigure._meta.get_field(name))
        label = str(field.verbose_name)
        if all(getattr(figure, name) is None for figure in figures) and name.startswith("enterprise"):
            continue  # not asked for in older dossiers
        values = []
        before: Decimal | None = None
        for position, figure in enumerate(figures):
            raw = getattr(figure, name)
            value = None if raw is None else Decimal(raw)
            change = words.per_cent(trends.growth(before, value)) if position else ""
            values.append((words.exact(value), change))
            before = value
        rows.append(FigureRow(label[:1].upper() + label[1:], values))
    return rows


def _events(dossier: Dossier) -> list[Event]:
    """The steps taken, newest first."""
    requests = {request.asked_at: request for request in dossier.supplements.all()}
    events = []
    for change in dossier.changes.all():
        title, kind = words.STEPS.get(change.step, (change.step, "grey"))
        asked = requests.get(change.taken_at) if change.step == "request_supplement" else None
        events.append(Event(change.taken_at, change.taken_by_name, str(title), kind, change.note, asked))
    return events[::-1]
