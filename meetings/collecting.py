"""What the papers of a session say. Every value comes from the record; what nobody wrote down is empty, and the paper
is not made. Papers are in Vietnamese, whatever language the page has that orders them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from certificates.paper import legal_date
from core.vietnamese import nfc_lines
from dossiers.models import Dossier
from evaluations.models import Result, ResultRun, ScoreSheet, Seat, SheetVoid
from evaluations.queries import council_of, ranking
from evaluations.scoring import SHARED, rounded
from meetings import queries
from meetings.kinds import DOTS, PaperForm
from meetings.models import AgendaItem, Meeting, MinutesStatement, PaperFacts, PaperOrder, Vote
from programme.actions import rules_of
from programme.models import Season
from programme.rubric_file import VOTE, RubricRules

Values = dict[str, Any]
NOTHING = "Không có"

# Chức danh as it stands under a signature and in the list of those present.
POSITIONS = {
    Seat.Position.CHAIR: "Chủ tịch Hội đồng",
    Seat.Position.VICE_CHAIR: "Phó Chủ tịch Hội đồng",
    Seat.Position.MEMBER: "Ủy viên Hội đồng",
}
BALLOTS = {"open": "biểu quyết công khai", "secret": "bỏ phiếu kín"}


@dataclass(frozen=True)
class Collected:
    """The values of one paper, and the dossiers whose data stand in it."""

    values: Values
    dossiers: tuple[int, ...]


def collect(kind: PaperForm, order: PaperOrder) -> Collected:
    """Every field of the paper, as of the order's result."""
    with override("vi"):
        season, meeting, run = order.season, order.meeting, order.run
        results = list(ranking(run))
        values = _about(season, run, results) | _held(meeting) | _typed(season, order.ordered_at)
        if kind.code == "BB":
            values |= _minutes(season, meeting, run)
        else:
            values["căn cứ"] = _bases(kind, season, meeting, values)
    names = kind.names | set(kind.list_names())
    clean = {name: _clean(value) for name, value in values.items() if name in names}
    dossiers = {result.dossier_id for result in results}
    if kind.code == "BB" and meeting is not None:
        dossiers |= set(meeting.items.exclude(dossier=None).values_list("dossier_id", flat=True))
    return Collected(clean, tuple(sorted(dossiers)))


def _clean(value: Any) -> Any:
    if isinstance(value, list):
        return [{name: nfc_lines(text) for name, text in entry.items()} for entry in value]
    return nfc_lines(str(value))


def address_of(season: Season) -> str:
    """Where the code in the footer leads: the page of the papers."""
    with override("vi"):
        return f"{settings.SITE_URL}{reverse('meetings:papers', args=[season.year])}"


# --- the season and its result ------------------------------------------------------------------------
def _about(season: Season, run: ResultRun, results: Sequence[Result]) -> Values:
    council = council_of(season)
    passed = [result for result in results if result.passes]
    top = [result for result in results if result.is_top10]
    failed = [result for result in results if not result.passes]
    rules = rules_of(season.rubric) if season.rubric else None
    rows = {result.pk: _ranked(result, rules, season) for result in results}
    return {
        "kỳ xét chọn": str(season.year),
        "số quyết định hội đồng": council.decision_number if council else "",
        "ngày quyết định hội đồng": legal_date(council.decision_date) if council else "",
        "mã bộ tiêu chí": run.rubric_digest,
        "mã kết quả": run.result_digest,
        "lần tính": str(run.number),
        "số hồ sơ": str(len(results)),
        "số đạt": str(len(passed)),
        "số không đạt": str(len(failed)),
        "số doanh nghiệp đạt": str(len({result.dossier.enterprise_id for result in passed})),
        "số top": str(len(top)),
        "số suất top": str(season.top_places),
        "thời hạn công nhận": str(season.validity_months),
        "xếp hạng": [rows[result.pk] for result in results],
        "sản phẩm đạt": _numbered([rows[result.pk] for result in passed]),
        "sản phẩm top": _numbered([rows[result.pk] for result in top]),
        "sản phẩm không đạt": _numbered([rows[result.pk] for result in failed]),
    }


