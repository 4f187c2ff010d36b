"""The job that makes the paper: render outside any transaction, name the file in the finishing one."""

from datetime import datetime
from typing import Any

from certificates.models import Certificate
from core import audit, files, jobs

JOB = "certificate.issue"
MEDIA_TYPE = "application/pdf"


def render_certificate(payload: dict[str, Any]) -> dict[str, Any] | None:
    """The slow half. Returns digest and size of the stored bytes, or None when the paper exists already."""
    from certificates.paper import render

    certificate = Certificate.objects.get(pk=payload["certificate_id"])
    if certificate.file_id is not None:
        return None
    content = render(certificate.serial, certificate.snapshot)
    return {"sha256": files.put(content), "size_bytes": len(content)}


def name_certificate(payload: dict[str, Any], produced: dict[str, Any] | None, at: datetime) -> None:
    """The short half: the file becomes the certificate's, once."""
    certificate = Certificate.objects.select_for_update().get(pk=payload["certificate_id"])
    if certificate.file_id is not None or produced is None:
        return
    certificate.file = files.name(produced["sha256"], size_bytes=produced["size_bytes"], media_type=MEDIA_TYPE, at=at)
    certificate.issued_at = at
    certificate.save(update_fields=["file", "issued_at"])
    audit.record("certificate.issued", certificate, by=None, at=at, sha256=produced["sha256"])


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=render_certificate, finish=name_certificate))
