"""Letters about a person's account: what the sign-in library would write itself, in our words (mail/adapter.py)."""

from mail.kinds import Field, LetterKind

_WHEN = Field("when", "Thời điểm", "When it happened", "10:42 22/11/2026")
_WHERE = Field("where", "Địa chỉ mạng", "Network address", "203.0.113.7")
_WHAT = Field("what", "Trình duyệt", "Browser", "Firefox 146, Windows")
_ADDRESS = Field("email", "Địa chỉ thư", "Mail address", "nguoi-dung@example.vn")
_CODE = Field("code", "Mã dùng một lần", "One-time code", "7KQ4-M2XD", is_secret=True)


def _link(example: str) -> Field:
    return Field("link", "Địa chỉ của trang", "Address of the page", example)


_OPEN_VI = (
    "Thời điểm: {when}\nĐịa chỉ mạng: {where}\nTrình duyệt: {what}\n\n"
    "Nếu đây không phải là bạn, hãy đặt lại mật khẩu ngay và báo cho Sở Công Thương bằng cách trả lời thư này."
)
_OPEN_EN = (
    "When: {when}\nNetwork address: {where}\nBrowser: {what}\n\n"
    "If this was not you, reset your password at once and tell the Department by answering this letter."
)


def _notice(code: str, vi: str, en: str, said_vi: str, said_en: str, *more: Field) -> LetterKind:
    """A change to an account that its owner should know of."""
    return LetterKind(
        code=code,
        title_vi=vi,
        title_en=en,
        fields=(*more, _WHEN, _WHERE, _WHAT),
        subject_vi=vi,
        body_vi=f"{said_vi}\n\n{_OPEN_VI}",
        subject_en=en,
        body_en=f"{said_en}\n\n{_OPEN_EN}",
    )


