"""What an officer ticks or crosses: each paper of the track and each part the enterprise fills in, with the digest of
what stands there now. A mark counts only while that digest is the one it was made on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.canonical import digest
from dossiers import completeness
from dossiers.models import CheckMark, Defect, Document, Dossier, Stage
from dossiers.papers import BY_CODE, PAPERS, asked_on, required_on
from dossiers.queries import facts_of
from dossiers.versions import FIGURES, PRODUCT, plain, record_of

# The parts beside the papers that an applicant can mend.
PARTS = ("enterprise", "product", "figures", "undertakings")
# Stages at which marks are made: what is being checked, not what was decided.
MARKABLE = (Stage.SUBMITTED, Stage.CHECKING)


@dataclass(frozen=True)
class Item:
    """One line of the checklist. `mark` counts; `stale` was made on something that has changed since. `suspected` is
    the reason that the facts propose for a cross."""

    code: str
    is_paper: bool
    is_required: bool
    held: Sequence[Document]
    replaced: Sequence[Document]
    seen: str
    mark: CheckMark | None
    stale: CheckMark | None
    suspected: str

    @property
    def stamp(self) -> str:
        """Which mark the page shows, so that another officer's newer one is not overwritten."""
        made = self.mark or self.stale
        return made.marked_at.isoformat() if made else ""


def codes_of(dossier: Dossier) -> list[str]:
    """The papers asked on the track and any other that holds a file, in their order; then the parts."""
    asked = {paper.code for paper in asked_on(dossier.track)}
    filled = {document.paper for document in dossier.documents.all() if document.removed_at is None}
    return [paper.code for paper in PAPERS if paper.code in asked | filled] + list(PARTS)


def held_in(dossier: Dossier, code: str) -> list[Document]:
    return [d for d in dossier.documents.all() if d.paper == code and d.removed_at is None]


def replaced_in(dossier: Dossier, code: str) -> list[Document]:
    """What the Department had before it and the enterprise took back; a file replaced in the draft was never sent."""
    sent = dossier.submitted_at
    return [
        d
        for d in dossier.documents.all()
        if d.paper == code and d.removed_at is not None and sent is not None and d.removed_at > sent
    ]


def seen_of(dossier: Dossier, code: str) -> str:
    """The digest of what stands in this paper or part now."""
    if code in BY_CODE:
        files = [
            [d.file_id, plain(d.issued_on), plain(d.valid_until), d.reference, d.issuer]
            for d in held_in(dossier, code)
        ]
        return digest(sorted(files, key=str))
    if code == "enterprise":
        contact = [dossier.contact_name, dossier.contact_phone, dossier.contact_email]
        return digest([record_of(dossier.enterprise), contact])
    if code == "product":
        facts = {name: plain(getattr(dossier.product, name)) for name in PRODUCT}
        return digest([facts, dossier.description, dossier.technology, dossier.track_basis, dossier.track])
    if code == "figures":
        return digest([[f.year, *(plain(getattr(f, name)) for name in FIGURES)] for f in dossier.figures.all()])
    return digest([dossier.undertakings_by_name, plain(dossier.undertakings_at)])


def items_of(dossier: Dossier, *, today: date) -> list[Item]:
    """The whole checklist. `dossier` comes from `check_queries.checked()`: no query here."""
    marks = {mark.part: mark for mark in dossier.check_marks.all()}
    required = {paper.code for paper in required_on(dossier.track)} | set(PARTS)
    missing = completeness.missing(facts_of(dossier))
    lacking = {found.about for found in missing if found.part == "papers"}
    unfinished = {found.part for found in missing}
    items = []
    for code in codes_of(dossier):
        held, seen, mark = held_in(dossier, code), seen_of(dossier, code), marks.get(code)
        counts = mark is not None and mark.seen == seen
        items.append(
            Item(
                code=code,
                is_paper=code in BY_CODE,
                is_required=code in required,
                held=held,
                replaced=replaced_in(dossier, code),
                seen=seen,
                mark=mark if counts else None,
                stale=None if counts else mark,
                suspected=_suspected(code, held, lacking, unfinished, today),
            )
        )
    return items


def _suspected(code: str, held: Sequence[Document], lacking: set[str], unfinished: set[str], today: date) -> str:
    if code in lacking:
        return Defect.Reason.MISSING
    if any(document.valid_until is not None and document.valid_until < today for document in held):
        return Defect.Reason.EXPIRED
    return Defect.Reason.INCOMPLETE if code in PARTS and code in unfinished else ""


@dataclass(frozen=True)
class Tally:
    """How far the check is."""

    fine: int
    defects: int
    open: int

    @property
    def total(self) -> int:
        return self.fine + self.defects + self.open

    @property
    def done(self) -> int:
        return self.fine + self.defects


def tally(items: Sequence[Item]) -> Tally:
    fine = sum(item.mark is not None and item.mark.verdict == CheckMark.Verdict.FINE for item in items)
    defects = sum(item.mark is not None and item.mark.verdict == CheckMark.Verdict.DEFECT for item in items)
    return Tally(fine, defects, len(items) - fine - defects)


def stamp_of(dossier: Any) -> str:
    """What an act on the dossier says it was based on: its stage and its last change."""
    return f"{dossier.stage}@{dossier.changed_at.isoformat()}"
