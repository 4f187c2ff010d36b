"""A snapshot as `certificates.actions` stores it; every name is invented."""

from typing import Any

PRODUCT = "Đèn LED chiếu sáng thông minh SángTô"


def snapshot(**facts: Any) -> dict[str, Any]:
    return {
        "kind": "product",
        "season_year": 2026,
        "product_name_vi": PRODUCT,
        "product_name_en": "SangTo smart LED light",
        "enterprise_name_vi": "Công ty Cổ phần Chiếu sáng Sông Tô",
        "enterprise_name_en": "Song To Lighting JSC",
        "enterprise_address_vi": "Số 12 phố Thử, Phường Ba Đình, Thành phố Hà Nội",
        "decision_number": "5012/QĐ-UBND",
        "decision_date": "2026-12-05",
        "signer_name": "Nguyễn Văn Ký",
        "signer_position": "Phó Chủ tịch",
        "valid_from": "2026-12-05",
        "valid_to": "2029-12-05",
        "is_demo": False,
    } | facts
