"""Enterprises as a table. The key is the tax code."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import vietnamese
from core.xlsx.columns import CellError, Column
from core.xlsx.reading import Table
from dossiers import wall
from dossiers.models import Dossier, Stage
from enterprises import tax_code
from enterprises.actions import correct_record, record_enterprise
from enterprises.forms import RecordForm
from enterprises.models import Enterprise
from enterprises.permissions import has_represented
from exchange import lookups
from exchange.kinds.base import Field, Kind, Planned, Seen, key_error, plan_row, settle, twice

WITH_THE_COUNCIL = (Stage.SCORING, Stage.SCORED, Stage.PUBLIC_COMMENT)
CONTACTS = ("legal_representative", "phone", "email", "website")


def tax_column() -> Column:
    return Column(
        "tax_code",
        _("Tax code"),
        "code",
        width=16,
        needed=True,
        note=_("Ten digits, as text, so that Excel keeps a zero in front."),
        others=("Mã số thuế", "MST", "Tax code"),
        from_number=lambda digits: digits.zfill(10),
    )


def read_tax_code(text: str) -> str:
    """The ten digits of the enterprise. Raises ValueError with a sentence."""
    if not text:
        raise ValueError(_("Enter the tax code."))
    try:
        return tax_code.legal_entity(tax_code.parse(text))
    except tax_code.InvalidTaxCode as error:
        words = {
            "length": _("A tax code has ten digits, or ten and a three-digit branch number. Count them again."),
            "check_digit": _("The tenth digit does not fit the nine before it. Look for a wrong digit."),
        }
        raise ValueError(words[error.kind]) from error


def own_interest(by: Any, enterprise: Enterprise) -> str:
    """Why a row about an enterprise that is closed to the person is wrong."""
    if has_represented(by, enterprise):
        return _("You act for this enterprise yourself. A colleague enters what concerns it.")
    return _("You have a conflict of interest with this enterprise. A colleague enters what concerns it.")


def phone_from_number(digits: str) -> str:
    """Excel drops the zero in front of a telephone number."""
    return digits if digits.startswith("0") or not re.fullmatch(r"\d{8,10}", digits) else f"0{digits}"


class Enterprises(Kind):
    code = "enterprises"

    def sheet_name(self) -> str:
        return pgettext("excel", "Enterprises")

    def guide(self) -> list[str]:
        return [
            _("One row is one enterprise. The tax code tells which: a known one is corrected, another one is new."),
            _("A column that you delete stays as it is. A cell that you empty empties the fact."),
            _("Nothing is written before you have seen the differences and confirmed them."),
        ]

    def fields(self) -> Sequence[Field]:
        ask = RecordForm.base_fields
        form_lookup, forms = lookups.choices(Enterprise.Form.choices, _("“%(name)s” is not a legal form of the list."))
        ward_lookup, wards = lookups.wards()
        zone_lookup, zones = lookups.zones()

        def text(name: str, label: str, width: int, others: tuple[str, ...], kind: Any = "text") -> Field:
            needed = str(ask[name].error_messages.get("required", "")) if ask[name].required else ""
            mend = phone_from_number if name == "phone" else str
            column = Column(name, label, kind, width, wanted=bool(needed), others=others, from_number=mend)
            return Field(column, lambda e: getattr(e, name), ask[name].clean, needed=needed)

        def number(name: str, label: str, others: tuple[str, ...], kind: Any) -> Field:
            return Field(
                Column(name, label, kind, 12, others=others),
                lambda e: getattr(e, name),
                lambda value: None if value in (None, "") else ask[name].clean(str(value)),
            )

        return [
            Field(tax_column(), lambda e: e.tax_code, fixed=_("The tax code stays.")),
            text("name_vi", _("Name of the enterprise"), 44, ("Tên doanh nghiệp", "Name of the enterprise")),
            text("name_en", _("Name in English"), 36, ("Tên tiếng Anh", "Name in English")),
            Field(
                Column("form", _("Legal form"), width=24, wanted=True, choices=tuple(forms),
                       others=("Loại hình doanh nghiệp", "Legal form")),
                lambda e: e.get_form_display(),
                form_lookup.find,
                needed=_("Choose the legal form."),
            ),
            text("street", _("House number and street, or lot in the zone"), 36,
                 ("Số nhà, đường", "Địa chỉ", "House number and street, or lot in the zone")),
            Field(
                Column("ward", _("Ward or commune"), width=24, wanted=True, choices=tuple(wards),
                       note=_("One of the 126 of today, by its name or its code."),
                       others=("Phường, xã", "Phường/xã", "Ward or commune")),
                lambda e: lookups.ward_name(e.ward),
                ward_lookup.find,
                needed=_("Choose the ward or commune."),
            ),
            Field(
                Column("zone", _("Industrial zone or cluster"), width=36, choices=tuple(zones),
                       note=_("Empty outside a zone."),
                       others=("Khu, cụm công nghiệp", "Industrial zone or cluster")),
                lambda e: lookups.zone_name(e.zone),
                lambda value: zone_lookup.find(value) if value else None,
            ),
            text("legal_representative", _("Legal representative"), 28,
                 ("Người đại diện theo pháp luật", "Người đại diện", "Legal representative")),
            text("phone", _("Telephone"), 18, ("Điện thoại", "Telephone"), "code"),
            *([text("email", _("Email of the enterprise"), 28, ("Email",), "code")] if "email" in ask else []),
            text("website", _("Website"), 28, ("Trang web", "Website"), "code"),
            number("founded_year", _("Year founded"), ("Năm thành lập", "Year founded"), "code"),
            number("workers", _("Workers"), ("Số lao động", "Workers"), "whole"),
        ]  # fmt: skip

    def objects(self, *, for_user: Any, season: Any = None, stage: str = "") -> Iterable[Enterprise]:
        hidden = Dossier.objects.filter(pk__in=wall.barred_ids(for_user)).values("enterprise_id")
        found = Enterprise.objects.select_related("ward", "zone").exclude(pk__in=hidden)
        if season is not None:
            filed = Dossier.objects.filed().open_to(for_user).filter(season=season)
            found = found.filter(pk__in=filed.values("enterprise_id"))
        return found

    def plan(self, table: Table, *, by: Any, season: Any = None, lock: bool = False) -> list[Planned]:
        known, closed, held = _known(table, by, lock=lock)
        seen, planned = Seen(), []
        fields = self.fields_once()
        column = fields[0].column
        for row in table.rows:
            one = Planned(row.number, vietnamese.nfc(str(row.values.get("name_vi") or row.raw["tax_code"])))
            planned.append(one)
            try:
                code = read_tax_code(row.values["tax_code"])
            except (KeyError, ValueError) as error:
                if isinstance(error, ValueError):
                    one.errors.append(key_error(row.number, column, str(error)))
                settle(one, table)
                continue
            first = seen.again(code, row.number)
            target = known.get(code)
            if first is not None:
                one.errors.append(key_error(row.number, column, twice(first)))
            plan_row(row, fields[1:], target, one)
            if target is None:
                one.facts["code"] = code
            else:
                one.name = target.name_vi
                if one.facts and target.pk in closed:
                    one.errors.append(key_error(row.number, column, own_interest(by, target)))
                elif target.pk in held:
                    one.errors += _what_the_council_saw(one)
            settle(one, table)
        return planned

    def write(self, planned: Planned, *, by: Any, at: datetime, season: Any = None) -> None:
        if planned.target is None:
            record_enterprise(by=by, at=at, **planned.facts)
        else:
            correct_record(enterprise=planned.target, by=by, at=at, **planned.facts)


def _what_the_council_saw(one: Planned) -> list[CellError]:
    """Contacts may be corrected at any time, what the council judges by may not."""
    words = _("A dossier of this enterprise is with the council. What the council was shown is not changed now.")
    return [CellError(one.number, c.label, words, c.key) for c in one.changes if c.key not in CONTACTS]


def _known(table: Table, by: Any, *, lock: bool) -> tuple[dict[str, Enterprise], frozenset[int], set[int]]:
    """The enterprises of the table, those that are closed to the person, and those whose dossier the council has."""
    codes = set()
    for row in table.rows:
        try:
            codes.add(read_tax_code(row.values.get("tax_code") or ""))
        except ValueError:
            continue
    found = Enterprise.objects.select_related("ward", "zone").filter(tax_code__in=codes)
    if lock:
        found = found.select_for_update(of=("self",))
    known = {enterprise.tax_code: enterprise for enterprise in found.order_by("pk")}
    held = Dossier.objects.filter(enterprise__tax_code__in=codes, stage__in=WITH_THE_COUNCIL)
    return known, wall.closed_enterprises(by), set(held.values_list("enterprise_id", flat=True))
