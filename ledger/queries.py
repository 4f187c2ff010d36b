"""What the log shows: its days, its entries, and proofs about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db.models import Max, QuerySet, Value, Window
from django.db.models.functions import Lag
from django.utils import timezone

from core import merkle
from core.models import AuditEvent
from ledger import statement
from ledger.models import LogEntry, LogRoot

HANOI = ZoneInfo(statement.ZONE)
PAGE = 20_000
# Roots of whole parts of this many entries are remembered: a proof then reads one part instead of the whole log.
PART = 4096
REMEMBERED_SECONDS = 24 * 3600


def end_of(day: date) -> datetime:
    """The midnight in Hanoi that ends the day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), HANOI)


def newest() -> LogRoot | None:
    return LogRoot.objects.order_by("-day").first()


def root_of_day(text: str) -> LogRoot | None:
    """`text` as 2026-11-21; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return LogRoot.objects.filter(day=day).first()


def days() -> QuerySet[LogRoot]:
    """Newest first, each with `first`: the number of its first entry that no earlier root covers."""
    before = Window(Lag("size", default=0), order_by="day")
    return LogRoot.objects.annotate(first=before + Value(1)).order_by("-day")


def next_day(now: datetime) -> date | None:
    """The first day that is over and has no root; the first root ever is that of yesterday. None when there is none
    to close: up to date, or nothing has happened yet."""
    yesterday = timezone.localtime(now, HANOI).date() - timedelta(days=1)
    last = LogRoot.objects.aggregate(last=Max("day"))["last"]
    if last is None:
        return yesterday if AuditEvent.objects.filter(at__lt=end_of(yesterday)).exists() else None
    return last + timedelta(days=1) if last < yesterday else None


def size_at_end(day: date, before: LogRoot | None) -> int:
    """The number of the last event of that day or earlier; never less than the root before."""
    last = AuditEvent.objects.filter(at__lt=end_of(day)).aggregate(last=Max("seq"))["last"] or 0
    return max(last, before.size if before else 0)


def entries(first: int, last: int) -> Iterator[tuple[int, bytes]]:
    """Numbers and entries from `first` to `last`, in order; one that is missing is left out."""
    while first <= last:
        rows = (
            LogEntry.objects.filter(seq__gte=first, seq__lte=last).order_by("seq").values_list("seq", "entry")[:PAGE]
        )
        found = [(seq, bytes(entry)) for seq, entry in rows]
        yield from found
        if len(found) < PAGE:
            return
        first = found[-1][0] + 1


class Damaged(Exception):
    """The entries do not give the root that is kept: no proof can be made (verify_audit says where)."""


class Parts:
    """Hashes of parts of the log as it was under one root."""

    def __init__(self, under: LogRoot) -> None:
        self.under = under
        self._leaves: dict[int, list[bytes]] = {}

    def span(self, start: int, end: int) -> bytes:
        """The hash of the entries [start, end), counted from 0; always a part of the tree, as proofs ask for."""
        if end - start > PART:
            middle = start + merkle.split(end - start)
            return merkle.node_hash(self.span(start, middle), self.span(middle, end))
        if end - start == PART:
            key = f"ledger:{self.under.chain_hash}:{start // PART}"
            known: bytes | None = cache.get(key)
            if known is None:
                known = merkle.root_of(self.leaves(start // PART))
                cache.set(key, known, REMEMBERED_SECONDS)
            return known
        offset = start - start % PART
        return merkle.root_of(self.leaves(start // PART)[start - offset : end - offset])

    def leaves(self, part: int) -> list[bytes]:
        """The leaf hashes of one part. Raises Damaged when an entry is missing."""
        if part not in self._leaves:
            first, last = part * PART + 1, min((part + 1) * PART, self.under.size)
            found = [merkle.leaf_hash(entry) for _, entry in entries(first, last)]
            if len(found) != last - first + 1:
                raise Damaged
            self._leaves = {part: found}
        return self._leaves[part]


@dataclass(frozen=True)
class Inclusion:
    """That an entry is in the log under one root; the same facts as in the file for a citizen."""

    number: int
    entry: bytes
    path: list[bytes]
    under: LogRoot

    def as_json(self) -> dict[str, Any]:
        return {
            "type": "KIPLogInclusion",
            "version": 1,
            "number": self.number,
            "entry": self.entry.hex(),
            "path": [one.hex() for one in self.path],
            "under": self.under.statement,
        }


def inclusion(number: int, under: LogRoot) -> Inclusion:
    """Raises LookupError when the root does not cover the number, Damaged when the proof would not hold."""
    if not 1 <= number <= under.size:
        raise LookupError(number)
    parts = Parts(under)
    path = merkle.inclusion_proof(number - 1, under.size, parts.span)
    kept = LogEntry.objects.filter(seq=number).first()
    entry = bytes(kept.entry) if kept else b""
    root = bytes.fromhex(under.root)
    if not merkle.verify_inclusion(merkle.leaf_hash(entry), number - 1, under.size, path, root):
        raise Damaged
    return Inclusion(number, entry, path, under)


def opened(number: int, under: LogRoot) -> dict[str, Any]:
    """The proof together with the event and its salt: whoever is handed it can compute the entry himself. This IS the
    content of the event, and the bare hash of the one before: for a court or an inspector, never for a public page.

    Raises LookupError and Damaged as `inclusion` does.
    """
    proof = inclusion(number, under)
    event, kept = AuditEvent.objects.get(seq=number), LogEntry.objects.get(seq=number)
    return proof.as_json() | {"event": event.content(), "salt": kept.salt.hex}


def consistency(first: LogRoot, second: LogRoot) -> dict[str, Any]:
    """That the later root begins with the earlier one, as JSON. Raises LookupError when the first is the later one,
    Damaged when the proof would not hold."""
    if first.day > second.day:
        raise LookupError(first.day)
    path = merkle.consistency_proof(first.size, second.size, Parts(second).span)
    roots = bytes.fromhex(first.root), bytes.fromhex(second.root)
    if not merkle.verify_consistency(first.size, second.size, path, *roots):
        raise Damaged
    return {
        "type": "KIPLogConsistency",
        "version": 1,
        "first": first.statement,
        "second": second.statement,
        "path": [one.hex() for one in path],
    }


def published() -> dict[str, Any]:
    """Every root with its signature and time stamp, oldest first: the file roots.json."""
    roots = list(LogRoot.objects.order_by("day"))
    return {
        "type": "KIPLogRoots",
        "version": 1,
        "size": roots[-1].size if roots else 0,
        "roots": [
            {"statement": one.statement, "chainHash": one.chain_hash, "timeStamp": one.time_stamp or None}
            for one in roots
        ],
    }


def lines(first: int, last: int) -> Iterator[str]:
    """Entries as they stand in leaves.txt: 64 hexadecimal digits a line. A missing one is an empty line, so that every
    other keeps its place."""
    expected = first
    for seq, entry in entries(first, last):
        yield "\n" * (seq - expected) + entry.hex() + "\n"
        expected = seq + 1
    yield "\n" * (last + 1 - expected)
