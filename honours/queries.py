"""The recognitions of one enterprise, those that ended too, with their papers and what came before.

An enterprise holds what decisions name it for; of a product that another enterprise has taken over it keeps the
recognitions from before.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from certificates.models import Certificate
from enterprises.models import Enterprise
from public.views.certificate import verdict_of
from registry.models import Recognition, Status

SOON_DAYS = 180


@dataclass(frozen=True)
class Paper:
    certificate: Certificate
    verdict: str

    @property
    def is_issued(self) -> bool:
        return self.certificate.file_id is not None


@dataclass(frozen=True)
class Holding:
    """The newest recognition of a chain that this enterprise holds or held, its papers, and the `earlier` ones that it
    replaced, the oldest first. `passed_on` when another enterprise has taken the product over."""

    recognition: Recognition
    papers: tuple[Paper, ...]
    earlier: tuple["Holding", ...]
    status: Status
    passed_on: bool
    days_left: int

    @property
    def standing(self) -> list[Paper]:
        """The papers that no newer one replaces."""
        return [paper for paper in self.papers if paper.certificate.replaced_at is None]

    @property
    def issued(self) -> list[Paper]:
        return [paper for paper in self.standing if paper.is_issued]

    @property
    def replaced(self) -> list[Paper]:
        """Papers of this recognition in whose place another one stands."""
        return [paper for paper in self.papers if paper.certificate.replaced_at is not None]

    @property
    def may_be_used(self) -> bool:
        """Whether the title may be shown: in force, and proven by a paper."""
        return self.status == Status.VALID and bool(self.issued)

    @property
    def ends_soon(self) -> bool:
        return self.status == Status.VALID and self.days_left <= SOON_DAYS


def holdings(enterprise: Enterprise, today: date) -> list[Holding]:
    """The newest first. Two queries, however many there are."""
    held = Recognition.ever.filter(enterprise__tax_code=enterprise.tax_code)
    rows = list(
        Recognition.ever.filter(product__in=held.values("product"))
        .select_related("decision", "enterprise", "product__enterprise", "product__sector")
        .order_by("-season_year", "product__sort_key", "pk")
    )
    papers: dict[int, list[Paper]] = defaultdict(list)
    found = Certificate.objects.filter(recognition__in=rows).select_related("file", "replaced_by")
    by_pk = {row.pk: row for row in rows}
    for certificate in found.order_by("kind", "pk"):
        certificate.recognition = by_pk[certificate.recognition_id]
        papers[certificate.recognition_id].append(Paper(certificate, verdict_of(certificate)))
    told = (_holding(chain, papers, enterprise, today) for chain in _chains(rows))
    return [one for one in told if one is not None]


def holding(enterprise: Enterprise, number: int, today: date) -> Holding | None:
    """The one whose newest recognition has this number."""
    return next((one for one in holdings(enterprise, today) if one.recognition.pk == number), None)


def _chains(rows: Iterable[Recognition]) -> list[list[Recognition]]:
    """Each recognition with what replaced it, the oldest first."""
    rows = list(rows)
    later = {row.replaces_id: row for row in rows if row.replaces_id is not None}
    chains = []
    for row in rows:
        if row.replaces_id is not None:
            continue
        chain = [row]
        while chain[-1].pk in later:
            chain.append(later[chain[-1].pk])
        chains.append(chain)
    return chains


def _holding(
    chain: list[Recognition], papers: dict[int, list[Paper]], enterprise: Enterprise, today: date
) -> Holding | None:
    """The chain up to the newest recognition that names this enterprise; None when none of it does."""
    last = max((n for n, row in enumerate(chain) if row.enterprise.tax_code == enterprise.tax_code), default=-1)
    if last < 0:
        return None
    passed_on, chain = last < len(chain) - 1, chain[: last + 1]

    def told(row: Recognition, earlier: tuple[Holding, ...] = ()) -> Holding:
        own = tuple(papers[row.pk])
        return Holding(row, own, earlier, row.status(today), passed_on, (row.valid_to - today).days)

    return told(chain[-1], tuple(told(row) for row in chain[:-1]))


def reasons_against_use(found: Holding) -> list[str]:
    """Why the title may not be shown now; empty when it may."""
    name = {"name": found.recognition.product_name_vi, "day": f"{found.recognition.valid_to:%d/%m/%Y}"}
    if found.passed_on:
        return [_("%(name)s has been taken over by another enterprise; the title went with it.") % name]
    said = {
        Status.EXPIRED: _("The recognition of %(name)s ended on %(day)s; its title and logo may no longer be shown."),
        Status.REVOKED: _("The recognition of %(name)s is revoked; its title and logo may no longer be shown."),
        Status.REPLACED: _("This recognition of %(name)s has been replaced; use the newest one."),
        Status.NOT_YET: _("The recognition of %(name)s is not yet in force."),
    }
    if found.status in said:
        return [said[found.status] % name]
    if not found.issued:
        return [_("The certificate of %(name)s is still being made; it proves the title.") % name]
    return []
