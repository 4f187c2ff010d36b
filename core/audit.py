"""The one writer of AuditEvent, and the check of its chain.

An act is named `<object>.<verb in the past>`, for example `dossier.submitted`.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from core.canonical import digest
from core.models import AuditEvent, AuditHead

_ACT = re.compile(r"^[a-z_]+\.[a-z_]+$")
SYSTEM = "hệ thống"
# What `AuditEvent.content` holds, read without making an object of each of a million rows.
_COVERED = (
    "seq",
    "at",
    "actor_id",
    "actor_name",
    "act",
    "object_type",
    "object_id",
    "object_name",
    "detail",
    "previous_hash",
)


def record(act: str, subject: models.Model, *, by: Any, at: datetime, **detail: Any) -> AuditEvent:
    """Append one event in the caller's transaction.

    `by` is a user, or None for the system itself. Raises RuntimeError outside a transaction and ValueError for
    an act that breaks the grammar. Call it last in an action: it locks the head of the chain.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event belongs to the transaction of the act.")
    if not _ACT.match(act):
        raise ValueError(f"Not an act of the form object.verb: {act}")
    head, _ = AuditHead.objects.select_for_update().get_or_create(id=1)
    event = AuditEvent(
        seq=head.seq + 1,
        at=at.astimezone(UTC),
        actor_id=by.pk if by is not None else None,
        actor_name=str(by) if by is not None else SYSTEM,
        act=act,
        object_type=subject._meta.model_name or "",
        object_id=str(subject.pk),
        object_name=str(subject)[:300],
        detail=_plain(detail),
        previous_hash=head.hash,
    )
    event.hash = digest(event.content())
    event.save(force_insert=True)
    head.seq, head.hash = event.seq, event.hash
    head.save(update_fields=["seq", "hash"])
    return event


def _plain(detail: dict[str, Any]) -> dict[str, Any]:
    """Only what JSON keeps unchanged, so that the stored row hashes to the same digest."""
    return {key: _plain_value(value) for key, value in detail.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain_value(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain_value(v) for v in value]
    return value if isinstance(value, str | int | bool | type(None)) else str(value)


@contextmanager
def one_moment() -> Iterator[None]:
    """The whole database as it is now, for a long look: what is written meanwhile is not seen in halves."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def first_break(seen: Callable[[int, str], None] | None = None) -> str | None:
    """Walk the whole chain. None when it holds, else one sentence that names the first bad row.

    `seen` is told number and hash of every row up to there. A cut tail is found only while the head still tells of
    it; the published roots tell of it for ever (ledger.verification).
    """
    with one_moment():
        return _first_break(seen)


def _first_break(seen: Callable[[int, str], None] | None) -> str | None:
    previous, expected = "", 1
    for row in AuditEvent.objects.order_by("seq").values_list(*_COVERED, "hash").iterator(2000):
        content, hash_kept = dict(zip(_COVERED, row, strict=False)), row[-1]
        content["at"] = content["at"].astimezone(UTC).isoformat()
        seq = content["seq"]
        if seq != expected:
            return f"Audit event {expected} is missing; the next one found is {seq}."
        if content["previous_hash"] != previous or hash_kept != digest(content):
            return f"Audit event {seq} ({content['act']}) does not match its hash."
        if seen:
            seen(seq, hash_kept)
        previous, expected = hash_kept, expected + 1
    head = AuditHead.objects.filter(id=1).first()
    if head and (head.seq, head.hash) != (expected - 1, previous):
        return f"The chain ends at event {expected - 1}, but its head says {head.seq}."
    return None
