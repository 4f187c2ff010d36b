"""The lines of the checklist as the page prints them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import scanner
from dossiers import phrasebook
from dossiers.checklist import Item
from dossiers.models import CheckMark, Defect, Document, Dossier, Phrase
from dossiers.views.desk import words
from dossiers.views.desk.ground import Way
from dossiers.views.desk.viewer import address_of

DIGITS = 9
# Where a part of the dossier stands on the page; a paper stands in the viewer.
PLACES = {"enterprise": "facts", "product": "texts", "figures": "figures", "undertakings": "facts"}


@dataclass(frozen=True)
class Row:
    """One line: its key on the keyboard (“1”…“9” or none), its state in words, its files, and the cross panel."""

    item: Item
    key: str
    name: str
    kind: str
    state: str
    made: str
    files: Sequence[tuple[Document, str]]
    place: str
    phrases: Sequence[tuple[str, str]]
    reasons: Sequence[tuple[str, str]]
    # Without a scanner the page says so once, and not of each file.
    has_scanner: bool

    @property
    def mark(self) -> CheckMark | None:
        return self.item.mark

    @property
    def is_crossed(self) -> bool:
        return self.kind == "no"


def rows_of(dossier: Dossier, items: Sequence[Item], way: Way, *, library: Sequence[Phrase], user: Any) -> list[Row]:
    return [
        row_of(dossier, item, way, key=str(number) if number <= DIGITS else "", library=library, user=user)
        for number, item in enumerate(items, start=1)
    ]


def row_of(dossier: Dossier, item: Item, way: Way, *, key: str, library: Sequence[Phrase], user: Any) -> Row:
    mark = item.mark
    kind, state, made = "open", _("not looked at yet"), ""
    if mark is not None:
        kind, state = ("ok", _("in order")) if mark.verdict == CheckMark.Verdict.FINE else ("no", _("to be mended"))
        made = _made(mark, user)
    elif item.stale is not None:
        kind, state = "ask", _("changed since it was looked at")
        made = _made(item.stale, user)
    elif not item.held and item.is_paper:
        state = pgettext("paper", "missing") if item.is_required else _("no file")
    return Row(
        item=item,
        key=key,
        name=words.part_name(item.code),
        kind=kind,
        state=state,
        made=made,
        files=[(document, address_of(dossier, way, document)) for document in item.held],
        place=PLACES.get(item.code, "papers"),
        phrases=phrasebook.fitting(library, item.code) if kind == "no" else [],
        reasons=[(value, str(label)) for value, label in Defect.Reason.choices],
        has_scanner=scanner.is_connected(),
    )


def _made(mark: CheckMark, user: Any) -> str:
    moment = timezone.localtime(mark.marked_at)
    today = timezone.localdate()
    at = date_format(moment, "TIME_FORMAT" if moment.date() == today else "SHORT_DATETIME_FORMAT")
    return at if mark.marked_by_id == user.pk else f"{mark.marked_by}, {at}"


def key_of(items: Sequence[Item], code: str) -> str:
    number = next((n for n, item in enumerate(items, start=1) if item.code == code), 0)
    return str(number) if 0 < number <= DIGITS else ""


def proposed(item: Item, library: Sequence[Phrase]) -> tuple[str, str]:
    """Reason and sentence that a fresh cross begins with."""
    return item.suspected, phrasebook.usual(library, item.code, item.suspected)
