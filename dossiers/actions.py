"""What can be done with a dossier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import can, require
from core import audit, files
from core.errors import Refused
from core.numbers import next_number
from dossiers import workflow
from dossiers.models import Defect, Document, Dossier, Stage, SupplementRequest, YearFigure
from dossiers.papers import BY_CODE
from dossiers.queries import years_asked
from enterprises.actions import correct_record
from enterprises.models import Enterprise
from products.actions import update_product
from products.models import Product
from programme.models import Season

MAX_FILES_PER_SLOT = 20


@dataclass(frozen=True)
class Asked:
    """One defect as the officer ticks it."""

    part: str
    reason: str
    words: str


@transaction.atomic
def start(*, season: Season, product: Product, track: str, by: Any, at: datetime) -> Dossier:
    """A new draft, with empty figures for the years asked. Raises Refused when registration is closed or the
    product has a dossier in this season."""
    require(by, "enterprises.represent", product.enterprise)
    if season.decided_at is not None or not season.is_open(at):
        raise Refused(_("Registration for %(year)s is not open.") % {"year": season.year})
    twins = Dossier.objects.filter(season=season, product=product).exclude(stage=Stage.WITHDRAWN)
    if twins.exists():
        raise Refused(_("This product has a dossier in this season already."))
    dossier = Dossier.objects.create(
        season=season,
        product=product,
        enterprise=product.enterprise,
        track=track,
        contact_name=by.full_name,
        contact_email=by.email,
        contact_phone=product.enterprise.phone,
        created_at=at,
        changed_at=at,
    )
    YearFigure.objects.bulk_create(YearFigure(dossier=dossier, year=y) for y in years_asked(season.year))
    audit.record("dossier.started", dossier, by=by, at=at, track=track)
    return dossier


@transaction.atomic
def describe(*, dossier: Dossier, by: Any, at: datetime, **facts: Any) -> Dossier:
    """Write texts and contact of the dossier."""
    dossier = _editable(dossier, by)
    changed = [name for name, value in facts.items() if getattr(dossier, name) != value]
    if changed:
        for name in changed:
            setattr(dossier, name, facts[name])
        dossier.changed_at = at
        dossier.save(update_fields=[*changed, "changed_at"])
        audit.record("dossier.described", dossier, by=by, at=at, fields=changed)
    return dossier


@transaction.atomic
def describe_product(
    *, dossier: Dossier, product_facts: dict[str, Any], by: Any, at: datetime, **texts: Any
) -> Dossier:
    """Facts of the product and texts of its dossier together: a change of either may answer a request."""
    dossier = describe(dossier=dossier, by=by, at=at, **texts)
    changed = {name: value for name, value in product_facts.items() if getattr(dossier.product, name) != value}
    if changed:
        update_product(product=dossier.product, by=by, at=at, **changed)
        _touch(dossier, at)
    return dossier


@transaction.atomic
def correct_enterprise(*, enterprise: Enterprise, by: Any, at: datetime, **facts: Any) -> Enterprise:
    """A corrected record is a change of every dossier that can still be changed: it may answer a request."""
    require(by, "enterprises.correct", enterprise)
    before = {name: getattr(enterprise, name) for name in facts}
    correct_record(enterprise=enterprise, by=by, at=at, **facts)
    if before != facts:
        for dossier in Dossier.objects.filter(enterprise=enterprise, stage__in=[Stage.DRAFT, Stage.SUPPLEMENT]):
            _touch(dossier, at)
    return enterprise


@transaction.atomic
def report_figures(
    *, dossier: Dossier, figures: dict[int, dict[str, Decimal | int | None]], by: Any, at: datetime
) -> Dossier:
    """Write the figures of the years asked; `figures[year]` maps the fields of YearFigure."""
    dossier = _editable(dossier, by)
    changed = []
    for row in dossier.figures.select_for_update():
        new = figures.get(row.year, {})
        before = {name: getattr(row, name) for name in new}
        if new and before != new:
            for name, value in new.items():
                setattr(row, name, value)
            row.save()
            changed.append(row.year)
    if changed:
        _touch(dossier, at)
        audit.record("dossier.figures_reported", dossier, by=by, at=at, years=changed)
    return dossier


@transaction.atomic
def give_undertakings(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    dossier = _editable(dossier, by)
    if dossier.undertakings_at is None:
        dossier.undertakings_at, dossier.undertakings_by_name, dossier.changed_at = at, str(by), at
        dossier.save(update_fields=["undertakings_at", "undertakings_by_name", "changed_at"])
        audit.record("dossier.undertakings_given", dossier, by=by, at=at)
    return dossier


@transaction.atomic
def attach(
    *, dossier: Dossier, paper: str, name: str, content: bytes, media_type: str, by: Any, at: datetime
) -> Document:
    """Put a checked file into a slot; a slot for one file replaces what it held. The same bytes twice in one
    slot stay one document."""
    dossier = _editable(dossier, by)
    slot = BY_CODE.get(paper)
    if slot is None:
        raise Refused(_("There is no such slot."))
    held = list(dossier.documents.filter(paper=paper, removed_at=None))
    sha256 = files.put(content)
    same = next((document for document in held if document.file_id == sha256), None)
    if same is not None:
        return same
    if slot.several and len(held) >= MAX_FILES_PER_SLOT:
        raise Refused(_("This slot holds at most %(n)s files.") % {"n": MAX_FILES_PER_SLOT})
    if not slot.several:
        for document in held:
            document.removed_at = at
            document.save(update_fields=["removed_at"])
    stored = files.name(sha256, size_bytes=len(content), media_type=media_type, at=at)
    document = Document.objects.create(
        dossier=dossier, paper=paper, file=stored, name=name, uploaded_at=at, uploaded_by_name=str(by)
    )
    _touch(dossier, at)
    audit.record("document.attached", document, by=by, at=at, dossier=dossier.pk, paper=paper, sha256=sha256)
    return document


@transaction.atomic
def remove_document(*, document: Document, by: Any, at: datetime) -> None:
    dossier = _editable(document.dossier, by)
    if document.removed_at is None:
        document.removed_at = at
        document.save(update_fields=["removed_at"])
        _touch(dossier, at)
        audit.record("document.removed", document, by=by, at=at, dossier=dossier.pk, paper=document.paper)


@transaction.atomic
def submit(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    """File the dossier. A second click or a second device finds it filed and gets the same receipt.

    Raises Refused with everything that is missing.
    """
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    require(by, "dossiers.submit", locked)
    if locked.number is not None and locked.stage == Stage.SUBMITTED:
        return locked
    day = timezone.localdate(at)
    if locked.number is None and not workflow.blockers(locked, "submit", by=by, at=at):
        sequence = next_number(f"dossier-{day:%Y%m%d}")
        locked.number = f"{settings.DOSSIER_AGENCY_CODE}-{day:%y%m%d}-{sequence:04d}"
        locked.submitted_at = at
        locked.save(update_fields=["number", "submitted_at"])
    workflow.take("submit", locked, by=by, at=at)
    return locked


@transaction.atomic
def start_check(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    """The officer takes the dossier in hand."""
    workflow.take("start_check", dossier, by=by, at=at)
    Dossier.objects.filter(pk=dossier.pk).update(officer=by)
    dossier.officer = by
    return dossier


@transaction.atomic
def request_supplement(
    *, dossier: Dossier, defects: Sequence[Asked], message: str = "", by: Any, at: datetime
) -> SupplementRequest:
    """Ask the enterprise to mend what is listed. Raises Refused without a single defect."""
    if not defects:
        raise Refused(_("List at least one thing to mend."))
    if dossier.stage == Stage.SUBMITTED:
        start_check(dossier=dossier, by=by, at=at)
    workflow.take("request_supplement", dossier, by=by, at=at, note=message)
    request = SupplementRequest.objects.create(
        dossier=dossier,
        asked_at=at,
        asked_by_name=str(by),
        due_date=timezone.localdate(at) + timedelta(days=dossier.season.supplement_days),
        message=message,
    )
    Defect.objects.bulk_create(Defect(request=request, part=d.part, reason=d.reason, words=d.words) for d in defects)
    return request


@transaction.atomic
def answer_supplement(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    """Send what was mended. Raises Refused when nothing changed or the term is past."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    request = locked.open_supplement
    workflow.take("answer_supplement", locked, by=by, at=at)
    if request is not None:
        request.answered_at = at
        request.save(update_fields=["answered_at"])
    return locked


