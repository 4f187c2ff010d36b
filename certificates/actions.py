"""Certificates follow recognitions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from certificates import serial
from certificates.issue import JOB
from certificates.models import Certificate
from core import audit, jobs
from core.errors import Refused
from core.models import Job
from core.numbers import next_number
from registry.models import Recognition


def batch_of(season_year: int) -> str:
    return f"certificates-{season_year}"


@transaction.atomic
def order_certificates(*, recognitions: Sequence[Recognition], by: Any, at: datetime) -> list[Certificate]:
    """Draw the numbers now and write down the work; the papers follow. Asking again adds only what lacks."""
    certificates = []
    for recognition in recognitions:
        kinds = [Certificate.Kind.PRODUCT] + ([Certificate.Kind.TOP10] if recognition.is_top10 else [])
        certificates += [_order(recognition, kind, at) for kind in kinds]
    if certificates:
        audit.record(
            "certificates.ordered",
            recognitions[0].decision,
            by=by,
            at=at,
            serials=[certificate.serial for certificate in certificates],
        )
    return certificates


def _order(recognition: Recognition, kind: "Certificate.Kind", at: datetime) -> Certificate:
    found = Certificate.objects.filter(recognition=recognition, kind=kind).first()
    if found is None:
        year, top10 = recognition.season_year, kind == Certificate.Kind.TOP10
        book = f"certificate-{'top10-' if top10 else ''}{year}"
        number = next_number(book)
        found = Certificate.objects.create(
            recognition=recognition,
            kind=kind,
            book=book,
            number=number,
            serial=serial.make(year, number, top10=top10),
            snapshot=_snapshot(recognition, kind),
        )
    jobs.enqueue(
        JOB,
        key=found.serial,
        payload={"certificate_id": found.pk},
        batch=batch_of(recognition.season_year),
    )
    return found


@transaction.atomic
def retry_papers(*, certificates: Sequence[Certificate], by: Any, at: datetime) -> int:
    """Papers that failed are made once more; returns how many. Raises Refused when none of these failed."""
    require(by, "certificates.retry")
    serials = [certificate.serial for certificate in certificates]
    failed = Job.objects.select_for_update().filter(kind=JOB, key__in=serials, state=Job.State.FAILED)
    errors = {}
    for job in failed.order_by("pk"):
        errors[job.key] = job.last_error
        jobs.retry(job=job)
    if not errors:
        raise Refused(_("No paper has failed; nothing is to be made again."))
    for certificate in certificates:
        if certificate.serial in errors:
            audit.record("certificate.retried", certificate, by=by, at=at, last_error=errors[certificate.serial])
    return len(errors)


def _snapshot(recognition: Recognition, kind: str) -> dict[str, Any]:
    """All that the paper says, as decided."""
    decision = recognition.decision
    return {
        "kind": kind,
        "season_year": recognition.season_year,
        "product_name_vi": recognition.product_name_vi,
        "product_name_en": recognition.product_name_en,
        "enterprise_name_vi": recognition.enterprise_name_vi,
        "enterprise_name_en": recognition.enterprise_name_en,
        "enterprise_address_vi": recognition.product.enterprise.address_vi,
        "decision_number": decision.number,
        "decision_date": decision.signed_date.isoformat(),
        "signer_name": decision.signer_name,
        "signer_position": decision.signer_position,
        "valid_from": recognition.valid_from.isoformat(),
        "valid_to": recognition.valid_to.isoformat(),
        "is_demo": recognition.is_demo,
    }
