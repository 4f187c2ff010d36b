"""The ranking as files: CSV, XLSX and the decision bundle."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import require
from core import audit
from core.errors import Refused
from core.templatetags.ui import in_language
from core.xlsx.columns import Column, safe_csv
from core.xlsx.writing import Sheet, write
from evaluations import bundle, queries
from evaluations.models import ResultRun
from evaluations.views.common import season_of
from evaluations.views.ranking import Row, facts_of
from programme.models import Season

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _table(request: HttpRequest, year: int) -> tuple[Season, list[Column], list[dict[str, Any]]]:
    """Columns and typed rows, as the person may see them."""
    season = season_of(year)
    run = queries.latest_run(season)
    require(request.user, "evaluations.see_ranking", run)
    if run is None or season.rubric is None:
        raise Http404
    facts = facts_of(season, run, request.user)
    columns = [
        Column("rank", _("Rank"), "whole", 8),
        Column("number", _("Dossier number"), "code", 24),
        Column("product", _("Product"), width=36),
        Column("enterprise", _("Enterprise"), width=36),
        Column("tax_code", _("Tax code"), "code"),
        Column("track", _("Track")),
        Column("total", _("Total"), "decimal", 12),
        *(Column(f"c{c.pk}", f"{c.code}. {in_language(c, 'label')}", "decimal", 12) for c in facts["criteria"]),
        Column("low", _("Lowest total of a sheet"), "decimal", 14),
        Column("high", _("Highest total of a sheet"), "decimal", 14),
        Column("members", pgettext("column", "Members"), "whole", 10),
        Column("outcome", _("Outcome")),
        Column("reasons", _("Reasons"), width=36),
        Column("top", _("Top %(n)s") % {"n": run.places}, width=16),
        Column("tie", _("Tie"), width=30),
    ]
    if facts["has_bands"]:
        columns.append(Column("band", pgettext("rubric", "Band")))
    return season, columns, [_cells(row, facts["criteria"]) for row in facts["rows"]]


def _cells(row: Row, criteria: list[Any]) -> dict[str, Any]:
    result, dossier = row.result, row.result.dossier
    low, high = row.span or (None, None)
    top = _("yes") if result.is_top10 else _("left to the council's vote") if result.is_referred else ""
    means = zip(criteria, row.averages, strict=True)
    return {
        "rank": result.rank,
        "number": dossier.number,
        "product": dossier.product.name_vi,
        "enterprise": dossier.enterprise.name_vi,
        "tax_code": dossier.enterprise.tax_code,
        "track": str(dossier.get_track_display()),
        "total": _two(result.total),
        **{f"c{c.pk}": _two(mean.average if mean else None) for c, mean in means},
        "low": _two(low),
        "high": _two(high),
        "members": result.scorers,
        "outcome": _("Passes") if result.passes else _("Does not pass"),
        "reasons": "; ".join(row.failures),
        "top": top,
        "tie": row.tie,
        "band": row.band,
    }


def _two(value: Decimal | None) -> Decimal | None:
    """Two decimals, rounded half up, as the rules round for reading."""
    return None if value is None else value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@require_GET
def ranking_csv(request: HttpRequest, year: int) -> HttpResponse:
    """As Excel opens it: with a byte-order mark, and separated as the language writes decimals."""
    season, columns, rows = _table(request, year)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kip-{season.year}-ranking.csv"'
    writer = csv.writer(response, delimiter=";" if get_format("DECIMAL_SEPARATOR") == "," else ",")
    writer.writerow([safe_csv(column.label) for column in columns])
    for row in rows:
        writer.writerow([_csv(row[column.key]) for column in columns])
    return response


def _csv(value: Any) -> Any:
    if value is None:
        return ""
    return str(number_format(value, 2)) if isinstance(value, Decimal) else safe_csv(value)


@require_GET
def ranking_xlsx(request: HttpRequest, year: int) -> HttpResponse:
    season, columns, rows = _table(request, year)
    title = _("Ranking of season %(season)s") % {"season": season}
    sheet = Sheet(name=_("Ranking"), columns=columns, rows=rows, title=title, numbered=False)
    response = HttpResponse(write(sheet), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="kip-{season.year}-ranking.xlsx"'
    return response


@require_GET
def decision_bundle(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """All that decided the run, under pseudonyms, for the replay. Whoever takes it is written down."""
    season = season_of(year)
    require(request.user, "evaluations.take_bundle", season)
    run = get_object_or_404(ResultRun.objects.select_related("season__rubric"), season=season, number=number)
    try:
        data = bundle.of_run(run)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
        return redirect("evaluations:ranking", year=year)
    with transaction.atomic():
        audit.record("bundle.taken", run, by=request.user, at=timezone.now(), result=run.result_digest)
    response = HttpResponse(data, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="kip-{season.year}-decision-{run.number}.json"'
    response["Cache-Control"] = "private, no-store"
    return response
