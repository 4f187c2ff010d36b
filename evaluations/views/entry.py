"""The signed paper sheet of an absent member is typed in by one person and confirmed by another."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require
from core import clock, files, uploads
from core.errors import Refused
from core.models import StoredFile
from core.uploads import PDF, PICTURES
from dossiers.models import Dossier
from evaluations import actions, queries
from evaluations.models import ScoreSheet, Seat
from evaluations.queries import Desk
from evaluations.sheet_input import SheetInput
from evaluations.sheet_rows import rows_of
from evaluations.views.common import page, season_of
from evaluations.views.sheet import ballots_of, dossier_of


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, year: int, seat: int, dossier: int) -> HttpResponse:
    """The sheet of the member, empty, with the scan to be chosen."""
    season = season_of(year)
    found = dossier_of(dossier)
    require(request.user, "evaluations.enter_sheet", found)
    member = get_object_or_404(Seat.objects.select_related("user", "council"), pk=seat, council__season=season)
    if found.season_id != season.pk:
        return redirect("evaluations:progress", year=year)
    blank = _blank(member, found)
    if request.method == "GET":
        return _form(request, member, blank, SheetInput(blank))
    typed = SheetInput(blank, request.POST)
    reasons = list(dict.fromkeys(typed.errors.values()))
    upload = request.FILES.get("scan")
    try:
        if reasons:
            raise Refused(reasons)
        if upload is None:
            raise Refused(_("Add the scan of the signed paper sheet."))
        scan = uploads.check(upload)
        if scan.media_type != PDF and scan.media_type not in PICTURES:
            raise Refused(_("The scan has to be a PDF or a picture."))
        actions.enter_sheet(
            seat=member,
            dossier=found,
            answers=typed.answers,
            ballot=typed.cells.get("ballot"),
            comment=typed.cells.get("comment", ""),
            scan=scan.content,
            media_type=scan.media_type,
            by=request.user,
            at=clock.database_now(),
        )
    except Refused as refusal:
        return _form(request, member, blank, typed, refusal.reasons)
    messages.success(request, _("The sheet is typed in. It counts once a second person has confirmed it."))
    return redirect("evaluations:progress", year=season.year)


def _blank(member: Seat, dossier: Dossier) -> Desk:
    """What the member is asked, without a word of what the member may have written."""
    desk = queries.desk_of(member, dossier)
    return Desk(dossier, member, desk.asked)


def _form(
    request: HttpRequest, member: Seat, blank: Desk, typed: SheetInput, reasons: list[str] | None = None
) -> HttpResponse:
    context = {
        "member": member,
        "dossier": blank.dossier,
        "season": blank.dossier.season,
        "typed": typed,
        "rows": rows_of(blank, typed),
        "ballots": ballots_of(blank),
    }
    return page(request, "session/enter.html", context, reasons=reasons)


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """The scan beside what was typed in; then it counts, or goes."""
    season = season_of(year)
    sheet = _waiting(request, year, pk)
    desk = queries.desk_of(sheet.seat, dossier_of(sheet.dossier_id))
    reasons: list[str] = []
    if request.method == "POST":
        try:
            if request.POST.get("do") == "drop":
                actions.drop_entry(sheet=sheet, by=request.user, at=clock.database_now())
                messages.info(request, _("The entry is dropped. Nothing of it counts."))
            else:
                shown = request.POST.get("shown", "")
                actions.confirm_entry(sheet=sheet, shown=shown, by=request.user, at=clock.database_now())
                messages.success(request, _("The sheet is confirmed and counts."))
            return redirect("evaluations:progress", year=season.year)
        except Refused as refusal:
            reasons = refusal.reasons
    stored = StoredFile.objects.filter(sha256=sheet.scan_sha256).first()
    context: dict[str, Any] = {
        "sheet": sheet,
        "desk": desk,
        "dossier": desk.dossier,
        "season": season,
        "rows": rows_of(desk, SheetInput(desk)),
        "ballots": ballots_of(desk),
        "is_pdf": stored is not None and stored.media_type == PDF,
    }
    return page(request, "session/confirm_entry.html", context, reasons=reasons)


@never_cache
@require_GET
def scan(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    sheet = _waiting(request, year, pk)
    stored = get_object_or_404(StoredFile, sha256=sheet.scan_sha256)
    response = HttpResponse(files.read(stored.sha256), content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(False, f"phieu-{pk}") or "inline"
    policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    response["Content-Security-Policy"] = policy if stored.media_type == PDF else f"sandbox; {policy}"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _waiting(request: HttpRequest, year: int, pk: int) -> ScoreSheet:
    """An entry that waits; 404 for everything else, above all for sheets that members wrote themselves."""
    sheets = ScoreSheet.objects.select_related("seat__user", "seat__council", "dossier__season", "dossier__enterprise")
    sheet = get_object_or_404(sheets.exclude(entered_by_name=""), pk=pk, signed_at=None, dossier__season__year=year)
    require(request.user, "evaluations.confirm_entry", sheet.dossier)
    return sheet
