"""What the check screen of one dossier needs."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import F, Func, Prefetch, Q, QuerySet, Value
from django.utils import timezone

from dossiers import evidence, versions
from dossiers.models import CheckMark, Document, Dossier, DossierVersion, Opening, StaffNote, Stage, YearFigure
from dossiers.queries import facts_of, whole
from dossiers.trends import MEASURES, Year

# So long after its last sign of life a check screen counts as closed.
OPEN_FOR = timedelta(seconds=60)
# Fewer digits than this is no telephone number to compare.
PHONE_DIGITS = 8


def checked() -> "QuerySet[Dossier]":
    """`whole()` with what only the Department sees."""
    return whole().prefetch_related(
        Prefetch("check_marks", CheckMark.objects.select_related("marked_by")),
        Prefetch("staff_notes", StaffNote.objects.select_related("written_by")),
        "versions",
    )


# --- the automatic checks -----------------------------------------------------------------------------
def automatic_facts(dossier: Dossier, *, today: date, barred: frozenset[int] = frozenset()) -> evidence.Facts:
    """The facts of the automatic checks; four queries beyond `whole()`, however many dossiers there are. What other
    dossiers are quoted leaves out `barred`, those that the reader must not see."""
    others = _others(dossier, barred)
    enterprise, season = dossier.enterprise, dossier.season
    held = [document for document in dossier.documents.all() if document.removed_at is None]
    return evidence.Facts(
        tax_code=enterprise.tax_code,
        dossier=facts_of(dossier),
        same_name=others["name"],
        of_enterprise=others["enterprise"],
        same_contact=others["contact"],
        twins=_twins(dossier, held, barred),
        papers=tuple(
            evidence.Paper(d.paper, d.name, d.file_id, issued_on=d.issued_on, valid_until=d.valid_until) for d in held
        ),
        years=tuple(_year(figure) for figure in dossier.figures.all()),
        reported=_reported(dossier, barred),
        record=versions.record_of(enterprise),
        earlier_record=_earlier_record(dossier, barred),
        export_markets=dossier.product.export_markets,
        founded_year=enterprise.founded_year,
        confirmed=frozenset(
            entry["key"] for entry in dossier.confirmed_figures if isinstance(entry, dict) and "key" in entry
        ),
        usd_rate_vnd=season.usd_rate_vnd,
        today=today,
        registration_ends=timezone.localdate(season.registration_closes_at),
        validity_ends=_after_months(timezone.localdate(season.scoring_closes_at), season.validity_months),
    )


def _year(figure: YearFigure) -> Year:
    return Year(figure.year, **{name: getattr(figure, name) for name in MEASURES})


def _after_months(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _others(dossier: Dossier, barred: frozenset[int]) -> dict[str, tuple[evidence.Other, ...]]:
    """Filed dossiers that concern this one, by what ties them together. One query."""
    enterprise = dossier.enterprise
    phones = [p for p in map(_digits, (dossier.contact_phone, enterprise.phone)) if len(p) >= PHONE_DIGITS]
    emails = [email.lower() for email in (dossier.contact_email, enterprise.email) if email]
    own = Q(enterprise_id=dossier.enterprise_id)
    same_name = Q(season_id=dossier.season_id) & Q(product__name_vi__unaccent__iexact=dossier.product.name_vi)
    same_contact = Q(
        Q(phone__in=phones) | Q(enterprise_phone__in=phones) | Q(email__in=emails) | Q(enterprise_email__in=emails)
    ) & ~Q(enterprise_id=dossier.enterprise_id)
    rows = (
        Dossier.objects.filed()
        .annotate(
            phone=_only_digits("contact_phone"),
            enterprise_phone=_only_digits("enterprise__phone"),
            email=Func(F("contact_email"), function="lower"),
            enterprise_email=Func(F("enterprise__email"), function="lower"),
        )
        .filter(own | same_name | same_contact)
        .exclude(pk__in=barred | {dossier.pk})
        .exclude(stage=Stage.WITHDRAWN)
        .annotate(is_same_name=Q(same_name), is_same_contact=Q(same_contact))
        .order_by("-season__year", "number")
        .values_list(
            "pk", "number", "season__year", "product__name_vi", "enterprise__name_vi",
            "enterprise_id", "is_same_name", "is_same_contact",
        )
    )  # fmt: skip
    found: dict[str, list[evidence.Other]] = {"name": [], "enterprise": [], "contact": []}
    contacts = set()
    for row in cast("QuerySet[Any, tuple[Any, ...]]", rows):
        other, (enterprise_id, is_same_name, is_same_contact) = evidence.Other(*row[:5]), row[5:]
        if is_same_name:
            found["name"].append(other)
        if enterprise_id == dossier.enterprise_id:
            found["enterprise"].append(other)
        if is_same_contact and enterprise_id not in contacts:
            contacts.add(enterprise_id)  # one dossier stands for its enterprise
            found["contact"].append(other)
    return {kind: tuple(others) for kind, others in found.items()}


def _only_digits(name: str) -> Func:
    return Func(F(name), Value(r"\D"), Value(""), Value("g"), function="regexp_replace")


def _twins(dossier: Dossier, held: Iterable[Document], barred: frozenset[int]) -> tuple[evidence.Twin, ...]:
    """Files that another enterprise filed byte for byte. One query."""
    names = {document.file_id: document for document in held}
    rows = (
        Document.objects.filter(file_id__in=names, removed_at=None, dossier__number__isnull=False)
        .exclude(dossier__enterprise_id=dossier.enterprise_id)
        .exclude(dossier_id__in=barred)
        .order_by("-dossier__season__year", "dossier__number", "pk")
        .values_list(
            "file_id", "dossier_id", "dossier__number", "dossier__season__year", "dossier__product__name_vi",
            "dossier__enterprise__name_vi",
        )
    )  # fmt: skip
    return tuple(
        evidence.Twin(names[sha256].paper, names[sha256].name, evidence.Other(*rest))
        for sha256, *rest in cast("QuerySet[Any, tuple[Any, ...]]", rows)
    )


def _reported(dossier: Dossier, barred: frozenset[int]) -> tuple[evidence.Reported, ...]:
    """Figures of the enterprise's other filed dossiers, earlier ones and those of the same season. One query."""
    rows = (
        YearFigure.objects.filter(
            dossier__enterprise_id=dossier.enterprise_id,
            dossier__number__isnull=False,
            dossier__season__year__lte=dossier.season.year,
        )
        .exclude(dossier_id__in=barred | {dossier.pk})
        .exclude(dossier__stage=Stage.WITHDRAWN)
        .order_by("-dossier__season__year", "dossier__number", "year")
        .values_list(
            "dossier__number", "dossier__season__year", "dossier__product_id", "dossier__season_id", "year", *MEASURES
        )
    )
    return tuple(
        evidence.Reported(
            number=number,
            season_year=season_year,
            same_product=product_id == dossier.product_id,
            same_season=season_id == dossier.season_id,
            figures=Year(year, **dict(zip(MEASURES, values, strict=True))),
        )
        for number, season_year, product_id, season_id, year, *values in cast("QuerySet[Any, tuple[Any, ...]]", rows)
    )


