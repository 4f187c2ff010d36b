"""Enterprises and the people who act for them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from enterprises import tax_code
from enterprises.models import Enterprise, Representative, RepresentativeRole


@transaction.atomic
def register_enterprise(*, code: str, by: Any, at: datetime, position: str = "", **facts: Any) -> Enterprise:
    """A new enterprise with its first representative. Raises Refused when the tax code is known already."""
    code = tax_code.legal_entity(tax_code.parse(code))
    if Enterprise.objects.filter(tax_code=code).exists():
        raise Refused(
            _(
                "An enterprise with tax code %(code)s is registered already. Ask its representative to add you, "
                "or write to the Department."
            )
            % {"code": code}
        )
    enterprise = Enterprise.objects.create(tax_code=code, created_at=at, **facts)
    audit.record("enterprise.registered", enterprise, by=by, at=at, tax_code=code)
    add_representative(enterprise=enterprise, user=by, position=position, by=by, at=at)
    return enterprise


@transaction.atomic
def add_representative(
    *,
    enterprise: Enterprise,
    user: Any,
    position: str = "",
    role: str = RepresentativeRole.SIGNS,
    is_consultant: bool = False,
    by: Any,
    at: datetime,
) -> Representative:
    facts = {"since": at, "position": position, "role": role, "is_consultant": is_consultant}
    representative, new = Representative.objects.get_or_create(
        enterprise=enterprise, user=user, ended_at=None, defaults=facts
    )
    if new:
        audit.record("representative.added", enterprise, by=by, at=at, person=str(user), role=role)
    if hasattr(user, "_represents"):
        del user._represents
    return representative


@transaction.atomic
def correct_record(*, enterprise: Enterprise, by: Any, at: datetime, **facts: Any) -> Enterprise:
    """Change facts of the record; the tax code stays."""
    before = {name: str(getattr(enterprise, name)) for name in facts}
    for name, value in facts.items():
        setattr(enterprise, name, value)
    enterprise.save()
    changed = {n: [before[n], str(getattr(enterprise, n))] for n in facts if before[n] != str(getattr(enterprise, n))}
    if changed:
        audit.record("enterprise.corrected", enterprise, by=by, at=at, changed=changed)
    return enterprise
