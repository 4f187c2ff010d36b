"""The council is set up, seats are taken and given up."""

import secrets
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.actions import grant_role
from accounts.models import Role, User
from accounts.permissions import is_secretary
from core import audit
from core.errors import Refused
from evaluations.actions.panel import advance
from evaluations.actions.sheets import drop_sheets
from evaluations.models import Council, Seat
from programme.models import Season


@transaction.atomic
def set_up_council(*, season: Season, decision_number: str, decision_date: date, by: Any, at: datetime) -> Council:
    """Record the decision that sets up the council of the season."""
    require(by, "evaluations.run_session")
    council, _new = Council.objects.update_or_create(
        season=season, defaults={"decision_number": decision_number, "decision_date": decision_date}
    )
    audit.record("council.set_up", council, by=by, at=at, decision=decision_number)
    return council


@transaction.atomic
def seat_member(*, council: Council, user: User, position: str, unit: str = "", by: Any, at: datetime) -> Seat:
    """Raises Refused when the person sits already, the chair is taken, or the person is the secretary."""
    require(by, "evaluations.run_session")
    reasons = []
    if Seat.objects.filter(council=council, user=user, vacated_at=None).exists():
        reasons.append(_("%(name)s sits in this council already.") % {"name": user})
    chairs = Seat.objects.filter(council=council, position=Seat.Position.CHAIR, vacated_at=None)
    if position == Seat.Position.CHAIR and chairs.exists():
        reasons.append(_("The council has a chair already."))
    if is_secretary(user):
        reasons.append(_("The secretary has no vote and cannot take a seat."))
    if reasons:
        raise Refused(reasons)
    seat = Seat.objects.create(
        council=council, user=user, position=position, unit=unit, alias=_draw_alias(council), seated_at=at
    )
    grant_role(user=user, role=Role.MEMBER, by=by, at=at)
    facts = {"council": council.season.year, "position": position}
    audit.record("seat.taken", seat, by=by, at=at, **facts, panel=advance(council))
    return seat


def _draw_alias(council: Council) -> str:
    """A name for papers that leave the house. It is drawn, so that it does not tell the order of the seats."""
    taken = set(Seat.objects.filter(council=council).values_list("alias", flat=True))
    free = [f"M{number}" for number in range(10, 100) if f"M{number}" not in taken]
    if not free:
        raise Refused(_("The council has had as many members as it can number."))
    return secrets.choice(free)


@transaction.atomic
def vacate_seat(*, seat: Seat, by: Any, at: datetime) -> None:
    """Raises Refused when the member has signed sheets: signed marks stay in the record."""
    require(by, "evaluations.run_session")
    if seat.sheets.filter(signed_at__isnull=False).exists():
        raise Refused(_("%(name)s has signed score sheets and keeps the seat.") % {"name": seat})
    drop_sheets(seat.sheets.all())
    seat.assignments.all().delete()
    seat.vacated_at = at
    seat.save(update_fields=["vacated_at"])
    audit.record("seat.vacated", seat, by=by, at=at, panel=advance(seat.council))
