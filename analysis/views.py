"""The reliability page of a season, and each member's own level."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import require
from analysis import queries, reading, words
from programme.models import Season


@require_GET
def reliability(request: HttpRequest, year: int) -> HttpResponse:
    """For the secretary and the chair, after closing."""
    season = get_object_or_404(Season, year=year)
    require(request.user, "analysis.see", season)
    run = queries.latest_run(season)
    context: dict[str, Any] = {"season": season, "run": run}
    if run is not None:
        basis, found = queries.report_for(request.user, run)
        context |= _facts(basis, found)
    return render(request, "analysis/reliability.html", context)


def _facts(basis: queries.Basis, found: dict[str, Any]) -> dict[str, Any]:
    rows, scale = reading.dossier_rows(basis, found)
    members, member_scale = reading.member_rows(basis, found)
    totals = [float(s.result.total) for s in basis.standings]
    drawn, column_scale = reading.columns(totals, float(basis.rules.scale_max))
    threshold = basis.cut.threshold
    names = reading.names_of(basis)
    rubric = basis.run.season.rubric
    assert rubric is not None
    return {
        "basis": basis,
        "found": found,
        "sentences": reading.sentences(basis, found),
        "rows": rows,
        "drawn": [row for row in rows if row.is_drawn],
        "band": [row for row in rows if row.in_band],
        "moving": [row for row in rows if row.moves],
        "ticks": scale.ticks,
        "threshold": threshold,
        "threshold_x": scale.at(threshold) if threshold is not None else "",
        "columns": drawn,
        "column_threshold": _inside(column_scale, threshold),
        "members": members,
        "member_ticks": member_scale.ticks,
        "zero": member_scale.at(0.0),
        "criteria": reading.criterion_rows(rubric, found),
        "matrix": reading.matrix(basis, found),
        "pairs": [(names.get(p["first"], ""), names.get(p["second"], ""), p) for p in found["pairs"]],
        "parts": reading.variance_parts(found),
        "missing_model": words.why(found["model"], names) if words.is_missing(found["model"]) else "",
        "missing_chances": words.why(found["chances"], names) if words.is_missing(found["chances"]) else "",
        "missing_parts": words.why(found["components"], names) if words.is_missing(found["components"]) else "",
        "missing_stability": words.why(found["stability"]) if words.is_missing(found["stability"]) else "",
    }


def _inside(scale: Any, value: float | None) -> str:
    """Where the line stands on the distribution, if it does."""
    return scale.at(value) if value is not None and scale.low <= value <= scale.high else ""


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """A member's own level beside the council's, in the newest season with a result: nobody else's."""
    require(request.user, "analysis.see_own")
    found = queries.own_latest_run(request.user)
    if found is None:
        return render(request, "analysis/mine.html", {"run": None})
    run, seat = found
    basis, report = queries.report_for(request.user, run)
    members, scale = reading.member_rows(basis, report)
    context = {
        "season": run.season,
        "run": run,
        "basis": basis,
        "own": next((m for m in members if m.report["member"] == str(seat.pk)), None),
        "zero": scale.at(0.0),
        "ticks": scale.ticks,
        "missing": words.why(report["model"]) if words.is_missing(report["model"]) else "",
    }
    return render(request, "analysis/mine.html", context)
