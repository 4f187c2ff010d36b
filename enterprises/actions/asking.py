"""Somebody asks to act for an enterprise that is registered already."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from enterprises import notices
from enterprises.actions.people import add_representative, lock, refuse_department
from enterprises.models import Enterprise, JoinRequest, RepresentativeRole
from enterprises.permissions import forget_representations


@transaction.atomic
def ask_to_join(*, enterprise: Enterprise, by: Any, position: str = "", at: datetime) -> JoinRequest:
    """Whoever signs for the enterprise gets a letter and answers; asked twice is asked once.

    Refused only for somebody who acts for the enterprise already: nobody else learns anything.
    """
    enterprise = lock(enterprise.pk)
    if enterprise.representatives.filter(user=by, ended_at=None).exists():
        raise Refused(_("You act for this enterprise already."))
    refuse_department(by)
    asked, new = JoinRequest.objects.get_or_create(
        enterprise=enterprise, user=by, answered_at=None, defaults={"position": position, "asked_at": at}
    )
    if new:
        notices.asked_to_join(asked, at=at)
        audit.record("join_request.made", enterprise, by=by, at=at, person=str(by))
    return asked


@transaction.atomic
def answer_join_request(
    *, asked: JoinRequest, admit: bool, role: str = "", is_consultant: bool = False, by: Any, at: datetime
) -> JoinRequest:
    """Admit in a role, or decline. Answered once."""
    enterprise = lock(asked.enterprise_id)
    forget_representations(by)
    row = JoinRequest.objects.select_related("user", "enterprise").get(pk=asked.pk)
    require(by, "enterprises.answer_request", row)
    if row.answered_at is not None:
        raise Refused(_("This request was answered by %(person)s already.") % {"person": row.answered_by_name})
    if admit and role not in RepresentativeRole.values:
        raise Refused(_("Choose the role in which the person is to act."))
    row.answered_at, row.is_admitted, row.answered_by_name = at, admit, str(by)[:200]
    row.save(update_fields=["answered_at", "is_admitted", "answered_by_name"])
    if admit:
        add_representative(
            enterprise=enterprise,
            user=row.user,
            position=row.position,
            role=role,
            is_consultant=is_consultant,
            by=by,
            at=at,
        )
    notices.join_answered(row, role, by=by, at=at)
    audit.record("join_request.answered", enterprise, by=by, at=at, person=str(row.user), admitted=admit)
    return row
