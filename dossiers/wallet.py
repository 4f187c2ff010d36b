"""The evidence wallet: a paper of the enterprise, given once, serves all its products and seasons until it ends.

Nothing here crosses from one enterprise to another; every question starts from one enterprise or one dossier.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dossiers.models import Document, Dossier
from dossiers.papers import BY_CODE, PAPERS, Paper
from enterprises.models import Enterprise

SOON_DAYS = 60


@dataclass(frozen=True)
class Evidence:
    """One paper of the enterprise. `document` is the newest row that shows it, `origin` the one it was first given
    with; `used_in` are the dossiers in which it lies now."""

    document: Document
    origin: Document
    used_in: tuple[Dossier, ...]
    day: date

    @property
    def paper(self) -> Paper:
        return BY_CODE[self.document.paper]

    @property
    def has_expired(self) -> bool:
        return self.document.has_expired(self.day)

    @property
    def ends_soon(self) -> bool:
        end = self.document.valid_until
        return end is not None and self.day <= end <= self.day + timedelta(days=SOON_DAYS)


def papers_of(enterprise: Enterprise | int, day: date) -> list[Evidence]:
    """Every current paper of the enterprise that serves more than one dossier, in the order of the slots, newest
    first. One query."""
    rows = (
        Document.objects.current()
        .filter(dossier__enterprise=enterprise, paper__in=[paper.code for paper in PAPERS if paper.is_reusable])
        .select_related(
            "file",
            "dossier__season",
            "dossier__product",
            "taken_from__dossier__season",
            "taken_from__dossier__product",
        )
        .order_by("-uploaded_at", "-pk")
    )
    return _grouped(rows, day)


def offers_for(dossier: Dossier, day: date) -> dict[str, list[Evidence]]:
    """By slot: what the enterprise gave elsewhere and does not lie in this slot yet. Expired papers are among them,
    to be shown as such; locked ones are not."""
    offers: dict[str, list[Evidence]] = {}
    for evidence in papers_of(dossier.enterprise_id, day):
        slot = evidence.paper
        if any(used.pk == dossier.pk for used in evidence.used_in) or evidence.document.is_locked:
            continue
        if slot.of_one_season and evidence.document.dossier.season_id != dossier.season_id:
            continue
        offers.setdefault(slot.code, []).append(evidence)
    return offers


def expired_on(dossier: Dossier, day: date) -> list[Document]:
    """The papers in the slots of the dossier that have ended before this day. No query when prefetched."""
    return [d for d in dossier.documents.all() if d.removed_at is None and d.has_expired(day)]


def _grouped(rows: Iterable[Document], day: date) -> list[Evidence]:
    """The same bytes in the same slot of several dossiers are one paper; of one season's papers, one a season."""
    groups: dict[tuple[str, str, int], list[Document]] = {}
    for row in rows:
        season = row.dossier.season_id if BY_CODE[row.paper].of_one_season else 0
        groups.setdefault((row.paper, row.file_id, season), []).append(row)
    found = [
        Evidence(
            document=group[0],
            origin=group[0].taken_from or group[-1],
            used_in=tuple({row.dossier_id: row.dossier for row in reversed(group)}.values()),
            day=day,
        )
        for group in groups.values()
    ]
    order = {paper.code: place for place, paper in enumerate(PAPERS)}
    return sorted(found, key=lambda evidence: order[evidence.document.paper])
