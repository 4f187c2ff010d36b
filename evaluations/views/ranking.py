"""The result of a season: facts of the run, the picture and the table."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import floor
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import require
from core.templatetags.ui import in_language
from core.xlsx.columns import safe_csv
from evaluations import queries, scoring
from evaluations.models import Result, ResultRun
from evaluations.queries import trim
from evaluations.views.common import page, season_of
from programme.actions import rules_of
from programme.models import Criterion, Season
from programme.queries import leaves
from programme.rubric_file import PassRule, RubricRules

NO_REASON = "shared"


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
    x: str
    low: str
    high: str
    ends_top: bool

    @property
    def spread(self) -> Decimal | None:
        return trim(self.span[1] - self.span[0]) if self.span else None


@require_GET
def ranking(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    run = queries.latest_run(season)
    require(request.user, "evaluations.see_ranking", run)
    context: dict[str, Any] = {"season": season, "run": run, "job": queries.closing_job(season)}
    if run is not None and season.rubric is not None:
        context |= _facts(season, run)
    return page(request, "session/ranking.html", context)


def _facts(season: Season, run: ResultRun) -> dict[str, Any]:
    assert season.rubric is not None
    rules, criteria = rules_of(season.rubric), list(leaves(season.rubric))
    results, stored = list(queries.ranking(run)), queries.entries(season)
    spans = queries.member_totals(season, stored)
    threshold = threshold_of(rules)
    lowest = [low for low, _high in spans.values()] + [r.total for r in results]
    start = _start(lowest + ([threshold] if threshold is not None else []), rules.scale_max)
    labels = {c.code: str(in_language(c, "label")) for c in criteria}
    top = sum(r.is_top10 for r in results)
    return {
        "rubric": season.rubric,
        "criteria": criteria,
        "rows": _rows(results, criteria, spans, rules, labels, start),
        "passing": sum(r.passes for r in results),
        "top": top,
        "shared_cut": top > season.top_places,
        "has_spans": bool(spans),
        "ticks": [(value, _percent(value, start, rules.scale_max)) for value in _ticks(start, rules.scale_max)],
        "threshold": trim(threshold) if threshold is not None else None,
        "threshold_x": _percent(threshold, start, rules.scale_max) if threshold is not None else "",
        "pass_rules": [rule_words(rule, rules, labels) for rule in rules.pass_rules],
        "tie_rules": [f"{code}. {labels.get(code, '')}" for code in rules.tie_rules],
        "is_current": is_current(season, run, rules, stored),
    }


def is_current(season: Season, run: ResultRun, rules: RubricRules, stored: Sequence[scoring.Entry]) -> bool:
    """Would the sheets that are stored now give the same input as the run had?"""
    try:
        return scoring.outcome(rules, stored, season.top_places).input_digest == run.input_digest
    except scoring.Incomplete:
        return False


def _rows(
    results: Sequence[Result],
    criteria: Sequence[Criterion],
    spans: dict[int, tuple[Decimal, Decimal]],
    rules: RubricRules,
    labels: dict[str, str],
    start: Decimal,
) -> list[Row]:
    rows = []
    for place, result in enumerate(results):
        averages = {a.criterion.code: Mean(a.average, trim(a.lowest), trim(a.highest)) for a in result.averages.all()}
        span = spans.get(result.dossier_id)
        after = results[place + 1] if place + 1 < len(results) else None
        rows.append(
            Row(
                result=result,
                averages=tuple(averages.get(c.code) for c in criteria),
                span=span,
                failures=tuple(failure_words(f, rules, labels) for f in result.failed_rules),
                tie=tie_words(result.tie_rule, labels),
                x=_percent(result.total, start, rules.scale_max),
                low=_percent(span[0], start, rules.scale_max) if span else "",
                high=_percent(span[1], start, rules.scale_max) if span else "",
                ends_top=result.is_top10 and after is not None and not after.is_top10,
            )
        )
    return rows


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


# --- words --------------------------------------------------------------------------------------------
def _n(value: Decimal) -> str:
    return str(number_format(trim(value)))


def _value(rule: PassRule) -> Decimal:
    return Decimal(rule.value.numerator) / Decimal(rule.value.denominator)


def threshold_of(rules: RubricRules) -> Decimal | None:
    return next((_value(rule) for rule in rules.pass_rules if rule.type == "total_at_least"), None)


def rule_words(rule: PassRule, rules: RubricRules, labels: dict[str, str]) -> str:
    """A pass rule as a condition to meet."""
    if rule.type == "total_at_least":
        return _("Total of at least %(n)s points") % {"n": _n(_value(rule))}
    if rule.type == "each_criterion_at_least_percent":
        return _("Every criterion at least %(n)s%% of its maximum") % {"n": _n(_value(rule))}
    if rule.type == "criterion_at_least":
        return _("Criterion %(code)s at least %(n)s points") % {"code": rule.criterion, "n": _n(_value(rule))}
    return _("At least %(share)s of the ballots in favour") % {"share": rule.value}


def failure_words(failed: str, rules: RubricRules, labels: dict[str, str]) -> str:
    """A missed rule, as scoring names it: `type` or `type:criterion`."""
    kind, _colon, code = failed.partition(":")
    rule = next((r for r in rules.pass_rules if r.type == kind and r.criterion in ("", code)), None)
    if kind == "eliminated":
        return _("Criterion %(code)s: an eliminating level was chosen") % {"code": code}
    if kind == "total_at_least" and rule:
        return _("Total below %(n)s points") % {"n": _n(_value(rule))}
    if kind == "each_criterion_at_least_percent" and rule:
        return _("Criterion %(code)s below %(n)s%% of its maximum") % {"code": code, "n": _n(_value(rule))}
    if kind == "criterion_at_least" and rule:
        return _("Criterion %(code)s below %(n)s points") % {"code": code, "n": _n(_value(rule))}
    return _("Too few ballots in favour")


def tie_words(rule: str, labels: dict[str, str]) -> str:
    if not rule:
        return ""
    if rule == NO_REASON:
        return _("Equal in every tie criterion: the place is shared")
    return _("Equal total, decided by criterion %(code)s") % {"code": rule}


# --- download -----------------------------------------------------------------------------------------
@require_GET
def ranking_csv(request: HttpRequest, year: int) -> HttpResponse:
    """The table as Excel opens it: with a byte-order mark, and separated as the language writes decimals."""
    season = season_of(year)
    run = queries.latest_run(season)
    require(request.user, "evaluations.see_ranking", run)
    if run is None or season.rubric is None:
        raise Http404
    facts = _facts(season, run)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kip-{season.year}-ranking-{run.number}.csv"'
    writer = csv.writer(response, delimiter=";" if get_format("DECIMAL_SEPARATOR") == "," else ",")
    writer.writerow(
        [
            _("Rank"),
            _("Dossier number"),
            _("Product"),
            _("Enterprise"),
            _("Tax code"),
            _("Track"),
            _("Total"),
            *(safe_csv(f"{c.code}. {in_language(c, 'label')}") for c in facts["criteria"]),
            _("Lowest total of a sheet"),
            _("Highest total of a sheet"),
            pgettext("column", "Members"),
            _("Outcome"),
            _("Reasons"),
            _("Top %(n)s") % {"n": season.top_places},
            _("Tie"),
        ]
    )
    for row in facts["rows"]:
        result, dossier = row.result, row.result.dossier
        low, high = row.span or (None, None)
        writer.writerow(
            [
                result.rank,
                safe_csv(dossier.number),
                safe_csv(dossier.product.name_vi),
                safe_csv(dossier.enterprise.name_vi),
                safe_csv(dossier.enterprise.tax_code),
                safe_csv(dossier.get_track_display()),
                _points(result.total),
                *(_points(a.average if a else None) for a in row.averages),
                _points(low),
                _points(high),
                result.scorers,
                _("Passes") if result.passes else _("Does not pass"),
                safe_csv("; ".join(row.failures)),
                _("yes") if result.is_top10 else "",
                safe_csv(row.tie),
            ]
        )
    return response


def _points(value: Decimal | None) -> str:
    """Two decimals, rounded half up; number_format alone would cut them off."""
    if value is None:
        return ""
    return str(number_format(value.quantize(Decimal("0.01"), ROUND_HALF_UP), 2))
