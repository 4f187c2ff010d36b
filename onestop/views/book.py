"""The register of dossiers (form 07) as page, workbook and paper, and the apologies that are due (form 04)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import require
from core.errors import Refused
from core.xlsx.columns import Column
from core.xlsx.writing import Sheet as DataSheet
from core.xlsx.writing import write as write_xlsx
from onestop import faults, queries, sheet, writing_docx, writing_pdf
from onestop.kinds import BOOK
from onestop.typed_forms import BookForm
from onestop.views.common import REFUSED, handed
from programme.doors import season_of
from programme.models import Season
from reference.queries import holidays

PER_PAGE = 50
# The columns of form 07; STT comes by itself, nobody has signed yet.
COLUMNS = (
    Column("mã hồ sơ", "Mã hồ sơ", "code", 22),
    Column("tên thủ tục", "Tên thủ tục hành chính", width=44),
    Column("số lượng", "Số lượng hồ sơ (bộ)", "whole", 10),
    Column("tên tổ chức", "Tên tổ chức, cá nhân", width=38),
    Column("địa chỉ", "Địa chỉ, số điện thoại", width=44),
    Column("cơ quan giải quyết", "Cơ quan chủ trì giải quyết", width=24),
    Column("ngày nhận", "Ngày nhận hồ sơ", "date", 14),
    Column("ngày hẹn trả", "Ngày hẹn trả kết quả", "date", 14),
    Column("ngày trả", "Ngày trả kết quả", "date", 14),
    Column("phương thức", "Phương thức nhận", width=16),
    Column("ký nhận", "Ký nhận", width=16),
    Column("ghi chú", "Ghi chú", width=26),
)


@dataclass(frozen=True)
class Asked:
    """The part of the book that the address names."""

    form: BookForm
    season: Season | None
    first: date | None = None
    last: date | None = None

    @property
    def query(self) -> str:
        return self.form.data.urlencode() if self.form.is_bound else ""  # type: ignore[attr-defined]


def _asked(request: HttpRequest) -> Asked:
    seasons = {season.year: season for season in Season.objects.order_by("-year")}
    running = season_of(request)
    data = request.GET.copy()
    if running is not None:
        data.setdefault("season", str(running.year))
    form = BookForm(data, years=list(seasons))
    if not form.is_valid():
        return Asked(form, None)
    year = form.cleaned_data["season"]
    return Asked(
        form, seasons.get(int(year)) if year else running, form.cleaned_data["first"], form.cleaned_data["last"]
    )


@require_safe
@never_cache
def book(request: HttpRequest) -> HttpResponse:
    require(request.user, "onestop.keep_book")
    asked = _asked(request)
    page = None
    rows: list[dict[str, Any]] = []
    if asked.season is not None:
        found = queries.book(asked.season, asked.first, asked.last, for_user=request.user)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        dossiers = list(page)
        rows = [
            row | {"pk": dossier.pk}
            for row, dossier in zip(queries.book_rows(dossiers, holidays()), dossiers, strict=True)
        ]
    context = {
        "form": asked.form,
        "season": asked.season,
        "page": page,
        "rows": [{key.replace(" ", "_"): value for key, value in row.items()} for row in rows],
        "query": asked.query,
    }
    return render(
        request, "onestop/book.html", context, status=200 if asked.season or not asked.form.errors else REFUSED
    )


@require_safe
@never_cache
def book_file(request: HttpRequest, face: str) -> HttpResponse:
    """The whole part of the book that was asked for, as a file."""
    require(request.user, "onestop.keep_book")
    asked = _asked(request)
    if asked.season is None or face not in ("xlsx", "pdf", "docx"):
        raise Http404
    at = timezone.now()
    found = list(queries.book(asked.season, asked.first, asked.last, for_user=request.user))
    rows = queries.book_rows(found, holidays())
    name = f"so-theo-doi-ho-so-{asked.season.year}-{timezone.localdate(at):%Y-%m-%d}.{face}"
    if face == "xlsx":
        title = f"SỔ THEO DÕI HỒ SƠ – kỳ xét chọn năm {asked.season.year}"
        return handed(write_xlsx(DataSheet("Sổ theo dõi hồ sơ", COLUMNS, rows, title=title)), face, name)
    text = queries.text_of(BOOK)
    values = queries.book_values(asked.season, rows, asked.first, asked.last, by=request.user, at=at)
    missing = sheet.missing(BOOK, text, values)
    address = f"{settings.SITE_URL}{reverse('onestop:book')}?season={asked.season.year}"
    paper = sheet.sheet_of(BOOK, text, values, code=f"Kỳ {asked.season.year}", address=address)
    reasons = [faults.still_missing(BOOK, one) for one in missing]
    strange = sheet.unprintable(paper)
    if strange:
        reasons.append(faults.not_printable(BOOK, strange))
    if reasons:
        raise Refused(reasons)
    return handed(writing_pdf.write(paper) if face == "pdf" else writing_docx.write(paper, at=at), face, name)


@require_safe
@never_cache
def apologies(request: HttpRequest) -> HttpResponse:
    """Late checks: the form is proposed, a person makes it."""
    require(request.user, "onestop.keep_book")
    season = season_of(request)
    rows = queries.overdue(season, timezone.localdate(), for_user=request.user)
    return render(request, "onestop/apologies.html", {"rows": rows, "season": season})
