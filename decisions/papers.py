"""What the page of the certificates shows: the register, the batches, and how far each paper is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from certificates.batches import list_digest, not_to_sign
from certificates.issue import DRAFT, KINDS, SIGN
from certificates.models import Batch, Certificate
from core.models import Job
from programme.models import Season


@dataclass(frozen=True)
class Paper:
    """A certificate with the two jobs that make its paper."""

    certificate: Certificate
    drafting: Job | None
    signing: Job | None

    @property
    def state(self) -> str:
        """issued, signing, drafted, drafting, failed, or waiting when no batch has it."""
        certificate = self.certificate
        if certificate.file_id is not None:
            return "issued"
        if certificate.batch is None or certificate.batch.state == Batch.State.RETURNED:
            return "waiting"
        if self._job is not None and self._job.state in (Job.State.FAILED, Job.State.CANCELLED):
            return "failed"
        if certificate.batch.state == Batch.State.APPROVED:
            return "signing"
        return "drafted" if certificate.draft_id is not None else "drafting"

    @property
    def _job(self) -> Job | None:
        approved = self.certificate.batch is not None and self.certificate.batch.state == Batch.State.APPROVED
        return self.signing if approved else self.drafting

    @property
    def error(self) -> str:
        """What the last attempt said, while the paper is on its way."""
        on_its_way = self.state in ("drafting", "signing", "failed")
        return self._job.last_error if on_its_way and self._job is not None else ""

    @property
    def may_be_chosen(self) -> bool:
        """For a new batch."""
        certificate = self.certificate
        gone = certificate.replaced_at or certificate.recognition.revoked_at
        return self.state == "waiting" and not gone


@dataclass(frozen=True)
class Book:
    """The certificates of one kind: their numbers run from 1, and `gaps` are those that lack."""

    kind: str
    label: str
    rows: list[Paper]

    @property
    def last(self) -> int:
        return self.rows[-1].certificate.number

    @property
    def gaps(self) -> list[int]:
        return sorted(set(range(1, self.last + 1)) - {row.certificate.number for row in self.rows})


@dataclass(frozen=True)
class Stack:
    """A batch with its papers."""

    batch: Batch
    rows: list[Paper] = field(default_factory=list)

    @property
    def done(self) -> int:
        wanted = "issued" if self.batch.state == Batch.State.APPROVED else "drafted"
        return sum(row.state == wanted for row in self.rows)

    @property
    def failed(self) -> list[Paper]:
        return [row for row in self.rows if row.state == "failed"]

    @property
    def is_moving(self) -> bool:
        return any(row.state in ("drafting", "signing") for row in self.rows)

    @property
    def is_complete(self) -> bool:
        """Every draft is there and nobody has decided about them."""
        return self.batch.state == Batch.State.DRAFTING and bool(self.rows) and self.done == len(self.rows)

    @property
    def gone(self) -> list[str]:
        """The serials whose paper may no longer be signed; the batch cannot be approved with them."""
        return not_to_sign([row.certificate for row in self.rows])

    @property
    def digest(self) -> str:
        return list_digest([row.certificate for row in self.rows])


def papers(season: Season) -> list[Paper]:
    """Every certificate of a season in the order of its book, in two queries."""
    certificates = list(
        Certificate.objects.filter(recognition__season_year=season.year)
        .select_related("recognition__decision", "recognition__product__enterprise", "file", "draft", "batch")
        .order_by("kind", "number")
    )
    keys = [f"{certificate.batch_id}:{certificate.serial}" for certificate in certificates if certificate.batch_id]
    found = {(job.kind, job.key): job for job in Job.objects.filter(kind__in=KINDS, key__in=keys)}
    return [
        Paper(c, found.get((DRAFT, f"{c.batch_id}:{c.serial}")), found.get((SIGN, f"{c.batch_id}:{c.serial}")))
        for c in certificates
    ]


def books(rows: Sequence[Paper]) -> list[Book]:
    """One per kind that has certificates, in the order of the numbers."""
    found = []
    for kind in Certificate.Kind:
        own = sorted((row for row in rows if row.certificate.kind == kind), key=lambda row: row.certificate.number)
        if own:
            found.append(Book(str(kind), str(kind.label), own))
    return found


def stacks(season: Season, rows: Sequence[Paper]) -> list[Stack]:
    """The batches that are under way, the newest first; returned ones without papers stay for their reason."""
    found = {batch.pk: Stack(batch) for batch in Batch.objects.filter(season_year=season.year).select_related("form")}
    for row in rows:
        if row.certificate.batch_id in found:
            found[row.certificate.batch_id].rows.append(row)
    return list(found.values())


def to_approve() -> list[Stack]:
    """The batches that wait for the signatory, or whose drafts are still being made."""
    batches = list(Batch.objects.filter(state=Batch.State.DRAFTING).order_by("season_year", "number"))
    found = {batch.pk: Stack(batch) for batch in batches}
    for certificate in Certificate.objects.filter(batch__in=batches).select_related("batch", "recognition"):
        found[certificate.batch_id or 0].rows.append(Paper(certificate, None, None))
    return [stack for stack in found.values() if stack.rows]
