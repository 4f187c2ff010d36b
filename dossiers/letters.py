"""Letters about a dossier, from its receipt to the end of the check."""

from mail.kinds import Field, LetterKind

NUMBER = Field("number", "Mã hồ sơ", "Number of the dossier", "H26.12-260915-0001")
PRODUCT = Field("product", "Tên sản phẩm", "Name of the product", "Máy biến áp Kẻ Chợ")
SEASON = Field("season", "Năm của kỳ xét chọn", "Year of the season", "2026")
DUE = Field("due", "Hạn trả lời", "Answer until", "25/09/2026")
ITEMS = Field(
    "items",
    "Danh sách nội dung cần bổ sung",
    "List of what has to be mended",
    "1. Chứng nhận chất lượng: Giấy chứng nhận ISO đã hết hạn.",
)


def link(path: str) -> Field:
    return Field("link", "Địa chỉ của trang", "Address of the page", f"https://kip.example.gov.vn/ho-so/7/{path}")


ABOUT = (NUMBER, PRODUCT, SEASON)
_LATE_VI = (
    "Quá hạn này, bạn không gửi được bản bổ sung trên hệ thống nữa. Nếu cần thêm thời gian, hãy xin gia hạn trước khi "
    "hết hạn, trong mục trao đổi của hồ sơ."
)
_LATE_EN = (
    "After that day the supplement can no longer be sent here. If you need more time, ask for an extension before the "
    "term ends, under messages of the dossier."
)

