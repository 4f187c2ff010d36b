"""Dossiers of one season as a table. An export shows them whole. An import does two things only: it files dossiers
that came on paper, and it gives dossiers to officers; all else has its page, where people see what they decide on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import Role, User
from core import vietnamese
from core.templatetags.ui import in_language
from core.xlsx.columns import Column
from core.xlsx.reading import Row, Table
from dossiers import wall
from dossiers.actions import assign_officer, receive_on_paper
from dossiers.actions.assigning import obstacles_to_assigning
from dossiers.figures_sheet import figure_lines
from dossiers.forms import ContactForm
from dossiers.guards import registration_is_open
from dossiers.models import Dossier, Stage
from dossiers.queries import years_asked
from enterprises.models import Enterprise
from exchange import lookups
from exchange.kinds.base import Field, Kind, Planned, Seen, key_error, plan_row, settle, twice
from exchange.kinds.enterprises import own_interest, phone_from_number, tax_column
from exchange.kinds.products import enterprises_of, maker_of
from products.models import Product
from programme.models import Season, TrackName


class Dossiers(Kind):
    code = "dossiers"
    needs_season = True

    def __init__(self, season: Season | None, at: datetime) -> None:
        self.season, self.at = season, at

    def sheet_name(self) -> str:
        return pgettext("excel", "Dossiers")

    def guide(self) -> list[str]:
        return [
            _("One row is one dossier. It is known by its number; without one, by tax code and product."),
            _("A row that is not known is filed as received on paper. Enter the enterprise and the product first."),
            _("Of a known dossier the officer can be changed. All else is for reading and is changed on its page."),
            _("Nothing is written before you have seen the differences and confirmed them."),
        ]

    def fields(self) -> Sequence[Field]:
        ask = ContactForm.base_fields
        track_lookup, tracks = lookups.choices(TrackName.choices, _("“%(name)s” is not a track of the programme."))
        sector_lookup, _sectors = lookups.sectors()
        stages, _stages = lookups.choices(Stage.choices, "%(name)s")
        answers, _answers = lookups.choices([("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))], "%(name)s")
        officers = _officers()
        fixed = _("This is only shown. It changes on the page of the dossier, not by an import.")

        def contact(name: str, label: str, width: int, *others: str) -> Field:
            mend = phone_from_number if name == "contact_phone" else str
            column = Column(name, label, "code" if name != "contact_name" else "text", width, others=others,
                            from_number=mend)  # fmt: skip
            return Field(column, lambda d: getattr(d, name), ask[name].clean, fixed=fixed, first_only=True)

        def only_shown(column: Column, show: Any, parse: Any = None, of: Any = None) -> Field:
            return Field(replace(column, note=_("Only shown.")), show, parse, fixed=fixed, of=of)

        return [
            Field(
                Column("number", _("Dossier number"), "code", 22, others=("Số hồ sơ", "Mã hồ sơ", "Dossier number"),
                       note=_("Given at filing. Empty for a dossier that is to be filed.")),
                lambda d: d.number,
            ),
            Field(tax_column(), lambda d: d.enterprise.tax_code),
            only_shown(
                Column("enterprise", pgettext("excel", "Enterprise"), width=40, others=("Doanh nghiệp", "Enterprise")),
                lambda d: d.enterprise.name_vi,
            ),
            Field(
                Column("product", pgettext("excel", "Product"), width=40, needed=True, others=("Sản phẩm", "Product"),
                       note=_("The name as in the table of products.")),
                lambda d: d.product.name_vi,
            ),
            only_shown(
                Column("sector", _("Sector of the programme"), width=30,
                       others=("Lĩnh vực", "Sector of the programme")),
                lambda d: in_language(d.product.sector, "name"),
                sector_lookup.find,
                lambda d: d.product.sector,
            ),
            Field(
                Column("track", pgettext("excel", "Track"), width=22, wanted=True, choices=tuple(tracks),
                       others=("Nhóm đăng ký", "Diện xét", "Track")),
                lambda d: d.get_track_display(),
                track_lookup.find,
                needed=_("Choose the track."),
                fixed=fixed,
                first_only=True,
            ),
            Field(
                Column("received_at", pgettext("excel", "Received at"), "moment", 18, wanted=True,
                       others=("Nộp lúc", "Ngày giờ nhận", "Received at"),
                       note=_("Day and time, such as 09:30 15/09/2026. It decides whether registration was open.")),
                lambda d: d.submitted_at.replace(second=0, microsecond=0),
                self._received,
                needed=_("Enter when the dossier was received."),
                fixed=fixed,
                first_only=True,
            ),
            only_shown(
                Column("on_paper", pgettext("excel", "Received on paper"), width=14,
                       others=("Nộp giấy", "Received on paper")),
                lambda d: _yes_no(d.is_on_paper),
                answers.find,
                lambda d: "yes" if d.is_on_paper else "no",
            ),
            only_shown(
                Column("stage", pgettext("excel", "Stage"), width=24, others=("Trạng thái", "Stage")),
                lambda d: d.get_stage_display(),
                stages.find,
                lambda d: d.stage,
            ),
            Field(
                Column("officer", pgettext("excel", "Officer (mail address)"), "code", 28,
                       choices=tuple(officers), others=("Cán bộ (email)", "Officer (mail address)"),
                       note=_("Who checks the dossier. An empty cell changes nothing.")),
                lambda d: d.officer.email if d.officer else "",
                lambda value: _officer(value, officers),
                empty_stays=True,
            ),
            contact("contact_name", _("Contact person"), 26, "Người liên hệ", "Contact person"),
            contact("contact_phone", _("Telephone of the contact person"), 18, "Điện thoại liên hệ",
                    "Telephone of the contact person"),
            contact("contact_email", _("Email of the contact person"), 28, "Email liên hệ",
                    "Email of the contact person"),
            *self._figures(fixed),
        ]  # fmt: skip

    def _figures(self, fixed: str) -> list[Field]:
        if self.season is None:
            return []

        def show(name: str, year: int) -> Any:
            def value(dossier: Dossier) -> Any:
                found = next((f for f in dossier.figures.all() if f.year == year), None)
                return getattr(found, name) if found else None

            return value

        return [
            Field(
                Column(
                    f"{line.name}_{year}",
                    f"{line.label} {year} ({line.unit.partition(';')[0]})",
                    "whole" if line.whole else "decimal",
                    16,
                    note=_("Only shown."),
                ),
                show(line.name, year),
                fixed=fixed,
            )
            for line in figure_lines()
            for year in years_asked(self.season.year)
        ]

    def _received(self, value: datetime) -> datetime:
        """Registration must have been open, as at the counter."""
        if value > self.at:
            raise ValueError(_("The time of receipt lies in the future."))
        if self.season is not None:
            reasons = registration_is_open(Dossier(season=self.season), value)
            if reasons:
                raise ValueError(" ".join(reasons))
        return value

    def objects(self, *, for_user: Any, season: Any = None, stage: str = "") -> Iterable[Dossier]:
        found = (
            Dossier.objects.filed()
            .filter(season=season)
            .open_to(for_user)
            .select_related("enterprise", "product__sector", "officer", "season")
            .prefetch_related("figures")
            .order_by("submitted_at", "pk")
        )
        return found.in_stage(stage) if stage in Stage.values else found

    def plan(self, table: Table, *, by: Any, season: Any = None, lock: bool = False) -> list[Planned]:
        makers = enterprises_of(table)
        known = _Known(season, {e.pk for e in makers.values()}, lock=lock)
        closed = wall.closed_enterprises(by)
        fields = {one.key: one for one in self.fields_once()}
        facts = [one for key, one in fields.items() if key not in ("number", "tax_code", "product")]
        seen, planned = Seen(), []
        for row in table.rows:
            one = Planned(row.number, vietnamese.nfc(str(row.values.get("product") or "")))
            planned.append(one)
            maker = maker_of(row.values.get("tax_code"), makers, one, fields["tax_code"].column)
            if maker is not None and maker.pk in closed:
                one.errors.append(key_error(row.number, fields["tax_code"].column, own_interest(by, maker)))
            elif maker is not None:
                self._plan(row, one, maker, known, fields, facts, seen)
            settle(one, table)
        return planned

    def _plan(
        self, row: Row, one: Planned, maker: Enterprise, known: "_Known", fields: dict[str, Field],
        facts: list[Field], seen: Seen,
    ) -> None:  # fmt: skip
        product, wrong = known.product(maker, one.name)
        target = None
        number = str(row.values.get("number") or "")
        if number:
            target = known.by_number.get(number.upper())
            if target is None or target.enterprise_id != maker.pk:
                words = _("This enterprise has no dossier with this number in this season.")
                one.errors.append(key_error(row.number, fields["number"].column, words))
                return
            if product is None or target.product_id != product.pk:
                words = _("The dossier with this number is about “%(name)s”.") % {"name": target.product.name_vi}
                one.errors.append(key_error(row.number, fields["product"].column, words))
                return
        elif product is None:
            one.errors.append(key_error(row.number, fields["product"].column, wrong))
            return
        else:
            target = known.by_product.get(product.pk)
        first = seen.again(product.pk, row.number)
        if first is not None:
            one.errors.append(key_error(row.number, fields["product"].column, twice(first)))
        if target is not None and target.number is None:
            words = _("The enterprise has begun this dossier online. It sends it, or withdraws the draft first.")
            one.errors.append(key_error(row.number, fields["product"].column, words))
            return
        plan_row(row, facts, target, one)
        if target is None:
            one.facts["product"] = product
        elif "officer" in one.facts:
            for words in obstacles_to_assigning(target, one.facts["officer"]):
                one.errors.append(key_error(row.number, fields["officer"].column, words))

    def write(self, planned: Planned, *, by: Any, at: datetime, season: Any = None) -> None:
        facts = dict(planned.facts)
        officer = facts.pop("officer", None)
        dossier = planned.target
        if dossier is None:
            dossier = receive_on_paper(season=season, by=by, at=at, **facts)
        if officer is not None:
            assign_officer(dossier=dossier, officer=officer, by=by, at=at)


class _Known:
    """Products and dossiers of the enterprises of a table, under their keys."""

    def __init__(self, season: Season | None, makers: set[int], *, lock: bool) -> None:
        found = Dossier.objects.filter(season=season, enterprise_id__in=makers).exclude(stage=Stage.WITHDRAWN)
        found = found.select_related("enterprise", "product__sector", "officer", "season").prefetch_related("figures")
        if lock:
            found = found.select_for_update(of=("self",))
        dossiers = list(found.order_by("pk"))
        self.by_number = {dossier.number: dossier for dossier in dossiers if dossier.number}
        self.by_product = {dossier.product_id: dossier for dossier in dossiers}
        self.products: dict[tuple[int, str], list[Product]] = {}
        for product in Product.objects.filter(enterprise_id__in=makers).order_by("pk"):
            self.products.setdefault((product.enterprise_id, vietnamese.fold(product.name_vi)), []).append(product)

    def product(self, maker: Enterprise, name: str) -> tuple[Product | None, str]:
        """The product of that name, or why there is none."""
        alike = self.products.get((maker.pk, vietnamese.fold(name)), []) if name else []
        exact = [product for product in alike if vietnamese.nfc(product.name_vi) == name]
        if len(exact or alike) == 1:
            return (exact or alike)[0], ""
        if alike:
            return None, _("Several products of this enterprise have such a name. Enter it exactly.")
        if not name:
            return None, _("Enter the product.")
        return None, _("This enterprise has no such product in the registry. Import the products first.")


def _officers() -> dict[str, User]:
    held = {"grants__role": Role.OFFICER, "grants__withdrawn_at": None}
    return {user.email: user for user in User.objects.filter(is_active=True, **held).distinct().order_by("email")}


def _officer(value: str, officers: dict[str, User]) -> User:
    found = officers.get(value.strip().lower())
    if found is None:
        raise ValidationError(_("No officer of the Department has this mail address."))
    return found


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
