"""The sentences that officers write most, as the library begins: (part, reason, sentence); part "" fits all. Pure."""

PHRASES = (
    ("", "missing", "Bổ sung: {tên}."),
    ("", "expired", "{tên}: đã hết hiệu lực. Đề nghị nộp bản còn hiệu lực."),
    ("", "unreadable", "{tên}: không đọc được tệp. Đề nghị nộp bản rõ nét."),
    ("", "incomplete", "{tên}: chưa đầy đủ. Đề nghị bổ sung phần còn thiếu."),
    ("", "contradicts", "{tên}: không thống nhất với phần khác của hồ sơ. Đề nghị đối chiếu và sửa."),
    ("application_form", "incomplete", "Đơn đăng ký chưa có chữ ký của người đại diện theo pháp luật và dấu."),
    (
        "business_registration",
        "contradicts",
        "Giấy chứng nhận đăng ký doanh nghiệp không khớp tên, địa chỉ hoặc người đại diện đã khai. "
        "Đề nghị nộp bản thay đổi mới nhất.",
    ),
    ("product_description", "incomplete", "Thuyết minh sản phẩm chưa nêu thông số kỹ thuật và dây chuyền sản xuất."),
    ("photos", "incomplete", "Ảnh sản phẩm chưa đủ ba mặt. Đề nghị nộp thêm ảnh rõ nét."),
    (
        "financial_statements",
        "incomplete",
        "Báo cáo tài chính thiếu thuyết minh hoặc thiếu năm. Đề nghị nộp đủ báo cáo đã kiểm toán của ba năm.",
    ),
    (
        "financial_statements",
        "contradicts",
        "Doanh thu trong báo cáo tài chính không khớp số liệu đã khai. Đề nghị đối chiếu và giải trình.",
    ),
    ("tax_confirmation", "expired", "Xác nhận nghĩa vụ thuế không phải của năm liền trước. Đề nghị nộp bản mới."),
    (
        "quality_certificates",
        "expired",
        "Chứng nhận hệ thống chất lượng đã hết hiệu lực. Đề nghị nộp bản còn hiệu lực.",
    ),
    ("environment_papers", "expired", "Giấy phép môi trường đã hết hiệu lực. Đề nghị nộp bản còn hiệu lực."),
    ("figures", "contradicts", "Số liệu đã khai không khớp báo cáo tài chính. Đề nghị đối chiếu và sửa."),
    ("figures", "incomplete", "Số liệu ba năm chưa đủ. Đề nghị khai doanh thu, xuất khẩu và lao động của từng năm."),
    ("product", "incomplete", "Mô tả sản phẩm và công nghệ chưa đủ để thẩm định. Đề nghị viết rõ hơn."),
    ("enterprise", "contradicts", "Thông tin doanh nghiệp không khớp giấy đăng ký. Đề nghị sửa theo bản mới nhất."),
)