LETTERS: tuple[LetterKind, ...] = (
    LetterKind(
        code="account_password_reset",
        title_vi="Đặt lại mật khẩu",
        title_en="Password reset",
        fields=(_link("https://kip.example.gov.vn/dat-lai-mat-khau/"),),
        subject_vi="Đặt lại mật khẩu",
        body_vi=(
            "Có người vừa yêu cầu đặt lại mật khẩu cho tài khoản của bạn.\n\n[Đặt mật khẩu mới](link)\n\n"
            "Đường dẫn này dùng được một lần và hết hạn sau một thời gian ngắn. Nếu bạn không yêu cầu, hãy bỏ qua "
            "thư này: mật khẩu vẫn giữ nguyên."
        ),
        subject_en="Reset your password",
        body_en=(
            "Somebody asked to reset the password of your account.\n\n[Choose a new password](link)\n\n"
            "The link works once and not for long. If you did not ask, ignore this letter: your password stays as "
            "it is."
        ),
    ),
    LetterKind(
        code="account_password_code",
        title_vi="Mã đặt lại mật khẩu",
        title_en="Code for a password reset",
        fields=(_CODE,),
        subject_vi="Mã đặt lại mật khẩu",
        body_vi="Mã của bạn: {code}\n\nNhập mã này vào trang đang mở. Nếu bạn không yêu cầu, hãy bỏ qua thư này.",
        subject_en="Code to reset your password",
        body_en="Your code: {code}\n\nEnter it on the page that is open. If you did not ask, ignore this letter.",
    ),
    LetterKind(
        code="account_sign_in_code",
        title_vi="Mã đăng nhập",
        title_en="Sign-in code",
        fields=(_CODE,),
        subject_vi="Mã đăng nhập",
        body_vi="Mã của bạn: {code}\n\nNhập mã này vào trang đang mở. Nếu bạn không yêu cầu, hãy bỏ qua thư này.",
        subject_en="Sign-in code",
        body_en="Your code: {code}\n\nEnter it on the page that is open. If you did not ask, ignore this letter.",
    ),
    LetterKind(
        code="account_unknown",
        title_vi="Không có tài khoản với địa chỉ này",
        title_en="No account with this address",
        fields=(_ADDRESS, _link("https://kip.example.gov.vn/dang-ky/")),
        subject_vi="Không có tài khoản với địa chỉ này",
        body_vi=(
            "Có người vừa dùng địa chỉ {email} để đăng nhập hoặc đặt lại mật khẩu, nhưng chưa có tài khoản nào với "
            "địa chỉ này.\n\nNếu là bạn, có lẽ bạn đã dùng một địa chỉ khác, hoặc chưa đăng ký:\n\n"
            "[Đăng ký tài khoản](link)\n\nNếu không phải là bạn, hãy bỏ qua thư này."
        ),
        subject_en="No account with this address",
        body_en=(
            "Somebody used the address {email} to sign in or to reset a password, but no account has this "
            "address.\n\nIf it was you, you may have used another address, or you have not registered yet:\n\n"
            "[Register](link)\n\nIf it was not you, ignore this letter."
        ),
    ),
    LetterKind(
        code="account_known",
        title_vi="Địa chỉ này đã có tài khoản",
        title_en="This address already has an account",
        fields=(_ADDRESS, _link("https://kip.example.gov.vn/quen-mat-khau/")),
        subject_vi="Bạn đã có tài khoản",
        body_vi=(
            "Có người vừa đăng ký tài khoản với địa chỉ {email}, nhưng địa chỉ này đã có tài khoản.\n\n"
            "Nếu bạn quên mật khẩu:\n\n[Đặt lại mật khẩu](link)\n\nNếu không phải là bạn, hãy bỏ qua thư này."
        ),
        subject_en="You already have an account",
        body_en=(
            "Somebody tried to register with the address {email}, but it already has an account.\n\n"
            "If you forgot the password:\n\n[Reset the password](link)\n\nIf it was not you, ignore this letter."
        ),
    ),
    LetterKind(
        code="account_confirm_address",
        title_vi="Xác nhận địa chỉ thư",
        title_en="Confirm a mail address",
        fields=(_ADDRESS, _link("https://kip.example.gov.vn/xac-nhan-thu/")),
        subject_vi="Xác nhận địa chỉ thư",
        body_vi=(
            "Địa chỉ {email} vừa được khai cho một tài khoản của hệ thống.\n\n[Xác nhận địa chỉ này](link)\n\n"
            "Nếu bạn không khai địa chỉ này, hãy bỏ qua thư."
        ),
        subject_en="Confirm your mail address",
        body_en=(
            "The address {email} was given for an account of the registry.\n\n[Confirm this address](link)\n\n"
            "If you did not give it, ignore this letter."
        ),
    ),
    LetterKind(
        code="account_confirm_code",
        title_vi="Mã xác nhận địa chỉ thư",
        title_en="Code that confirms a mail address",
        fields=(_CODE,),
        subject_vi="Mã xác nhận địa chỉ thư",
        body_vi="Mã của bạn: {code}\n\nNhập mã này vào trang đang mở. Nếu bạn không yêu cầu, hãy bỏ qua thư này.",
        subject_en="Code that confirms your mail address",
        body_en="Your code: {code}\n\nEnter it on the page that is open. If you did not ask, ignore this letter.",
    ),
    _notice(
        "account_password_changed",
        "Mật khẩu đã được đổi",
        "Your password was changed",
        "Mật khẩu của tài khoản vừa được đổi.",
        "The password of your account was changed.",
    ),
    _notice(
        "account_address_confirmed",
        "Địa chỉ thư đã được xác nhận",
        "Your mail address was confirmed",
        "Địa chỉ thư của tài khoản vừa được xác nhận.",
        "The mail address of your account was confirmed.",
    ),
    _notice(
        "account_address_changed",
        "Địa chỉ thư đã được đổi",
        "Your mail address was changed",
        "Địa chỉ thư của tài khoản vừa được đổi từ {old} sang {new}.",
        "The mail address of your account was changed from {old} to {new}.",
        Field("old", "Địa chỉ cũ", "Old address", "cu@example.vn"),
        Field("new", "Địa chỉ mới", "New address", "moi@example.vn"),
    ),
    _notice(
        "account_address_removed",
        "Một địa chỉ thư đã được gỡ",
        "A mail address was removed",
        "Địa chỉ {email} vừa được gỡ khỏi tài khoản.",
        "The address {email} was removed from your account.",
        _ADDRESS,
    ),
    _notice(
        "account_app_added",
        "Đã bật ứng dụng xác thực",
        "Authenticator app switched on",
        "Ứng dụng xác thực vừa được bật cho tài khoản.",
        "An authenticator app was switched on for your account.",
    ),
    _notice(
        "account_app_removed",
        "Đã tắt ứng dụng xác thực",
        "Authenticator app switched off",
        "Ứng dụng xác thực vừa bị tắt cho tài khoản.",
        "The authenticator app of your account was switched off.",
    ),
    _notice(
        "account_key_added",
        "Đã thêm khóa truy cập",
        "Passkey added",
        "Một khóa truy cập vừa được thêm vào tài khoản.",
        "A passkey was added to your account.",
    ),
    _notice(
        "account_key_removed",
        "Đã gỡ khóa truy cập",
        "Passkey removed",
        "Một khóa truy cập vừa bị gỡ khỏi tài khoản.",
        "A passkey was removed from your account.",
    ),
    _notice(
        "account_recovery_codes",
        "Đã tạo mã dự phòng mới",
        "New recovery codes",
        "Một bộ mã dự phòng mới vừa được tạo; các mã cũ không còn dùng được.",
        "A new set of recovery codes was made; the old ones no longer work.",
    ),
    _notice(
        "account_identity_connected",
        "Đã liên kết định danh",
        "Identity connected",
        "Định danh của {provider} vừa được liên kết với tài khoản.",
        "An identity of {provider} was connected to your account.",
        Field("provider", "Nơi cấp định danh", "Provider of the identity", "Định danh tổ chức"),
    ),
    _notice(
        "account_identity_disconnected",
        "Đã gỡ liên kết định danh",
        "Identity disconnected",
        "Định danh của {provider} vừa được gỡ khỏi tài khoản.",
        "The identity of {provider} was disconnected from your account.",
        Field("provider", "Nơi cấp định danh", "Provider of the identity", "Định danh tổ chức"),
    ),
)
