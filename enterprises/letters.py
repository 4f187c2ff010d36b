"""Letters about registration and the people of an enterprise."""

from mail.kinds import Field, LetterKind


def _link(path: str) -> Field:
    return Field("link", "Địa chỉ của trang", "Address of the page", f"https://kip.example.gov.vn/{path}/")


_ENTERPRISE = Field("enterprise", "Tên doanh nghiệp", "Name of the enterprise", "Công ty Cổ phần Kẻ Chợ")
_TAX_CODE = Field("tax_code", "Mã số thuế", "Tax code", "9900000016")
_PERSON = Field("person", "Người được nói đến", "The person it is about", "Nguyễn Thị Hà")
_BY = Field("by", "Người thực hiện", "Who did it", "Trần Văn Một")
_ROLE_VI = Field("role_vi", "Vai trò, bằng tiếng Việt", "Role, in Vietnamese", "Khai hồ sơ")
_ROLE_EN = Field("role_en", "Vai trò, bằng tiếng Anh", "Role, in English", "Fills in")
_UNTIL = Field("until", "Hạn của đường dẫn", "Until when the link works", "29/11/2026")
_NOT_YOU_VI = "Nếu bạn không yêu cầu, hãy bỏ qua thư này."
_NOT_YOU_EN = "If you did not ask, ignore this letter."

