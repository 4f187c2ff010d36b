"""Invitations by mail. The letter carries a token that is kept nowhere else: the row has only its digest."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.actions import open_account
from accounts.models import User
from core import audit
from core.errors import Refused
from enterprises import notices
from enterprises.actions.people import add_representative, lock, refuse_department
from enterprises.models import Enterprise, Invitation, Representative, RepresentativeRole
from enterprises.permissions import forget_representations

VALID_FOR = timedelta(days=7)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    *, enterprise: Enterprise, email: str, role: str, is_consultant: bool, language: str, by: Any, at: datetime
) -> Invitation:
    """A letter that lets this address act for the enterprise, in this role, within a week."""
    enterprise = _mine_to_manage(enterprise.pk, by)
    email = email.strip().lower()
    if role not in RepresentativeRole.values:
        raise Refused(_("Choose one of the roles of the list."))
    if Representative.objects.filter(enterprise=enterprise, user__email=email, ended_at=None).exists():
        raise Refused(_("The person with this address acts for the enterprise already; change the role in the list."))
    for earlier in enterprise.invitations.filter(email=email, accepted_at=None, withdrawn_at=None):
        if earlier.expires_at > at:
            raise Refused(_("This address is invited already. Send the letter again, or withdraw the invitation."))
        earlier.withdrawn_at = at
        earlier.save(update_fields=["withdrawn_at"])
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        enterprise=enterprise,
        email=email,
        role=role,
        is_consultant=is_consultant,
        token_digest=digest(token),
        invited_by_name=str(by)[:200],
        invited_at=at,
        expires_at=at + VALID_FOR,
    )
    notices.invitation(invitation, token, language=language, by=by, at=at)
    notices.invited(invitation, by=by, at=at)
    audit.record("invitation.sent", enterprise, by=by, at=at, email=email, role=role)
    return invitation


@transaction.atomic
def send_invitation_again(*, invitation: Invitation, language: str, by: Any, at: datetime) -> Invitation:
    """A new letter with a new link and a new week; the link of the earlier letter is dead."""
    row = _open_row(invitation, by)
    token = secrets.token_urlsafe(32)
    row.token_digest, row.invited_at, row.expires_at = digest(token), at, at + VALID_FOR
    row.invited_by_name = str(by)[:200]
    row.save(update_fields=["token_digest", "invited_at", "expires_at", "invited_by_name"])
    notices.invitation(row, token, language=language, by=by, at=at)
    audit.record("invitation.sent_again", row.enterprise, by=by, at=at, email=row.email, role=row.role)
    return row


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Any, at: datetime) -> None:
    row = _open_row(invitation, by)
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    notices.invitation_withdrawn(row, by=by, at=at)
    audit.record("invitation.withdrawn", row.enterprise, by=by, at=at, email=row.email, role=row.role)


@transaction.atomic
def accept_invitation(
    *, token: str, user: User | None, full_name: str = "", password: str | None = None, at: datetime
) -> Representative:
    """The invited person acts for the enterprise from now on. The role comes from the row, never from a form.

    Without a user an account is opened for the invited address. Refused for another address, and when the link is
    used, withdrawn or too old.
    """
    found = Invitation.objects.filter(token_digest=digest(token)).first()
    if found is None:
        raise Refused(dead_link())
    enterprise = lock(found.enterprise_id)
    row = Invitation.objects.get(pk=found.pk)
    if not is_open(row, at) or row.token_digest != digest(token):
        raise Refused(dead_link())
    if user is None:
        user = open_account(email=row.email, full_name=full_name, password=password, at=at)
    elif user.email.lower() != row.email:
        raise Refused(_("This invitation was sent to another address than the one you are signed in with."))
    refuse_department(user)
    row.accepted_at, row.accepted_by = at, user
    row.save(update_fields=["accepted_at", "accepted_by"])
    notices.invitation_accepted(row, user, at=at)
    audit.record("invitation.accepted", enterprise, by=user, at=at, email=row.email, role=row.role)
    return add_representative(
        enterprise=enterprise, user=user, role=row.role, is_consultant=row.is_consultant, by=user, at=at
    )


def is_open(invitation: Invitation, at: datetime) -> bool:
    return invitation.accepted_at is None and invitation.withdrawn_at is None and invitation.expires_at > at


def dead_link() -> str:
    return _("This link is used up, withdrawn or too old. Ask the enterprise for a new invitation.")


def _mine_to_manage(enterprise_id: int, by: Any) -> Enterprise:
    enterprise = lock(enterprise_id)
    forget_representations(by)
    require(by, "enterprises.manage_people", enterprise)
    return enterprise


def _open_row(invitation: Invitation, by: Any) -> Invitation:
    _mine_to_manage(invitation.enterprise_id, by)
    row = Invitation.objects.select_related("enterprise").get(pk=invitation.pk)
    if row.accepted_at is not None:
        raise Refused(_("This invitation is accepted already."))
    if row.withdrawn_at is not None:
        raise Refused(_("This invitation is withdrawn already."))
    return row
