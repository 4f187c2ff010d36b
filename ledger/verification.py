"""Does the audit log still say what it said? The chain finds a row that was altered; the roots find a history that
was written anew, and a tail that was cut together with the head; the roots hold one another.

What only this database tells can be rewritten by whoever may do everything in it: then a copy of roots.json that
somebody keeps elsewhere decides (`verify_audit --roots FILE`).
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core import audit, merkle
from core.models import AuditEvent
from ledger import check_log, statement
from ledger.models import LogEntry, LogRoot
from signing import keys, stamping, statements


@dataclass(frozen=True)
class Point:
    """What the log must still give: after `size` events this root."""

    size: int
    root: str
    of: str


@dataclass(frozen=True)
class Found:
    """What a walk saw, and the first fault in one sentence (None when there is none)."""

    events: int
    roots: int
    unsigned: int
    fault: str | None


def verify(kept: dict[str, Any] | None = None, now: datetime | None = None) -> Found:
    """The whole log; `kept` is a roots.json from elsewhere. Raises ValueError when that is none or names no root."""
    outside = _points_outside(kept) if kept is not None else []
    with audit.one_moment():
        roots = list(LogRoot.objects.order_by("day"))
        walk = _Walk([*(_point(one) for one in roots), *outside])
        of_roots = _rows_of_roots(roots, now or timezone.now())
        chain = audit.first_break(walk.see)
        fault = of_roots or walk.fault or chain or walk.cut() or _announced(roots) or _against(kept, roots)
    return Found(walk.events, len(roots), sum(not one.is_signed for one in roots), fault)


def _point(root: LogRoot) -> Point:
    return Point(root.size, root.root, f"of {root}")


def _points_outside(kept: dict[str, Any]) -> list[Point]:
    try:
        roots = check_log.roots_in("", kept)
    except check_log.Unreadable as error:
        raise ValueError("This is not a roots.json of the log.") from error
    if not roots:
        raise ValueError("No root is in this roots.json: nothing can be compared with it.")
    said = [one["statement"] for one in roots]
    return [Point(one["size"], one["root"], f"of {one['day']} that was kept outside") for one in said]


class _Walk:
    """Takes the events as the chain gives them, makes their entries anew, and compares at each point."""

    def __init__(self, points: list[Point]) -> None:
        self.points = sorted(points, key=lambda point: point.size)
        self.tree = merkle.Tree()
        self.last_good: Point | None = None
        self.fault: str | None = None
        self.events = 0
        self._suspect: int | None = None
        covered = max((point.size for point in points), default=0)
        self._entries = _entries_with_salt(covered)
        self._covered = covered
        self._compare()

    def see(self, seq: int, event_hash: str) -> None:
        self.events += 1
        if self.fault or seq > self._covered:
            return
        number, salt, entry = next(self._entries, (0, b"", b""))
        if number != seq:
            self.fault = f"The public entry of audit event {seq} is missing."
            return
        made = hashlib.sha256(salt + event_hash.encode()).digest()
        if made != entry and self._suspect is None:
            self._suspect = seq
        self.tree.append(merkle.leaf_hash(made))
        self._compare()

    def _compare(self) -> None:
        while self.points and self.points[0].size == self.tree.size and not self.fault:
            point = self.points.pop(0)
            if self.tree.root().hex() != point.root:
                self.fault = self._between(point)
            elif self._suspect:
                self.fault = f"The public entry of audit event {self._suspect} was altered."
            self.last_good = point

    def _between(self, point: Point) -> str:
        """Where: the event, when its entry still stands; the days, in any case."""
        start = self.last_good.size + 1 if self.last_good else 1
        after = f"the root {self.last_good.of} still comes out" if self.last_good else "it is the first root"
        what = f"Audit event {self._suspect}" if self._suspect else f"One of the audit events {start} to {point.size}"
        return (
            f"{what} was altered, and every later hash made anew: "
            f"the root {point.of} does not come out ({point.size} events); {after}."
        )

    def cut(self) -> str | None:
        """The log is shorter than a root says."""
        if not self.points:
            return None
        point = self.points[-1]
        return (
            f"The log ends at event {self.tree.size}, but the root {point.of} covers {point.size}: its tail was cut."
        )


def _entries_with_salt(last: int) -> Iterator[tuple[int, bytes, bytes]]:
    rows = LogEntry.objects.filter(seq__lte=last).order_by("seq").values_list("seq", "salt", "entry")
    for seq, salt, entry in rows.iterator(5000):
        yield seq, salt.bytes, bytes(entry)


def _rows_of_roots(roots: list[LogRoot], now: datetime) -> str | None:
    """Each says what its row says, carries a signature that holds, and follows the one before."""
    known = keys.published(now)
    before: LogRoot | None = None
    for root in roots:
        fault = _own_fault(root, known, now)
        if fault:
            return f"The root of {root} {fault}."
        if before and root.day != before.day + timedelta(days=1):
            return f"The root of {before.day + timedelta(days=1)} is missing."
        if root.previous_hash != (before.chain_hash if before else ""):
            return f"The root of {root} does not name the one before it."
        if before and root.size < before.size:
            return f"The root of {root} covers less than the one before it."
        before = root
    return None


def _announced(roots: list[LogRoot]) -> str | None:
    """The audit log tells of every root, and whether it was signed and stamped."""
    closed = {
        event.detail.get("day"): [event.detail.get(name) for name in ("chain", "signed", "stamped")]
        for event in AuditEvent.objects.filter(act="log.closed").order_by("seq")
    }
    for root in roots:
        if closed.pop(str(root), None) != [root.chain_hash, root.is_signed, root.is_stamped]:
            return f"The root of {root} is not the one that the audit log tells of."
    if closed:
        return f"The root of {min(str(day) for day in closed)} is missing, though the audit log tells of it."
    return None


def _own_fault(root: LogRoot, known: dict[str, Any], now: datetime) -> str | None:
    said = statement.bare(root.statement) if isinstance(root.statement, dict) else {}
    row = {"day": str(root), "size": root.size, "root": root.root, "previous": root.previous_hash}
    try:
        own_hash = statement.chain_hash(said)
    except ValueError:
        own_hash = ""
    if own_hash != root.chain_hash or any(said.get(name) != value for name, value in row.items()):
        return "was altered: its row and its statement differ"
    reason = statements.verify_json(root.statement, known, now) if root.is_signed else None
    if reason:
        return f"has a signature that does not hold ({reason})"
    try:
        if root.is_stamped:
            stamping.stamped_at(base64.b64decode(root.time_stamp, validate=True), bytes.fromhex(own_hash))
    except ValueError as error:
        return f"has a time stamp that does not hold ({error})"
    return None


def _against(kept: dict[str, Any] | None, roots: list[LogRoot]) -> str | None:
    """What somebody kept elsewhere is still here, word for word."""
    ours = {str(root): root for root in roots}
    for one in kept["roots"] if kept else []:
        day = str(one["statement"].get("day"))
        if day not in ours:
            return f"The root of {day}, which was kept outside, is not here any more."
        if statement.chain_hash(one["statement"]) != ours[day].chain_hash:
            return f"The root of {day} is not the one that was kept outside."
        if "proof" in one["statement"] and not ours[day].is_signed:
            return f"The root of {day} lost the signature that the one kept outside bears."
        if one.get("timeStamp") and not ours[day].is_stamped:
            return f"The root of {day} lost the time stamp that the one kept outside bears."
    return None
