"""What the enterprise fills in."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers import supplements, wall
from dossiers.actions.row import ASKED_BY_CALLER, editable, touch
from dossiers.models import Dossier, SelfMark, Stage
from enterprises.actions import correct_by_department, correct_record
from enterprises.models import Enterprise
from products.actions import update_product


@transaction.atomic
def describe(*, dossier: Dossier, by: Any, at: datetime, **facts: Any) -> Dossier:
    """Write texts and contact of the dossier."""
    dossier = editable(dossier, by, ASKED_BY_CALLER)
    changed = [name for name, value in facts.items() if getattr(dossier, name) != value]
    for part in dict.fromkeys(map(supplements.part_of_field, changed)):
        supplements.require_open(dossier, part)
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
        supplements.require_open(dossier, "product")
        update_product(product=dossier.product, by=by, at=at, **changed)
        touch(dossier, at)
    return dossier


@transaction.atomic
def correct_enterprise(*, enterprise: Enterprise, by: Any, at: datetime, **facts: Any) -> Enterprise:
    """A corrected record is a change of every dossier that can still be changed: it may answer a request."""
    require(by, "enterprises.correct", enterprise)
    before = {name: getattr(enterprise, name) for name in facts}
    correct_record(enterprise=enterprise, by=by, at=at, **facts)
    if before != facts:
        _touch_open(enterprise, at)
    return enterprise


@transaction.atomic
def correct_enterprise_by_department(
    *, enterprise: Enterprise, reason: str, by: Any, at: datetime, **facts: Any
) -> bool:
    """The same by an officer, with the reason that the enterprise reads. False when nothing was changed."""
    if enterprise.pk in wall.closed_enterprises(by):
        raise Refused(_("You have a conflict of interest with this enterprise. A colleague corrects its record."))
    changed = correct_by_department(enterprise=enterprise, reason=reason, by=by, at=at, **facts)
    if changed:
        _touch_open(enterprise, at)
    return bool(changed)


def _touch_open(enterprise: Enterprise, at: datetime) -> None:
    for dossier in Dossier.objects.filter(enterprise=enterprise, stage__in=[Stage.DRAFT, Stage.SUPPLEMENT]):
        touch(dossier, at)


@transaction.atomic
def give_undertakings(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    dossier = editable(dossier, by, "undertakings")
    # Asked for again in a supplement, they are given anew.
    if dossier.undertakings_at is None or dossier.stage == Stage.SUPPLEMENT:
        dossier.undertakings_at, dossier.undertakings_by_name, dossier.changed_at = at, str(by), at
        dossier.save(update_fields=["undertakings_at", "undertakings_by_name", "changed_at"])
        audit.record("dossier.undertakings_given", dossier, by=by, at=at)
    return dossier


@transaction.atomic
def answer_eligibility(*, dossier: Dossier, eligibility: dict[str, Any], by: Any, at: datetime) -> Dossier:
    """Keep new answers to the questions before the start. Only a draft has them to change."""
    dossier = _draft(dossier, by)
    if dossier.eligibility.get("answers") != eligibility.get("answers"):
        dossier.eligibility, dossier.changed_at = eligibility, at
        dossier.save(update_fields=["eligibility", "changed_at"])
        audit.record("dossier.eligibility_answered", dossier, by=by, at=at, answers=eligibility.get("answers"))
    return dossier


@transaction.atomic
def mark_oneself(*, dossier: Dossier, marks: dict[int, dict[str, Any]], by: Any, at: datetime) -> Dossier:
    """Write own points and evidence; `marks[criterion]` maps the fields of SelfMark. Only criteria that the season
    published count."""
    dossier = _draft(dossier, by)
    rubric = dossier.season.rubric
    known = set(rubric.criteria.filter(is_leaf=True).values_list("pk", flat=True)) if rubric else set()
    if not marks.keys() <= known:
        raise Refused(_("The criteria of this season are not these."))
    rows = {row.criterion_id: row for row in dossier.self_marks.select_for_update()}
    changed = []
    for criterion, values in marks.items():
        row = rows.get(criterion) or SelfMark(dossier=dossier, criterion_id=criterion)
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
            changed.append(criterion)
    if changed:
        touch(dossier, at)
        audit.record("dossier.self_marked", dossier, by=by, at=at, criteria=changed)
    return dossier


def _draft(dossier: Dossier, by: Any) -> Dossier:
    """The locked row of a draft: what a request for a supplement does not open again."""
    locked = editable(dossier, by, ASKED_BY_CALLER)
    if locked.stage != Stage.DRAFT:
        raise Refused(_("This belongs to the draft and cannot be changed after sending."))
    return locked
