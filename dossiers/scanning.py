"""The job that has a document scanned. While it waits, and after something was found, nobody opens the file."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from core import audit, files, jobs, scanner
from dossiers.models import Document, Scan

JOB = "document.scan"


def first_state(sha256: str) -> tuple[str, str]:
    """The state of a file that was just laid in, and the scanner's word: bytes once found harmful stay so."""
    known = Document.objects.filter(file_id=sha256, scan=Scan.INFECTED).first()
    if known is not None:
        return Scan.INFECTED, known.scan_words
    return (Scan.WAITING if scanner.is_connected() else Scan.UNSCANNED), ""


def ask(document: Document) -> None:
    """Part of the transaction that lays the document in."""
    jobs.enqueue(JOB, key=str(document.pk), payload={"document": document.pk, "sha256": document.file_id})


def work(payload: dict[str, Any]) -> dict[str, Any]:
    """The slow half. A scanner that does not answer costs no attempt: the file waits, locked."""
    if not scanner.is_connected():
        raise jobs.Postponed("No scanner is connected (KIP_CLAMD).")
    try:
        verdict = scanner.scan(files.read(payload["sha256"]))
    except scanner.ScannerDown as reason:
        raise jobs.Postponed(str(reason)) from reason
    return {"found": verdict.found}


def finish(payload: dict[str, Any], produced: dict[str, Any], at: datetime) -> None:
    """The verdict is about the bytes: what was found locks them in every dossier."""
    found = produced["found"]
    same_bytes = Document.objects.filter(file_id=payload["sha256"])
    if not found:
        same_bytes.filter(Q(scan=Scan.WAITING) | Q(scan=Scan.UNSCANNED)).update(
            scan=Scan.CLEAN, scanned_at=at, scan_words=""
        )
        return
    same_bytes.update(scan=Scan.INFECTED, scanned_at=at, scan_words=found[:200])
    document = Document.objects.get(pk=payload["document"])
    audit.record(
        "document.found_harmful",
        document,
        by=None,
        at=at,
        dossier=document.dossier_id,
        sha256=payload["sha256"],
        found=found,
    )


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=work, finish=finish))
