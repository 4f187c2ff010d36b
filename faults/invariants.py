"""What must return nothing, whatever has died: the invariants of the path from the decision to the issued file."""

import hashlib
from collections import Counter
from typing import Any

from django.db import connection
from django.utils import timezone

from faults.people import Ledger

# name -> (what a row of it means, statement). Rows of "lost", "double", "gaps" and "late" are counted under that word.
STATEMENTS = {
    "lost: a recognition of a released decision has no issued certificate": (
        "SELECT r.id, k.kind FROM registry_recognition r "
        "JOIN LATERAL (VALUES ('product'), ('top10')) k(kind) ON k.kind = 'product' OR r.is_top10 "
        "WHERE r.replaced_at IS NULL AND NOT EXISTS (SELECT 1 FROM certificates_certificate c "
        "WHERE c.recognition_id = r.id AND c.kind = k.kind AND c.replaced_at IS NULL AND c.file_id IS NOT NULL)"
    ),
    "lost: an ordered certificate was never issued": (
        "SELECT serial FROM certificates_certificate WHERE file_id IS NULL"
    ),
    "double: a recognition has two living certificates of one kind": (
        "SELECT recognition_id, kind FROM certificates_certificate WHERE replaced_at IS NULL "
        "GROUP BY recognition_id, kind HAVING count(*) > 1"
    ),
    "double: a number or a serial was given twice": (
        "SELECT book, number FROM certificates_certificate GROUP BY book, number HAVING count(*) > 1 "
        "UNION ALL SELECT serial, 0 FROM certificates_certificate GROUP BY serial HAVING count(*) > 1"
    ),
    "double: a certificate was issued more than once by the log, or without it": (
        "SELECT c.serial, count(e.seq) FROM certificates_certificate c LEFT JOIN core_auditevent e "
        "ON e.act = 'certificate.issued' AND e.object_id = c.id::text WHERE c.file_id IS NOT NULL "
        "GROUP BY c.serial HAVING count(e.seq) <> 1"
    ),
    "double: one file stands for two certificates": (
        "SELECT file_id FROM certificates_certificate WHERE file_id IS NOT NULL GROUP BY file_id HAVING count(*) > 1"
    ),
    "double: a decision was released twice, or a list approved twice": (
        "SELECT act, object_id FROM core_auditevent WHERE act IN ('decision.confirmed', 'batch.approved', "
        "'decision.released', 'decision.corrected') GROUP BY act, object_id HAVING count(*) > 1 "
        "UNION ALL SELECT 'decision', number FROM registry_decision GROUP BY number HAVING count(*) > 1"
    ),
    "gaps: the numbers of a book are not 1 to n": (
        "SELECT b.book, b.last, count(c.id), max(c.number) FROM core_numberbook b "
        "LEFT JOIN certificates_certificate c ON c.book = b.book WHERE b.book LIKE 'certificate-%' "
        "GROUP BY b.book, b.last HAVING b.last <> count(c.id) OR b.last <> coalesce(max(c.number), 0)"
    ),
    "late: something was issued while the brake was pulled": (
        "SELECT e.object_name FROM core_auditevent s JOIN core_auditevent e ON e.act = 'certificate.issued' "
        "AND e.seq > s.seq AND e.seq < coalesce((SELECT min(r.seq) FROM core_auditevent r "
        "WHERE r.act = 'work.resumed' AND r.seq > s.seq), 9223372036854775807) WHERE s.act = 'work.stopped'"
    ),
    "a certificate without a recognition of a released decision": (
        "SELECT c.serial FROM certificates_certificate c JOIN registry_recognition r ON r.id = c.recognition_id "
        "WHERE NOT EXISTS (SELECT 1 FROM decisions_prepareddecision p WHERE p.released_as_id = r.decision_id "
        "AND p.state = 'released')"
    ),
    "the effect and the end of its job are not one transaction": (
        "SELECT c.serial FROM core_job j JOIN certificates_certificate c "
        "ON c.id = (j.payload->>'certificate_id')::bigint AND j.key = c.batch_id || ':' || c.serial "
        "JOIN core_auditevent e ON e.act = 'certificate.issued' AND e.object_id = c.id::text "
        "WHERE j.kind = 'certificate.sign' AND j.state = 'done' AND j.xmin::text <> e.xmin::text"
    ),
    "a job was ended by somebody who did not hold it": "SELECT job_id, what FROM faults_seen",
    "a job is open, failed or held by the dead": (
        "SELECT kind, key, state, attempt, last_error FROM core_job WHERE state <> 'done' AND kind <> 'mail.send'"
    ),
    "a batch without papers, or a paper without its batch": (
        "SELECT b.id, count(c.id) FROM certificates_batch b LEFT JOIN certificates_certificate c ON c.batch_id = b.id "
        "GROUP BY b.id HAVING count(c.id) = 0"
    ),
}
# How long after the brake the last certificate came, by the times at which the server committed: 0 when none did.
LATE_SECONDS = (
    "SELECT coalesce(max(extract(epoch FROM pg_xact_commit_timestamp(e.xmin) - pg_xact_commit_timestamp(s.xmin))), 0) "
    "FROM core_auditevent s JOIN core_auditevent e ON e.act = 'certificate.issued' AND e.seq > s.seq "
    "AND e.seq < coalesce((SELECT min(r.seq) FROM core_auditevent r WHERE r.act = 'work.resumed' AND r.seq > s.seq), "
    "9223372036854775807) WHERE s.act = 'work.stopped'"
)