LETTERS: tuple[LetterKind, ...] = (
    LetterKind(
        code="registration_begin",
        title_vi="Bắt đầu đăng ký doanh nghiệp",
        title_en="Begin the registration of an enterprise",
        fields=(_link("dang-ky/lien-ket"),),
        subject_vi="Tiếp tục đăng ký doanh nghiệp",
        body_vi=(
            "Có người, có lẽ là bạn, vừa bắt đầu đăng ký doanh nghiệp với địa chỉ thư này.\n\n"
            "[Tiếp tục đăng ký](link)\n\nĐường dẫn có hiệu lực trong 24 giờ. " + _NOT_YOU_VI
        ),
        subject_en="Go on with the registration of your enterprise",
        body_en=(
            "Somebody, probably you, began to register an enterprise with this mail address.\n\n"
            "[Go on with the registration](link)\n\nThe link works for 24 hours. " + _NOT_YOU_EN
        ),
    ),
    LetterKind(
        code="registration_known",
        title_vi="Đăng ký với địa chỉ đã có tài khoản",
        title_en="Registration with an address that has an account",
        fields=(
            Field("sign_in", "Trang đăng nhập", "Sign-in page", "https://kip.example.gov.vn/dang-nhap/"),
            Field(
                "reset", "Trang đặt lại mật khẩu", "Page to reset the password", "https://kip.example.gov.vn/mat-khau/"
            ),
        ),
        subject_vi="Địa chỉ này đã có tài khoản",
        body_vi=(
            "Có người, có lẽ là bạn, vừa muốn đăng ký với địa chỉ thư này, nhưng địa chỉ đã có tài khoản.\n\n"
            "[Đăng nhập](sign_in)\n\n"
            "Sau khi đăng nhập, bạn có thể thêm một doanh nghiệp khác ở trang “Doanh nghiệp của tôi”. Nếu quên mật "
            "khẩu, hãy đặt lại:\n\n[Đặt lại mật khẩu](reset)\n\n" + _NOT_YOU_VI
        ),
        subject_en="This address has an account",
        body_en=(
            "Somebody, probably you, wanted to register with this mail address, but it has an account already.\n\n"
            "[Sign in](sign_in)\n\n"
            "Once signed in you can add another enterprise on the page “My enterprises”. If you forgot the password, "
            "choose a new one:\n\n[Reset the password](reset)\n\n" + _NOT_YOU_EN
        ),
    ),
    LetterKind(
        code="invitation",
        title_vi="Lời mời thay mặt doanh nghiệp",
        title_en="Invitation to act for an enterprise",
        fields=(_ENTERPRISE, _TAX_CODE, _BY, _ROLE_VI, _ROLE_EN, _UNTIL, _link("loi-moi/lien-ket")),
        subject_vi="{by} mời bạn tham gia hồ sơ của {enterprise}",
        body_vi=(
            "{by} mời bạn thay mặt {enterprise} (mã số thuế {tax_code}) trong hệ thống đăng ký sản phẩm công nghiệp "
            "chủ lực, với vai trò: {role_vi}.\n\n[Xem lời mời](link)\n\n"
            "Đường dẫn dùng được một lần, đến hết ngày {until}, và chỉ cho địa chỉ thư này. Nếu bạn không biết doanh "
            "nghiệp này, hãy bỏ qua thư."
        ),
        subject_en="{by} invites you to the dossiers of {enterprise}",
        body_en=(
            "{by} invites you to act for {enterprise} (tax code {tax_code}) in the register of key industrial "
            "products, in the role: {role_en}.\n\n[See the invitation](link)\n\n"
            "The link works once, until {until}, and for this mail address only. If you do not know this enterprise, "
            "ignore the letter."
        ),
    ),
    LetterKind(
        code="join_request",
        title_vi="Có người xin thay mặt doanh nghiệp",
        title_en="Somebody asks to act for the enterprise",
        fields=(
            _ENTERPRISE,
            _PERSON,
            Field("email", "Địa chỉ thư của người đó", "That person's mail address", "ha@kecho.example.vn"),
            Field("position", "Chức vụ", "Position", "Kế toán trưởng"),
            _link("doanh-nghiep-cua-toi/7/nguoi"),
        ),
        subject_vi="{person} xin thay mặt {enterprise}",
        body_vi=(
            "{person} ({position}, {email}) xin thay mặt {enterprise} trong hệ thống đăng ký sản phẩm công nghiệp chủ "
            "lực.\n\nBạn ký thay doanh nghiệp nên bạn quyết định: nhận với một vai trò, hoặc từ chối. Chưa có câu trả "
            "lời thì người đó không xem được gì.\n\n[Trả lời](link)\n\n"
            "Hãy gọi cho người đó nếu bạn không chắc đó là ai."
        ),
        subject_en="{person} asks to act for {enterprise}",
        body_en=(
            "{person} ({position}, {email}) asks to act for {enterprise} in the register of key industrial products."
            "\n\nYou sign for the enterprise, so you decide: admit in a role, or decline. Until then that person sees "
            "nothing.\n\n[Answer](link)\n\nCall the person if you are not sure who it is."
        ),
    ),
    LetterKind(
        code="join_admitted",
        title_vi="Đề nghị được chấp nhận",
        title_en="A request is granted",
        fields=(_ENTERPRISE, _TAX_CODE, _ROLE_VI, _ROLE_EN, _link("doanh-nghiep-cua-toi")),
        subject_vi="Bạn có thể thay mặt {enterprise}",
        body_vi=(
            "Đề nghị của bạn được chấp nhận. Từ nay bạn thay mặt {enterprise} (mã số thuế {tax_code}) với vai trò: "
            "{role_vi}.\n\n[Doanh nghiệp của tôi](link)"
        ),
        subject_en="You can act for {enterprise}",
        body_en=(
            "Your request is granted. From now on you act for {enterprise} (tax code {tax_code}) in the role: "
            "{role_en}.\n\n[My enterprises](link)"
        ),
    ),
    LetterKind(
        code="join_declined",
        title_vi="Đề nghị không được chấp nhận",
        title_en="A request is not granted",
        fields=(Field("code", "Mã số thuế đã nhập", "Tax code that was typed", "9900000016"),),
        subject_vi="Đề nghị của bạn không được chấp nhận",
        body_vi=(
            "Đề nghị được thay mặt doanh nghiệp có mã số thuế {code} không được chấp nhận. Nếu bạn cho rằng có sự "
            "nhầm lẫn, hãy hỏi doanh nghiệp hoặc trả lời thư này."
        ),
        subject_en="Your request was not granted",
        body_en=(
            "The request to act for the enterprise with tax code {code} was not granted. If you think that is a "
            "mistake, ask the enterprise or answer this letter."
        ),
    ),
    LetterKind(
        code="people_changed",
        title_vi="Thay đổi về người thay mặt doanh nghiệp",
        title_en="A change of the people who act for an enterprise",
        fields=(
            _ENTERPRISE,
            Field("what", "Điều đã thay đổi", "What changed", "Đã mời ha@kecho.example.vn với vai trò: Khai hồ sơ."),
            _BY,
            Field("when", "Thời điểm", "When it happened", "10:42 22/11/2026"),
            _link("doanh-nghiep-cua-toi/7/nguoi"),
        ),
        subject_vi="Thay đổi về người thay mặt {enterprise}",
        body_vi=(
            "{what}\n\nNgười thực hiện: {by}\nThời điểm: {when}\n\n"
            "Bạn nhận thư này vì bạn ký thay {enterprise}. Nếu thấy không đúng, hãy sửa ngay ở trang này.\n\n"
            "[Người thay mặt doanh nghiệp](link)"
        ),
        subject_en="A change of the people of {enterprise}",
        body_en=(
            "{what}\n\nDone by: {by}\nWhen: {when}\n\n"
            "You get this letter because you sign for {enterprise}. If it is not right, correct it on this page."
            "\n\n[People of the enterprise](link)"
        ),
    ),
    LetterKind(
        code="own_role_changed",
        title_vi="Vai trò của bạn đã thay đổi",
        title_en="Your role has changed",
        fields=(
            _ENTERPRISE,
            Field("what", "Điều đã thay đổi", "What changed", "Vai trò mới của bạn: Khai hồ sơ."),
            _BY,
            _link("doanh-nghiep-cua-toi"),
        ),
        subject_vi="Vai trò của bạn ở {enterprise} đã thay đổi",
        body_vi="{what}\n\nNgười thực hiện: {by}\n\n[Doanh nghiệp của tôi](link)",
        subject_en="Your role at {enterprise} has changed",
        body_en="{what}\n\nDone by: {by}\n\n[My enterprises](link)",
    ),
    LetterKind(
        code="record_corrected",
        title_vi="Sở sửa thông tin doanh nghiệp",
        title_en="The Department corrected the record",
        fields=(
            _ENTERPRISE,
            Field("what", "Điều đã sửa", "What was corrected", "Điện thoại: 024 3825 1234 → 024 3825 4321"),
            Field("reason", "Lý do", "Reason", "Theo giấy chứng nhận đăng ký doanh nghiệp thay đổi lần thứ 3."),
            _BY,
            _link("ho-so/doanh-nghiep/7"),
        ),
        subject_vi="Thông tin của {enterprise} đã được sửa",
        body_vi=(
            "Sở đã sửa thông tin của {enterprise}:\n\n{what}\n\nLý do: {reason}\nNgười thực hiện: {by}\n\n"
            "Nếu thấy không đúng, hãy sửa lại ở trang này hoặc trả lời thư.\n\n[Thông tin doanh nghiệp](link)"
        ),
        subject_en="The record of {enterprise} was corrected",
        body_en=(
            "The Department corrected the record of {enterprise}:\n\n{what}\n\nReason: {reason}\nDone by: {by}\n\n"
            "If it is not right, correct it on this page or answer this letter.\n\n[Record of the enterprise](link)"
        ),
    ),
)
