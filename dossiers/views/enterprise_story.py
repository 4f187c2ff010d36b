"""The seasons of one enterprise: what it filed and what was recognised."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from certificates.queries import with_serials
from dossiers.models import Dossier
from dossiers.views.applicant.stages import STAGE_KINDS, stage_words
from enterprises.models import Enterprise
from public.addresses import product_path
from registry.models import Recognition, Status

STATUS_KINDS = {
    Status.VALID: "ngoc",
    Status.EXPIRED: "grey",
    Status.REVOKED: "son",
    Status.REPLACED: "grey",
    Status.NOT_YET: "lam",
}


@dataclass(frozen=True)
class Filed:
    dossier: Dossier
    kind: str
    words: str


@dataclass(frozen=True)
class Recognised:
    recognition: Recognition
    kind: str
    words: str
    url: str
    serials: list[str]


@dataclass
class SeasonLine:
    year: int
    dossiers: list[Filed] = field(default_factory=list)
    recognitions: list[Recognised] = field(default_factory=list)


def seasons_of(enterprise: Enterprise, visible: QuerySet[Dossier], today: date) -> list[SeasonLine]:
    """Newest season first. `visible` are the dossiers that the reader may see. Three queries."""
    lines: dict[int, SeasonLine] = defaultdict(lambda: SeasonLine(0))
    dossiers = visible.filter(enterprise=enterprise).select_related("season", "product")
    for dossier in dossiers.order_by("created_at"):
        filed = Filed(dossier, STAGE_KINDS[dossier.stage], stage_words(dossier.stage))  # type: ignore[index]
        lines[dossier.season.year].dossiers.append(filed)
    recognised = Recognition.objects.filter(product__enterprise__tax_code=enterprise.tax_code)
    for row in with_serials(recognised.select_related("product", "decision")):
        status = row.status(today)
        papers = [paper.serial for paper in row.papers]  # type: ignore[attr-defined]
        shown = Recognised(row, STATUS_KINDS[status], str(status.label), product_path(row.product), papers)
        lines[row.season_year].recognitions.append(shown)
    for year, line in lines.items():
        line.year = year
    return [lines[year] for year in sorted(lines, reverse=True)]
