"""What the enterprise fills in."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.access import require
from core import audit
from dossiers.actions.row import editable, touch
from dossiers.models import Dossier, Stage
from enterprises.actions import correct_record
from enterprises.models import Enterprise
from products.actions import update_product


@transaction.atomic
def describe(*, dossier: Dossier, by: Any, at: datetime, **facts: Any) -> Dossier:
    """Write texts and contact of the dossier."""
    dossier = editable(dossier, by)
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
        touch(dossier, at)
    return dossier


@transaction.atomic
def correct_enterprise(*, enterprise: Enterprise, by: Any, at: datetime, **facts: Any) -> Enterprise:
    """A corrected record is a change of every dossier that can still be changed: it may answer a request."""
    require(by, "enterprises.correct", enterprise)
    before = {name: getattr(enterprise, name) for name in facts}
    correct_record(enterprise=enterprise, by=by, at=at, **facts)
    if before != facts:
        for dossier in Dossier.objects.filter(enterprise=enterprise, stage__in=[Stage.DRAFT, Stage.SUPPLEMENT]):
            touch(dossier, at)
    return enterprise


@transaction.atomic
def report_figures(
    *, dossier: Dossier, figures: dict[int, dict[str, Decimal | int | None]], by: Any, at: datetime
) -> Dossier:
    """Write the figures of the years asked; `figures[year]` maps the fields of YearFigure."""
    dossier = editable(dossier, by)
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
        touch(dossier, at)
        audit.record("dossier.figures_reported", dossier, by=by, at=at, years=changed)
    return dossier


@transaction.atomic
def give_undertakings(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    dossier = editable(dossier, by)
    if dossier.undertakings_at is None:
        dossier.undertakings_at, dossier.undertakings_by_name, dossier.changed_at = at, str(by), at
        dossier.save(update_fields=["undertakings_at", "undertakings_by_name", "changed_at"])
        audit.record("dossier.undertakings_given", dossier, by=by, at=at)
    return dossier
