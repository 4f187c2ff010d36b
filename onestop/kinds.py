"""The seven forms of Appendix I of Circular 03/2025/TT-VPCP: which fields each has and which it cannot do without.

Fields have Vietnamese names, because they stand in the texts that staff edit. The words of a form are not here:
they are in its text (onestop/forms, and what staff made of it).
"""

from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parent / "forms"

# Where a missing value is filled in: a page of the desk (onestop.views.words has the addresses).
ENTERPRISE, CHECK, INTAKE, SUPPLEMENT, TYPED = "enterprise", "check", "intake", "supplement", "typed"


@dataclass(frozen=True)
class Field:
    """One merge field. `where` says at which page a missing value is filled in."""

    name: str
    meaning_vi: str
    meaning_en: str
    example: str
    required: bool = True
    where: str = CHECK


@dataclass(frozen=True)
class FieldList:
    """A list whose entries repeat lines or rows of the form."""

    name: str
    meaning_vi: str
    meaning_en: str
    fields: tuple[Field, ...]
    examples: tuple[tuple[str, ...], ...]
    required: bool = True
    where: str = CHECK

    @property
    def names(self) -> set[str]:
        return {field.name for field in self.fields}

    def example(self) -> list[dict[str, str]]:
        return [dict(zip([f.name for f in self.fields], row, strict=True)) for row in self.examples]


@dataclass(frozen=True)
class FormKind:
    """`typed` are the fields that the officer writes when making the form."""

    code: str
    title_vi: str
    title_en: str
    fields: tuple[Field, ...]
    lists: tuple[FieldList, ...] = ()
    typed: tuple[str, ...] = ()
    for_applicant: bool = True
    landscape: bool = False

    @property
    def names(self) -> set[str]:
        return {field.name for field in self.fields}

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def list_names(self) -> dict[str, set[str]]:
        return {one.name: one.names for one in self.lists}

    def standard(self) -> str:
        return (HOME / f"{self.code}.txt").read_text(encoding="utf-8")

    def example(self) -> dict[str, str | list[dict[str, str]]]:
        """Invented values for every field, for the preview of a text."""
        values: dict[str, str | list[dict[str, str]]] = {field.name: field.example for field in self.fields}
        return values | {one.name: one.example() for one in self.lists}


def _f(name: str, vi: str, en: str, example: str, where: str = CHECK, *, required: bool = True) -> Field:
    return Field(name, vi, en, example, required, where)


_PAPER = (
    _f("số", "Số thứ tự của giấy tờ trong năm", "Running number of the paper in the year", "12"),
    _f("ngày lập", "Ngày lập giấy tờ", "Day on which the paper is made", "ngày 05 tháng 3 năm 2026"),
    _f("người lập", "Người lập giấy tờ", "Who makes the paper", "Nguyễn Thị Mẫu"),
)
_DOSSIER = (
    _f("mã hồ sơ", "Mã hồ sơ", "Dossier number", "H26.12-260305-0001"),
    _f("tên tổ chức", "Tên doanh nghiệp", "Name of the enterprise", "Công ty Cổ phần Ví dụ", ENTERPRISE),
    _f("mã số thuế", "Mã số thuế", "Tax code", "9900000018", ENTERPRISE),
    _f("địa chỉ", "Địa chỉ trụ sở", "Address", "Số 1 phố Ví dụ, Phường Ba Đình, Hà Nội", ENTERPRISE),
    _f("người liên hệ", "Người liên hệ", "Contact person", "Trần Văn Mẫu", required=False),
    _f("điện thoại", "Điện thoại liên hệ", "Contact telephone", "024 0000 0000", required=False),
    _f("thư điện tử", "Thư điện tử liên hệ", "Contact email", "lienhe@example.vn", required=False),
    _f("sản phẩm", "Tên sản phẩm", "Name of the product", "Máy biến áp ví dụ 22 kV"),
    _f("diện xét chọn", "Diện xét chọn", "Track", "Thông thường"),
    _f("kỳ xét chọn", "Năm của kỳ xét chọn", "Year of the season", "2026"),
    _f("thời điểm nhận", "Giờ và ngày nhận hồ sơ", "Time of receipt", "14 giờ 05 phút, ngày 05 tháng 3 năm 2026"),
    _f("phương thức nhận", "Trực tuyến hoặc trực tiếp", "Online or at the counter", "trực tiếp"),
    _f("trang tra cứu", "Địa chỉ trang theo dõi hồ sơ", "Address of the tracking page", "https://example.vn/x"),
)
_SIGNER = _f("người ký", "Họ tên người ký", "Name of whoever signs", "Lê Văn Mẫu", TYPED, required=False)
_BASIS = _f("căn cứ", "Căn cứ pháp lý", "Legal basis", "Quy chế xét chọn, Điều 5", TYPED, required=False)
_DUE = _f("ngày hẹn trả", "Ngày hẹn trả kết quả", "Day on which the result is due", "ngày 26 tháng 3 năm 2026")
_DAYS = _f("số ngày xử lý", "Thời hạn kiểm tra, ngày làm việc", "Term of the check, working days", "15")