LETTERS: tuple[LetterKind, ...] = (
    LetterKind(
        code="dossier_received",
        title_vi="Đã nhận hồ sơ",
        title_en="The dossier is received",
        fields=(
            NUMBER,
            PRODUCT,
            Field("enterprise", "Tên doanh nghiệp", "Name of the enterprise", "Công ty Cổ phần Kẻ Chợ"),
            Field("sent_at", "Thời điểm nộp", "When it was sent", "10:42 15/09/2026"),
            Field("sent_by", "Người nộp", "Who sent it", "Nguyễn Thị Hà"),
            Field("due", "Ngày Sở kiểm tra xong", "By when the Department checks it", "06/10/2026"),
            link("da-nop/"),
        ),
        subject_vi="Đã nhận hồ sơ {number}",
        body_vi=(
            "Sở Công Thương đã nhận hồ sơ {number} của {enterprise} cho sản phẩm “{product}”, do {sent_by} nộp lúc "
            "{sent_at}.\n\nSở kiểm tra hồ sơ chậm nhất ngày {due} và viết cho bạn nếu còn thiếu nội dung nào.\n\n"
            "[Mở giấy tiếp nhận](link)"
        ),
        subject_en="Dossier {number} is received",
        body_en=(
            "The Department of Industry and Trade received dossier {number} of {enterprise} for the product "
            "“{product}”, sent by {sent_by} at {sent_at}.\n\nThe Department checks it by {due} and writes to you if "
            "something is missing.\n\n[Open the receipt](link)"
        ),
    ),
    LetterKind(
        code="supplement_asked",
        title_vi="Yêu cầu bổ sung hồ sơ",
        title_en="A supplement is asked for",
        fields=(*ABOUT, DUE, ITEMS, Field("message", "Lời của cán bộ", "Words of the officer", ""), link("bo-sung/")),
        subject_vi="Hồ sơ {number} cần bổ sung trước hết ngày {due}",
        body_vi=(
            "Hồ sơ {number} của sản phẩm “{product}” cần được bổ sung. Bạn sửa đúng những nội dung dưới đây rồi gửi "
            "lại một lần, chậm nhất ngày {due}.\n\n{items}\n\n{message}\n\n[Mở trang bổ sung](link)\n\n" + _LATE_VI
        ),
        subject_en="Dossier {number} needs a supplement by {due}",
        body_en=(
            "Dossier {number} for the product “{product}” needs a supplement. Mend exactly what is listed here and "
            "send it once, by {due}.\n\n{items}\n\n{message}\n\n[Open the supplement](link)\n\n" + _LATE_EN
        ),
    ),
    LetterKind(
        code="supplement_reminder",
        title_vi="Nhắc hạn bổ sung hồ sơ",
        title_en="Reminder of a supplement",
        fields=(*ABOUT, DUE, ITEMS, Field("days", "Số ngày còn lại", "Days that are left", "3"), link("bo-sung/")),
        subject_vi="Còn {days} ngày để bổ sung hồ sơ {number}",
        body_vi=(
            "Còn {days} ngày để gửi bản bổ sung của hồ sơ {number}, sản phẩm “{product}” (hạn: {due}). Những nội dung "
            "chưa được sửa:\n\n{items}\n\n[Mở trang bổ sung](link)\n\n" + _LATE_VI
        ),
        subject_en="Days left for the supplement of dossier {number}: {days}",
        body_en=(
            "Days left to send the supplement of dossier {number}, product “{product}”: {days} (due {due}). Not yet "
            "mended:\n\n{items}\n\n[Open the supplement](link)\n\n" + _LATE_EN
        ),
        is_reminder=True,
    ),
    LetterKind(
        code="supplement_late",
        title_vi="Quá hạn bổ sung hồ sơ",
        title_en="The term of a supplement is past",
        fields=(*ABOUT, DUE, link("bo-sung/")),
        subject_vi="Hồ sơ {number} đã quá hạn bổ sung",
        body_vi=(
            "Hạn bổ sung hồ sơ {number}, sản phẩm “{product}”, đã hết ngày {due} mà chưa có bản bổ sung.\n\n"
            "Sở có thể gia hạn một lần hoặc từ chối hồ sơ. Nếu vẫn muốn bổ sung, hãy viết ngay cho cán bộ thụ lý và "
            "nêu lý do chậm.\n\n[Xem việc cần làm](link)"
        ),
        subject_en="The supplement of dossier {number} is overdue",
        body_en=(
            "The term for the supplement of dossier {number}, product “{product}”, ended on {due} and no supplement "
            "came.\n\nThe Department may extend the term once or refuse the dossier. If you still want to answer, "
            "write to the officer at once and say why it is late.\n\n[See what to do](link)"
        ),
    ),
    LetterKind(
        code="supplement_extended",
        title_vi="Gia hạn bổ sung hồ sơ",
        title_en="The term of a supplement is extended",
        fields=(
            *ABOUT,
            DUE,
            Field("reason", "Lý do gia hạn", "Reason of the extension", "Chờ kết quả thử nghiệm"),
            link("bo-sung/"),
        ),
        subject_vi="Hồ sơ {number} được gia hạn bổ sung đến {due}",
        body_vi=(
            "Hạn bổ sung hồ sơ {number}, sản phẩm “{product}”, được kéo dài đến hết ngày {due}. Lý do: {reason}\n\n"
            "Hạn chỉ được kéo dài một lần.\n\n[Mở trang bổ sung](link)"
        ),
        subject_en="The supplement of dossier {number} is extended to {due}",
        body_en=(
            "The term for the supplement of dossier {number}, product “{product}”, now ends on {due}. Reason: "
            "{reason}\n\nIt can be extended only once.\n\n[Open the supplement](link)"
        ),
    ),
    LetterKind(
        code="dossier_eligible",
        title_vi="Hồ sơ đủ điều kiện",
        title_en="The dossier is eligible",
        fields=(*ABOUT, link("theo-doi/")),
        subject_vi="Hồ sơ {number} đủ điều kiện",
        body_vi=(
            "Sở Công Thương đã kiểm tra hồ sơ {number} của sản phẩm “{product}”: hồ sơ đủ điều kiện và được chuyển "
            "đến Hội đồng xét chọn năm {season}. Bạn chưa phải làm gì thêm.\n\n[Theo dõi hồ sơ](link)"
        ),
        subject_en="Dossier {number} is eligible",
        body_en=(
            "The Department of Industry and Trade has checked dossier {number} for the product “{product}”: it is "
            "eligible and goes to the council of the season {season}. There is nothing to do for you now.\n\n"
            "[Follow the dossier](link)"
        ),
        is_decision=True,
    ),
    LetterKind(
        code="dossier_refused",
        title_vi="Từ chối hồ sơ",
        title_en="The dossier is refused",
        fields=(
            *ABOUT,
            Field("reason", "Lý do từ chối", "Reason of the refusal", "Sản phẩm không thuộc diện xét chọn."),
            link("theo-doi/"),
        ),
        subject_vi="Hồ sơ {number} bị từ chối",
        body_vi=(
            "Sở Công Thương từ chối hồ sơ {number} của sản phẩm “{product}” trong kỳ {season}.\n\nLý do: {reason}\n\n"
            "Nếu có thắc mắc, bạn trả lời thư này và ghi mã hồ sơ.\n\n[Xem hồ sơ](link)"
        ),
        subject_en="Dossier {number} is refused",
        body_en=(
            "The Department of Industry and Trade refuses dossier {number} for the product “{product}” in the season "
            "{season}.\n\nReason: {reason}\n\nIf you have a question, answer this letter and name the number.\n\n"
            "[See the dossier](link)"
        ),
        is_decision=True,
    ),
    LetterKind(
        code="paper_answer_received",
        title_vi="Đã nhận bản bổ sung bằng giấy",
        title_en="A supplement on paper is received",
        fields=(*ABOUT, Field("day", "Thời điểm nhận", "When it was received", "09:30 15/09/2026"), link("theo-doi/")),
        subject_vi="Đã nhận bản bổ sung của hồ sơ {number}",
        body_vi=(
            "Sở Công Thương đã nhận tại bộ phận một cửa, lúc {day}, bản bổ sung bằng giấy của hồ sơ {number}, sản "
            "phẩm “{product}”. Việc kiểm tra hồ sơ tiếp tục từ ngày nhận; bạn không phải gửi lại trên hệ thống.\n\n"
            "Nếu doanh nghiệp không nộp bản bổ sung này, hãy báo cho Sở ngay.\n\n[Theo dõi hồ sơ](link)"
        ),
        subject_en="The supplement of dossier {number} is received",
        body_en=(
            "The Department of Industry and Trade received at the counter, at {day}, the supplement on paper of "
            "dossier {number} for the product “{product}”. The check goes on from that day; nothing has to be sent "
            "here "
            "again."
            "\n\nIf your enterprise did not bring it, tell the Department at once.\n\n[Follow the dossier](link)"
        ),
    ),
    LetterKind(
        code="paper_withdrawal_received",
        title_vi="Đã nhận văn bản rút hồ sơ",
        title_en="A withdrawal on paper is received",
        fields=(*ABOUT, Field("day", "Ngày của văn bản", "Day of the letter", "15/09/2026"), link("theo-doi/")),
        subject_vi="Hồ sơ {number} đã được rút theo văn bản của doanh nghiệp",
        body_vi=(
            "Theo văn bản ngày {day} của doanh nghiệp, Sở Công Thương dừng giải quyết hồ sơ {number}, sản phẩm "
            "“{product}”, trong kỳ {season}.\n\nNếu doanh nghiệp không gửi văn bản này, hãy báo cho Sở ngay.\n\n"
            "[Xem hồ sơ](link)"
        ),
        subject_en="Dossier {number} is withdrawn by your letter",
        body_en=(
            "By the letter of your enterprise of {day}, the Department of Industry and Trade ends the procedure for "
            "dossier {number}, product “{product}”, in the season {season}.\n\nIf your enterprise did not write that "
            "letter, tell the Department at once.\n\n[See the dossier](link)"
        ),
    ),
    LetterKind(
        code="message_waiting",
        title_vi="Tin nhắn mới trong hồ sơ",
        title_en="A new message in a dossier",
        fields=(*ABOUT, Field("writer", "Người viết", "Who wrote", "Sở Công Thương"), link("trao-doi/")),
        subject_vi="Tin nhắn mới về hồ sơ {number}",
        body_vi=(
            "{writer} vừa viết cho bạn về hồ sơ {number}, sản phẩm “{product}”. Nội dung chỉ có trong hệ thống.\n\n"
            "[Đọc và trả lời](link)"
        ),
        subject_en="A new message about dossier {number}",
        body_en=(
            "{writer} wrote to you about dossier {number}, product “{product}”. The words stand in the system only."
            "\n\n[Read and answer](link)"
        ),
    ),
)
