"""The certificates of a season: how far the papers are, the register of numbers, all papers in one file."""

import csv
import io
import tempfile
import zipfile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require
from certificates.actions import batch_of, retry_papers
from certificates.models import Certificate
from certificates.paper import verify_url
from core import files, jobs
from core.errors import Refused
from core.xlsx.columns import safe_csv
from decisions import queries
from decisions.queries import Paper
from decisions.views.common import page, season_of
from programme.models import Season


@never_cache
@require_GET
def certificates(request: HttpRequest, year: int) -> HttpResponse:
    """The page; with the header `X-Partial` only its changing part, for the script that waits."""
    season = season_of(year)
    require(request.user, "certificates.see_book")
    context = _facts(season)
    if request.headers.get("X-Partial"):
        return render(request, "decisions/_papers.html", context)
    return page(request, "certificates.html", season, context)


def _facts(season: Season) -> dict[str, Any]:
    rows = queries.papers(season)
    progress = jobs.progress(batch_of(season.year))
    return {
        "season": season,
        "rows": rows,
        "progress": progress,
        "waiting": bool(rows) and not progress.finished,
        "made": sum(row.state == "made" for row in rows),
        "books": queries.books(rows),
        "today": timezone.localdate(),
    }


@require_POST
def retry(request: HttpRequest, year: int) -> HttpResponse:
    """One failed paper once more, or all of them."""
    season = season_of(year)
    require(request.user, "certificates.retry")
    wanted = Certificate.objects.filter(recognition__season_year=season.year, file=None)
    one = request.POST.get("certificate", "")
    if one.isascii() and one.isdigit() and len(one) < 18:
        wanted = wanted.filter(pk=int(one))
    try:
        count = retry_papers(certificates=list(wanted), by=request.user, at=timezone.now())
    except Refused as refusal:
        return page(request, "certificates.html", season, _facts(season), reasons=refusal.reasons)
    messages.info(
        request,
        ngettext("%(n)s paper is being made again.", "%(n)s papers are being made again.", count) % {"n": count},
    )
    return redirect("decisions:certificates", year=season.year)


@require_GET
def register(request: HttpRequest, year: int) -> HttpResponse:
    """The register of certificates for a spreadsheet."""
    season = season_of(year)
    require(request.user, "certificates.see_book")
    response = HttpResponse(_register(queries.papers(season)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="so-cap-giay-chung-nhan-{season.year}.csv"'
    return response


def _register(rows: list[Paper]) -> bytes:
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(
        [
            pgettext("certificate", "Number"),
            pgettext("certificate", "Serial"),
            pgettext("certificate", "Kind"),
            _("Product"),
            _("Enterprise"),
            pgettext("rail", "Decision"),
            _("Date of signing"),
            _("Valid from"),
            _("Valid to"),
            _("Status"),
            _("Paper made at"),
            _("SHA-256 of the paper"),
            _("Verification address"),
        ]
    )
    for row in rows:
        certificate, recognition = row.certificate, row.certificate.recognition
        made = certificate.issued_at
        cells = [
            certificate.number,
            certificate.serial,
            certificate.get_kind_display(),
            recognition.product_name_vi,
            recognition.enterprise_name_vi,
            recognition.decision.number,
            recognition.decision.signed_date.isoformat(),
            recognition.valid_from.isoformat(),
            recognition.valid_to.isoformat(),
            recognition.status().label,
            date_format(timezone.localtime(made), "Y-m-d H:i") if made else "",
            certificate.file_id or "",
            verify_url(certificate.serial),
        ]
        sheet.writerow([safe_csv(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


@require_GET
def archive(request: HttpRequest, year: int) -> FileResponse:
    """Every paper that exists, and the register, in one ZIP."""
    season = season_of(year)
    require(request.user, "certificates.see_book")
    rows = queries.papers(season)
    if not any(row.state == "made" for row in rows):
        raise Refused(_("No paper has been made yet."))
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for row in rows:
            if row.certificate.file_id is not None:
                bundle.writestr(f"{row.certificate.serial}.pdf", _stored(row.certificate))
        bundle.writestr(f"so-cap-giay-chung-nhan-{season.year}.csv", _register(rows))
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"giay-chung-nhan-{season.year}.zip")


def _stored(certificate: Certificate) -> bytes:
    try:
        return files.read(str(certificate.file_id))
    except (OSError, ValueError):
        message = _("The stored paper of %(serial)s is missing or damaged. Tell the IT officer.")
        raise Refused(message % {"serial": certificate.serial}) from None
