"""The letter to the secretary when a conflict leaves criteria without their scorer."""

from mail.kinds import Field, LetterKind

LETTERS: tuple[LetterKind, ...] = (
    LetterKind(
        code="scorer_lost",
        title_vi="Tiêu chí mất người chấm",
        title_en="Criteria lost a scorer",
        fields=(
            Field("number", "Mã hồ sơ", "Number of the dossier", "H26.12-260915-0001"),
            Field("member", "Thành viên Hội đồng", "Member of the council", "Nguyễn Thị Hà"),
            Field("criteria", "Mã các tiêu chí", "Codes of the criteria", "1.1, 2.3"),
            Field("sheet", "Phiếu đã ký có bị bỏ không", "Whether a signed sheet is void", ""),
            Field(
                "link",
                "Địa chỉ của trang",
                "Address of the page",
                "https://kip.example.gov.vn/lam-viec/ky/2026/phan-cong/",
            ),
        ),
        subject_vi="Hồ sơ {number}: tiêu chí {criteria} cần người chấm khác",
        body_vi=(
            "{member} không chấm hồ sơ {number} nữa. Các tiêu chí {criteria} của hồ sơ này bớt một người chấm.\n\n"
            "{sheet}\n\nĐề nghị thư ký xem lại phân công.\n\n[Mở bảng phân công](link)"
        ),
        subject_en="Dossier {number}: criteria {criteria} need another scorer",
        body_en=(
            "{member} no longer scores dossier {number}. Its criteria {criteria} have one scorer less.\n\n{sheet}\n\n"
            "Please look at the assignment again.\n\n[Open the assignment](link)"
        ),
    ),
)
