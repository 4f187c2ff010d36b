"""What the pages of the one-stop room need."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from certificates.paper import legal_date
from core.vietnamese import fold
from core.workdays import Calendar
from dossiers import desk_queries, queries
from dossiers.models import Dossier, Stage
from enterprises import duplicates
from enterprises.models import Enterprise
from onestop import collecting
from onestop.kinds import ADDED, BY_CODE, KINDS, FormKind
from onestop.models import FormText, OfficeForm
from onestop.sheet import Text
from products.models import Product
from programme.models import Season

PROCEDURE = "Xét chọn sản phẩm công nghiệp chủ lực thành phố Hà Nội"
AUTHORITY = "Sở Công Thương Hà Nội"
# The steps by which the Department gives its answer about a dossier.
ANSWERS = ("admit", "refuse", "withdraw", "withdraw_on_paper")


# --- the texts of the forms ---------------------------------------------------------------------------
def text_of(kind: FormKind) -> Text:
    """The text in force: the newest version of staff, or the standard one."""
    latest = FormText.objects.filter(form=kind.code).order_by("-version").first()
    if latest is None:
        return Text(kind.standard())
    return Text(kind.standard() if latest.is_standard else latest.body, latest.version)


def history(kind: FormKind) -> list[FormText]:
    return list(FormText.objects.filter(form=kind.code).order_by("-version"))


def text_lines() -> list[dict[str, Any]]:
    """Each form with its newest version. One query."""
    latest: dict[str, FormText] = {}
    for row in FormText.objects.order_by("form", "-version"):
        latest.setdefault(row.form, row)
    found = []
    for kind in (*KINDS, *ADDED):
        newest = latest.get(kind.code)
        found.append({"kind": kind, "changed": newest if newest and not newest.is_standard else None})
    return found


# --- papers that were made ----------------------------------------------------------------------------
def issued(dossier: Dossier, *, for_applicant: bool = False) -> list[OfficeForm]:
    """Newest first."""
    rows = [made for made in OfficeForm.objects.filter(dossier=dossier) if made.form in BY_CODE]
    return [made for made in rows if BY_CODE[made.form].for_applicant] if for_applicant else rows


def form_with_number(pk: int) -> OfficeForm | None:
    rows = OfficeForm.objects.select_related("dossier__enterprise", "pdf", "docx")
    return rows.filter(pk=pk).first()


def whole(pk: int) -> Dossier | None:
    return queries.whole().filter(pk=pk, number__isnull=False).first()


# --- the book (form 07) -------------------------------------------------------------------------------
def book(season: Season, first: date | None, last: date | None, *, for_user: Any) -> QuerySet[Dossier]:
    """The filed dossiers of a season in the order of receipt, those that are open to the person."""
    found = (
        Dossier.objects.filed()
        .filter(season=season)
        .open_to(for_user)
        .select_related("season", "enterprise__ward", "product")
        .prefetch_related("changes", "supplements")
        .order_by("submitted_at", "pk")
    )
    if first is not None:
        found = found.filter(submitted_at__date__gte=first)
    if last is not None:
        found = found.filter(submitted_at__date__lte=last)
    return found


def book_rows(dossiers: Sequence[Dossier], calendar: Calendar) -> list[dict[str, Any]]:
    """The columns of form 07, typed: dates are dates."""
    with override("vi"):
        return [_book_row(dossier, calendar) for dossier in dossiers]


def _book_row(dossier: Dossier, calendar: Calendar) -> dict[str, Any]:
    enterprise = dossier.enterprise
    answered = [change for change in dossier.changes.all() if change.step in ANSWERS]
    ended = max((timezone.localdate(change.taken_at) for change in answered), default=None)
    over = dossier.stage not in (Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT)
    clock = queries.clock_of(dossier, calendar)
    phone = dossier.contact_phone or enterprise.phone
    assert dossier.submitted_at is not None  # filed() asks for it
    return {
        "mã hồ sơ": dossier.number,
        "tên thủ tục": f"{PROCEDURE}: {dossier.product.name_vi}",
        "số lượng": 1,
        "tên tổ chức": enterprise.name_vi,
        "địa chỉ": f"{enterprise.address_vi}; {phone}" if phone else enterprise.address_vi,
        "cơ quan giải quyết": AUTHORITY,
        "ngày nhận": timezone.localdate(dossier.submitted_at),
        "ngày hẹn trả": clock.due if clock else None,
        "ngày trả": ended if over else None,
        "phương thức": collecting.AT_COUNTER if dossier.is_on_paper else collecting.ONLINE,
        "ghi chú": str(dossier.get_stage_display()),
    }


def book_values(
    season: Season, rows: Sequence[dict[str, Any]], first: date | None, last: date | None, *, by: Any, at: datetime
) -> dict[str, Any]:
    """The fields of form 07."""
    today = timezone.localdate(at)
    days = [row["ngày nhận"] for row in rows]
    return {
        "ngày lập": legal_date(today),
        "người lập": str(by),
        "kỳ xét chọn": str(season.year),
        "từ ngày": f"{first or min(days, default=today):%d/%m/%Y}",
        "đến ngày": f"{last or max(days, default=today):%d/%m/%Y}",
        "số hồ sơ": str(len(rows)),
        "hồ sơ": [
            {"stt": str(n)} | {name: _written(value) for name, value in row.items()}
            for n, row in enumerate(rows, start=1)
        ],
    }


def _written(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else "" if value is None else str(value)


# --- apologies (form 04) ------------------------------------------------------------------------------
def overdue(season: Season | None, today: date, *, for_user: Any) -> list[dict[str, Any]]:
    """Dossiers whose check is late, with the newest apology that was made since they are."""
    open_stages = (Stage.SUBMITTED, Stage.CHECKING)
    lines = desk_queries.desk_lines(season, for_user=for_user)
    late = {line.pk: line for line in lines if line.stage in open_stages and line.clock.is_late(today)}
    apologies: dict[int, OfficeForm] = {}
    for made in OfficeForm.objects.filter(form="04", dossier_id__in=late).order_by("made_at"):
        apologies[made.dossier_id] = made
    dossiers = Dossier.objects.filter(pk__in=late).select_related("enterprise", "product", "officer")
    found = [
        {
            "dossier": dossier,
            "due": late[dossier.pk].clock.due,
            "days": -late[dossier.pk].clock.days_left(today).left,
            "made": apologies.get(dossier.pk),
        }
        for dossier in dossiers
    ]
    return sorted(found, key=lambda row: (row["due"], row["dossier"].pk))


# --- the counter --------------------------------------------------------------------------------------
def open_seasons(at: datetime) -> list[Season]:
    return list(Season.objects.filter(decided_at=None, registration_opens_at__lte=at).order_by("-year"))


def products_at_counter(enterprise: Enterprise) -> list[Product]:
    return list(enterprise.products.select_related("sector").order_by("name_vi"))


def dossiers_of(enterprise: Enterprise, season: Season) -> list[Dossier]:
    """What the enterprise has in the season already, drafts too: a product takes part once."""
    found = Dossier.objects.filter(enterprise=enterprise, season=season).holding_their_place()
    return list(found.select_related("product").order_by("created_at"))


def same_product(enterprise: Enterprise, name: str) -> Product | None:
    """A product of nearly the same name: without accents, case and signs."""
    wanted = _bare(name)
    return next((p for p in enterprise.products.order_by("pk") if _bare(p.name_vi) == wanted), None)


def _bare(name: str) -> str:
    return "".join(c for c in fold(name) if c.isalnum())


def same_names(name: str, phone: str = "") -> list[Enterprise]:
    """Enterprises that may be the one at the counter under another tax code: same bare name or telephone."""
    wanted, called = duplicates.name_key(name), duplicates.phone_key(phone)
    found = []
    words = wanted.split()
    likely = Q(name_vi__unaccent__icontains=words[-1]) if words else Q(pk=None)
    if called:
        likely |= ~Q(phone="")
    for one in Enterprise.objects.filter(likely).order_by("sort_key"):
        if duplicates.name_key(one.name_vi) == wanted or (called and duplicates.phone_key(one.phone) == called):
            found.append(one)
    return found[:5]


def example_dossier(number: str) -> Dossier | None:
    return queries.whole().filter(number__iexact=number.strip()).first() if number.strip() else None


def text_of_version(kind: FormKind, made: OfficeForm) -> Text | None:
    """The text from which a paper was made; None when the standard text of that time is no longer here."""
    row = FormText.objects.filter(form=kind.code, version=made.text_version).first()
    body = row.body if row is not None and not row.is_standard else kind.standard()
    text = Text(body, made.text_version)
    return text if text.digest == made.text_digest else None
