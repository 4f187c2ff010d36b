"""The letter that tells an enterprise that the reasons are there. It says no points and no reason: these stand in the
paper, behind the sign-in."""

from mail.kinds import Field, LetterKind

LETTERS: tuple[LetterKind, ...] = (
    LetterKind(
        code="reasons_released",
        title_vi="Thông báo lý do không được công nhận",
        title_en="The letter of reasons is there",
        fields=(
            Field("number", "Mã hồ sơ", "Number of the dossier", "H26.12-260915-0001"),
            Field("product", "Tên sản phẩm", "Name of the product", "Máy biến áp Kẻ Chợ"),
            Field("season", "Năm của kỳ xét chọn", "Year of the season", "2026"),
            Field("link", "Địa chỉ của trang", "Address of the page", "https://kip.example.gov.vn/ho-so/7/theo-doi/"),
        ),
        subject_vi="Lý do hồ sơ {number} không được công nhận",
        body_vi=(
            "Sản phẩm “{product}” (hồ sơ {number}) không được công nhận trong kỳ xét chọn năm {season}.\n\nThông báo "
            "nêu lý do theo từng tiêu chí: điểm bình quân, mức mà bộ tiêu chí mô tả, ý kiến trên phiếu chấm và minh "
            "chứng còn thiếu. Bạn tải thông báo (PDF) ở trang của hồ sơ.\n\n[Mở hồ sơ](link)"
        ),
        subject_en="Why dossier {number} was not recognised",
        body_en=(
            "The product “{product}” (dossier {number}) was not recognised in the season {season}.\n\nThe letter of "
            "reasons goes criterion by criterion: the mean, the level that the criteria describe, what was written "
            "on the score sheets, and the evidence that was missing. Download it (PDF) on the page of the dossier."
            "\n\n[Open the dossier](link)"
        ),
        is_decision=True,
    ),
)
