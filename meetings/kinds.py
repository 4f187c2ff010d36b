"""The three papers of a session: which fields each has and which it cannot do without.

They are written like the one-stop forms (onestop.markup, onestop.sheet): their words are texts that staff edit, their
values come from the record. Names of fields are Vietnamese, because they stand in those texts.
"""

from dataclasses import dataclass
from pathlib import Path

from onestop.kinds import Field, FieldList, FormKind
from onestop.sheet import Sheet

HOME = Path(__file__).parent / "forms"

# Where a missing value is filled in (meetings.views.words has the pages).
COUNCIL, MEETING, MINUTES, RESULT, SEASON, TYPED = "council", "meeting", "minutes", "result", "season", "typed"

DOTS = "……"


@dataclass(frozen=True)
class PaperForm(FormKind):
    """A paper of the session; `typed` are the fields that a person writes on the page of the papers."""

    def standard(self) -> str:
        return (HOME / f"{self.code}.txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class SessionSheet(Sheet):
    """A paper of the session on its way to PDF and DOCX."""

    @property
    def foot(self) -> str:
        return f"{self.title} · {self.version}"


def _f(name: str, vi: str, en: str, example: str, where: str = RESULT, *, required: bool = True) -> Field:
    return Field(name, vi, en, example, required, where)


_SEASON = (
    _f("kỳ xét chọn", "Năm của kỳ xét chọn", "Year of the season", "2026", SEASON),
    _f(
        "số quyết định hội đồng",
        "Số quyết định thành lập Hội đồng",
        "Decision that set up the council",
        "01/QĐ-UBND",
        COUNCIL,
    ),
    _f(
        "ngày quyết định hội đồng",
        "Ngày của quyết định thành lập Hội đồng",
        "Day of that decision",
        "ngày 05 tháng 3 năm 2026",
        COUNCIL,
    ),
    _f("mã bộ tiêu chí", "Mã băm SHA-256 của bộ tiêu chí", "SHA-256 of the criteria", "0f" * 32),
    _f("mã kết quả", "Mã băm SHA-256 của kết quả", "SHA-256 of the result", "a1" * 32),
    _f("lần tính", "Lần tính kết quả", "Number of the computation", "1"),
    _f("số hồ sơ", "Số hồ sơ được xếp hạng", "Dossiers in the ranking", "3"),
    _f("số đạt", "Số sản phẩm đạt", "Products that pass", "2"),
    _f("số không đạt", "Số sản phẩm không đạt", "Products that do not pass", "1"),
    _f("số doanh nghiệp đạt", "Số doanh nghiệp có sản phẩm đạt", "Enterprises with a product that passes", "2"),
    _f("số top", "Số sản phẩm thuộc nhóm Top", "Products at the top", "1"),
    _f("số suất top", "Số suất của nhóm Top", "Places at the top", "10", SEASON),
    _f("thời hạn công nhận", "Thời hạn công nhận, tháng", "Validity in months", "36", SEASON),
)
_HELD = (
    _f("ngày họp", "Ngày họp", "Day of the meeting", "ngày 09 tháng 11 năm 2026", MEETING),
    _f("phiên họp số", "Số phiên họp trong kỳ", "Number of the meeting", "1", MEETING),
)
_RANKED = (
    _f("hạng", "Hạng", "Rank", "1"),
    _f("mã hồ sơ", "Mã hồ sơ", "Dossier number", "H26.12-260305-0001"),
    _f("sản phẩm", "Tên sản phẩm", "Product", "Máy biến áp ví dụ 22 kV"),
    _f("doanh nghiệp", "Tên doanh nghiệp", "Enterprise", "Công ty Cổ phần Ví dụ"),
    _f("điểm", "Điểm bình quân", "Mean points", "85,33"),
    _f("kết luận", "Đạt hoặc không đạt", "Pass or not", "Đạt"),
    _f("ghi chú", "Ghi chú", "Remark", "", required=False),
)
_RANKED_ROWS = (
    ("1", "H26.12-260305-0001", "Máy biến áp ví dụ 22 kV", "Công ty Cổ phần Ví dụ", "85,33", "Đạt", "Top 10"),
    ("2", "H26.12-260305-0002", "Gạch ví dụ", "Công ty TNHH Thử", "71,5", "Đạt", ""),
)
_RANKING = FieldList("xếp hạng", "Mọi hồ sơ theo hạng", "All dossiers by rank", _RANKED, _RANKED_ROWS, where=RESULT)
_PASSED = FieldList(
    "sản phẩm đạt", "Sản phẩm đạt, theo hạng", "Products that pass, by rank",
    (_f("stt", "Số thứ tự", "Number in the list", "1"), *_RANKED),
    tuple((str(n), *row) for n, row in enumerate(_RANKED_ROWS, start=1)), where=RESULT,
)  # fmt: skip
_TOP = FieldList(
    "sản phẩm top", "Sản phẩm thuộc nhóm Top", "Products at the top", _PASSED.fields, _PASSED.examples[:1],
    required=False, where=RESULT,
)  # fmt: skip
_FAILED = FieldList(
    "sản phẩm không đạt", "Sản phẩm không đạt", "Products that do not pass", _PASSED.fields,
    (("1", "3", "H26.12-260305-0003", "Ghế ví dụ", "Hợp tác xã Mẫu", "51", "Không đạt", ""),),
    required=False, where=RESULT,
)  # fmt: skip
_BASES = FieldList(
    "căn cứ", "Căn cứ", "Legal bases", (_f("nội dung", "Một căn cứ", "One basis", ""),),
    (("Căn cứ Quyết định số 01/QĐ-UBND ngày 05 tháng 3 năm 2026.",),), where=TYPED,
)  # fmt: skip
_PEOPLE = (
    _f("stt", "Số thứ tự", "Number in the list", "1"),
    _f("họ tên", "Họ và tên", "Name", "Trần Thị Mẫu"),
    _f("chức danh", "Chức danh trong Hội đồng", "Position in the council", "Ủy viên"),
    _f("cơ quan", "Cơ quan", "Agency", "Sở Ví dụ", COUNCIL, required=False),
)
_PRESENT = FieldList(
    "có mặt", "Thành viên có mặt", "Members present",
    (*_PEOPLE, _f("thời gian", "Đến, về", "Came, left", "8 giờ 30 – 11 giờ 30", MEETING)),
    (("1", "Trần Thị Mẫu", "Chủ tịch Hội đồng", "Sở Ví dụ", "8 giờ 30 – 11 giờ 30"),), where=MEETING,
)  # fmt: skip
_ABSENT = FieldList(
    "vắng mặt", "Thành viên vắng mặt", "Members absent", _PEOPLE,
    (("1", "Lê Văn Mẫu", "Ủy viên", "Sở Ví dụ"),), required=False, where=MEETING,
)  # fmt: skip
_ITEMS = FieldList(
    "mục", "Các mục đã xét", "Items that were treated",
    (
        _f("stt", "Số thứ tự", "Number in the list", "1"),
        _f("tên mục", "Tên mục", "Item", "Hồ sơ H26.12-260305-0001"),
        _f("thời gian", "Thời gian", "Time", "8 giờ 45 – 9 giờ 05", MEETING),
        _f("túc số", "Túc số", "Quorum", "có mặt 7/8 thành viên được biểu quyết, cần ít nhất 6", MEETING),
        _f("chủ trì", "Người điều hành mục", "Who led it", "Trần Thị Mẫu", MEETING),
        _f("rời phòng", "Thành viên rời phòng vì xung đột", "Members who left", "Lê Văn Mẫu", required=False),
        _f("biểu quyết", "Kết quả biểu quyết", "Vote", "6 tán thành, 1 không, 0 trắng", required=False),
        _f("kết luận mục", "Kết luận", "Conclusion", "Thống nhất kết quả.", required=False),
    ),
    (("1", "Hồ sơ H26.12-260305-0001", "8 giờ 45 – 9 giờ 05", "có mặt 7/8 thành viên được biểu quyết, cần ít nhất 6",
      "Trần Thị Mẫu", "Lê Văn Mẫu", "6 tán thành, 1 không tán thành, 0 không có ý kiến", "Thống nhất kết quả."),),
    required=False, where=MEETING,
)  # fmt: skip


def _lines(name: str, vi: str, en: str, field: str, example: str) -> FieldList:
    fields = (_f(field, vi, en, example),)
    return FieldList(name, vi, en, fields, ((example,),), required=False, where=MEETING)


_UNTREATED = _lines("chưa xét", "Mục chưa xét", "Items not treated", "tên mục", "Hồ sơ H26.12-260305-0009")
_RUNS = _lines("các lần tính", "Các lần tính kết quả", "Computations", "lần", "Lần 1: a1a1…")
_ENTERED = _lines("phiếu nhập thay", "Phiếu nhập thay thành viên vắng", "Sheets entered for others", "phiếu", "…")
_VOIDED = _lines("phiếu hủy", "Phiếu không còn được tính", "Sheets that no longer count", "phiếu", "…")
_STATED = _lines("tuyên bố", "Tuyên bố trước khi ký biên bản", "Statements before signing", "lời", "…")

MINUTES_FORM = PaperForm(
    "BB",
    "Biên bản họp Hội đồng",
    "Minutes of the meeting",
    (
        *_SEASON,
        *_HELD,
        _f("số biên bản", "Số biên bản", "Number of the minutes", "01", TYPED),
        _f("bắt đầu", "Giờ, ngày bắt đầu", "Begun", "8 giờ 30 phút, ngày 09 tháng 11 năm 2026", MEETING),
        _f("kết thúc", "Giờ, ngày kết thúc", "Ended", "11 giờ 30 phút, ngày 09 tháng 11 năm 2026", MEETING),
        _f("địa điểm", "Địa điểm", "Place", "Phòng họp số 1", MEETING),
        _f("chủ trì phiên", "Người chủ trì", "Chaired by", "Trần Thị Mẫu", MEETING),
        _f("chức danh chủ trì", "Chức danh của người chủ trì", "Position of the chair", "Chủ tịch Hội đồng", MEETING),
        _f("thư ký", "Thư ký phiên họp", "Secretary", "Nguyễn Thị Mẫu", MEETING),
        _f("số thành viên", "Số thành viên Hội đồng", "Members of the council", "9", COUNCIL),
        _f("số có mặt", "Số thành viên có mặt", "Members present", "8", MEETING),
        _f("quy tắc túc số", "Quy tắc túc số", "Rule of the quorum", "2/3", COUNCIL),
        _f("hình thức biểu quyết", "Hình thức biểu quyết", "How it votes", "Biểu quyết công khai", MEETING),
    ),
    (_PRESENT, _ABSENT, _ITEMS, _UNTREATED, _RANKING, _RUNS, _ENTERED, _VOIDED, _STATED),
    typed=("số biên bản",),
    for_applicant=False,
)
SUBMISSION_FORM = PaperForm(
    "TT",
    "Tờ trình đề nghị công nhận",
    "Submission",
    (
        *_SEASON,
        *_HELD,
        _f("số tờ trình", "Số tờ trình", "Number of the submission", "12", TYPED),
        _f("ngày tờ trình", "Ngày của tờ trình", "Day of the submission", "ngày 12 tháng 11 năm 2026", TYPED),
        _f(
            "chức vụ ký tờ trình",
            "Chức vụ người ký tờ trình",
            "Position of who signs the submission",
            "GIÁM ĐỐC",
            TYPED,
        ),
        _f(
            "người ký tờ trình", "Người ký tờ trình", "Who signs the submission", "Trần Văn Mẫu", TYPED, required=False
        ),
    ),
    (_BASES, _PASSED, _TOP, _FAILED),
    typed=("số tờ trình", "ngày tờ trình", "chức vụ ký tờ trình", "người ký tờ trình"),
    for_applicant=False,
)
DECISION_FORM = PaperForm(
    "QD",
    "Dự thảo quyết định công nhận",
    "Draft decision",
    (
        *_SEASON,
        *_HELD,
        _f("số tờ trình", "Số tờ trình", "Number of the submission", "12", TYPED),
        _f("ngày tờ trình", "Ngày của tờ trình", "Day of the submission", "ngày 12 tháng 11 năm 2026", TYPED),
        _f("số quyết định", "Số quyết định", "Number of the decision", "45", TYPED),
        _f("ngày quyết định", "Ngày của quyết định", "Day of the decision", "ngày 30 tháng 11 năm 2026", TYPED),
        _f(
            "chức vụ ký quyết định",
            "Chức vụ người ký quyết định",
            "Position of who signs the decision",
            "CHỦ TỊCH",
            TYPED,
        ),
        _f(
            "người ký quyết định", "Người ký quyết định", "Who signs the decision", "Lê Văn Mẫu", TYPED, required=False
        ),
    ),
    (_BASES, _PASSED, _TOP),
    typed=("số quyết định", "ngày quyết định", "chức vụ ký quyết định", "người ký quyết định"),
    for_applicant=False,
)
KINDS = (MINUTES_FORM, SUBMISSION_FORM, DECISION_FORM)
BY_CODE = {kind.code: kind for kind in KINDS}
