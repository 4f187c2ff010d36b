"""The file beside the checklist: which one is shown, how it may be shown, and the one of the year before."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from core.uploads import PDF, SHOWN_INLINE
from dossiers.checklist import Item
from dossiers.models import Document, Dossier, Scan
from dossiers.views.desk import words
from dossiers.views.desk.ground import Way

# Words of the query string: the file, the part of the page asked for alone, the comparison.
FILE, PART, COMPARE = "tep", "phan", "so-sanh"
VIEWER = "tep"
# A file that is being scanned or was found harmful is opened by nobody.
LOCKED = (Scan.WAITING, Scan.INFECTED)


@dataclass(frozen=True)
class Shown:
    """One file as the viewer shows it: pdf, picture, other (download only) or locked."""

    document: Document
    kind: str
    address: str

    @classmethod
    def of(cls, document: Document) -> "Shown":
        media_type = document.file.media_type
        if document.scan in LOCKED:
            kind = "locked"
        elif media_type == PDF:
            kind = "pdf"
        else:
            kind = "picture" if media_type in SHOWN_INLINE else "other"
        return cls(document, kind, reverse("dossiers:document", args=[document.pk]))


@dataclass(frozen=True)
class Viewer:
    """What stands left of the checklist. `earlier` are the files of the same paper a year before."""

    shown: Shown | None
    code: str
    name: str
    place: int
    count: int
    before: str
    after: str
    earlier: Sequence[Shown]
    earlier_title: str
    compares: bool
    toggle: str


def address_of(dossier: Dossier, way: Way, document: Document, *, compares: bool = False) -> str:
    more = {FILE: str(document.pk)} | ({COMPARE: "1"} if compares else {})
    return way.to("check", dossier.pk, **more) + "#papers"


def viewer_of(
    dossier: Dossier, items: Sequence[Item], way: Way, *, wish: str, compares: bool, earlier: Dossier | None
) -> Viewer:
    """`wish` is what the query string names; without it the first file that is not marked yet."""
    files = [document for item in items for document in (*item.held, *item.replaced)]
    current = [document for item in items for document in item.held]
    chosen = next((document for document in files if str(document.pk) == wish), None)
    if chosen is None:
        unmarked = (document for item in items if item.mark is None for document in item.held)
        chosen = next(unmarked, current[0] if current else None)
    if chosen is None:
        return Viewer(None, "", "", 0, 0, "", "", [], "", compares, "")
    place = next((index for index, document in enumerate(current) if document.pk == chosen.pk), None)
    before = current[place - 1] if place else None
    after = current[place + 1] if place is not None and place + 1 < len(current) else None
    last_year = [Shown.of(d) for d in earlier.documents.all() if d.paper == chosen.paper] if earlier else []
    title = ""
    if earlier is not None:
        title = _("Dossier %(number)s, season %(season)s") % {
            "number": earlier.number,
            "season": earlier.season.year,
        }
        if earlier.product_id != dossier.product_id:
            title += f" ({earlier.product.name_vi})"
    return Viewer(
        shown=Shown.of(chosen),
        code=chosen.paper,
        name=words.part_name(chosen.paper),
        place=0 if place is None else place + 1,
        count=len(current),
        before=address_of(dossier, way, before, compares=compares) if before else "",
        after=address_of(dossier, way, after, compares=compares) if after else "",
        earlier=last_year,
        earlier_title=title,
        compares=compares,
        toggle=address_of(dossier, way, chosen, compares=not compares),
    )
