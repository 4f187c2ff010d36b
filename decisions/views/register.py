"""The register of numbers for a spreadsheet, and all papers in one file."""

import csv
import io
import tempfile
import zipfile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import require
from certificates.models import Certificate
from certificates.paper import verify_url
from core import files
from core.errors import Refused
from core.xlsx.columns import safe_csv
from decisions import papers
from decisions.papers import Paper
from decisions.views.common import season_of
from registry.models import Status


@require_GET
def register(request: HttpRequest, year: int) -> HttpResponse:
    """The register of certificates for a spreadsheet."""
    season = season_of(year)
    require(request.user, "certificates.see_book")
    response = HttpResponse(_register(papers.papers(season)), content_type="text/csv; charset=utf-8")
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
            pgettext("certificate", "Replaces"),
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
            recognition.status().label if certificate.replaced_at is None else Status.REPLACED.label,
            date_format(timezone.localtime(made), "Y-m-d H:i") if made else "",
            certificate.file_id or "",
            verify_url(certificate.serial),
            certificate.snapshot.get("replaces", ""),
        ]
        sheet.writerow([safe_csv(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


@require_GET
def archive(request: HttpRequest, year: int) -> FileResponse:
    """Every paper that exists, and the register, in one ZIP."""
    season = season_of(year)
    require(request.user, "certificates.see_book")
    rows = papers.papers(season)
    if not any(row.state == "issued" for row in rows):
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