@transaction.atomic
def admit(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    """The dossier is eligible and goes to the council."""
    if dossier.stage == Stage.SUBMITTED:
        start_check(dossier=dossier, by=by, at=at)
    workflow.take("admit", dossier, by=by, at=at)
    return dossier


@transaction.atomic
def refuse(*, dossier: Dossier, reason: str, by: Any, at: datetime) -> Dossier:
    """Refuse the dossier for a stated reason, which the applicant reads."""
    if not reason.strip():
        raise Refused(_("Give the reason for the refusal."))
    workflow.take("refuse", dossier, by=by, at=at, note=reason)
    Dossier.objects.filter(pk=dossier.pk).update(refusal_reason=reason)
    dossier.refusal_reason = reason
    _close_requests(dossier, at)
    return dossier


@transaction.atomic
def withdraw(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    workflow.take("withdraw", dossier, by=by, at=at)
    _close_requests(dossier, at)
    return dossier


def _close_requests(dossier: Dossier, at: datetime) -> None:
    dossier.supplements.filter(answered_at=None).update(answered_at=at)


def _editable(dossier: Dossier, by: Any) -> Dossier:
    """The locked row, when this person may edit it now. The applicant hears why not; a stranger nothing."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    require(by, "dossiers.submit", locked)
    if not can(by, "dossiers.edit", locked):
        stage = locked.get_stage_display()
        raise Refused(_("The dossier is at the stage “%(stage)s” and cannot be changed now.") % {"stage": stage})
    return locked


def _touch(dossier: Dossier, at: datetime) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(changed_at=at)
    dossier.changed_at = at
