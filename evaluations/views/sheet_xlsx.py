"""Scoring in Excel: the workbook out, its differences, and the confirmation."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core import clock, files
from core.errors import Refused
from core.uploads import XLSX
from core.vietnamese import fold
from core.xlsx.reading import open_upload
from evaluations import queries, sheet_book, sheet_upload
from evaluations.actions.workbooks import keep_workbook, write_workbook
from evaluations.models import Seat
from evaluations.queries import Desk
from evaluations.views.common import own_seat, page

SALT = "evaluations.sheet_xlsx"
LASTS_SECONDS = 24 * 3600


@never_cache
@require_http_methods(["GET", "POST"])
def excel(request: HttpRequest) -> HttpResponse:
    """How it works, the download, and the upload."""
    seat = own_seat(request)
    desks = _desks(seat)
    if request.method == "GET":
        return _page(request, seat, desks)
    found = request.FILES.get("file")
    try:
        if found is None:
            raise Refused(_("Choose a workbook first."))
        sha256 = keep_workbook(
            seat=seat, content=open_upload(found), desks=desks, by=request.user, at=clock.database_now()
        )
    except Refused as refusal:
        return _page(request, seat, desks, refusal.reasons)
    token = signing.dumps({"file": sha256, "seat": seat.pk}, salt=SALT)
    return redirect("evaluations:sheet_differences", token)


@never_cache
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    seat = own_seat(request)
    desks = [desk for desk in _desks(seat) if desk.is_open]
    if not desks:
        messages.info(request, _("Nothing is open: there is no sheet to fill in."))
        return redirect("evaluations:sheet_excel")
    response = HttpResponse(sheet_book.workbook(seat, desks), content_type=XLSX)
    words = fold(pgettext("file name", "score sheets")).replace(" ", "-")
    name = f"{words}-{seat.council.season.year}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def differences(request: HttpRequest, token: str) -> HttpResponse:
    """What the file would change, row by row; then written whole or not at all."""
    seat = own_seat(request)
    sha256 = _opened(token, seat)
    desks = _desks(seat)
    reasons: list[str] = []
    if request.method == "POST":
        basis = request.POST.get("basis", "")
        try:
            n = write_workbook(seat=seat, sha256=sha256, basis=basis, by=request.user, at=clock.database_now())
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            words = ngettext("%(n)s answer is taken over.", "%(n)s answers are taken over.", n) % {"n": n}
            messages.success(request, words + " " + _("Nothing is signed yet."))
            return redirect("evaluations:own_review")
    try:
        found = sheet_upload.plan(files.read(sha256), seat, desks)
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error
    except Refused as refusal:  # the season or the seat is another one by now
        return _page(request, seat, desks, refusal.reasons)
    shown = [row for row in found.rows if row.status != sheet_upload.SAME]
    context = {"seat": seat, "season": seat.council.season, "plan": found, "rows": shown, "token": token,
               "same": len(found.of(sheet_upload.SAME)), "to_write": len(found.to_write)}  # fmt: skip
    return page(request, "differences.html", context, reasons=reasons)


def _opened(token: str, seat: Seat) -> str:
    """The file of the address, which only its own member can open, for a day."""
    try:
        facts: dict[str, Any] = signing.loads(token, salt=SALT, max_age=LASTS_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    if facts.get("seat") != seat.pk:
        raise Http404
    return str(facts["file"])


def _desks(seat: Seat) -> list[Desk]:
    return [task.desk for task in queries.tasks(seat)]


def _page(request: HttpRequest, seat: Seat, desks: list[Desk], reasons: list[str] | None = None) -> HttpResponse:
    context = {"seat": seat, "season": seat.council.season, "open": sum(desk.is_open for desk in desks)}
    return page(request, "sheet_excel.html", context, reasons=reasons)
