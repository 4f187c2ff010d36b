"""Last year's answers, offered to a new draft with their origin. Never across enterprises.

Texts about the product and its figures come from a dossier of the same product; technology and contact, which are
the enterprise's, from any of its dossiers. Only what was sent in an earlier season counts, the newest first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import audit
from dossiers.actions.row import editable, touch
from dossiers.models import Dossier, FieldChange, Stage, YearFigure
from dossiers.queries import years_asked
from enterprises.models import Enterprise

CONTACT = ("contact_name", "contact_phone", "contact_email")
OF_PRODUCT = ("description", "track_basis")
OF_ENTERPRISE = ("technology",)
MEASURES = (
    "revenue_vnd_billion", "enterprise_revenue_vnd_billion", "export_usd_million", "budget_vnd_billion", "workers",
)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """One answer that can be taken over: a text of the dossier, or the figures of a year ("figures.2024")."""

    key: str
    part: str
    values: dict[str, Any]
    origin: dict[str, Any]


def origin_of(source: Dossier) -> dict[str, Any]:
    """Where an answer comes from, as the draft keeps it."""
    sent = timezone.localdate(source.submitted_at).isoformat() if source.submitted_at else ""
    return {"dossier": source.pk, "number": source.number or "", "season": source.season.year, "sent": sent}


def _sources(enterprise_id: int, season_year: int) -> QuerySet[Dossier]:
    sent = Dossier.objects.filter(enterprise_id=enterprise_id, number__isnull=False, season__year__lt=season_year)
    left = sent.exclude(stage=Stage.WITHDRAWN).select_related("season").prefetch_related("figures")
    return left.order_by("-season__year", "-submitted_at")


def contact_of(enterprise: Enterprise, *, before: int) -> tuple[dict[str, str], dict[str, Any]]:
    """The contact person of the enterprise's last dossier, with the origin of each field; empty without one."""
    for source in _sources(enterprise.pk, before):
        values = {name: getattr(source, name) for name in CONTACT}
        if values["contact_name"]:
            origin = origin_of(source)
            return values, {f"enterprise.{name}": origin for name, value in values.items() if value}
    return {}, {}


def offers(dossier: Dossier) -> list[Offer]:
    """What can be taken over into fields that are still empty. Two queries."""
    if dossier.stage != Stage.DRAFT:
        return []
    sources = list(_sources(dossier.enterprise_id, dossier.season.year))
    same = [source for source in sources if source.product_id == dossier.product_id]
    found = []
    for names, among in ((OF_PRODUCT, same), (OF_ENTERPRISE, [*same, *sources])):
        for name in names:
            if name == "track_basis" and dossier.track not in ("hi_tech", "startup"):
                continue
            source = next((s for s in among if getattr(s, name) and _fits(name, s, dossier)), None)
            if source is not None and not getattr(dossier, name):
                found.append(Offer(name, "product", {name: getattr(source, name)}, origin_of(source)))
    return [*found, *_offered_figures(dossier, same)]


def _fits(name: str, source: Dossier, dossier: Dossier) -> bool:
    return name != "track_basis" or source.track == dossier.track


def _offered_figures(dossier: Dossier, same: Sequence[Dossier]) -> Iterable[Offer]:
    rows = {row.year: row for row in dossier.figures.all()}
    for year in years_asked(dossier.season.year):
        row = rows.get(year)
        if row is None:
            continue
        for source in same:
            known = next((f for f in source.figures.all() if f.year == year), None)
            values = _left(row, known) if known is not None else {}
            if values:
                yield Offer(f"figures.{year}", "figures", values, origin_of(source))
                break


def _left(row: YearFigure, known: YearFigure) -> dict[str, Any]:
    """The measures that the draft leaves empty and the older dossier knows."""
    return {
        name: getattr(known, name)
        for name in MEASURES
        if getattr(row, name) is None and getattr(known, name) is not None
    }


@transaction.atomic
def take_over(*, dossier: Dossier, keys: Iterable[str] | None, by: Any, at: datetime) -> int:
    """Write the offered answers of these keys (all when None) and keep their origin. How many were taken."""
    locked = editable(dossier, by)
    wanted = [offer for offer in offers(locked) if keys is None or offer.key in set(keys)]
    origins, touched = dict(locked.origins), []
    for offer in wanted:
        if offer.part == "figures":
            year = int(offer.key.partition(".")[2])
            locked.figures.filter(year=year).update(**offer.values)
            names = [f"{name}_{year}" for name in offer.values]
        else:
            for name, value in offer.values.items():
                setattr(locked, name, value)
            names = list(offer.values)
        origins |= {f"{offer.part}.{name}": offer.origin for name in names}
        touched += [FieldChange(dossier=locked, part=offer.part, name=n, changed_at=at, changed_by=by) for n in names]
    if wanted:
        locked.origins = origins
        locked.save(update_fields=["origins", *OF_PRODUCT, *OF_ENTERPRISE])
        FieldChange.objects.bulk_create(
            touched,
            update_conflicts=True,
            unique_fields=["dossier", "part", "name"],
            update_fields=["changed_at", "changed_by"],
        )
        touch(locked, at)
        audit.record("dossier.taken_over", locked, by=by, at=at, fields=[offer.key for offer in wanted])
    return len(wanted)
