"""Who scores what: the matrix of dossiers and members, and the opening of the session."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require
from core.errors import Refused
from core.templatetags.ui import in_language
from dossiers.models import Dossier, Stage
from evaluations import actions, queries
from evaluations.forms import AssignForm, CellForm
from evaluations.models import Assignment, Interest
from evaluations.views.common import page, season_of
from programme.actions import rules_of
from programme.models import Season
from programme.queries import leaves


@require_http_methods(["GET", "POST"])
def assignment(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    if request.method == "GET":
        return _show(request, season, AssignForm())
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _show(request, season, form)
    try:
        count = actions.assign(season=season, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        return _show(request, season, form, refusal.reasons)
    messages.success(
        request,
        ngettext("%(n)s criterion is assigned.", "%(n)s criteria are assigned.", count) % {"n": count},
    )
    return redirect("evaluations:assignment", year=season.year)


def _show(request: HttpRequest, season: Season, form: AssignForm, reasons: list[str] | None = None) -> HttpResponse:
    seats = list(queries.seats_of(season))
    rows = queries.matrix(season, seats)
    loads = [sum(len(row.cells[place].codes) for row in rows) for place in range(len(seats))]
    dossiers = [sum(bool(row.cells[place].codes) for row in rows) for place in range(len(seats))]
    waiting = [row for row in rows if row.dossier.stage == Stage.ELIGIBLE]
    context = {
        "season": season,
        "rubric": season.rubric,
        "form": form,
        "rows": rows,
        "seats": [
            {"seat": seat, "given": seat.user.full_name.split(" ")[-1], "load": load, "dossiers": count}
            for seat, load, count in zip(seats, loads, dossiers, strict=True)
        ],
        "heaviest": max(loads, default=0),
        "waiting": len(waiting),
        "uncovered": sum(len(row.uncovered) for row in rows),
        "silent": sum(cell.kind == "silent" for row in waiting for cell in row.cells),
        "conflicts": sum(cell.kind == "conflict" for row in rows for cell in row.cells),
        "has_chair": any(seat.position == seat.Position.CHAIR for seat in seats),
        "is_assigned": any(loads),
    }
    return page(request, "session/assignment.html", context, reasons=reasons)


@require_POST
def open_session(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    try:
        count = actions.open_session(season=season, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _show(request, season, AssignForm(), refusal.reasons)
    messages.success(
        request,
        ngettext(
            "Scoring is open: %(n)s dossier is with the council.",
            "Scoring is open: %(n)s dossiers are with the council.",
            count,
        )
        % {"n": count},
    )
    return redirect("evaluations:progress", year=season.year)


@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, year: int, dossier: int, seat: int) -> HttpResponse:
    """One cell of the matrix by hand: exactly these criteria."""
    season = season_of(year)
    found = get_object_or_404(
        Dossier.objects.select_related("product", "enterprise", "season__rubric"),
        pk=dossier,
        season=season,
        stage__in=queries.IN_COUNCIL,
    )
    require(request.user, "evaluations.run_session", found)
    member = get_object_or_404(queries.seats_of(season), pk=seat)
    asked = set()
    if season.rubric is not None:
        asked = {rule.code for rule in rules_of(season.rubric).leaves(found.track)}
    criteria = [c for c in leaves(season.rubric) if c.code in asked] if season.rubric is not None else []
    held = queries.assigned_codes(member, found)
    choices = [(c.code, f"{c.code}. {in_language(c, 'label')}") for c in criteria]
    posted = request.POST if request.method == "POST" else None
    form = CellForm(posted, choices=choices, initial={"codes": held})
    others = Assignment.objects.filter(dossier=found).exclude(seat=member)
    interest = Interest.objects.filter(seat=member, dossier=found).first()
    context = {
        "season": season,
        "dossier": found,
        "seat": member,
        "form": form,
        "held": held,
        "interest": interest,
        "alone": sorted(asked - set(others.values_list("criterion__code", flat=True))),
    }
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_assignment(
                seat=member, dossier=found, codes=form.cleaned_data["codes"], by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            return page(request, "session/cell.html", context, reasons=refusal.reasons)
        messages.success(request, _("The assignment of %(name)s is changed.") % {"name": member})
        return redirect("evaluations:assignment", year=season.year)
    return page(request, "session/cell.html", context)
