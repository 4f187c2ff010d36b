"""Two verbs, both done by the machine: give events their public entry, and keep the root of a day."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from core import audit
from core.errors import Refused
from core.models import AuditHead
from ledger import statement
from ledger.models import LogEntry, LogRoot

# The entry of an event, made once from a salt that nobody can guess (docs/adr/0021).
_ENTER = """
INSERT INTO ledger_logentry (seq, salt, entry)
SELECT seq, salt, sha256(uuid_send(salt) || convert_to(hash, 'UTF8'))
FROM (SELECT seq, hash, gen_random_uuid() AS salt FROM core_auditevent WHERE seq > %s AND seq <= %s) AS fresh
ORDER BY seq ON CONFLICT (seq) DO NOTHING
"""


@transaction.atomic
def enter_events(*, size: int, at: datetime) -> int:
    """Give every event up to `size` its entry; how many were new. Entries that once stood there are not made again:
    a removed one has to be found, not replaced."""
    newest = LogEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if newest >= size:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [newest, size])
        return cursor.rowcount


@transaction.atomic
def close_day(
    *, day: date, signed: dict[str, Any], proof_of_time: str, missing: dict[str, str], at: datetime
) -> LogRoot:
    """Keep the root of one day. Doing it again returns the root that is kept; nothing changes.

    `missing` says in words why signature or time stamp are not there. Raises Refused when the statement does not
    follow the newest one: a root never contradicts an earlier one.
    """
    AuditHead.objects.select_for_update().get_or_create(id=1)  # one closing at a time
    kept = LogRoot.objects.filter(day=day).first()
    if kept:
        return kept
    newest = LogRoot.objects.order_by("-day").first()
    if signed["previous"] != (newest.chain_hash if newest else "") or (newest and signed["size"] < newest.size):
        raise Refused([f"The root of {day} does not follow the newest one."])
    made = LogRoot.objects.create(
        day=day,
        size=signed["size"],
        root=signed["root"],
        previous_hash=signed["previous"],
        chain_hash=statement.chain_hash(signed),
        statement=signed,
        unsigned_because=missing.get("signature", ""),
        time_stamp=proof_of_time,
        unstamped_because=missing.get("time_stamp", ""),
        made_at=at,
    )
    facts = {"size": made.size, "root": made.root, "chain": made.chain_hash}
    attested = {"signed": made.is_signed, "stamped": made.is_stamped}
    audit.record("log.closed", made, by=None, at=at, day=day, **facts, **attested)
    return made