_PAPERS = FieldList(
    "giấy tờ",
    "Giấy tờ đã nhận",
    "Papers received",
    (
        _f("stt", "Số thứ tự", "Number in the list", "1"),
        _f("tên giấy tờ", "Tên giấy tờ", "Name of the paper", ""),
        _f("số bản", "Số bản đã nhận", "How many were received", "1"),
    ),
    (("1", "Đơn đăng ký, có chữ ký", "1"), ("2", "Ảnh sản phẩm", "3")),
    where=INTAKE,
)
_DEFECTS = FieldList(
    "nội dung",
    "Nội dung cần bổ sung, hoàn thiện",
    "What has to be supplemented",
    (
        _f("stt", "Số thứ tự", "Number in the list", "1"),
        _f("phần", "Phần hoặc giấy tờ của hồ sơ", "Part or paper of the dossier", ""),
        _f("lý do", "Lý do", "Reason", ""),
        _f("yêu cầu", "Yêu cầu cụ thể", "What is asked for", ""),
    ),
    (
        ("1", "Chứng chỉ hệ thống quản lý chất lượng", "Hết hạn", "Nộp chứng chỉ còn hiệu lực."),
        ("2", "Số liệu ba năm", "Mâu thuẫn với phần khác", "Doanh thu năm 2024 khác với báo cáo tài chính."),
    ),
    where=SUPPLEMENT,
)
_STEPS = FieldList(
    "bước",
    "Các bước giải quyết",
    "Steps of the procedure",
    (
        _f("stt", "Số thứ tự", "Number in the list", "1"),
        _f("tên bước", "Tên bước", "Name of the step", ""),
        _f("người thực hiện", "Người thực hiện", "Who did it", ""),
        _f("từ lúc", "Bắt đầu", "Begun", ""),
        _f("đến lúc", "Kết thúc", "Ended", ""),
        _f("số ngày", "Số ngày làm việc", "Working days", ""),
        _f("ghi chú", "Ghi chú", "Remark", "", required=False),
    ),
    (
        ("1", "Tiếp nhận hồ sơ", "Trần Văn Mẫu", "05/03/2026 14:05", "05/03/2026 14:05", "0", ""),
        ("2", "Nhận kiểm tra", "Nguyễn Thị Mẫu", "05/03/2026 14:05", "09/03/2026 09:00", "2", "Đủ thành phần"),
    ),
)
_ENTRIES = FieldList(
    "hồ sơ",
    "Hồ sơ trong sổ",
    "Dossiers in the book",
    (
        _f("stt", "Số thứ tự", "Number in the list", "1"),
        _f("mã hồ sơ", "Mã hồ sơ", "Dossier number", ""),
        _f("tên thủ tục", "Tên thủ tục", "Name of the procedure", ""),
        _f("số lượng", "Số bộ hồ sơ", "Sets of the dossier", ""),
        _f("tên tổ chức", "Tên doanh nghiệp", "Name of the enterprise", ""),
        _f("địa chỉ", "Địa chỉ, điện thoại", "Address, telephone", ""),
        _f("cơ quan giải quyết", "Cơ quan giải quyết", "Authority in charge", ""),
        _f("ngày nhận", "Ngày nhận", "Received on", ""),
        _f("ngày hẹn trả", "Ngày hẹn trả kết quả", "Result due on", ""),
        _f("ngày trả", "Ngày trả kết quả", "Result given on", "", required=False),
        _f("phương thức", "Phương thức nhận", "How it was received", ""),
        _f("ghi chú", "Ghi chú", "Remark", "", required=False),
    ),
    (
        (
            "1", "H26.12-260305-0001", "Xét chọn sản phẩm công nghiệp chủ lực", "1", "Công ty Cổ phần Ví dụ",
            "Số 1 phố Ví dụ, Phường Ba Đình, Hà Nội; 024 0000 0000", "Sở Công Thương", "05/03/2026", "26/03/2026",
            "", "trực tiếp", "",
        ),
    ),
    required=False,
)  # fmt: skip

