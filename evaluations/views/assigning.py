"""Who scores what: the matrix of dossiers and members, a trial, what is kept of it, and the opening of the session."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require
from core import clock
from core.errors import Refused
from core.templatetags.ui import in_language
from dossiers import wall
from dossiers.models import Dossier, Stage
from evaluations import actions, assigning_words, queries
from evaluations.actions.assigning import Kept, Trial, asked_codes
from evaluations.assigning.measuring import Measures, measure
from evaluations.assigning.problem import Settings
from evaluations.assigning.repairing import gaps
from evaluations.assigning.solving import Goal
from evaluations.assigning_forms import AssignForm, CellForm
from evaluations.models import Assignment, AssignmentRun, Council, Interest, StandingSheet
from evaluations.views.common import page, season_of
from programme.models import Season
from programme.queries import leaves

TOKEN_SECONDS = 2 * 60 * 60
MOST_GAPS = 20
TAKERS = 3


@never_cache
@require_http_methods(["GET", "POST"])
def assignment(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    if request.method == "POST":
        return _keep(request, season) if request.POST.get("do") == "keep" else _try(request, season)
    return show(request, season)


def _try(request: HttpRequest, season: Season) -> HttpResponse:
    form = AssignForm(request.POST)
    if not form.is_valid():
        return show(request, season, form=form)
    try:
        trial = actions.try_assignment(season=season, settings=form.settings, by=request.user, at=timezone.now())
    except Refused as refusal:
        return show(request, season, form=form, reasons=refusal.reasons)
    return show(request, season, form=form, trial=trial)


def _keep(request: HttpRequest, season: Season) -> HttpResponse:
    try:
        kept = Kept.from_dict(
            signing.loads(request.POST.get("trial", ""), salt=_salt(request, season), max_age=TOKEN_SECONDS)
        )
        count = actions.keep_assignment(season=season, kept=kept, by=request.user, at=timezone.now())
    except signing.BadSignature:
        return show(request, season, reasons=[_("The trial is too old or not yours. Try the assignment again.")])
    except Refused as refusal:
        return show(request, season, reasons=refusal.reasons)
    messages.success(
        request,
        ngettext("%(n)s criterion is assigned.", "%(n)s criteria are assigned.", count) % {"n": count},
    )
    return redirect("evaluations:assignment", year=season.year)


def _salt(request: HttpRequest, season: Season) -> str:
    return f"evaluations.assignment:{season.pk}:{request.user.pk}"


def show(
    request: HttpRequest,
    season: Season,
    *,
    form: AssignForm | None = None,
    reasons: list[str] | None = None,
    trial: Trial | None = None,
) -> HttpResponse:
    council = queries.council_of(season)
    seats = list(queries.seats_of(season).prefetch_related("sectors"))
    chosen = trial.solution.chosen if trial else None
    rows = queries.matrix(season, seats, for_user=request.user, trial=chosen)
    waiting = [row for row in rows if row.dossier.stage == Stage.ELIGIBLE]
    run = _last_run(council, request)
    sector = "" if trial else request.GET.get("sector", "")
    sectors = {row.dossier.product.sector.code: row.dossier.product.sector for row in rows}
    is_assigned = any(cell.before for row in rows for cell in row.cells)
    context = {
        "season": season,
        "rubric": season.rubric,
        "form": form or AssignForm(initial=AssignForm.initial_of(run.settings) if run else None),
        "rows": waiting
        if trial
        else [row for row in rows if row.dossier.product.sector.code == sector]
        if sector in sectors
        else rows,
        "all_rows": len(rows),
        "sectors": sorted(sectors.values(), key=lambda s: s.position),
        "sector": sector,
        "seats": _loads(seats, rows, run),
        "waiting": len(waiting),
        "uncovered": sum(len(row.uncovered) for row in rows),
        "silent": sum(cell.kind == "silent" for row in waiting for cell in row.cells),
        "conflicts": sum(cell.kind == "conflict" for row in rows for cell in row.cells),
        "has_chair": any(seat.position == seat.Position.CHAIR for seat in seats),
        "is_assigned": is_assigned,
        "version": queries.seen_version(council, request.user) if council else 0,
        "run": run,
        "run_goals": [_goal(goal) for goal in run.objective.get("goals", [])] if run else [],
        "trial": _trial(request, season, trial) if trial else None,
        "gaps": [] if trial or not is_assigned else _gaps(request, season),
    }
    return page(request, "session/assignment.html", context, reasons=reasons)


def _last_run(council: Council | None, request: HttpRequest) -> AssignmentRun | None:
    """The newest computation; its digests and counts cover all dossiers, so whoever may not know all sees none."""
    if council is None or wall.barred_ids(request.user, council.season):
        return None
    return AssignmentRun.objects.filter(council=council).first()


def _loads(seats: list[Any], rows: list[Any], run: AssignmentRun | None) -> list[dict[str, Any]]:
    limit = run.settings.get("most") if run else None
    found = []
    for place, seat in enumerate(seats):
        cells = [row.cells[place] for row in rows]
        own = [n for n in (seat.max_dossiers, limit) if n is not None]
        dossiers = sum(bool(cell.codes) for cell in cells)
        most = min(own) if own else None
        found.append(
            {
                "seat": seat,
                "given": seat.user.full_name.split(" ")[-1],
                "load": sum(len(cell.codes) for cell in cells),
                "dossiers": dossiers,
                "before": sum(bool(cell.before) for cell in cells),
                "most": most,
                "over": most is not None and dossiers > most,
                "serves": seat.serves_on(timezone.localdate()),
            }
        )
    heaviest = max((one["dossiers"] for one in found), default=0)
    for one in found:
        one["scale"] = max(heaviest, one["most"] or 0)
    return found


def _trial(request: HttpRequest, season: Season, trial: Trial) -> dict[str, Any]:
    """What the page says of a dry run."""
    solution, before = trial.solution, trial.before
    settings = trial.panel.problem.settings
    return {
        "token": signing.dumps(trial.kept.as_dict(), salt=_salt(request, season), compress=True),
        "cells": len(trial.changes),
        "compared": [
            (_("Dossiers per member"), _span(before), _span(solution.measures)),
            (
                _("Expertise of the worst-served dossier"),
                assigning_words.percent(before.worst),
                assigning_words.percent(solution.measures.worst),
            ),
            (_("Dossiers without an expert of their sector"), len(before.unexpert), len(solution.measures.unexpert)),
            (
                _("Dossiers with members of one agency"),
                len({work for work, _name, _n in before.crowded}),
                len({work for work, _name, _n in solution.measures.crowded}),
            ),
            (_("Groups of dossiers without a common member"), len(before.parts), len(solution.measures.parts)),
            (_("Criteria with too few scorers"), len(before.gaps), len(solution.measures.gaps)),
        ],
        "worst": sorted(trial.panel.dossiers[key].number or "" for key in solution.measures.worst_served)[:MOST_GAPS],
        "goals": [assigning_words.goal(goal) for goal in solution.goals],
        "is_proven": solution.is_proven,
        "solver": f"{solution.solver} {solution.solver_version}",
        "seed": settings.seed,
        "digest": solution.input_digest,
        "result": solution.result_digest,
    }


def _span(measures: Measures) -> str:
    counts = sorted(measures.sheets.values())
    if not counts or not counts[-1]:
        return "–"
    return str(counts[0]) if counts[0] == counts[-1] else f"{counts[0]}–{counts[-1]}"


def _goal(goal: dict[str, Any]) -> tuple[str, str]:
    return assigning_words.goal(Goal(goal["name"], goal["value"], goal["bound"]))


def _gaps(request: HttpRequest, season: Season) -> list[dict[str, Any]]:
    """Criteria that have lost their scorer, and who could take them: of dossiers that are being scored, and of those
    that are shared out in part."""
    if season.rubric is None:
        return []
    panel = queries.panel_of(
        season, Settings(), for_user=request.user, on=timezone.localdate(), stages=[Stage.ELIGIBLE, Stage.SCORING]
    )
    present = frozenset(t for t in panel.present if t[0] in panel.problem.by_key)
    signed = StandingSheet.objects.filter(dossier__in=list(panel.dossiers.values())).values_list("seat", "dossier")
    closed = {(str(seat), str(dossier)) for seat, dossier in signed}
    held = measure(panel.problem, present)
    found = []
    begun = {work for _member, work, _code in present}
    begun |= {key for key, dossier in panel.dossiers.items() if dossier.stage == Stage.SCORING}
    for gap in [g for g in gaps(panel.problem, present, closed=closed) if g.work in begun][:MOST_GAPS]:
        takers = [
            {
                "seat": panel.seats[taker.member],
                "taker": taker,
                "load": held.sheets.get(taker.member, 0),
                "codes": sorted({c for m, w, c in present if (m, w) == (taker.member, gap.work)} | {*gap.criteria}),
            }
            for taker in gap.takers[:TAKERS]
        ]
        found.append({"dossier": panel.dossiers[gap.work], "criteria": gap.criteria, "takers": takers})
    return found


@require_POST
def open_session(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    try:
        count = actions.open_session(season=season, by=request.user, at=clock.database_now())
    except Refused as refusal:
        return show(request, season, reasons=refusal.reasons)
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


@never_cache
@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, year: int, dossier: int, seat: int) -> HttpResponse:
    """One cell of the matrix by hand: exactly these criteria."""
    season = season_of(year)
    found = get_object_or_404(
        Dossier.objects.open_to(request.user).select_related("product__sector", "enterprise", "season__rubric"),
        pk=dossier,
        season=season,
        stage__in=queries.IN_COUNCIL,
    )
    require(request.user, "evaluations.run_session", found)
    member = get_object_or_404(queries.seats_of(season), pk=seat)
    asked = asked_codes(found)
    criteria = [c for c in leaves(season.rubric) if c.code in asked] if season.rubric is not None else []
    held = queries.assigned_codes(member, found)
    choices = [(c.code, f"{c.code}. {in_language(c, 'label')}") for c in criteria]
    posted = request.POST if request.method == "POST" else None
    form = CellForm(posted, choices=choices, initial={"codes": held})
    others = Assignment.objects.filter(dossier=found).exclude(seat=member)
    council = member.council
    context = {
        "season": season,
        "dossier": found,
        "seat": member,
        "form": form,
        "held": held,
        "interest": Interest.objects.filter(seat=member, dossier=found).first(),
        "alone": sorted(asked - set(others.values_list("criterion__code", flat=True))),
        "version": queries.seen_version(council, request.user),
    }
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_assignment(
                seat=member,
                dossier=found,
                codes=form.cleaned_data["codes"],
                seen=seen_by(request),
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            return page(request, "session/cell.html", context, reasons=refusal.reasons)
        messages.success(request, _("The assignment of %(name)s is changed.") % {"name": member})
        return redirect("evaluations:assignment", year=season.year)
    return page(request, "session/cell.html", context)


def seen_by(request: HttpRequest) -> int | None:
    """The version of the panel that the page was made from."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None