def _ranked(result: Result, rules: RubricRules | None, season: Season) -> dict[str, str]:
    points = rounded(result.total_exact, rules.decimals if rules else 2)
    return {
        "hạng": str(result.rank),
        "mã hồ sơ": result.dossier.number or "",
        "sản phẩm": result.dossier.product.name_vi,
        "doanh nghiệp": result.dossier.enterprise.name_vi,
        "điểm": str(points).replace(".", ","),
        "kết luận": "Đạt" if result.passes else "Không đạt",
        "ghi chú": "; ".join(_remarks(result, season)),
    }


def _remarks(result: Result, season: Season) -> list[str]:
    found = [f"Top {season.top_places}"] if result.is_top10 else []
    if result.is_referred:
        found.append("đồng hạng ở suất cuối, chờ Hội đồng biểu quyết")
    if result.tie_rule == VOTE:
        found.append("đồng điểm, xếp theo biểu quyết")
    elif result.tie_rule == SHARED:
        found.append("đồng điểm, đồng hạng")
    elif result.tie_rule:
        found.append(f"đồng điểm, xếp theo tiêu chí {result.tie_rule}")
    return found + [_failure(rule) for rule in result.failed_rules]


def _failure(rule: str) -> str:
    kind, _colon, code = rule.partition(":")
    words = {
        "total_at_least": "tổng điểm dưới mức đạt",
        "each_criterion_at_least_percent": f"tiêu chí {code} dưới mức tối thiểu",
        "criterion_at_least": f"tiêu chí {code} dưới mức tối thiểu",
        "ballot_share_at_least": "tỷ lệ phiếu tán thành dưới mức yêu cầu",
        "eliminated": f"bị loại ở tiêu chí {code}",
    }
    return words.get(kind, rule)