def broken(ledger: Ledger, *, whole: bool) -> dict[str, list[str]]:
    """Name of the invariant -> what breaks it. `whole` also reads every file and walks the chain."""
    connection.close()  # the nemesis cuts every session, this one too
    found = {name: [str(row) for row in rows(statement)] for name, statement in STATEMENTS.items()}
    found["lost: an acknowledged act is not there"] = list(_lost_acts(ledger))
    if whole:
        found["a file is missing, altered, or not what was approved"] = list(_wrong_files())
        found["the chain of the log is broken"] = list(_broken_chain())
    return {name: faults for name, faults in found.items() if faults}


def counted(found: dict[str, list[str]], word: str) -> int:
    return sum(len(rows) for name, rows in found.items() if name.startswith(f"{word}:"))


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("%", "%%"), [])
        return list(cursor.fetchall())


def late_seconds() -> float:
    return float(rows(LATE_SECONDS)[0][0])


def _lost_acts(ledger: Ledger) -> Any:
    """Whatever the people were told was done."""
    from certificates.models import Batch
    from core.models import AuditEvent
    from decisions.models import PreparedDecision

    states = dict(PreparedDecision.objects.values_list("number", "state"))
    for row in ledger.acknowledged("prepare"):
        if row["key"] not in states:
            yield f"prepared {row['key']}"
    for row in ledger.acknowledged("order"):
        if states.get(row["key"]) != "released":
            yield f"ordered {row['key']}: {states.get(row['key'])}"
    batches = {batch.pk: batch for batch in Batch.objects.all()}
    for row in ledger.acknowledged("start"):
        batch = batches.get(row["batch"])
        if batch is None or sorted(batch.certificates.values_list("serial", flat=True)) != row["serials"]:
            yield f"started {row['key']}: batch {row['batch']}"
    for row in ledger.acknowledged("approve"):
        batch = batches.get(row["batch"])
        if batch is None or (batch.state, batch.list_digest) != ("approved", row["digest"]):
            yield f"approved {row['key']}"
    reasons = Counter(AuditEvent.objects.filter(act="work.stopped").values_list("detail__reason", flat=True))
    for row in ledger.acknowledged("stop"):
        if reasons[row["key"]] != 1:
            yield f"stopped {row['key']}: {reasons[row['key']]} times"
    resumed = AuditEvent.objects.filter(act="work.resumed").count()
    if resumed < len(ledger.acknowledged("resume")):
        yield f"resumed {resumed} times"


def _wrong_files() -> Any:
    """Present, of its digest, beginning with the approved draft, with a signature that holds."""
    from certificates.models import Certificate
    from core import files
    from core.models import AuditEvent
    from signing import verdict

    approved: dict[str, str] = {}
    for detail in AuditEvent.objects.filter(act="batch.approved").values_list("detail", flat=True):
        approved |= detail["drafts"]
    for paper in Certificate.objects.exclude(file=None):
        try:
            draft, issued = files.read(str(paper.draft_id)), files.read(str(paper.file_id))
        except (FileNotFoundError, ValueError) as error:
            yield f"{paper.serial}: {type(error).__name__}"
            continue
        if hashlib.sha256(draft).hexdigest() != approved.get(paper.serial):
            yield f"{paper.serial}: the draft is not the approved one"
        elif not issued.startswith(draft):
            yield f"{paper.serial}: what was signed is not what was approved"
        elif verdict.judge(issued, at=timezone.now()).case != verdict.Case.INTACT:
            yield f"{paper.serial}: the signature does not hold"


def _broken_chain() -> Any:
    from core import audit

    if sentence := audit.first_break():
        yield sentence
