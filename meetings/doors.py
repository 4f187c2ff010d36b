"""What this room adds to the side rail."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.access import can
from accounts.permissions import is_member
from core import rail
from dossiers.doors import season_of
from evaluations.queries import newest_seat


def _of_season(name: str) -> Callable[[HttpRequest], str | None]:
    def url(request: HttpRequest) -> str | None:
        if not can(request.user, "meetings.see"):
            return None
        season = season_of(request)
        return reverse(f"meetings:{name}", args=[season.year]) if season else None

    return url


def _of_member(request: HttpRequest) -> str | None:
    if not is_member(request.user) or newest_seat(request.user) is None:
        return None
    return reverse("meetings:own")


rail.add(
    "council",
    gettext_lazy("Council"),
    20,
    rail.Door(pgettext_lazy("rail", "Meetings and minutes"), _of_season("meetings")),
    rail.Door(pgettext_lazy("rail", "Papers of the session"), _of_season("papers")),
)
rail.add("scoring", gettext_lazy("My scoring"), 5, rail.Door(pgettext_lazy("rail", "Meetings"), _of_member))