def _numbered(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """With their number in the list; a list of nothing says so in its one row."""
    found = [{"stt": str(n), **row} for n, row in enumerate(rows, start=1)]
    return found or [dict.fromkeys(("stt", "hạng", "mã hồ sơ", "doanh nghiệp", "điểm", "kết luận"), "–")
                     | {"sản phẩm": NOTHING, "ghi chú": ""}]  # fmt: skip


# --- the meeting --------------------------------------------------------------------------------------
def _held(meeting: Meeting | None) -> Values:
    if meeting is None or meeting.opened_at is None:
        return {"ngày họp": "", "phiên họp số": str(meeting.number) if meeting else ""}
    return {"ngày họp": legal_date(timezone.localdate(meeting.opened_at)), "phiên họp số": str(meeting.number)}


def _moment(at: datetime | None) -> str:
    """14 giờ 05 phút, ngày 05 tháng 3 năm 2026"""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{local.hour} giờ {local.minute:02d} phút, {legal_date(local.date())}"


def _hour(at: datetime | None) -> str:
    return f"{timezone.localtime(at).hour} giờ {timezone.localtime(at).minute:02d}" if at else DOTS


def _span(begun: datetime | None, ended: datetime | None) -> str:
    return f"{_hour(begun)} – {_hour(ended)}"


def _minutes(season: Season, meeting: Meeting | None, run: ResultRun) -> Values:
    if meeting is None:
        return {}
    room = queries.room_of(meeting)
    members = [seat for seat in room.seats if not seat.is_alternate]
    rule = room.quorum().rule
    items = list(queries.items_of(meeting))
    return {
        "bắt đầu": _moment(meeting.opened_at),
        "kết thúc": _moment(meeting.closed_at),
        "địa điểm": meeting.place,
        "chủ trì phiên": str(meeting.chair),
        "chức danh chủ trì": POSITIONS[Seat.Position(meeting.chair.position)],
        "thư ký": str(meeting.secretary),
        "số thành viên": str(len(members)),
        "số có mặt": str(len(room.came)) if room.came else "",
        "quy tắc túc số": rule,
        "hình thức biểu quyết": BALLOTS[meeting.ballot],
        "có mặt": _present(meeting),
        "vắng mặt": [_person(n, seat) for n, seat in enumerate((s for s in members if s.pk not in room.came), 1)],
        "mục": [_item(n, item, meeting, room) for n, item in enumerate((i for i in items if i.is_over), 1)],
        "chưa xét": [{"tên mục": title_of(item)} for item in items if not item.is_over],
        "các lần tính": _runs(season),
        "phiếu nhập thay": _entered(season),
        "phiếu hủy": _voided(season),
        "tuyên bố": stated(meeting),
    }


def _person(number: int, seat: Seat) -> dict[str, str]:
    position = POSITIONS[Seat.Position(seat.position)]
    return {
        "stt": str(number),
        "họ tên": str(seat),
        "chức danh": f"{position} (dự khuyết)" if seat.is_alternate else position,
        "cơ quan": seat.unit,
    }


def _present(meeting: Meeting) -> list[dict[str, str]]:
    spans: dict[int, list[str]] = {}
    for one in meeting.attendances.order_by("came_at", "id"):
        spans.setdefault(one.seat_id, []).append(_span(one.came_at, one.left_at))
    came = [seat for _person_, seat in queries.signers_of(meeting) if seat is not None]
    return [_person(n, seat) | {"thời gian": "; ".join(spans[seat.pk])} for n, seat in enumerate(came, 1)]


def title_of(item: AgendaItem) -> str:
    """How the papers call an item."""
    if item.dossier is None:
        return item.title
    dossier: Dossier = item.dossier
    return f"Hồ sơ {dossier.number}, sản phẩm “{dossier.product.name_vi}” của {dossier.enterprise.name_vi}"


def _item(number: int, item: AgendaItem, meeting: Meeting, room: queries.Room) -> dict[str, str]:
    quorum = f"có mặt {item.present}/{item.entitled} thành viên không bị loại trừ, cần ít nhất {item.needed}"
    return {
        "stt": str(number),
        "tên mục": title_of(item),
        "thời gian": _span(item.started_at, item.ended_at),
        "túc số": quorum,
        "chủ trì": str(item.led_by or ""),
        "rời phòng": "; ".join(_out(item, room)),
        "biểu quyết": _vote(item),
        "kết luận mục": item.conclusion,
    }


def _out(item: AgendaItem, room: queries.Room) -> list[str]:
    """Members barred from the item who attended, and from when to when they were out of the room."""
    found = []
    for one in queries.exits_during(item):
        if one.item_id != item.pk and one.seat_id not in room.barred_from(item):
            continue  # still on the way back from an earlier item
        found.append(f"{one.seat} (ra {_hour(one.out_at)}, vào {_hour(one.back_at)})")
    return found


def _vote(item: AgendaItem) -> str:
    if item.vote_closed_at is None:
        return ""
    count = queries.count_of(item)
    words = (
        f"{count.in_favour} tán thành, {count.against} không tán thành, {count.abstained} không có ý kiến, "
        f"trên {count.cast} thành viên biểu quyết"
    )
    if getattr(item, "secret_tally", None) is not None:
        return f"{words}; bỏ phiếu kín"
    entered = [str(vote.seat) for vote in Vote.objects.filter(item=item).exclude(entered_by_name="")]
    return f"{words}; thư ký ghi theo giơ tay: {', '.join(entered)}" if entered else words


# --- what must be remembered --------------------------------------------------------------------------
def _runs(season: Season) -> list[dict[str, str]]:
    """Every computation of the result with its digest: an earlier one is not forgotten."""
    runs = list(ResultRun.objects.filter(season=season).order_by("number"))
    if len(runs) < 2:
        return []
    return [
        {"lần": f"Lần tính {run.number}, {_moment(run.computed_at)}: mã băm kết quả {run.result_digest}"}
        for run in runs
    ]


def _entered(season: Season) -> list[dict[str, str]]:
    """Sheets that somebody typed in for an absent member."""
    sheets = ScoreSheet.objects.filter(dossier__season=season, signed_at__isnull=False).exclude(entered_by_name="")
    sheets = sheets.select_related("seat__user", "dossier").order_by("dossier__number", "seat_id", "version")
    return [
        {
            "phiếu": f"{sheet.dossier.number}, của {sheet.seat}, {sheet.entered_by_name} nhập, "
            f"{sheet.confirmed_by_name} xác nhận"
        }
        for sheet in sheets
    ]


def _voided(season: Season) -> list[dict[str, str]]:
    """Signed sheets that no longer count, and why."""
    voids = SheetVoid.objects.filter(sheet__dossier__season=season)
    voids = voids.select_related("sheet__seat__user", "sheet__dossier").order_by("voided_at", "id")
    return [
        {"phiếu": f"{void.sheet.dossier.number}, của {void.sheet.seat}, {_moment(void.voided_at)}: {void.reason}"}
        for void in voids
    ]


def stated(meeting: Meeting) -> list[dict[str, str]]:
    """One line for each person who signs, as it stands in the minutes."""
    said = {one.person_id: one for one in MinutesStatement.objects.filter(meeting=meeting)}
    numbers = dict(Dossier.objects.filter(season=meeting.season).values_list("pk", "number"))
    found = []
    for person, _seat in queries.signers_of(meeting):
        one = said.get(person.pk)
        if one is None:
            words = "chưa tuyên bố khi lập bản này"
        elif one.has_conflict:
            words = f"có xung đột lợi ích với {', '.join(str(numbers[pk]) for pk in one.dossiers)}: {one.words}"
        else:
            words = "không có xung đột lợi ích với bất kỳ nội dung nào đã được quyết định"
        when = f" ({_moment(one.stated_at)})" if one is not None else ""
        found.append({"lời": nfc_lines(f"{person}: {words}{when}.")})
    return found


# --- what a person types ------------------------------------------------------------------------------
BLANK_UNTIL_SIGNED = {
    "số biên bản": DOTS,
    "số tờ trình": DOTS,
    "số quyết định": DOTS,
    "chức vụ ký tờ trình": "GIÁM ĐỐC",
    "chức vụ ký quyết định": "CHỦ TỊCH",
}


def _typed(season: Season, at: datetime) -> Values:
    """Numbers and days are given when a paper is signed: until somebody types them they are dots to write on."""
    facts = PaperFacts.objects.filter(season=season).first()
    blank_day = f"ngày {DOTS} tháng {DOTS} năm {timezone.localdate(at).year}"
    values: Values = {
        **BLANK_UNTIL_SIGNED,
        "ngày tờ trình": blank_day,
        "ngày quyết định": blank_day,
        "người ký tờ trình": "",
        "người ký quyết định": "",
    }
    typed = facts.values if facts else {}
    return values | {name: text for name, text in typed.items() if text and name in values}


def _bases(kind: PaperForm, season: Season, meeting: Meeting | None, values: Values) -> list[dict[str, str]]:
    """Căn cứ: those that staff typed, then the acts of this season. Each ends with a semicolon, the last with a
    full stop, as Decree 30/2020 asks."""
    facts = PaperFacts.objects.filter(season=season).first()
    lines = [line for line in (facts.values.get("căn cứ", "") if facts else "").split("\n") if line.strip()]
    if season.plan_number:
        lines.append(f"Căn cứ Kế hoạch số {season.plan_number}")
    number, day = values["số quyết định hội đồng"], values["ngày quyết định hội đồng"]
    if number:
        lines.append(f"Căn cứ Quyết định số {number} {day} về việc thành lập Hội đồng đánh giá, xét chọn")
    if values["ngày họp"]:
        lines.append(f"Căn cứ biên bản họp Hội đồng {values['ngày họp']}, phiên số {values['phiên họp số']}")
    if kind.code == "QD":
        submission = f"{values['số tờ trình']}/TTr-SCT {values['ngày tờ trình']}"
        lines.append(f"Theo đề nghị của Giám đốc Sở Công Thương tại Tờ trình số {submission}")
    bare = [line.strip().rstrip(";.") for line in lines]
    return [{"nội dung": f"{line}{';' if n < len(bare) else '.'}"} for n, line in enumerate(bare, start=1)]
