"""Invented texts of dossiers, requests, refusals and comments. Pure."""

DESCRIPTION = {
    "mechanical": "Sản phẩm được thiết kế, gia công và lắp ráp tại xưởng của doanh nghiệp trên địa bàn Hà Nội. "
    "Các chi tiết chính được nhiệt luyện, mài và kiểm tra trên máy đo ba tọa độ; mỗi lô có phiếu kiểm tra riêng. "
    "Thị trường chính là các nhà máy chế tạo trong nước và khách hàng xuất khẩu theo đơn đặt hàng dài hạn.",
    "electrical": "Sản phẩm được nghiên cứu, thiết kế và lắp ráp hoàn chỉnh tại nhà máy của doanh nghiệp. "
    "Tỷ lệ nội địa hóa trên 55%, linh kiện nhập khẩu được kiểm tra đầu vào toàn bộ. Từng sản phẩm qua chạy thử "
    "có tải trước khi xuất xưởng và được bảo hành từ hai đến năm năm.",
    "it": "Phần mềm do đội ngũ của doanh nghiệp tự phát triển, có mã nguồn và quyền tác giả đăng ký. "
    "Sản phẩm chạy trên máy chủ của khách hàng hoặc trên nền tảng điện toán trong nước; dữ liệu không ra khỏi "
    "hệ thống. Hợp đồng bảo trì kèm thời gian khắc phục sự cố được ghi rõ.",
    "textile": "Sản phẩm được sản xuất khép kín từ sợi, dệt, nhuộm đến may hoàn thiện hoặc theo chuỗi liên kết cố "
    "định. Chất lượng được kiểm tra theo từng công đoạn; nguyên liệu có chứng nhận an toàn. Phần lớn sản lượng "
    "xuất khẩu theo đơn đặt hàng của các nhà nhập khẩu lớn.",
    "agri_food": "Nguyên liệu lấy từ vùng trồng và trang trại liên kết có mã số, truy xuất được đến từng lô. "
    "Nhà máy áp dụng hệ thống an toàn thực phẩm, tự kiểm nghiệm mỗi ca. Sản phẩm có mặt ở các chuỗi bán lẻ trong "
    "nước và được xuất khẩu theo hợp đồng năm.",
    "chemical": "Sản phẩm được nghiên cứu công thức và sản xuất tại nhà máy của doanh nghiệp, thay thế một phần "
    "hàng nhập khẩu. Phòng thí nghiệm nội bộ kiểm tra từng mẻ; an toàn hóa chất và tuần hoàn nước được giám sát "
    "liên tục. Khách hàng là các nhà máy và nhà phân phối trong, ngoài nước.",
    "building": "Sản phẩm phục vụ công trình dân dụng và hạ tầng, được thử nghiệm theo tiêu chuẩn quốc gia và của "
    "thị trường xuất khẩu. Nguyên liệu tái chế và phụ phẩm công nghiệp chiếm tỷ lệ đáng kể. Sản phẩm đã được dùng "
    "trong nhiều công trình lớn với hồ sơ nghiệm thu đầy đủ.",
    "handicraft": "Sản phẩm được làm thủ công bởi thợ lành nghề của làng nghề, kết hợp mẫu thiết kế mới cho thị "
    "trường xuất khẩu. Doanh nghiệp đào tạo lớp thợ trẻ mỗi năm và trả công theo tay nghề. Mỗi sản phẩm có dấu của "
    "người làm và phiếu nguồn gốc nguyên liệu.",
}
TECHNOLOGY = {
    "mechanical": "Trung tâm gia công CNC năm trục, máy mài điều nhiệt, robot cấp phôi; quản lý sản xuất bằng MES.",
    "electrical": "Dây chuyền dán linh kiện tự động, buồng thử môi trường, trạm thử điện áp và già hóa tự động.",
    "it": "Kiến trúc mô-đun, kiểm thử tự động mỗi lần thay đổi, giám sát vận hành 24/7, sao lưu hai địa điểm.",
    "textile": "Máy dệt điện tử, nhuộm tỷ lệ nước thấp, cắt tự động theo sơ đồ số, truyền treo và cân bằng chuyền.",
    "agri_food": "Sấy lạnh và sấy chân không, chiết rót vô trùng, phân loại quang học, kho lạnh giám sát nhiệt độ.",
    "chemical": "Phản ứng kín điều khiển theo mẻ, thu hồi dung môi, phòng thí nghiệm đạt chuẩn, đóng gói tự động.",
    "building": "Rung ép chân không, dưỡng hộ hơi, cắt nước áp lực cao, tuần hoàn nước và bụi khép kín.",
    "handicraft": "Kỹ thuật truyền thống kết hợp lò điều khiển chương trình, sấy kiểm soát ẩm và mẫu thiết kế số.",
}
BASIS = {
    "hi_tech": "Thuộc danh mục sản phẩm công nghệ cao được khuyến khích phát triển ban hành kèm Quyết định "
    "38/2020/QĐ-TTg (dẫn chiếu minh họa, doanh nghiệp hư cấu).",
    "startup": "Ý tưởng mới, tăng trưởng trên 30% mỗi năm, mô hình nhân rộng được ra nhiều tỉnh và tạo việc làm "
    "cho lao động trẻ; đang gọi vốn vòng tiếp theo.",
}
# What an officer asks to mend: (part of the dossier, reason, words). The last lists fit any product.
DEFECTS = (
    (
        ("quality_certificates", "expired", "Chứng nhận ISO 9001 hết hạn ngày 30/06. Nộp bản còn hiệu lực."),
        ("financial_statements", "unreadable", "Trang 12 của báo cáo tài chính mờ, không đọc được thuyết minh."),
    ),
    (("tax_confirmation", "incomplete", "Xác nhận của cơ quan thuế chưa có dấu và ngày ký."),),
    (
        (
            "figures",
            "contradicts",
            "Doanh thu năm gần nhất khác số trong báo cáo tài chính đã kiểm toán. Giải trình hoặc sửa số liệu.",
        ),
        ("product_description", "incomplete", "Bản thuyết minh thiếu sơ đồ dây chuyền và công suất thiết kế."),
    ),
    (("environment_papers", "expired", "Giấy phép môi trường hết hiệu lực. Nộp giấy phép đang có hiệu lực."),),
    (
        ("startup_plan", "incomplete", "Kế hoạch chưa nêu thị trường mục tiêu và nguồn vốn năm tới."),
        ("photos", "other", "Ảnh sản phẩm chụp thiếu một mặt; chụp bổ sung trên nền sáng."),
    ),
)
SUPPLEMENT_MESSAGE = (
    "Đề nghị doanh nghiệp bổ sung các nội dung dưới đây trước hạn. Cần trao đổi thêm, xin liên hệ cán bộ phụ trách."
)
REFUSALS = {
    "revenue": "Doanh thu sản phẩm năm gần nhất dưới 100 tỷ đồng, chưa đạt điều kiện của nhóm sản phẩm thông thường.",
    "site": "Nơi sản xuất ghi trong giấy tờ ở ngoài Hà Nội và trụ sở chưa chuyển về thành phố; chưa đủ điều kiện "
    "tham gia.",
}
# The typed ground (dossiers.models.Ground) and the member's own words.
CONFLICT_GROUNDS = (
    ("consultancy", "Đang tư vấn kỹ thuật cho doanh nghiệp theo hợp đồng."),
    ("family", "Có người thân trong ban lãnh đạo doanh nghiệp."),
    ("employment", "Từng làm việc tại doanh nghiệp trong ba năm gần đây."),
)
# Where an enterprise says that the evidence of its own points stands.
EVIDENCE = {
    "1": "Báo cáo tài chính đã kiểm toán ba năm, bảng doanh thu theo sản phẩm.",
    "2": "Báo cáo tài chính đã kiểm toán năm gần nhất, thuyết minh doanh thu.",
    "4": "Tờ khai hải quan và bảng tổng hợp xuất khẩu theo năm.",
}
# What colleagues write to each other beside a dossier; the enterprise never reads it.
STAFF_NOTES = (
    "Chứng nhận chất lượng vừa hết hạn trong lúc thẩm định, đã gọi điện cho doanh nghiệp. (minh họa)",
    "Số xuất khẩu tăng mạnh đã được doanh nghiệp xác nhận; chờ tờ khai hải quan để đối chiếu. (minh họa)",
    "Đã trao đổi với phòng chuyên môn về dây chuyền, không có vướng mắc. (minh họa)",
)
# Messages inside a dossier: (from the Department, words). The last of the second one nobody has read yet.
TALK_ANSWERED = (
    (False, "Báo cáo tài chính của chúng tôi đang chờ kiểm toán ký, nộp bản scan có được không?"),
    (True, "Được. Doanh nghiệp nộp bản scan rõ chữ ký và dấu trong phần bổ sung, trước hạn ghi trong yêu cầu."),
    (False, "Cảm ơn Sở, chúng tôi sẽ nộp trong tuần này."),
)
TALK_WAITING = ((False, "Xin hỏi đoàn có xuống xem nhà máy trước khi chấm điểm không, để chúng tôi bố trí người?"),)
NOTES = (
    "Cần xem lại thuyết minh dây chuyền trước khi cho điểm tiêu chí 6.",
    "Hỏi thêm thư ký về số lao động năm gần nhất.",
    "Chất lượng ổn định; xuất khẩu tăng đều.",
)
JUSTIFICATIONS = {
    "5": "Có ISO 9001 và hệ thống thứ hai còn hiệu lực; phiếu thử của bên thứ ba.",
    "6": "Dây chuyền tự động từng phần, có bộ phận nghiên cứu và đăng ký sáng chế.",
    "7": "Giấy phép môi trường hợp lệ, có tái sử dụng nước.",
}
# Comments on the published list: name, contact, words, answer ("" when none was given yet).
COMMENTS = (
    (
        "Người dân (minh họa)",
        "nguoi-dan@kip.demo",
        "Đề nghị công bố thêm nơi bán sản phẩm trong danh sách để người dân biết mà ủng hộ.",
        "Cảm ơn ý kiến của ông/bà. Trang của từng sản phẩm sẽ ghi địa chỉ doanh nghiệp và trang thông tin của họ.",
    ),
    (
        "Hội ngành nghề (minh họa)",
        "hoi-nganh-nghe@kip.demo",
        "Nhất trí với danh sách. Đề nghị năm sau mở thêm nhóm sản phẩm hỗ trợ cho cơ khí.",
        "Tiếp thu ý kiến của quý Hội, sẽ tổng hợp khi xây dựng kế hoạch năm sau.",
    ),
    (
        "Một doanh nghiệp (minh họa)",
        "gop-y@kip.demo",
        "Chúng tôi muốn biết thời điểm nhận bảng điểm trung bình của sản phẩm không được công nhận.",
        "Thông báo nêu lý do theo từng tiêu chí được gửi đến doanh nghiệp sau khi có quyết định.",
    ),
)


def description(sector: str, summary: str) -> str:
    """The long text of a dossier: what the product is, then how its sector works."""
    return f"{summary}\n\n{DESCRIPTION[sector]}".strip()
