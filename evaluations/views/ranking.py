"""The result of a season: the picture, the table, the rules, the runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require
from core.errors import Refused
from core.templatetags.ui import in_language
from evaluations import actions, closing, queries, scoring, wording
from evaluations.models import Result, ResultRun
from evaluations.queries import trim
from evaluations.views.common import page, season_of
from programme.actions import rules_of
from programme.models import Criterion, Season
from programme.queries import leaves
from programme.rubric_file import RubricRules


@dataclass(frozen=True)
class Mean:
    """One criterion of one dossier: the mean and the marks at both ends."""

    average: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Row:
    """One line of the ranking, in words. Coordinates are percent of the width, ready for SVG."""

    result: Result
    averages: tuple[Mean | None, ...]
    span: tuple[Decimal, Decimal] | None
    failures: tuple[str, ...]
    tie: str
    band: str
    x: str
    low: str
    high: str
    ends_top: bool
    ends_threshold: bool

    @property
    def spread(self) -> Decimal | None:
        return trim(self.span[1] - self.span[0]) if self.span else None


@require_GET
def ranking(request: HttpRequest, year: int) -> HttpResponse:
    return _answer(request, season_of(year))


@require_http_methods(["GET", "POST"])
def order_run(request: HttpRequest, year: int) -> HttpResponse:
    """Compute again, with the reason. Asked twice it is one computation."""
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    if request.method == "GET":
        return redirect("evaluations:ranking", year=year)
    try:
        actions.order_run(season=season, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    except Refused as refusal:
        return _answer(request, season, reasons=refusal.reasons)
    messages.success(request, _("The result is being computed again. The old one stays."))
    return redirect("evaluations:progress", year=year)


def _answer(request: HttpRequest, season: Season, reasons: list[str] | None = None) -> HttpResponse:
    run = queries.latest_run(season)
    require(request.user, "evaluations.see_ranking", run)
    context: dict[str, Any] = {"season": season, "run": run, "job": queries.closing_job(season)}
    if run is not None and season.rubric is not None:
        context |= facts_of(season, run, request.user)
        context |= {"runs": _runs(season), "open_appeals": _open_appeals(season, request.user)}
    return page(request, "session/ranking.html", context, reasons=reasons)


def _open_appeals(season: Season, user: Any) -> int:
    return queries.appeals_of(season, user).filter(outcome="").count()


def _runs(season: Season) -> list[tuple[ResultRun, ResultRun | None]]:
    """Every run with the one before it, the newest first."""
    found = list(ResultRun.objects.filter(season=season).order_by("-number"))
    return list(zip(found, [*found[1:], None], strict=True))


def facts_of(season: Season, run: ResultRun, user: Any) -> dict[str, Any]:
    """What page and files print. Whoever has a conflict in the season reads ranks among the other dossiers, no
    digest, and nothing that says how many are closed."""
    assert season.rubric is not None
    rules, criteria = rules_of(season.rubric), list(leaves(season.rubric))
    results = queries.visible_results(run, user)
    whole = queries.is_whole(user, season)
    stored = queries.entries(season, [result.dossier_id for result in results])
    spans = queries.member_totals(season, stored)
    threshold = wording.threshold_of(rules)
    lowest = [low for low, _high in spans.values()] + [r.total for r in results]
    start = _start(lowest + ([threshold] if threshold is not None else []), rules.scale_max)
    labels = wording.labels_of(season)
    top = sum(r.is_top10 for r in results)
    return {
        "rubric": season.rubric,
        "criteria": criteria,
        "rows": _rows(results, criteria, spans, rules, labels, start),
        "is_whole": whole,
        "passing": sum(r.passes for r in results),
        "top": top,
        "referred": [r for r in results if r.is_referred],
        "shared_cut": top > run.places,
        "has_spans": bool(spans),
        "has_bands": bool(rules.bands),
        "columns": len(criteria) + 5 + 2 * bool(spans) + bool(rules.bands),
        "bands": [(in_language(band, "label"), trim(band.from_points)) for band in rules.bands],
        "ticks": [(value, _percent(value, start, rules.scale_max)) for value in _ticks(start, rules.scale_max)],
        "threshold": trim(threshold) if threshold is not None else None,
        "threshold_x": _percent(threshold, start, rules.scale_max) if threshold is not None else "",
        "how": wording.how_words(),
        "pass_rules": [wording.rule_words(rule) for rule in rules.pass_rules],
        "tie_rules": [wording.tie_rule_words(rule, labels) for rule in rules.tie_rules],
        "cut_rule": wording.cut_words(rules.cut, run.places),
        "is_current": not whole or closing.current_inputs(season) == run.input_digest,
    }


def _rows(
    results: Sequence[Result],
    criteria: Sequence[Criterion],
    spans: dict[str, tuple[Decimal, Decimal]],
    rules: RubricRules,
    labels: Mapping[str, str],
    start: Decimal,
) -> list[Row]:
    threshold = wording.threshold_of(rules)
    rows = []
    for place, result in enumerate(results):
        averages = means_of(result, rules)
        span = spans.get(result.dossier.number or "")
        after = results[place + 1] if place + 1 < len(results) else None
        band = rules.band_for(result.total_exact) if rules.bands else None
        rows.append(
            Row(
                result=result,
                averages=tuple(averages.get(c.code) for c in criteria),
                span=span,
                failures=tuple(wording.failure_words(f, rules) for f in result.failed_rules),
                tie=wording.tie_words(result.tie_rule, labels),
                band=str(in_language(band, "label")) if band else "",
                x=_percent(result.total, start, rules.scale_max),
                low=_percent(span[0], start, rules.scale_max) if span else "",
                high=_percent(span[1], start, rules.scale_max) if span else "",
                ends_top=result.is_top10 and after is not None and not after.is_top10,
                ends_threshold=threshold is not None
                and after is not None
                and result.total_exact >= Fraction(threshold) > after.total_exact,
            )
        )
    return rows


def means_of(result: Result, rules: RubricRules) -> dict[str, Mean]:
    """The criteria of a result that somebody gave points for."""
    cells = zip(rules.all_leaves, result.sums, result.counts, result.lowest, result.highest, strict=True)
    return {
        leaf.code: Mean(
            scoring.rounded(Fraction(total, n * scoring.HUNDREDTHS), 4),
            trim(Decimal(low or 0).scaleb(-2)),
            trim(Decimal(high or 0).scaleb(-2)),
        )
        for leaf, total, n, low, high in cells
        if n
    }


# --- two runs side by side ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Moved:
    """One dossier in two runs."""

    old: Result
    new: Result


@require_GET
def difference(request: HttpRequest, year: int, first: int, second: int) -> HttpResponse:
    """What became of each dossier from one run to another. That something was computed again may tell of a dossier
    that is closed to a person with a conflict: for such a person it is not there."""
    season = season_of(year)
    require(request.user, "evaluations.see_ranking")
    if not queries.is_whole(request.user, season):
        raise Http404
    runs = {run.number: run for run in ResultRun.objects.filter(season=season, number__in=[first, second])}
    if first not in runs or second not in runs:
        return redirect("evaluations:ranking", year=year)
    before = {row.dossier_id: row for row in queries.visible_results(runs[first], request.user)}
    after = queries.visible_results(runs[second], request.user)
    moved = [Moved(before[row.dossier_id], row) for row in after if _differs(before.get(row.dossier_id), row)]
    context = {
        "season": season,
        "before": runs[first],
        "after": runs[second],
        "moved": moved,
        "new": [row for row in after if row.dossier_id not in before],
        "gone": [row for pk, row in before.items() if pk not in {r.dossier_id for r in after}],
        "unchanged": sum(1 for row in after if row.dossier_id in before) - len(moved),
    }
    return page(request, "session/difference.html", context)


def _differs(old: Result | None, new: Result) -> bool:
    if old is None:
        return False
    return any(
        getattr(old, name) != getattr(new, name)
        for name in ("rank", "numerator", "denominator", "passes", "is_top10", "is_referred")
    )


# --- the scale of the picture -------------------------------------------------------------------------
def _start(values: Sequence[Decimal], scale_max: Decimal) -> Decimal:
    """Where the axis begins: a multiple of ten below everything shown, never above half of the scale."""
    step = Decimal(10) if scale_max >= 50 else Decimal(1)
    below = step * floor((min(values, default=Decimal(0)) - step / 4) / step)
    return max(Decimal(0), min(below, scale_max - 3 * step))


def _ticks(start: Decimal, scale_max: Decimal) -> list[Decimal]:
    """From three to seven round values."""
    width = scale_max - start
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500):
        if width / step <= 6:
            first = (start / step).to_integral_value(rounding="ROUND_CEILING") * step
            return [trim(first + step * k) for k in range(int((scale_max - first) // step) + 1)]
    return [start, scale_max]


def _percent(value: Decimal, start: Decimal, scale_max: Decimal) -> str:
    share = (value - start) / (scale_max - start) * 100
    return f"{max(Decimal(0), min(share, Decimal(100))):.2f}%"
