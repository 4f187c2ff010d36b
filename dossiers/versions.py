"""What a dossier said each time it was sent, kept whole, and what differs between two of these versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.canonical import digest
from dossiers.models import Document, Dossier, DossierVersion
from enterprises.models import Enterprise

TEXTS = ("description", "technology", "track_basis", "contact_name", "contact_phone", "contact_email", "track")
PRODUCT = (
    "name_vi", "name_en", "summary_vi", "summary_en", "hs_code", "standards", "export_markets", "sector_id",
    "industry_id",
)  # fmt: skip
ENTERPRISE = (
    "name_vi", "name_en", "form", "street", "ward_id", "zone_id", "legal_representative", "phone", "email", "website",
    "founded_year", "workers",
)  # fmt: skip
FIGURES = (
    "revenue_vnd_billion", "enterprise_revenue_vnd_billion", "export_usd_million", "budget_vnd_billion", "workers",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field that differs: `part` of the dossier, `field` within it ("2025.workers" for a figure, a paper's code
    for documents), and both values in words of the data; None where it was empty."""

    part: str
    field: str
    before: Any
    after: Any


def plain(value: Any) -> Any:
    """As JSON keeps it."""
    return value if value is None or isinstance(value, int | str | bool) else str(value)


def record_of(enterprise: Enterprise) -> dict[str, Any]:
    return {name: plain(getattr(enterprise, name)) for name in ENTERPRISE}


def content_of(dossier: Dossier) -> dict[str, Any]:
    """Everything that was sent, as plain JSON: texts, figures, and each file by name and digest."""
    documents: dict[str, list[dict[str, Any]]] = {}
    for document in Document.objects.filter(dossier=dossier, removed_at=None).order_by(
        "position", "uploaded_at", "pk"
    ):
        documents.setdefault(document.paper, []).append(
            {"name": document.name, "sha256": document.file_id, "valid_until": plain(document.valid_until)}
        )
    figures = dossier.figures.model.objects.filter(dossier=dossier).order_by("year")
    return {
        "enterprise": record_of(dossier.enterprise),
        "product": {name: plain(getattr(dossier.product, name)) for name in PRODUCT}
        | {name: plain(getattr(dossier, name)) for name in TEXTS},
        "figures": {str(row.year): {name: plain(getattr(row, name)) for name in FIGURES} for row in figures},
        "documents": documents,
        "undertakings": {"by": dossier.undertakings_by_name, "at": plain(dossier.undertakings_at)},
    }


def keep(*, dossier: Dossier, by: Any, at: datetime) -> DossierVersion:
    """The next version, in the transaction of the act that sends it."""
    fresh = Dossier.objects.select_related("enterprise", "product").get(pk=dossier.pk)
    content = content_of(fresh)
    return DossierVersion.objects.create(
        dossier=dossier,
        number=dossier.versions.count() + 1,
        taken_at=at,
        taken_by_name=str(by),
        content=content,
        digest=digest(content),
    )


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """Field by field, in the order of the newer version. Pure."""
    found = []
    for part in dict.fromkeys([*after, *before]):
        old, new = _flat(before.get(part, {})), _flat(after.get(part, {}))
        for name in dict.fromkeys([*new, *old]):
            if old.get(name) != new.get(name):
                found.append(Difference(part, name, old.get(name), new.get(name)))
    return found


def _flat(part: dict[str, Any]) -> dict[str, Any]:
    flat = {}
    for name, value in part.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": v for inner, v in value.items()})
        else:
            flat[name] = value
    return flat
