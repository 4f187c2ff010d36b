"""What a form says about a dossier. A paper is in Vietnamese, whatever language the page has that makes it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from certificates.paper import legal_date
from core.vietnamese import nfc, nfc_lines
from core.workdays import Calendar
from dossiers import queries, words
from dossiers.models import Dossier, StageChange, SupplementRequest
from dossiers.papers import PAPERS
from onestop.kinds import FormKind
from onestop.models import PaperIntake
from reference.queries import holidays

Values = dict[str, str | list[dict[str, str]]]
ONLINE, AT_COUNTER = "trực tuyến", "trực tiếp"
BY_SYSTEM = "Hệ thống tiếp nhận trực tuyến"

# A step as the control sheet (form 06) calls it.
STEPS = {
    "submit": "Nộp hồ sơ trực tuyến",
    "receive_on_paper": "Tiếp nhận hồ sơ giấy",
    "start_check": "Nhận kiểm tra",
    "put_back": "Đặt lại hàng chờ",
    "check_again": "Kiểm tra lại",
    "request_supplement": "Yêu cầu bổ sung",
    "answer_supplement": "Nộp bổ sung",
    "answer_on_paper": "Nhận bổ sung bằng giấy",
    "admit": "Kết luận đủ điều kiện",
    "refuse": "Từ chối giải quyết",
    "withdraw": "Doanh nghiệp rút hồ sơ",
    "withdraw_on_paper": "Doanh nghiệp rút hồ sơ bằng văn bản",
    "open_scoring": "Chuyển Hội đồng chấm điểm",
    "close_scoring": "Kết thúc chấm điểm",
    "publish_for_comment": "Công bố lấy ý kiến",
    "recognise": "Quyết định công nhận",
    "do_not_recognise": "Quyết định không công nhận",
}


def collect(kind: FormKind, dossier: Dossier, *, by: Any, at: datetime, typed: dict[str, str] | None = None) -> Values:
    """Every field of the form; what is not known is empty. The number comes when the paper is made."""
    with override("vi"):
        calendar = holidays()
        values: Values = _about(dossier, by, at) | _OWN[kind.code](dossier, at, calendar)
        values |= {name: value for name, value in (typed or {}).items() if name in kind.typed}
    fields = kind.names - {"số"} | set(kind.list_names())
    return {name: _clean(value) for name, value in values.items() if name in fields}


def _clean(value: Any) -> Any:
    if isinstance(value, list):
        return [{name: nfc_lines(text) for name, text in entry.items()} for entry in value]
    return nfc_lines(str(value))


def _about(dossier: Dossier, by: Any, at: datetime) -> Values:
    enterprise = dossier.enterprise
    return {
        "ngày lập": legal_date(timezone.localdate(at)),
        "người lập": str(by),
        "mã hồ sơ": dossier.number or "",
        "tên tổ chức": enterprise.name_vi,
        "mã số thuế": enterprise.tax_code,
        "địa chỉ": enterprise.address_vi if enterprise.street else "",
        "người liên hệ": dossier.contact_name,
        "điện thoại": dossier.contact_phone or enterprise.phone,
        "thư điện tử": dossier.contact_email or enterprise.email,
        "sản phẩm": dossier.product.name_vi,
        "diện xét chọn": dossier.get_track_display(),
        "kỳ xét chọn": str(dossier.season.year),
        "thời điểm nhận": legal_moment(dossier.submitted_at) if dossier.submitted_at else "",
        "phương thức nhận": AT_COUNTER if dossier.is_on_paper else ONLINE,
        "trang tra cứu": tracking_address(dossier),
    }


def tracking_address(dossier: Dossier) -> str:
    """Where the code on the paper leads: stage and dates, without an account."""
    if not dossier.track_code:
        return ""
    with override("vi"):
        return f"{settings.SITE_URL}{reverse('dossiers:track_code', kwargs={'code': dossier.track_code})}"


def legal_moment(at: datetime) -> str:
    """14 giờ 05 phút, ngày 05 tháng 3 năm 2026"""
    local = timezone.localtime(at)
    return f"{local.hour:02d} giờ {local.minute:02d} phút, {legal_date(local.date())}"


def _short(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y %H:%M}" if at else ""


def first_due(dossier: Dossier, calendar: Calendar) -> date | None:
    """The date given at the receipt: the whole term, before anything made the clock stand still."""
    clock = queries.clock_of(dossier, calendar)
    return clock.calendar.add(clock.start, clock.days) if clock else None


def _due(dossier: Dossier, calendar: Calendar) -> date | None:
    clock = queries.clock_of(dossier, calendar)
    return clock.due if clock else None


def _dated(day: date | None) -> str:
    return legal_date(day) if day else ""


# --- each form its own --------------------------------------------------------------------------------
def _receipt(dossier: Dossier, at: datetime, calendar: Calendar) -> Values:
    return {
        "số ngày xử lý": str(dossier.season.check_days),
        "ngày hẹn trả": _dated(first_due(dossier, calendar)),
        "người nhận": dossier.received_by_name if dossier.is_on_paper else BY_SYSTEM,
        "giấy tờ": [
            {"stt": str(n), "tên giấy tờ": name, "số bản": str(count)}
            for n, (name, count) in enumerate(papers_received(dossier), start=1)
        ],
    }


def papers_received(dossier: Dossier) -> list[tuple[str, int]]:
    """The papers that came with the dossier and how many of each: ticked at the counter, or sent as files."""
    intake = PaperIntake.objects.filter(dossier=dossier).first()
    counted: dict[str, int] = {}
    if intake is not None:
        counted = {one["paper"]: one["copies"] for one in intake.papers}
    else:
        for document in dossier.documents.all():
            filed = dossier.submitted_at
            if filed is not None and document.uploaded_at <= filed and document.was_filed(dossier):
                counted[document.paper] = counted.get(document.paper, 0) + 1
    return [(str(words.PAPER_NAMES[p.code]), counted[p.code]) for p in PAPERS if p.code in counted]


def _supplement(dossier: Dossier, at: datetime, calendar: Calendar) -> Values:
    asked = latest_request(dossier)
    if asked is None:
        return {"hạn bổ sung": "", "lời nhắn": "", "nội dung": []}
    return {
        "hạn bổ sung": _dated(asked.due_date),
        "lời nhắn": asked.message,
        "nội dung": [
            {
                "stt": str(n),
                "phần": part_name(defect.part),
                "lý do": str(defect.get_reason_display()),
                "yêu cầu": defect.words,
            }
            for n, defect in enumerate(asked.defects.all(), start=1)
        ],
    }


def latest_request(dossier: Dossier) -> SupplementRequest | None:
    found = sorted(dossier.supplements.all(), key=lambda request: request.asked_at)
    return found[-1] if found else None


def part_name(code: str) -> str:
    return str(words.PAPER_NAMES.get(code) or words.PART_NAMES.get(code) or code)


def _refusal(dossier: Dossier, at: datetime, calendar: Calendar) -> Values:
    taken = _last(dossier, "refuse")
    return {
        "lý do từ chối": dossier.refusal_reason,
        "ngày từ chối": _dated(timezone.localdate(taken.taken_at)) if taken else "",
    }


def _apology(dossier: Dossier, at: datetime, calendar: Calendar) -> Values:
    return {"ngày hẹn trả": _dated(_due(dossier, calendar))}


def _stop(dossier: Dossier, at: datetime, calendar: Calendar) -> Values:
    taken = _last(dossier, "withdraw") or _last(dossier, "withdraw_on_paper")
    return {"ngày dừng": legal_date(timezone.localdate(taken.taken_at if taken else at))}


def _control(dossier: Dossier, at: datetime, calendar: Calendar) -> Values:
    clock = queries.clock_of(dossier, calendar)
    used = clock.used_until(timezone.localdate(at)) if clock else 0
    return {
        "số ngày xử lý": str(dossier.season.check_days),
        "ngày hẹn trả": _dated(_due(dossier, calendar)),
        "số ngày đã dùng": str(used),
        "tình trạng": str(dossier.get_stage_display()),
        "bước": _steps(dossier, at, calendar),
    }


def _steps(dossier: Dossier, at: datetime, calendar: Calendar) -> list[dict[str, str]]:
    """One entry a step, from the end of the one before; the last entry is what is going on now."""
    entries: list[dict[str, str]] = []
    begun = dossier.submitted_at
    for change in sorted(dossier.changes.all(), key=lambda c: (c.taken_at, c.pk)):
        entries.append(
            _step(STEPS.get(change.step, change.step), change.taken_by_name, begun, change.taken_at, calendar)
        )
        entries[-1]["ghi chú"] = nfc(change.note)[:300]
        begun = change.taken_at
    if entries and dossier.stage in ("submitted", "checking", "supplement"):
        who = str(dossier.officer or "") if dossier.stage != "supplement" else dossier.enterprise.name_vi
        now = _step(str(dossier.get_stage_display()), who or "Bộ phận Một cửa", begun, at, calendar)
        entries.append(now | {"đến lúc": "đang thực hiện"})
    for n, entry in enumerate(entries, start=1):
        entry["stt"] = str(n)
    return entries


def _step(name: str, who: str, begun: datetime | None, ended: datetime, calendar: Calendar) -> dict[str, str]:
    begun = begun if begun is not None and begun <= ended else ended
    days = calendar.between(timezone.localdate(begun), timezone.localdate(ended))
    return {
        "stt": "",
        "tên bước": name,
        "người thực hiện": who,
        "từ lúc": _short(begun),
        "đến lúc": _short(ended),
        "số ngày": str(days),
        "ghi chú": "",
    }


def _last(dossier: Dossier, step: str) -> StageChange | None:
    found = [change for change in dossier.changes.all() if change.step == step]
    return max(found, key=lambda change: change.taken_at) if found else None


_OWN: dict[str, Callable[[Dossier, datetime, Calendar], Values]] = {
    "01": _receipt,
    "02": _supplement,
    "03": _refusal,
    "04": _apology,
    "05": _stop,
    "06": _control,
}
