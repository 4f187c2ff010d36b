"""The Excel page of the desk: three tables out, three tables in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require
from core import files, jobs
from core.errors import Refused
from core.models import Job
from core.uploads import XLSX, clean_name
from core.xlsx.reading import open_upload
from dossiers.models import Stage
from exchange import actions, exporting, queries
from exchange.kinds import CODES, Dossiers
from exchange.models import Import
from programme.models import Season
from programme.queries import running_season

ICONS = {"enterprises": "factory", "products": "grid", "dossiers": "file"}


@never_cache
@require_GET
def excel(request: HttpRequest) -> HttpResponse:
    require(request.user, "exchange.export")
    return _page(request)


@never_cache
@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The table with what the registry holds."""
    require(request.user, "exchange.export")
    season = _season(request.GET.get("season", ""), kind)
    at = timezone.now()
    content = exporting.workbook(
        _known(kind), for_user=request.user, season=season, stage=request.GET.get("stage", ""), at=at
    )
    words = f"{_name(kind)} {season.year}" if season else _name(kind)
    return _file(content, exporting.file_name(words, at))


@never_cache
@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The same table without rows."""
    require(request.user, "exchange.export")
    at = timezone.now()
    season = _season(request.GET.get("season", ""), kind)
    content = exporting.workbook(_known(kind), for_user=request.user, season=season, empty=True, at=at)
    word = pgettext("file name", "template")
    return _file(content, exporting.file_name(f"{word} {_name(kind)}", at))


@require_POST
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Look at a workbook: what it would change."""
    require(request.user, "exchange.import")
    _known(kind)
    found = request.FILES.get("file")
    try:
        if found is None:
            raise Refused(_("Choose a workbook first."))
        season = _season(request.POST.get("season", ""), kind) if kind == Dossiers.code else None
        if kind == Dossiers.code and season is None:
            raise Refused(_("There is no season yet."))
        made = actions.preview(
            kind=kind,
            season=season,
            content=open_upload(found),
            name=clean_name(found.name or ""),
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _page(request, refused=kind, reasons=refusal.reasons)
    return redirect("exchange:import", made.pk)


@never_cache
@require_GET
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """The differences; while it is written, how far; afterwards, what became of it."""
    require(request.user, "exchange.import")
    rows = queries.visible_to(request.user).select_related("made_by", "confirmed_by", "season")
    made = get_object_or_404(rows, pk=pk)
    return _import_page(request, made)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "exchange.import")
    made, at = get_object_or_404(queries.visible_to(request.user), pk=pk), timezone.now()
    failed = Job.objects.filter(batch=f"import-{pk}", state=Job.State.FAILED).first()
    if failed is not None:
        jobs.retry(job=failed)
        return redirect("exchange:import", pk)
    try:
        made = actions.confirm(made=made, basis=request.POST.get("basis", ""), by=request.user, at=at)
        if made.state == Import.State.PREVIEW:
            actions.show_anew(made=made, by=request.user, at=at)
            messages.warning(
                request,
                _("The registry has changed since the differences were shown. Nothing was written. Look at the new "
                  "differences and confirm them."),
            )  # fmt: skip
    except Refused as refusal:
        return _import_page(request, made, refusal.reasons)
    return redirect("exchange:import", pk)


@never_cache
@require_GET
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook with its errors in red."""
    require(request.user, "exchange.import")
    made = get_object_or_404(queries.visible_to(request.user).select_related("season"), pk=pk)
    if not made.count("error"):
        raise Http404
    at = timezone.now()
    content = exporting.returned(made, files.read(made.file_id), at)
    word = pgettext("file name", "errors")
    return _file(content, exporting.file_name(f"{word} {_name(made.kind)}", at))


# --- pages and parts ----------------------------------------------------------------------------------
def _page(request: HttpRequest, refused: str = "", reasons: list[str] | None = None) -> HttpResponse:
    season = running_season()
    amounts = queries.amounts(season, request.user)
    cards = [
        {
            "code": code,
            "name": _name(code),
            "icon": ICONS[code],
            "amount": amounts[code],
            "reasons": reasons if refused == code else [],
        }
        for code in CODES
    ]
    context = {
        "cards": cards,
        "season": season,
        "seasons": Season.objects.all(),
        "stages": [(value, label) for value, label in Stage.choices if value != Stage.DRAFT],
        "recent": list(queries.recent(request.user)),
        "max_rows": actions.MAX_ROWS,
    }
    return render(request, "exchange/excel.html", context)


def _import_page(request: HttpRequest, made: Import, reasons: list[str] | None = None) -> HttpResponse:
    at = timezone.now()
    if made.state == Import.State.PREVIEW and made.language != (get_language() or "vi")[:2]:
        made = actions.translated(made, by=request.user, at=at)
    job = Job.objects.filter(batch=f"import-{made.pk}").first()
    rows = queries.rows_to_show(made)
    context: dict[str, Any] = {
        "made": made,
        "rows": rows,
        "hidden": made.total - made.count("same") - len(rows),
        "reasons": reasons or [],
        "waiting": made.state == Import.State.CONFIRMED and (job is None or job.state not in Job.FINAL),
        "failed": made.state == Import.State.CONFIRMED and job is not None and job.state == Job.State.FAILED,
        "job": job,
    }
    partial = request.headers.get("X-Partial")
    return render(request, "exchange/_progress.html" if partial else "exchange/import.html", context)


def _known(kind: str) -> str:
    if kind not in CODES:
        raise Http404
    return kind


def _name(kind: str) -> str:
    return str(dict(Import.Kind.choices)[_known(kind)])


def _season(text: str, kind: str) -> Season | None:
    """The season asked for; dossiers always have one."""
    if text.isdecimal() and len(text) == 4:
        return get_object_or_404(Season, year=int(text))
    return running_season() if kind == Dossiers.code else None


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
