"""The invented people of the demonstration. Pure.

No name here belongs to anybody; every account has the same password and the domain `kip.demo`, which cannot
receive mail. The authenticator app of everybody with a role has a published secret (accounts/totp.py), so that the
page of the second step can show the code.
"""

from dataclasses import dataclass

PASSWORD = "demo-2026-kip"  # noqa: S105 - printed on purpose, for invented accounts only
DOMAIN = "kip.demo"
TITLE_NOTE = "tài khoản minh họa"


@dataclass(frozen=True)
class Person:
    """One account. `role` is a role of `accounts.models.Role`, or "" for a representative."""

    mailbox: str
    full_name: str
    title: str
    role: str

    @property
    def email(self) -> str:
        return f"{self.mailbox}@{DOMAIN}"


@dataclass(frozen=True)
class Chair:
    """Where a member sits: `position` of `evaluations.models.Seat.Position` and the kind of agency."""

    position: str
    unit: str


OFFICERS = (
    Person("can-bo", "Nguyễn Thị Hà", "Chuyên viên", "officer"),
    Person("can-bo-2", "Lê Văn Bách", "Chuyên viên chính", "officer"),
)
SECRETARY = Person("thu-ky", "Phạm Thu Mai", "Thư ký Hội đồng", "secretary")
SIGNATORY = Person("nguoi-ky", "Nguyễn Minh Họa", "Người ký quyết định và giấy chứng nhận", "signatory")
IT_OFFICER = Person("it", "Vũ Đình Khang", "Cán bộ công nghệ thông tin", "it_officer")
MEMBERS = (
    Person("uy-vien-1", "Trần Hữu Lương", "Chủ tịch Hội đồng", "member"),
    Person("uy-vien-2", "Đỗ Thị Bích Thủy", "Phó Chủ tịch thường trực", "member"),
    Person("uy-vien-3", "Hoàng Minh Quyết", "Ủy viên", "member"),
    Person("uy-vien-4", "Ngô Thanh Tùng", "Ủy viên", "member"),
    Person("uy-vien-5", "Bùi Thị Ánh Nguyệt", "Ủy viên", "member"),
    Person("uy-vien-6", "Đặng Quang Phúc", "Ủy viên", "member"),
    Person("uy-vien-7", "Lý Thị Kim Oanh", "Ủy viên", "member"),
    Person("uy-vien-8", "Phan Đức Nhã", "Ủy viên", "member"),
    Person("uy-vien-9", "Dương Thế Ẩn", "Ủy viên", "member"),
)
CHAIRS = (
    Chair("chair", "Cơ quan công thương"),
    Chair("vice_chair", "Cơ quan công thương"),
    Chair("member", "Cơ quan khoa học và công nghệ"),
    Chair("member", "Cơ quan thuế"),
    Chair("member", "Cơ quan nông nghiệp và môi trường"),
    Chair("member", "Cơ quan hải quan"),
    Chair("member", "Cơ quan lao động"),
    Chair("member", "Trường đại học kỹ thuật"),
    Chair("member", "Hội ngành nghề"),
)
# The first enterprise of the list has dossiers at several stages; its person is the applicant to sign in as.
APPLICANT = Person("doanh-nghiep", "Trịnh Thùy Dương", "Phó Giám đốc kinh doanh", "")
# One consultant prepares dossiers for two enterprises; a clerk types for the first and signs nothing.
CONSULTANT = Person("tu-van", "Tô Minh Giang", "Chuyên gia tư vấn độc lập", "")
CLERK = Person("nhap-lieu", "Mạc Thị Hoa", "Nhân viên kế hoạch", "")

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Đinh", "Tạ", "Lưu")
_MIDDLE = ("Văn", "Thị", "Đức", "Thị Thu", "Quang", "Thị Minh", "Xuân", "Ngọc")
_GIVEN = (
    "Khôi", "Hường", "Thắng", "Vân", "Hiệp", "Loan", "Đạt", "Hoài", "Sáng", "Tuyết", "Bảo", "Thơm",
    "Kiên", "Hạnh", "Ninh", "Yến", "Luân",
)  # fmt: skip


def invented_name(number: int) -> str:
    """A full name of common syllables; the same number always gives the same one. Even ones are men's names."""
    woman, turn = bool(number % 2), number // 2
    middle = [m for m in _MIDDLE if ("Thị" in m) == woman]
    given = [g for index, g in enumerate(_GIVEN) if bool(index % 2) == woman]
    parts = _FAMILY[number * 5 % len(_FAMILY)], middle[turn % len(middle)], given[turn * 5 % len(given)]
    return " ".join(parts)


def representative(number: int) -> Person:
    """The person who acts for the `number`-th enterprise of the list, counted from 1."""
    if number == 1:
        return APPLICANT
    return Person(f"dn-{number:02d}", invented_name(number), "Người được ủy quyền", "")


def legal_representative(number: int) -> str:
    return invented_name(number + 101)


@dataclass(frozen=True)
class SignIn:
    """One line of the table that `demo_accounts` prints."""

    role_vi: str
    role_en: str
    person: Person
    page: str


SIGN_INS = (
    SignIn("Doanh nghiệp", "Enterprise", APPLICANT, "/ho-so/"),
    SignIn("Người nhập liệu của doanh nghiệp", "Person who only fills in", CLERK, "/ho-so/"),
    SignIn("Tư vấn của hai doanh nghiệp", "Consultant of two enterprises", CONSULTANT, "/ho-so/"),
    SignIn("Cán bộ Sở", "Department officer", OFFICERS[0], "/lam-viec/"),
    SignIn("Thư ký Hội đồng", "Council secretary", SECRETARY, "/lam-viec/ky/2026/"),
    SignIn("Chủ tịch Hội đồng", "Council chair", MEMBERS[0], "/hoi-dong/"),
    SignIn("Ủy viên Hội đồng", "Council member", MEMBERS[2], "/hoi-dong/"),
    SignIn("Người ký", "Signatory", SIGNATORY, "/lam-viec/cho-ky/"),
    SignIn("Cán bộ CNTT", "IT officer", IT_OFFICER, "/cua-toi/"),
)