KINDS = (
    FormKind(
        "01",
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        "Receipt with the date of the result",
        (*_PAPER, *_DOSSIER, _DAYS, _DUE, _f("người nhận", "Người nhận hồ sơ", "Who received it", "Nguyễn Thị Mẫu")),
        (_PAPERS,),
    ),
    FormKind(
        "02",
        "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
        "Request for a supplement",
        (
            *_PAPER,
            *_DOSSIER,
            _f("hạn bổ sung", "Hạn nộp bổ sung", "Supplement due", "ngày 19 tháng 3 năm 2026", SUPPLEMENT),
            _f("lời nhắn", "Lời nhắn của cán bộ", "Message of the officer", "", SUPPLEMENT, required=False),
        ),
        (_DEFECTS,),
    ),
    FormKind(
        "03",
        "Phiếu từ chối giải quyết hồ sơ",
        "Refusal of the dossier",
        (
            *_PAPER,
            *_DOSSIER,
            _f("lý do từ chối", "Lý do từ chối", "Reason of the refusal", "Sản phẩm không thuộc đối tượng."),
            _f("ngày từ chối", "Ngày từ chối", "Day of the refusal", "ngày 10 tháng 3 năm 2026"),
            _BASIS,
            _f("hướng dẫn", "Hướng dẫn tiếp theo", "What to do next", "Có thể đăng ký kỳ sau.", TYPED, required=False),
            _SIGNER,
        ),
        typed=("căn cứ", "hướng dẫn", "người ký"),
    ),
    FormKind(
        "04",
        "Phiếu xin lỗi và gia hạn thời gian trả kết quả",
        "Apology and new date of the result",
        (
            *_PAPER,
            *_DOSSIER,
            _DUE,
            _f("ngày hẹn lại", "Ngày hẹn lại", "New date", "ngày 02 tháng 4 năm 2026", TYPED),
            _f("lý do chậm", "Lý do chậm", "Reason of the delay", "cần kiểm tra thực tế tại cơ sở", TYPED),
            _SIGNER,
        ),
        typed=("ngày hẹn lại", "lý do chậm", "người ký"),
    ),
    FormKind(
        "05",
        "Thông báo dừng giải quyết hồ sơ",
        "Notice that the procedure ends",
        (
            *_PAPER,
            *_DOSSIER,
            _f("ngày dừng", "Ngày dừng giải quyết", "Day on which it ends", "ngày 10 tháng 3 năm 2026"),
            _f("lý do dừng", "Lý do dừng giải quyết", "Reason for ending", "doanh nghiệp đề nghị rút hồ sơ", TYPED),
            _BASIS,
            _SIGNER,
        ),
        typed=("lý do dừng", "căn cứ", "người ký"),
    ),
    FormKind(
        "06",
        "Phiếu kiểm soát quá trình giải quyết hồ sơ",
        "Control sheet of the procedure",
        (
            *_PAPER,
            *_DOSSIER,
            _DAYS,
            _DUE,
            _f("số ngày đã dùng", "Số ngày làm việc đã dùng", "Working days used", "2"),
            _f("tình trạng", "Giai đoạn hiện tại", "Stage now", "Đang kiểm tra"),
        ),
        (_STEPS,),
        for_applicant=False,
    ),
    FormKind(
        "07",
        "Sổ theo dõi hồ sơ",
        "Register of dossiers",
        (
            _f("ngày lập", "Ngày in sổ", "Day of printing", "ngày 05 tháng 3 năm 2026"),
            _f("người lập", "Người in sổ", "Who prints it", "Nguyễn Thị Mẫu"),
            _f("kỳ xét chọn", "Năm của kỳ xét chọn", "Year of the season", "2026"),
            _f("từ ngày", "Từ ngày", "From", "01/01/2026"),
            _f("đến ngày", "Đến ngày", "Until", "31/12/2026"),
            _f("số hồ sơ", "Số hồ sơ trong sổ", "Dossiers in the book", "1"),
        ),
        (_ENTRIES,),
        for_applicant=False,
        landscape=True,
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}
# Papers of other rooms whose words staff edit on the same pages.
ADDED: list[FormKind] = []
BOOK = BY_CODE["07"]
OF_A_DOSSIER = tuple(kind for kind in KINDS if kind is not BOOK)


def add(kind: FormKind) -> None:
    """A room to the right has its paper written and edited like the seven forms. Called from `AppConfig.ready`."""
    if kind.code not in BY_CODE:
        ADDED.append(kind)
        BY_CODE[kind.code] = kind
