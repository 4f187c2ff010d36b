"""What an open request for a supplement lets the enterprise change, and which of it has been answered.

While a supplement is awaited only the papers and parts that the request names are open; everything else stays as it
was sent. An item is answered when it differs from the version that was sent last: for a paper by the digest of a new
file, for a part by its values.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.errors import Refused
from dossiers import versions, words
from dossiers.models import Defect, Document, Dossier, Stage, SupplementRequest
from dossiers.papers import BY_CODE

# Fields of the dossier that are filled in beside the record of the enterprise.
CONTACT = ("contact_name", "contact_phone", "contact_email")


@dataclass(frozen=True)
class Item:
    """One paper or part that was asked for, with every defect that names it. `old` are the files that were sent,
    `new` those that came since; both empty for a part."""

    code: str
    defects: tuple[Defect, ...]
    is_answered: bool
    old: tuple[Document, ...] = ()
    new: tuple[Document, ...] = ()

    @property
    def is_paper(self) -> bool:
        return self.code in BY_CODE

    @property
    def name(self) -> str:
        return name_of(self.code)


def name_of(code: str) -> str:
    return str(words.PAPER_NAMES.get(code) or words.PART_NAMES.get(code) or code)


def open_request(dossier: Dossier) -> SupplementRequest | None:
    """`Dossier.open_supplement` from the rows at hand."""
    if dossier.stage != Stage.SUPPLEMENT:
        return None
    return next((r for r in reversed(list(dossier.supplements.all())) if r.answered_at is None), None)


def opens(dossier: Dossier, part: str, paper: str = "") -> bool:
    """May this part, or this paper, be changed now as far as the supplement is concerned? A draft is all open."""
    if dossier.stage != Stage.SUPPLEMENT:
        return True
    request = open_request(dossier)
    codes = {defect.part for defect in request.defects.all()} if request else set()
    if part == "papers":
        return "papers" in codes or (paper in codes if paper else any(code in BY_CODE for code in codes))
    return part in codes


def require_open(dossier: Dossier, part: str, paper: str = "") -> None:
    """Raises Refused, with the name of what stays closed."""
    if opens(dossier, part, paper):
        return
    if not part:
        raise Refused(_("A supplement is awaited: only what the Department listed can be changed."))
    raise Refused(
        _("“%(name)s” was not asked for and stays as it was sent. Only what the Department listed can be changed.")
        % {"name": name_of(paper or part)}
    )


def part_of_field(name: str) -> str:
    """The part to which a text of the dossier belongs."""
    return "enterprise" if name in CONTACT else "product"


def items_of(dossier: Dossier, request: SupplementRequest) -> list[Item]:
    """What was asked for, in the order of the letter. From fresh rows."""
    by_code: dict[str, list[Defect]] = {}
    for defect in request.defects.all():
        by_code.setdefault(defect.part, []).append(defect)
    sent = dossier.versions.filter(taken_at__lte=request.asked_at).order_by("-number").first()
    before = sent.content if sent else None
    after = versions.content_of(_fresh(dossier)) if before else {}
    documents = list(dossier.documents.select_related("file").order_by("uploaded_at", "pk"))
    found = []
    for code, defects in by_code.items():
        held = [d for d in documents if d.paper == code]
        new = [d for d in held if d.removed_at is None and d.uploaded_at > request.asked_at]
        if before is None:
            answered = bool(new) if code in BY_CODE else dossier.changed_at > request.asked_at
        elif code in BY_CODE:
            known = {file["sha256"] for file in before["documents"].get(code, [])}
            new = [d for d in new if d.file_id not in known]
            answered = bool(new)
        else:
            answered = _part(before, code) != _part(after, code) or _confirmed(dossier, code, request.asked_at)
        old = [d for d in held if d.uploaded_at <= request.asked_at and _was_held(d, request.asked_at)]
        found.append(Item(code, tuple(defects), answered, tuple(old), tuple(new)))
    return found


def unanswered(dossier: Dossier) -> list[Item]:
    request = open_request(dossier)
    return [item for item in items_of(dossier, request) if not item.is_answered] if request else []


def _fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related("enterprise", "product").get(pk=dossier.pk)


def _was_held(document: Document, moment: datetime) -> bool:
    return document.removed_at is None or document.removed_at > moment


def _part(content: dict[str, Any], code: str) -> Any:
    """The values of one part in a version."""
    texts = content.get("product", {})
    contact = {name: texts.get(name) for name in CONTACT}
    if code == "enterprise":
        return content.get("enterprise", {}) | contact
    if code == "product":
        return {name: value for name, value in texts.items() if name not in CONTACT}
    if code == "papers":
        return content.get("documents", {})
    return content.get(code, content if code not in words.PART_NAMES else {})


def _confirmed(dossier: Dossier, code: str, since: datetime) -> bool:
    """An unusual figure that somebody confirmed after the question is an answer, too."""
    if code != "figures":
        return False
    times = [parse_datetime(known["at"]) for known in dossier.confirmed_figures]
    return any(moment is not None and moment > since for moment in times)
