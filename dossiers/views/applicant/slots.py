"""The slots of a dossier with all that is shown in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import uploads
from core.uploads import PICTURES, SHOWN_INLINE
from dossiers import actions, supplements, wallet, words
from dossiers.models import Defect, Document, Dossier, Scan, Upload
from dossiers.papers import Paper, asked_on
from dossiers.papers_form import DetailsForm
from dossiers.views.applicant.stages import open_request

SCAN_KINDS = {Scan.UNSCANNED: "grey", Scan.WAITING: "lam", Scan.CLEAN: "ngoc", Scan.INFECTED: "son"}
# A removal of the last minutes is shown opened, so that the way back is seen.
JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True)
class FileRow:
    """One file in its slot."""

    document: Document
    place: int
    count: int
    form: DetailsForm | None
    has_expired: bool

    @property
    def is_picture(self) -> bool:
        return self.document.file.media_type in PICTURES and not self.document.is_locked

    @property
    def can_be_shown(self) -> bool:
        return self.document.file.media_type in SHOWN_INLINE and not self.document.is_locked

    @property
    def shown_as(self) -> str:
        return "picture" if self.is_picture else "frame"

    @property
    def scan_kind(self) -> str:
        return SCAN_KINDS[Scan(self.document.scan)]

    @property
    def up(self) -> int | None:
        return self.place - 1 if self.place else None

    @property
    def down(self) -> int | None:
        return self.place + 1 if self.place + 1 < self.count else None


@dataclass(frozen=True)
class Slot:
    """One paper, the files it holds now, and why the last ones were refused."""

    paper: Paper
    name: str
    hint: str
    required: bool
    files: list[Document]
    errors: list[str] = field(default_factory=list)
    asked: list[Defect] = field(default_factory=list)
    rows: list[FileRow] = field(default_factory=list)
    removed: list[Document] = field(default_factory=list)
    offers: list[wallet.Evidence] = field(default_factory=list)
    stopped: list[Upload] = field(default_factory=list)
    now: datetime | None = None
    # While a supplement is awaited, only the papers that were asked for can be changed.
    is_open: bool = True

    @property
    def code(self) -> str:
        return self.paper.code

    @property
    def removed_just_now(self) -> bool:
        return self.now is not None and any(d.removed_at and d.removed_at > self.now - JUST_NOW for d in self.removed)

    @property
    def must_be_replaced(self) -> bool:
        """A file lies here that nobody will accept: it was found harmful, or has ended."""
        return any(row.has_expired or row.document.scan == Scan.INFECTED for row in self.rows)

    @property
    def example(self) -> str:
        return str(words.PAPER_EXAMPLES[self.code])

    @property
    def accept(self) -> str:
        return uploads.ACCEPT_PICTURES if self.paper.only_pictures else uploads.ACCEPT

    @property
    def takes(self) -> str:
        """Kinds, size and number, said before anything is chosen."""
        size = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
        if self.paper.only_pictures:
            kinds = _("JPG or PNG, up to %(n)s MB each") % {"n": size}
        else:
            kinds = _("PDF, JPG, PNG, DOCX or XLSX, up to %(n)s MB each") % {"n": size}
        number = _("up to %(n)s files") % {"n": actions.MAX_FILES_PER_SLOT} if self.paper.several else _("one file")
        return f"{kinds}; {number}"


def slots_of(dossier: Dossier, code: str = "", errors: Sequence[str] = ()) -> list[Slot]:
    """From fresh rows: files may have come in during this very request."""
    return _slots(dossier, list(_documents(dossier).filter(removed_at=None)), code, errors)


def furnished_slots_of(
    dossier: Dossier,
    at: datetime,
    user: Any,
    code: str = "",
    errors: Sequence[str] = (),
    bound: Mapping[int, DetailsForm] | None = None,
) -> list[Slot]:
    """With everything that the papers page offers: order, details, what was removed, the wallet, stopped uploads.
    Three queries, however many files there are."""
    day = timezone.localdate(at)
    documents = list(_documents(dossier))
    offers = wallet.offers_for(dossier, day)
    stopped = list(
        dossier.uploads.filter(finished_at=None, begun_by=user, begun_at__gt=at - timedelta(hours=actions.KEPT_HOURS))
    )
    slots = _slots(dossier, [d for d in documents if d.removed_at is None], code, errors, at)
    for slot in slots:
        held = {d.file_id for d in slot.files}
        for place, document in enumerate(slot.files):
            form = (bound or {}).get(document.pk) or (
                DetailsForm(document) if slot.paper.expires and slot.is_open else None
            )
            slot.rows.append(FileRow(document, place, len(slot.files), form, document.has_expired(day)))
        if not slot.is_open:
            continue
        slot.offers.extend(offers.get(slot.code, []))
        slot.stopped.extend(one for one in stopped if one.paper == slot.code)
        gone = {
            d.file_id: d
            for d in documents
            if d.paper == slot.code and d.removed_at and d.file_id not in held and d.scan != Scan.INFECTED
        }
        slot.removed.extend(sorted(gone.values(), key=lambda d: d.removed_at or at, reverse=True))
    return slots


def _documents(dossier: Dossier) -> QuerySet[Document]:
    return dossier.documents.select_related(
        "file", "taken_from__dossier__season", "taken_from__dossier__product"
    ).order_by("position", "uploaded_at", "pk")


def _slots(
    dossier: Dossier, documents: list[Document], code: str, errors: Sequence[str], now: datetime | None = None
) -> list[Slot]:
    held: dict[str, list[Document]] = {}
    for document in documents:
        held.setdefault(document.paper, []).append(document)
    request = open_request(dossier)
    defects = list(request.defects.all()) if request else []
    return [
        Slot(
            paper=paper,
            name=str(words.PAPER_NAMES[paper.code]),
            hint=str(words.PAPER_HINTS[paper.code]),
            required=dossier.track in paper.required_on,
            files=held.get(paper.code, []),
            errors=list(errors) if paper.code == code else [],
            asked=[defect for defect in defects if defect.part == paper.code],
            now=now,
            is_open=supplements.opens(dossier, "papers", paper.code),
        )
        for paper in asked_on(dossier.track)
    ]
