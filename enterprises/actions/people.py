"""Who acts for an enterprise, and in what role. Every change locks the enterprise first: two tabs wait in line."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.permissions import is_staff
from core import audit
from core.errors import Refused
from enterprises import notices
from enterprises.models import Enterprise, Representative, RepresentativeRole
from enterprises.permissions import forget_representations
from enterprises.queries import signers_of


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
    forget_representations(user)
    return representative


@transaction.atomic
def change_role(
    *, representative: Representative, role: str, is_consultant: bool, by: Any, at: datetime
) -> Representative:
    """Another role from now on. Refused when nobody would be left who signs."""
    person = _locked(representative, by)
    if role not in RepresentativeRole.values:
        raise Refused(_("Choose one of the roles of the list."))
    if (person.role, person.is_consultant) == (role, is_consultant):
        return person
    if role != RepresentativeRole.SIGNS:
        _keep_a_signer(person)
    before = person.role
    person.role, person.is_consultant = role, is_consultant
    person.save(update_fields=["role", "is_consultant"])
    notices.role_changed(person, by=by, at=at)
    audit.record(
        "representative.role_changed",
        person.enterprise,
        by=by,
        at=at,
        person=str(person.user),
        role=[before, role],
        is_consultant=is_consultant,
    )
    forget_representations(person.user)
    return person


@transaction.atomic
def end_representation(*, representative: Representative, by: Any, at: datetime) -> None:
    """The person no longer acts for the enterprise; what he or she did stays. Refused for the last who signs."""
    person = _locked(representative, by, rule="enterprises.end_person")
    _keep_a_signer(person)
    person.ended_at = at
    person.save(update_fields=["ended_at"])
    notices.person_left(person, by=by, at=at)
    audit.record("representative.ended", person.enterprise, by=by, at=at, person=str(person.user), role=person.role)
    forget_representations(person.user)


def lock(enterprise_id: int) -> Enterprise:
    """The enterprise, locked until the end of the transaction: who its people are is decided one act at a time."""
    return Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise_id)


def _locked(representative: Representative, by: Any, rule: str = "enterprises.manage_people") -> Representative:
    """The row as it is now. The right is asked again behind the lock: the other tab may have taken it away."""
    enterprise = lock(representative.enterprise_id)
    forget_representations(by)
    person = Representative.objects.select_related("user", "enterprise").get(pk=representative.pk)
    require(by, rule, person if rule == "enterprises.end_person" else enterprise)
    if person.ended_at is not None:
        raise Refused(_("%(person)s no longer acts for this enterprise.") % {"person": person.user})
    return person


def _keep_a_signer(person: Representative) -> None:
    if person.role != RepresentativeRole.SIGNS:
        return
    if not signers_of(person.enterprise).exclude(pk=person.pk).exists():
        raise Refused(
            _(
                "%(person)s is the only one who signs for the enterprise. Give this role to somebody else first: "
                "without it nobody could send a dossier or manage the people."
            )
            % {"person": person.user}
        )


def refuse_department(user: Any) -> None:
    """Whoever checks dossiers acts for no enterprise: it would end that person's work on them for good."""
    if is_staff(user):
        raise Refused(_("You work for the Department; an officer or secretary cannot act for an enterprise."))
