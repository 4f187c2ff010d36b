"""Who is told what by letter when the people of an enterprise change: the person concerned, and every other signer.

Each letter speaks the language of its reader. Called by the actions, inside their transaction.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from enterprises import addresses
from enterprises.history import changes_in_words
from enterprises.models import Enterprise, Invitation, JoinRequest, Representative, RepresentativeRole
from enterprises.queries import signers_of
from mail.actions import post
from mail.kinds import Addressee


def role_words(role: str, language: str) -> str:
    with translation.override(language):
        return str(RepresentativeRole(role).label)


def invitation(row: Invitation, token: str, *, language: str, by: Any, at: datetime) -> None:
    """To the invited address. Whether it has an account is nobody's business but its owner's."""
    reader = User.objects.filter(email=row.email).first()
    spoken = reader.language if reader else language
    post(
        kind="invitation",
        to=reader or Addressee(row.email),
        context={
            "enterprise": row.enterprise.name_vi,
            "tax_code": row.enterprise.tax_code,
            "by": str(by),
            "role_vi": role_words(row.role, "vi"),
            "role_en": role_words(row.role, "en"),
            "until": date_format(timezone.localtime(row.expires_at), "d/m/Y"),
            "link": addresses.invitation(token, spoken),
        },
        key=f"invitation:{row.token_digest[:40]}",
        about=row.enterprise,
        by=by,
        at=at,
    )


def invited(row: Invitation, *, by: Any, at: datetime) -> None:
    def what() -> str:
        return _("%(email)s was invited in the role: %(role)s.") % {
            "email": row.email,
            "role": row.get_role_display(),
        }

    _tell_signers(row.enterprise, what, by=by, at=at)


def invitation_withdrawn(row: Invitation, *, by: Any, at: datetime) -> None:
    _tell_signers(
        row.enterprise, lambda: _("The invitation of %(email)s was withdrawn.") % {"email": row.email}, by=by, at=at
    )


def invitation_accepted(row: Invitation, user: User, *, at: datetime) -> None:
    def what() -> str:
        return _("%(person)s (%(email)s) accepted the invitation in the role: %(role)s.") % {
            "person": user,
            "email": row.email,
            "role": row.get_role_display(),
        }

    _tell_signers(row.enterprise, what, by=user, at=at)


def role_changed(person: Representative, *, by: Any, at: datetime) -> None:
    def what() -> str:
        return _("%(person)s has a new role: %(role)s.") % {"person": person.user, "role": _role(person)}

    _tell_signers(person.enterprise, what, by=by, at=at, but=person.user)
    _tell(person, lambda: _("Your new role: %(role)s.") % {"role": _role(person)}, by=by, at=at)


def person_left(person: Representative, *, by: Any, at: datetime) -> None:
    def what() -> str:
        return _("%(person)s no longer acts for the enterprise.") % {"person": person.user}

    _tell_signers(person.enterprise, what, by=by, at=at, but=person.user)
    _tell(person, lambda: _("You no longer act for this enterprise."), by=by, at=at)


def asked_to_join(asked: JoinRequest, *, at: datetime) -> None:
    """To everybody who signs; where nobody does, the Department finds the request on its list."""
    for signer in signers_of(asked.enterprise):
        post(
            kind="join_request",
            to=signer.user,
            context={
                "enterprise": asked.enterprise.name_vi,
                "person": asked.user.full_name,
                "email": asked.user.email,
                "position": asked.position or "–",
                "link": addresses.people(asked.enterprise, signer.user.language),
            },
            key=f"join_request:{asked.pk}:{signer.user_id}",
            about=asked.enterprise,
            by=asked.user,
            at=at,
        )


def join_answered(asked: JoinRequest, role: str, *, by: Any, at: datetime) -> None:
    enterprise, asker = asked.enterprise, asked.user
    if not asked.is_admitted:
        post(
            kind="join_declined",
            to=asker,
            context={"code": enterprise.tax_code},
            key=f"join_answer:{asked.pk}",
            by=by,
            at=at,
        )
    else:
        post(
            kind="join_admitted",
            to=asker,
            context={
                "enterprise": enterprise.name_vi,
                "tax_code": enterprise.tax_code,
                "role_vi": role_words(role, "vi"),
                "role_en": role_words(role, "en"),
                "link": addresses.own_enterprises(asker.language),
            },
            key=f"join_answer:{asked.pk}",
            about=enterprise,
            by=by,
            at=at,
        )

    def what() -> str:
        if not asked.is_admitted:
            return _("The request of %(person)s (%(email)s) was declined.") % _named(asker)
        return _("%(person)s (%(email)s) was admitted in the role: %(role)s.") % (
            _named(asker) | {"role": RepresentativeRole(role).label}
        )

    _tell_signers(enterprise, what, by=by, at=at, but=asker)


def corrected_by_department(
    enterprise: Enterprise, changed: dict[str, list[str]], reason: str, *, by: Any, at: datetime
) -> None:
    """To everybody who signs: what the Department changed in the record, and why."""
    fact = uuid4()
    for signer in signers_of(enterprise):
        reader = signer.user
        with translation.override(reader.language):
            words = changes_in_words(changed)
        post(
            kind="record_corrected",
            to=reader,
            context={
                "enterprise": enterprise.name_vi,
                "what": words,
                "reason": reason,
                "by": str(by),
                "link": addresses.record(enterprise, reader.language),
            },
            key=f"record_corrected:{fact}:{reader.pk}",
            about=enterprise,
            by=by,
            at=at,
        )


def _named(user: User) -> dict[str, str]:
    return {"person": user.full_name, "email": user.email}


def _role(person: Representative) -> str:
    words = person.get_role_display()
    return f"{words} ({_('consultant from outside')})" if person.is_consultant else words


def _tell_signers(
    enterprise: Enterprise, what: Callable[[], str], *, by: Any, at: datetime, but: User | None = None
) -> None:
    """Everybody who signs, except who did it and, if he or she is told separately, whom it concerns."""
    silent = {getattr(by, "pk", None), but.pk if but else None}
    fact = uuid4()
    for signer in signers_of(enterprise):
        reader = signer.user
        if reader.pk in silent:
            continue
        with translation.override(reader.language):
            words = what()
        post(
            kind="people_changed",
            to=reader,
            context={
                "enterprise": enterprise.name_vi,
                "what": words,
                "by": str(by),
                "when": date_format(timezone.localtime(at), "H:i d/m/Y"),
                "link": addresses.people(enterprise, reader.language),
            },
            key=f"people_changed:{fact}:{reader.pk}",
            about=enterprise,
            by=by,
            at=at,
        )


def _tell(person: Representative, what: Callable[[], str], *, by: Any, at: datetime) -> None:
    """Whom it concerns, unless it was his or her own act."""
    reader = person.user
    if getattr(by, "pk", None) == reader.pk:
        return
    with translation.override(reader.language):
        words = what()
    post(
        kind="own_role_changed",
        to=reader,
        context={
            "enterprise": person.enterprise.name_vi,
            "what": words,
            "by": str(by),
            "link": addresses.own_enterprises(reader.language),
        },
        key=f"own_role_changed:{uuid4()}",
        about=person.enterprise,
        by=by,
        at=at,
    )
