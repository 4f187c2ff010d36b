"""Products as a table. The key is the tax code with the name of the product, or the number that an export wrote."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import vietnamese
from core.templatetags.ui import in_language
from core.xlsx.columns import CellError, Column
from core.xlsx.reading import Table
from dossiers import wall
from dossiers.models import Dossier
from enterprises.models import Enterprise
from exchange import lookups
from exchange.kinds.base import Field, Kind, Planned, Seen, key_error, plan_row, settle, twice
from exchange.kinds.enterprises import WITH_THE_COUNCIL, own_interest, read_tax_code, tax_column
from products.actions import add_product, update_product
from products.forms import ProductForm, hs_digits
from products.models import Product


def hs_from_number(digits: str) -> str:
    """An HS code of chapter 1 to 9 begins with a zero, which Excel drops."""
    return digits if len(digits) % 2 == 0 else f"0{digits}"


class Products(Kind):
    code = "products"

    def sheet_name(self) -> str:
        return pgettext("excel", "Products")

    def guide(self) -> list[str]:
        return [
            _("One row is one product. It is known by its number, or by tax code and name; any other one is new."),
            _("Keep the number of the product when you correct its name. Leave it empty for a new product."),
            _("A column that you delete stays as it is. A cell that you empty empties the fact."),
            _("Nothing is written before you have seen the differences and confirmed them."),
        ]

    def fields(self) -> Sequence[Field]:
        ask = ProductForm.base_fields
        sector_lookup, sectors = lookups.sectors()
        industries = lookups.industries()

        def text(name: str, label: str, width: int, *others: str, needed: str = "", **facts: Any) -> Field:
            column = Column(name, label, width=width, wanted=bool(needed), others=others, **facts)

            def parse(value: Any) -> Any:
                return ask[name].clean(value) if value or needed else ""

            return Field(column, lambda p: getattr(p, name), parse, needed=needed)

        return [
            Field(
                Column("id", pgettext("excel", "Product number"), "code", 10, others=("Mã sản phẩm", "Product number"),
                       note=_("Given by the registry. Empty for a new product.")),
                lambda p: str(p.pk),
            ),
            Field(tax_column(), lambda p: p.enterprise.tax_code),
            Field(
                Column("enterprise", pgettext("excel", "Enterprise"), width=40, others=("Doanh nghiệp", "Enterprise"),
                       note=_("Shown for reading; the tax code decides.")),
                lambda p: p.enterprise.name_vi,
                fixed=_("The name of the enterprise is corrected in the table of enterprises."),
            ),
            text("name_vi", _("Product name in Vietnamese"), 44, "Tên sản phẩm", "Product name in Vietnamese",
                 needed=_("Enter the name of the product.")),
            text("name_en", _("Product name in English"), 36, "Tên sản phẩm tiếng Anh", "Product name in English"),
            Field(
                Column("sector", _("Sector of the programme"), width=36, wanted=True, choices=tuple(sectors),
                       others=("Lĩnh vực", "Nhóm ngành", "Sector of the programme", "Sector")),
                lambda p: in_language(p.sector, "name"),
                sector_lookup.find,
                needed=_("Choose the sector."),
            ),
            Field(
                Column("industry", _("Industry class (VSIC 2025)"), "code", 14,
                       others=("Mã ngành VSIC", "Industry class (VSIC 2025)"),
                       note=_("Four digits, such as 2740.")),
                lambda p: p.industry_id or "",
                lambda value: industries.find(value) if value else None,
            ),
            text("summary_vi", _("Summary in Vietnamese"), 60, "Tóm tắt", "Summary in Vietnamese"),
            text("summary_en", _("Summary in English"), 60, "Tóm tắt tiếng Anh", "Summary in English"),
            Field(
                Column("hs_code", _("HS code"), "code", 14, others=("Mã HS", "HS code"), from_number=hs_from_number),
                lambda p: p.hs_code,
                hs_digits,
            ),
            text("standards", _("Standards met"), 36, "Tiêu chuẩn", "Standards met"),
            text("export_markets", _("Export markets"), 36, "Thị trường xuất khẩu", "Export markets"),
        ]  # fmt: skip

    def objects(self, *, for_user: Any, season: Any = None, stage: str = "") -> Iterable[Product]:
        hidden = Dossier.objects.filter(pk__in=wall.barred_ids(for_user)).values("product_id")
        found = Product.objects.select_related("enterprise", "sector", "industry").exclude(pk__in=hidden)
        if season is not None:
            filed = Dossier.objects.filed().open_to(for_user).filter(season=season)
            found = found.filter(pk__in=filed.values("product_id"))
        return found.order_by("enterprise__sort_key", "pk")

    def plan(self, table: Table, *, by: Any, season: Any = None, lock: bool = False) -> list[Planned]:
        makers = enterprises_of(table)
        closed = wall.closed_enterprises(by)
        known = _Known({e.pk for e in makers.values()}, lock=lock)
        seen, names, planned = Seen(), Seen(), []
        fields = {one.key: one for one in self.fields_once()}
        facts = [one for key, one in fields.items() if key not in ("id", "tax_code")]
        for row in table.rows:
            name = vietnamese.nfc(str(row.values.get("name_vi") or ""))
            one = Planned(row.number, name)
            planned.append(one)
            maker = maker_of(row.values.get("tax_code"), makers, one, fields["tax_code"].column)
            if maker is None:
                settle(one, table)
                continue
            target, wrong = known.find(maker, row.values.get("id") or "", name)
            if wrong:
                one.errors.append(CellError(row.number, fields["id"].column.label, wrong, "id"))
            first = seen.again((maker.pk, target.pk if target else vietnamese.fold(name)), row.number)
            other = names.again((maker.pk, name), row.number)
            if first is not None or other is not None:
                one.errors.append(key_error(row.number, fields["name_vi"].column, twice(first or other or 0)))
            plan_row(row, facts, target, one)
            if target is None:
                one.facts["enterprise"] = maker
            elif one.facts:
                one.name = target.name_vi
                twin = known.by_exact_name.get((maker.pk, name))
                if "name_vi" in one.facts and twin is not None and twin.pk != target.pk:
                    words = _("Another product of this enterprise bears this name.")
                    one.errors.append(key_error(row.number, fields["name_vi"].column, words))
                if target.pk in known.held and maker.pk not in closed:
                    words = _("The dossier of this product is with the council. What the council was shown is not "
                              "changed now.")  # fmt: skip
                    one.errors.append(key_error(row.number, fields["name_vi"].column, words))
            if one.facts and maker.pk in closed:
                one.errors.append(key_error(row.number, fields["tax_code"].column, own_interest(by, maker)))
            settle(one, table)
        return planned

    def write(self, planned: Planned, *, by: Any, at: datetime, season: Any = None) -> None:
        if planned.target is None:
            add_product(by=by, at=at, **planned.facts)
        else:
            update_product(product=planned.target, by=by, at=at, **planned.facts)


class _Known:
    """The products of the enterprises of a table, under each of their keys."""

    def __init__(self, makers: set[int], *, lock: bool) -> None:
        found = Product.objects.select_related("enterprise", "sector", "industry").filter(enterprise_id__in=makers)
        if lock:
            found = found.select_for_update(of=("self",))
        self.products = list(found.order_by("pk"))
        self.by_pk = {str(p.pk): p for p in self.products}
        self.by_exact_name = {(p.enterprise_id, vietnamese.nfc(p.name_vi)): p for p in self.products}
        self.by_name: dict[tuple[int, str], list[Product]] = {}
        for product in self.products:
            self.by_name.setdefault((product.enterprise_id, vietnamese.fold(product.name_vi)), []).append(product)
        held = Dossier.objects.filter(product__enterprise_id__in=makers, stage__in=WITH_THE_COUNCIL)
        self.held = set(held.values_list("product_id", flat=True))

    def find(self, maker: Enterprise, number: str, name: str) -> tuple[Product | None, str]:
        """The product a row means, or what is wrong with its number."""
        if number:
            product = self.by_pk.get(number)
            if product is None or product.enterprise_id != maker.pk:
                return None, _("This enterprise has no product with this number. Leave it empty for a new product.")
            return product, ""
        exact = self.by_exact_name.get((maker.pk, name))
        alike = self.by_name.get((maker.pk, vietnamese.fold(name)), [])
        if exact is None and len(alike) > 1:
            return None, _("Several products of this enterprise have such a name. Enter the product number.")
        return exact or (alike[0] if alike else None), ""


def enterprises_of(table: Table) -> dict[str, Enterprise]:
    """The enterprises whose tax codes a table names."""
    codes = set()
    for row in table.rows:
        try:
            codes.add(read_tax_code(row.values.get("tax_code") or ""))
        except ValueError:
            continue
    return {e.tax_code: e for e in Enterprise.objects.filter(tax_code__in=codes)}


def maker_of(text: Any, makers: dict[str, Enterprise], one: Planned, column: Column) -> Enterprise | None:
    """The enterprise of a row; without one the row is wrong."""
    try:
        code = read_tax_code(text or "")
    except ValueError as error:
        one.errors.append(key_error(one.number, column, str(error)))
        return None
    if code not in makers:
        words = _("No enterprise with this tax code is in the registry. Import the enterprises first.")
        one.errors.append(key_error(one.number, column, words))
    return makers.get(code)
