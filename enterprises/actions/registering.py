"""An enterprise comes in: by its own person, or recorded by the Department."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import open_account
from accounts.models import User
from core import audit
from core.errors import Refused
from enterprises import addresses, tax_code
from enterprises.actions.asking import ask_to_join
from enterprises.actions.people import add_representative, lock
from enterprises.models import Enterprise
from enterprises.queries import by_tax_code
from mail.actions import post
from mail.kinds import Addressee


@transaction.atomic
def send_registration_letter(*, email: str, language: str, at: datetime) -> None:
    """A link to go on, or the word that this address has an account. Whoever asked learns neither.

    One letter a minute and address: a second press sends nothing more.
    """
    email = email.strip().lower()
    to = Addressee(email, language=language)
    key = f"{hashlib.sha256(email.encode()).hexdigest()[:32]}:{at:%Y%m%d%H%M}"
    links = {
        "link": addresses.registration(email, language),
        "sign_in": addresses.sign_in(language),
        "reset": addresses.password_reset(language),
    }
    known = User.objects.filter(email=email).exists()
    wanted = ("sign_in", "reset") if known else ("link",)
    post(
        kind="registration_known" if known else "registration_begin",
        to=to,
        context={name: links[name] for name in wanted},
        key=f"registration:{key}",
        at=at,
    )


@transaction.atomic
def open_registered_account(
    *,
    email: str,
    full_name: str,
    password: str,
    position: str,
    code: str,
    language: str,
    at: datetime,
) -> tuple[User, bool]:
    """The person behind a proven address. When the tax code is known, his or her question goes to the enterprise
    in the same act; the second value tells so."""
    known = by_tax_code(tax_code.parse(code))
    if known is not None:
        lock(known.pk)
    user = open_account(email=email, full_name=full_name, password=password, title=position, at=at)
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
    if known is not None:
        ask_to_join(enterprise=known, by=user, position=position, at=at)
    return user, known is not None


@transaction.atomic
def register_enterprise(*, code: str, by: Any, at: datetime, position: str = "", **facts: Any) -> Enterprise:
    """A new enterprise with its first representative, who signs. Refused when the tax code is known already."""
    enterprise = _new(code, at, facts)
    audit.record("enterprise.registered", enterprise, by=by, at=at, tax_code=enterprise.tax_code)
    add_representative(enterprise=enterprise, user=by, position=position, by=by, at=at)
    return enterprise


@transaction.atomic
def record_enterprise(*, code: str, by: Any, at: datetime, **facts: Any) -> Enterprise:
    """A new enterprise without people: it came on paper or in a file. Refused when the tax code is known already."""
    enterprise = _new(code, at, facts)
    audit.record("enterprise.recorded", enterprise, by=by, at=at, tax_code=enterprise.tax_code)
    return enterprise


def _new(code: str, at: datetime, facts: dict[str, Any]) -> Enterprise:
    code = tax_code.legal_entity(tax_code.parse(code))
    if Enterprise.objects.filter(tax_code=code).exists():
        raise Refused(
            _(
                "An enterprise with tax code %(code)s is registered already. Ask its representative to add you, "
                "or write to the Department."
            )
            % {"code": code}
        )
    return Enterprise.objects.create(tax_code=code, created_at=at, **facts)
