from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from public import statistics as charts
from public.downloads import csv_response
from registry import queries
from registry.models import ReportedRecognition, SourceNote


@login_not_required
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Every chart with its table, its source and its file."""
    today = timezone.localdate()
    figures = queries.told_seasons()
    context = {
        "seasons": charts.season_chart(figures),
        "figures": figures,
        "reported_sectors": charts.reported_sectors(),
        "registry_sectors": charts.registry_sectors(today),
        "reported": ReportedRecognition.objects.all(),
        "notes": SourceNote.objects.all(),
        "today": today,
    }
    return render(request, "public/statistics.html", context)


@login_not_required
@require_safe
def download(request: HttpRequest, name: str) -> HttpResponse:
    """One table as CSV."""
    table = charts.tables(timezone.localdate()).get(name)
    if table is None:
        raise Http404
    header, rows = table()
    return csv_response(f"kip-{name}", header, rows)
