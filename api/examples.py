"""One answer of every resource, with invented names, for the schema and the documentation page."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_SITE = "https://registry.example"
_SECTOR = {
    "code": "electrical",
    "name_vi": "Công nghiệp điện, điện tử",
    "name_en": "Electrical and electronics",
}
_PRODUCT = {
    "id": 7,
    "name_vi": "Đèn LED chiếu sáng thông minh SángTô",
    "name_en": "SangTo smart LED lighting",
    "url": f"{_SITE}/san-pham/7-den-led-chieu-sang-thong-minh-sangto/",
}
_ENTERPRISE = {"id": 3, "name_vi": "Công ty Cổ phần Chiếu sáng Sông Tô", "name_en": "Song To Lighting JSC"}
_DECISION = {"number": "0000/QĐ-UBND", "signed_date": "2026-11-26"}
_PERIOD = {"valid_from": "2026-11-26", "valid_to": "2029-11-26"}


def _example(value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample("Invented", value=value, response_only=True, status_codes=[200])


ROOT = _example(
    {
        name: f"{_SITE}/api/v1/{name}"
        for name in ("recognitions", "products", "enterprises", "seasons", "sectors", "wards")
    }
    | {
        "certificate": f"{_SITE}/api/v1/certificates/{{serial}}",
        "openapi": f"{_SITE}/api/v1/openapi.json",
        "documentation": f"{_SITE}/api/docs/",
        "version": "0.1.0",
    }
)
RECOGNITION = _example(
    {
        "id": 12,
        "product": _PRODUCT,
        "enterprise": _ENTERPRISE,
        "sector": _SECTOR,
        "season": 2026,
        "is_top10": True,
        "status": "valid",
        **_PERIOD,
        "decision": _DECISION,
        "certificate_serial": "KIP2026-0046-N",
        "verify_url": f"{_SITE}/v/KIP2026-0046-N",
        "is_demo": True,
    }
)
PRODUCT = _example(
    {
        "id": 7,
        "name_vi": _PRODUCT["name_vi"],
        "name_en": _PRODUCT["name_en"],
        "summary_vi": "Hệ thống chiếu sáng LED điều khiển theo cảm biến và lịch.",
        "summary_en": "LED lighting controlled by sensors and a calendar.",
        "sector": _SECTOR,
        "enterprise": _ENTERPRISE,
        "hs_code": "940542",
        "standards": "IEC 62722, ISO 9001",
        "export_markets": "Nhật Bản, Hàn Quốc",
        "status": "valid",
        "recognitions": [{"id": 12, "season": 2026, "is_top10": True, "status": "valid", **_PERIOD}],
        "url": _PRODUCT["url"],
        "is_demo": True,
    }
)
ENTERPRISE = _example(
    {
        **_ENTERPRISE,
        "address_vi": "Số 1 phố Thử, Phường Khương Đình, Hà Nội",
        "address_en": "Số 1 phố Thử, Khuong Dinh ward, Hanoi",
        "ward": {"code": "00364", "full_name_vi": "Phường Khương Đình", "full_name_en": "Khuong Dinh ward"},
        "zone_name": "",
        "website": "",
        "product_count": 2,
        "latest_season": 2026,
        "url": f"{_SITE}/doanh-nghiep/3-cong-ty-co-phan-chieu-sang-song-to/",
        "is_demo": True,
    }
)
SEASON = _example(
    {
        "year": 2021,
        "reported": {
            "applied_products": 54,
            "applied_enterprises": 34,
            "recognised_products": 46,
            "recognised_enterprises": 30,
            "top10_products": 10,
            "revenue_vnd_billion": "40000.0",
            "export_usd_million": "1000.0",
            "decision_number": "5012/QĐ-UBND",
            "decision_date": "2021-11-26",
            "sources": [
                "https://tapchicongthuong.vn/bai-viet/nam-2021-ha-noi-cong-nhan-46-san-pham-cong-nghiep-chu-luc-85638.htm"
            ],
        },
        "registry": None,
    }
)
SECTOR = _example(_SECTOR)
WARD = _example(
    {
        "code": "00004",
        "type_vi": "Phường",
        "type_en": "Ward",
        "full_name_vi": "Phường Ba Đình",
        "full_name_en": "Ba Dinh ward",
        "valid_from": "2025-07-01",
        "valid_to": None,
    }
)
CERTIFICATE = _example(
    {
        "serial": "KIP2026-0046-N",
        "kind": "product",
        "status": "valid",
        "season": 2026,
        **_PERIOD,
        "product": _PRODUCT,
        "enterprise": _ENTERPRISE,
        "decision": _DECISION,
        "revoked": None,
        "issued_at": "2026-12-01T09:30:00+07:00",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "pdf_url": f"{_SITE}/v/KIP2026-0046-N/pdf",
        "verify_url": f"{_SITE}/v/KIP2026-0046-N",
        "is_demo": True,
    }
)