def _earlier_record(dossier: Dossier, barred: frozenset[int]) -> evidence.Record | None:
    """The record of the enterprise in what it sent last in an earlier season. One query."""
    version = (
        DossierVersion.objects.filter(
            dossier__enterprise_id=dossier.enterprise_id, dossier__season__year__lt=dossier.season.year
        )
        .exclude(dossier_id__in=barred)
        .select_related("dossier__season")
        .order_by("-dossier__season__year", "-taken_at", "-pk")
        .first()
    )
    if version is None:
        return None
    values = version.content.get("enterprise", {})
    return evidence.Record(version.dossier.number or "", version.dossier.season.year, values)


# --- the dossier of the year before -------------------------------------------------------------------
def earlier_dossier(dossier: Dossier, *, for_user: Any) -> Dossier | None:
    """What to compare with: the last filed dossier of an earlier season that the person may see, of this product
    before any other."""
    return (
        Dossier.objects.filed()
        .open_to(for_user)
        .filter(enterprise_id=dossier.enterprise_id, season__year__lt=dossier.season.year)
        .exclude(stage=Stage.WITHDRAWN)
        .annotate(is_same=Q(product_id=dossier.product_id))
        .select_related("season", "product")
        .prefetch_related(
            Prefetch("documents", Document.objects.filter(removed_at=None).select_related("file")), "versions"
        )
        .order_by("-is_same", "-season__year", "-pk")
        .first()
    )


# --- who has it open ----------------------------------------------------------------------------------
def others_here(dossier: Dossier, *, user: Any, at: datetime) -> list[str]:
    """Names of other officers whose check screen of this dossier is open now."""
    openings = Opening.objects.filter(dossier=dossier, seen_at__gt=at - OPEN_FOR).exclude(user=user)
    return [str(opening.user) for opening in openings.select_related("user").order_by("seen_at")]
