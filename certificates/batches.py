"""Papers in batches: drafted together, approved by the digest of their list, signed, or returned with a reason."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import require
from certificates import forms, issue
from certificates.models import Batch, Certificate, PaperForm, StatusEntry
from core import audit, jobs, stops
from core.canonical import digest
from core.errors import Refused
from core.models import Job

# A list this long hides who is who, and a compressed one stays below 20 kB (Bitstring Status List 1.0, section 3.4).
PLACES = 131_072


def list_digest(certificates: Sequence[Certificate]) -> str:
    """One digest for the exact bytes of every draft: of each serial with its SHA-256, in the order of the serials."""
    return digest(sorted([c.serial, c.draft_id] for c in certificates))


@transaction.atomic
def start_batch(
    *, season_year: int, certificates: Sequence[Certificate], by: Any, at: datetime, form: PaperForm | None = None
) -> Batch:
    """Order the drafts of these certificates. Raises Refused with every reason."""
    require(by, "certificates.issue")
    locked = list(
        Certificate.objects.select_for_update(of=("self",))
        .filter(pk__in=[c.pk for c in certificates], recognition__season_year=season_year)
        .select_related("recognition")
        .prefetch_related("batch")  # asked after the lock: a joined row is the one from before somebody else's start
        .order_by("pk")
    )
    if reasons := _against_start(locked):
        raise Refused(reasons)
    last = Batch.objects.filter(season_year=season_year).aggregate(last=Max("number"))["last"] or 0
    batch = Batch.objects.create(
        season_year=season_year,
        number=last + 1,
        form=form or forms.form_for(season_year, at=at),
        started_at=at,
        started_by=by,
        started_by_name=str(by),
    )
    places = _free_places(len(locked))
    StatusEntry.objects.bulk_create(
        StatusEntry(index=place, certificate=certificate, batch=batch)
        for place, certificate in zip(places, locked, strict=True)
    )
    Certificate.objects.filter(pk__in=[c.pk for c in locked]).update(batch=batch, draft=None, drafted_at=None)
    for certificate in locked:
        _enqueue(issue.DRAFT, batch, certificate)
    audit.record("batch.started", batch, by=by, at=at, form=batch.form.digest, serials=[c.serial for c in locked])
    return batch


def _against_start(certificates: Sequence[Certificate]) -> list[str]:
    if not certificates:
        return [_("Choose at least one certificate.")]
    reasons = []
    for certificate in certificates:
        said = {"serial": certificate.serial}
        if certificate.file_id is not None:
            reasons.append(_("%(serial)s is issued already.") % said)
        elif certificate.replaced_at is not None:
            reasons.append(_("%(serial)s has been replaced.") % said)
        elif certificate.recognition.revoked_at is not None:
            reasons.append(_("The recognition behind %(serial)s is revoked.") % said)
        elif certificate.batch is not None and certificate.batch.state != Batch.State.RETURNED:
            reasons.append(_("%(serial)s is in another batch already.") % said)
    return reasons


def _free_places(count: int) -> list[int]:
    """Random places that nobody has. Of two batches that draw the same one the primary key refuses the second."""
    taken = set(StatusEntry.objects.values_list("index", flat=True))
    if len(taken) + count > PLACES // 2:
        raise Refused(_("The status list is half full; a second list is needed. Tell the IT officer."))
    found: list[int] = []
    while len(found) < count:
        place = secrets.randbelow(PLACES)
        if place not in taken:
            taken.add(place)
            found.append(place)
    return found


def _enqueue(kind: str, batch: Batch, certificate: Certificate) -> Job:
    return jobs.enqueue(
        kind,
        key=f"{batch.pk}:{certificate.serial}",
        payload={"certificate_id": certificate.pk, "batch_id": batch.pk},
        batch=batch.jobs_key if kind == issue.DRAFT else batch.signatures_key,
    )


@transaction.atomic
def approve(*, batch: Batch, seen_digest: str, by: Any, at: datetime) -> Batch:
    """The signatory approves exactly these drafts; signing them begins. Raises Refused when a draft lacks, when the
    list is no longer the one that was seen, or when a recognition has been revoked meanwhile."""
    require(by, "certificates.approve")
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    papers = list(batch.certificates.select_related("recognition").order_by("serial"))
    if reasons := _against_approval(batch, papers, seen_digest):
        raise Refused(reasons)
    batch.state, batch.list_digest = Batch.State.APPROVED, seen_digest
    batch.approved_at, batch.approved_by, batch.approved_by_name = at, by, str(by)
    batch.save()
    for certificate in papers:
        _enqueue(issue.SIGN, batch, certificate)
    audit.record(
        "batch.approved", batch, by=by, at=at, list_digest=seen_digest, drafts={c.serial: c.draft_id for c in papers}
    )
    return batch


def _against_approval(batch: Batch, papers: Sequence[Certificate], seen_digest: str) -> list[str]:
    if batch.state != Batch.State.DRAFTING:
        return [_("This batch is %(state)s already.") % {"state": batch.get_state_display().lower()}]
    lacking = [c.serial for c in papers if c.draft_id is None]
    if lacking:
        return [
            ngettext("One draft is not ready: %(serials)s.", "%(n)s drafts are not ready: %(serials)s.", len(lacking))
            % {"n": len(lacking), "serials": ", ".join(lacking[:5]) + ("…" if len(lacking) > 5 else "")}
        ]
    if list_digest(papers) != seen_digest:
        return [_("The drafts have changed since you opened the page. Look at the list once more.")]
    if gone := not_to_sign(papers):
        return [_("Revoked or replaced meanwhile: %(serials)s. Return the batch.") % {"serials": ", ".join(gone)}]
    return []


def not_to_sign(certificates: Sequence[Certificate]) -> list[str]:
    """The serials that were revoked or replaced since they were drafted."""
    gone = (c for c in certificates if c.recognition.revoked_at or c.recognition.replaced_at or c.replaced_at)
    return [c.serial for c in gone]


@transaction.atomic
def return_batch(*, batch: Batch, reason: str, by: Any, at: datetime) -> Batch:
    """The drafts are not signed: whoever prepares them makes new ones. Numbers stay; the old drafts never verify."""
    require(by, "certificates.return_batch")
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    reasons = []
    if batch.state != Batch.State.DRAFTING:
        reasons.append(_("This batch is %(state)s already.") % {"state": batch.get_state_display().lower()})
    if not reason.strip():
        reasons.append(_("Say what is wrong with the drafts."))
    if reasons:
        raise Refused(reasons)
    batch.state, batch.returned_at, batch.returned_by_name = Batch.State.RETURNED, at, str(by)
    batch.returned_reason = reason.strip()
    batch.save()
    keys = [f"{batch.pk}:{serial}" for serial in batch.certificates.values_list("serial", flat=True)]
    Job.objects.filter(kind=issue.DRAFT, key__in=keys).exclude(state__in=Job.FINAL).update(
        state=Job.State.CANCELLED, lease_until=None, finished_at=at
    )
    audit.record("batch.returned", batch, by=by, at=at, reason=batch.returned_reason)
    return batch


@transaction.atomic
def retry_failed(*, batch: Batch, certificates: Sequence[Certificate], by: Any, at: datetime) -> int:
    """What failed is tried once more; returns how many. Raises Refused when none of these failed."""
    require(by, "certificates.retry")
    keys = {f"{batch.pk}:{certificate.serial}": certificate for certificate in certificates}
    failed = Job.objects.select_for_update().filter(kind__in=issue.KINDS, key__in=list(keys), state=Job.State.FAILED)
    found = list(failed.order_by("pk"))
    if not found:
        raise Refused(_("No paper has failed; nothing is to be made again."))
    errors = {job.key: job.last_error for job in found}
    for job in found:
        jobs.retry(job=job)
    for key, error in errors.items():
        audit.record("certificate.retried", keys[key], by=by, at=at, last_error=error)
    return len(found)


def stop(*, reason: str, by: Any, at: datetime) -> None:
    """No certificate takes effect after this returns, until somebody resumes. Raises Refused."""
    require(by, "certificates.stop")
    stops.stop(name=issue.SWITCH, reason=reason, by=by, at=at)


def resume(*, by: Any, at: datetime) -> None:
    """What waited goes on. Raises Refused when nothing is stopped."""
    require(by, "certificates.stop")
    stops.resume(name=issue.SWITCH, kinds=list(issue.KINDS), by=by, at=at)
