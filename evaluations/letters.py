"""Letters to the members of the council."""

from evaluations import interest_letters
from mail.kinds import Field, LetterKind

LETTERS: tuple[LetterKind, ...] = (
    LetterKind(
        code="sheets_to_sign",
        title_vi="Nhắc ký phiếu chấm",
        title_en="Score sheets wait for a signature",
        fields=(
            Field("season", "Năm của kỳ xét chọn", "Year of the season", "2026"),
            Field("count", "Số phiếu chưa ký", "Sheets that are not signed", "12"),
            Field("signed", "Số phiếu đã ký", "Sheets that are signed", "34"),
            Field("closes_at", "Hạn chấm điểm", "When scoring closes", "17:00 07/11/2026"),
            Field("link", "Địa chỉ của trang", "Address of the page", "https://kip.example.gov.vn/hoi-dong/"),
        ),
        subject_vi="Còn {count} phiếu chấm chờ bạn ký",
        body_vi=(
            "Kỳ xét chọn năm {season}: bạn đã ký {signed} phiếu chấm, còn {count} phiếu chưa ký. Hạn chấm điểm là "
            "{closes_at}.\n\n[Mở việc chấm của tôi](link)\n\nNếu bạn có xung đột lợi ích với một hồ sơ, hãy khai báo "
            "trên cùng trang đó. Nếu bạn vắng mặt, hãy báo cho thư ký Hội đồng."
        ),
        subject_en="{count} score sheets wait for your signature",
        body_en=(
            "Season {season}: you have signed {signed} score sheets, {count} are not signed yet. Scoring closes at "
            "{closes_at}.\n\n[Open my scoring](link)\n\nIf you have a conflict of interest with a dossier, declare it "
            "on the same page. If you are away, tell the secretary of the council."
        ),
        is_reminder=True,
    ),
    *interest_letters.LETTERS,
)
