"""Statistics about a panel touch its members: the secretary and the chair read them, each member the own line."""

from typing import Any

from accounts.permissions import is_member, is_secretary, is_staff
from evaluations.models import Seat
from evaluations.permissions import has_seat
from programme.models import Season


def is_chair(user: Any, season: Season | None = None) -> bool:
    """Chairs the council of this season, or of any."""
    if not is_member(user):
        return False
    seats = Seat.objects.filter(user=user, vacated_at=None, position=Seat.Position.CHAIR)
    return (seats.filter(council__season=season) if season else seats).exists()


def may_see(user: Any, season: Season | None = None) -> bool:
    """The secretary who has no seat in this council, and its chair. What a conflict bars is left out for both."""
    if is_secretary(user):
        return not has_seat(user, season)
    return is_chair(user, season)


def may_see_own(user: Any, season: Season | None = None) -> bool:
    return has_seat(user, season)


RULES = {"see": may_see, "see_own": may_see_own, "try_weights": is_staff}
