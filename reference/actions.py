"""Load the classifications from the files shipped in reference/data (idempotent), and keep the days off."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, vietnamese
from core.errors import Refused
from reference.models import IndustrialZone, IndustryCode, Sector, SpecialDay, Ward

DATA = Path(__file__).resolve().parent / "data"
WARDS_IN_FORCE = date(2025, 7, 1)  # Resolution 1656/NQ-UBTVQH15
SECTOR_SOURCE = (
    "http://www.hanoimoi.com.vn/tin-tuc/Kinh-te/1050190/"
    "them-33-san-pham-dat-danh-hieu-san-pham-cong-nghiep-chu-luc-nam-2022"
)
# Order and names as in the lists of 2022 and 2023.
SECTORS = [
    ("mechanical", "Công nghiệp cơ khí, chế tạo", "Mechanical engineering and manufacturing"),
    ("electrical", "Công nghiệp điện, điện tử", "Electrical and electronics"),
    ("it", "Công nghệ thông tin", "Information technology"),
    ("textile", "Công nghiệp dệt may, da giày", "Textile, garment, leather and footwear"),
    ("agri_food", "Công nghiệp chế biến nông sản, thực phẩm", "Agricultural and food processing"),
    (
        "chemical",
        "Công nghiệp hóa chất, cao su, nhựa, dược phẩm",
        "Chemicals, rubber, plastics, pharmaceuticals",
    ),
    ("building", "Công nghiệp vật liệu xây dựng", "Building materials"),
    ("handicraft", "Thủ công mỹ nghệ", "Handicrafts"),
]
# The industry file names the sectors by longer codes.
SECTOR_OF_FILE = {
    "": None,
    "mechanical": "mechanical",
    "electrical_electronics": "electrical",
    "it": "it",
    "textile_leather": "textile",
    "agri_food": "agri_food",
    "chem_rubber_plastic_pharma": "chemical",
    "building_materials": "building",
}


def rows(file_name: str) -> Iterator[dict[str, str]]:
    """The rows of one shipped file, every cell in NFC."""
    with (DATA / file_name).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield {key: vietnamese.nfc(value or "") for key, value in row.items()}


@transaction.atomic
def load_classifications() -> dict[str, int]:
    """Write wards, zones, sectors and industry codes; returns how many rows each file gave."""
    for position, (code, name_vi, name_en) in enumerate(SECTORS, start=1):
        values = {"name_vi": name_vi, "name_en": name_en, "position": position, "source_url": SECTOR_SOURCE}
        Sector.objects.update_or_create(code=code, defaults=values)
    wards = [
        Ward(
            code=row["code"],
            type_vi=row["type_vi"],
            type_en=row["type_en"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            full_name_vi=row["full_name_vi"],
            sort_key=vietnamese.sort_key(row["name_vi"]),
            valid_from=WARDS_IN_FORCE,
        )
        for row in rows("hanoi_wards.csv")
    ]
    names = ["type_vi", "type_en", "name_vi", "name_en", "full_name_vi", "sort_key", "valid_from"]
    Ward.objects.bulk_create(wards, update_conflicts=True, unique_fields=["code"], update_fields=names)
    zones = [
        IndustrialZone(
            kind=row["kind"],
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            status=row["status"],
            area_ha=row["area_ha"],
            source_url=row["source_url"],
            note=row["note"],
            sort_key=vietnamese.sort_key(row["name_vi"]),
        )
        for row in rows("hanoi_industrial_zones.csv")
    ]
    names = ["kind", "name_en", "status", "area_ha", "source_url", "note", "sort_key"]
    IndustrialZone.objects.bulk_create(zones, update_conflicts=True, unique_fields=["name_vi"], update_fields=names)
    industries = [
        IndustryCode(
            code=row["code"],
            level=int(row["level"]),
            name_vi=row["name_vi"],
            parent_code=row["parent_level2"] if row["parent_level2"] != row["code"] else "",
            suggested_sector_id=SECTOR_OF_FILE[row["suggested_kip_sector"]],
        )
        for row in rows("vsic2025_manufacturing.csv")
    ]
    names = ["level", "name_vi", "parent_code", "suggested_sector"]
    IndustryCode.objects.bulk_create(industries, update_conflicts=True, unique_fields=["code"], update_fields=names)
    return {
        "sectors": len(SECTORS),
        "wards": len(wards),
        "zones": len(zones),
        "industries": len(industries),
        "special days": _load_special_days(),
    }


def _load_special_days() -> int:
    """Days that staff changed stay as staff left them."""
    given = {date.fromisoformat(row["day"]): row for row in rows("special_days.csv")}
    changed = set(SpecialDay.objects.exclude(changed_by_name="").values_list("day", flat=True))
    days = [
        SpecialDay(
            day=day,
            is_working=row["is_working"] == "1",
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            source=row["source"],
        )
        for day, row in given.items()
        if day not in changed
    ]
    names = ["is_working", "name_vi", "name_en", "source"]
    SpecialDay.objects.bulk_create(days, update_conflicts=True, unique_fields=["day"], update_fields=names)
    return len(given)


@transaction.atomic
def mark_special_day(
    *, day: date, is_working: bool, name_vi: str, name_en: str = "", source: str, by: Any, at: datetime
) -> SpecialDay:
    """A day off, or a day worked in exchange, with the announcement it rests on. The caller asks who may."""
    if not source.strip():
        raise Refused(_("Name the announcement or the reason: every deadline that this day moves rests on it."))
    if not name_vi.strip():
        raise Refused(_("Name the day."))
    known = SpecialDay.objects.select_for_update().filter(day=day).first()
    before = None if known is None or known.is_struck else [known.is_working, known.name_vi]
    row, _new = SpecialDay.objects.update_or_create(
        day=day,
        defaults={
            "is_working": is_working,
            "name_vi": name_vi.strip(),
            "name_en": name_en.strip(),
            "source": source.strip(),
            "is_struck": False,
            "changed_at": at,
            "changed_by_name": str(by)[:200],
        },
    )
    audit.record("special_day.marked", row, by=by, at=at, working=is_working, before=before, source=source.strip())
    return row


@transaction.atomic
def strike_special_day(*, day: date, reason: str, by: Any, at: datetime) -> SpecialDay:
    """The day follows the rule of the week again. The row stays, struck, so that loading does not bring it back."""
    if not reason.strip():
        raise Refused(_("Name the announcement or the reason: every deadline that this day moves rests on it."))
    row = SpecialDay.objects.select_for_update().filter(day=day, is_struck=False).first()
    if row is None:
        raise Refused(_("This day is not marked; somebody may have removed it before you."))
    row.is_struck, row.changed_at, row.changed_by_name = True, at, str(by)[:200]
    row.save(update_fields=["is_struck", "changed_at", "changed_by_name"])
    audit.record("special_day.struck", row, by=by, at=at, reason=reason.strip())
    return row
