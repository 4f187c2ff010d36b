"""Letters about a dossier: to whom they go, and what they say of it in the reader's language."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from accounts.models import User
from accounts.permissions import is_officer
from core.templatetags.ui import in_language
from dossiers.models import Dossier
from dossiers.wall import is_barred
from enterprises.models import RepresentativeRole
from mail.actions import post
from mail.kinds import Addressee, CalendarEntry

Values = Callable[[], dict[str, str]]


def readers_of(dossier: Dossier) -> list[User | Addressee]:
    """Who acts for the enterprise and can do something about it; without an account the contact of a paper dossier."""
    people = dossier.enterprise.representatives.filter(
        ended_at=None, user__is_active=True, role__in=[RepresentativeRole.SIGNS, RepresentativeRole.FILLS_IN]
    ).select_related("user")
    users: list[User | Addressee] = [person.user for person in people.order_by("since", "pk")]
    if users or not dossier.contact_email:
        return users
    try:
        validate_email(dossier.contact_email)
    except ValidationError:  # a paper application with an address nobody can write to
        return []
    return [Addressee(dossier.contact_email, dossier.contact_name)]


def tell_enterprise(
    kind: str,
    dossier: Dossier,
    *,
    key: str,
    page: str,
    values: Values | None = None,
    calendar: Callable[[], CalendarEntry] | None = None,
    by: Any = None,
    at: datetime,
) -> int:
    """One letter to each reader, once for each `key`. `values` and `calendar` are asked in the reader's language;
    `page` is the address name of the page that the letter opens."""
    readers = readers_of(dossier)
    for reader in readers:
        tell(kind, dossier, reader, key=key, page=page, values=values, calendar=calendar, by=by, at=at)
    return len(readers)


def tell(
    kind: str,
    dossier: Dossier,
    reader: User | Addressee,
    *,
    key: str,
    page: str,
    values: Values | None = None,
    calendar: Callable[[], CalendarEntry] | None = None,
    by: Any = None,
    at: datetime,
) -> None:
    who = str(reader.pk) if isinstance(reader, User) else reader.email
    with translation.override(reader.language or "vi"):
        context = {
            "number": dossier.number or "",
            "product": in_language(dossier.product, "name"),
            "season": str(dossier.season.year),
            "link": f"{settings.SITE_URL}{reverse(page, kwargs={'pk': dossier.pk})}",
        } | (values() if values else {})
        post(
            kind=kind,
            to=reader,
            context=context,
            key=f"{key}:{who}",
            about=dossier,
            by=by,
            at=at,
            calendar=calendar() if calendar else None,
        )


def officer_of(dossier: Dossier) -> User | None:
    """The officer who has the dossier in hand, as long as he or she is one."""
    officer = dossier.officer
    if officer is None or not officer.is_active or not is_officer(officer) or is_barred(officer, dossier):
        return None
    return officer


def day(value: date) -> str:
    return date_format(value, "SHORT_DATE_FORMAT")
