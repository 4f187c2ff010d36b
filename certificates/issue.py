"""The two jobs behind a certificate: its draft, and the signature on exactly that draft.

Each renders or signs outside any transaction and names the file in the finishing one, where the brake and the state
of the batch are asked once more.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import Batch, Certificate, StatusEntry
from core import audit, files, jobs, stops
from core.canonical import canonical
from core.errors import Refused
from core.models import StoredFile
from signing import keys

DRAFT, SIGN = "certificate.draft", "certificate.sign"
KINDS = (DRAFT, SIGN)
SWITCH = "certificates"
MEDIA_TYPE = "application/pdf"
ATTACHMENT = "credential.json"


def draft_paper(payload: dict[str, Any]) -> dict[str, Any] | None:
    """Renders the unsigned paper with its credential and checks it against the decision. None when the batch no
    longer wants it. Raises ValueError with every fault of the page."""
    from certificates import credential, forms, paper, paper_check

    _wait_while_stopped()
    entry = StatusEntry.objects.select_related("certificate", "batch__form").get(
        certificate_id=payload["certificate_id"], batch_id=payload["batch_id"]
    )
    certificate, batch = entry.certificate, entry.batch
    if batch.state != Batch.State.DRAFTING or certificate.draft_id is not None:
        return None
    now = timezone.now()
    key = keys.current("credential", now)
    signed = credential.signed_credential(certificate, entry.index, key=key, at=now)
    sealed = credential.token(certificate, entry.index, key=key, at=now)
    form, qr = forms.read(batch.form), credential.qr_text(certificate, sealed)
    content = paper.render(
        certificate.serial,
        certificate.snapshot,
        form=form,
        qr_text=qr,
        attachment=canonical(signed),
        attachment_name=ATTACHMENT,
    )
    faults = paper_check.faults(
        content,
        certificate.serial,
        certificate.snapshot,
        form,
        qr,
        attachment=canonical(signed),
        attachment_name=ATTACHMENT,
    )
    if faults:
        raise ValueError(" ".join(faults))
    return {"sha256": files.put(content), "size_bytes": len(content), "credential": signed, "token": sealed}


def name_draft(payload: dict[str, Any], produced: dict[str, Any] | None, at: datetime) -> None:
    """The draft becomes the certificate's, unless the batch was returned meanwhile."""
    stops.pass_or_wait(SWITCH)
    batch = _batch(payload)
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=payload["certificate_id"])
    wanted = batch.state == Batch.State.DRAFTING and certificate.batch_id == batch.pk
    if produced is None or not wanted or certificate.draft_id is not None:
        return
    certificate.draft = _name(produced, at)
    certificate.drafted_at, certificate.token, certificate.credential = at, produced["token"], produced["credential"]
    certificate.save(update_fields=["draft", "drafted_at", "token", "credential"])


def sign_paper(payload: dict[str, Any]) -> dict[str, Any] | None:
    """Signs the approved bytes, and makes sure that what came back is these bytes with one valid signature more.

    Raises ValueError when the signature is not what was asked for.
    """
    from signing import verdict

    _wait_while_stopped()
    certificate = Certificate.objects.select_related("batch", "recognition").get(pk=payload["certificate_id"])
    if certificate.file_id is not None or certificate.batch_id != payload["batch_id"]:
        return None
    if certificate.batch is None or certificate.batch.state != Batch.State.APPROVED or certificate.draft_id is None:
        raise ValueError(_("%(serial)s has no approved draft.") % {"serial": certificate.serial})
    _insist_it_stands(certificate)
    now, approved = timezone.now(), files.read(str(certificate.draft_id))
    key = keys.current("paper", now)
    signed = _signed(
        approved,
        key=key,
        signer_name=certificate.snapshot["signer_name"],
        reason=f"Giấy chứng nhận {certificate.serial}",
        at=now,
        request_id=f"{certificate.serial}-{str(certificate.draft_id)[:24]}-{key.kid}",
    )
    found = verdict.judge(signed, at=timezone.now())
    if not signed.startswith(approved) or found.case != verdict.Case.INTACT:
        raise ValueError(
            _("The signature on %(serial)s does not hold: %(why)s")
            % {
                "serial": certificate.serial,
                "why": " ".join(found.words),
            }
        )
    return {"sha256": files.put(signed), "size_bytes": len(signed), "kid": key.kid}


def _signed(approved: bytes, **facts: Any) -> bytes:
    """Raises Postponed when the signing service left open whether it signed: it is asked again under the same id."""
    from signing import pades
    from signing.providers.base import Doubtful

    try:
        return pades.sign(approved, **facts)
    except Refused as refusal:
        if isinstance(refusal.__cause__, Doubtful):
            raise jobs.Postponed(" ".join(refusal.reasons), seconds=10) from refusal
        raise


def name_certificate(payload: dict[str, Any], produced: dict[str, Any] | None, at: datetime) -> None:
    """The signed file becomes the certificate's, once."""
    stops.pass_or_wait(SWITCH)
    certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=payload["certificate_id"])
    if certificate.file_id is not None or produced is None:
        return
    _insist_it_stands(certificate)
    certificate.file, certificate.issued_at, certificate.signed_with = _name(produced, at), at, produced["kid"]
    certificate.save(update_fields=["file", "issued_at", "signed_with"])
    audit.record("certificate.issued", certificate, by=None, at=at, sha256=produced["sha256"], key=produced["kid"])


def _insist_it_stands(certificate: Certificate) -> None:
    """What was revoked or corrected after the approval gets no paper. Raises ValueError."""
    recognition = certificate.recognition
    if recognition.revoked_at or recognition.replaced_at or certificate.replaced_at:
        raise ValueError(_("%(serial)s is not signed: revoked or replaced since.") % {"serial": certificate.serial})


def _wait_while_stopped() -> None:
    switch = stops.is_stopped(SWITCH)
    if switch is not None:
        raise stops.postponed(SWITCH, switch.stopped_by_name, switch.reason)


def _batch(payload: dict[str, Any]) -> Batch:
    """Locked against a return at this moment, not against the other papers of the batch."""
    return Batch.objects.raw("SELECT * FROM certificates_batch WHERE id = %s FOR SHARE", [payload["batch_id"]])[0]


def _name(produced: dict[str, Any], at: datetime) -> StoredFile:
    return files.name(produced["sha256"], size_bytes=produced["size_bytes"], media_type=MEDIA_TYPE, at=at)


def register() -> None:
    jobs.register(DRAFT, jobs.Kind(work=draft_paper, finish=name_draft))
    jobs.register(SIGN, jobs.Kind(work=sign_paper, finish=name_certificate))
