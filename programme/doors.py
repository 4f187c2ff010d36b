"""What this app adds to the side rail: the set-up of the running season."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.access import can
from core import rail
from programme.models import Season
from programme.queries import running_season


def season_of(request: HttpRequest) -> Season | None:
    """The running season, asked once per request: page and rail mean the same one."""
    if not hasattr(request, "_running_season"):
        request._running_season = running_season()  # type: ignore[attr-defined]
    return request._running_season  # type: ignore[attr-defined, no-any-return]


def _set_up(request: HttpRequest) -> str | None:
    if not can(request.user, "programme.see_desk"):
        return None
    season = season_of(request)
    if season is not None:
        return reverse("programme:season_desk", args=[season.year])
    return reverse("programme:season_new") if can(request.user, "programme.plan") else None


def _year(request: HttpRequest) -> str | None:
    season = season_of(request)
    return str(season.year) if season else None


def _rubrics(request: HttpRequest) -> str | None:
    return reverse("programme:rubrics") if can(request.user, "programme.see_desk") else None


rail.add(
    "season",
    pgettext_lazy("rail", "Season"),
    40,
    rail.Door(pgettext_lazy("rail", "Dates and criteria"), _set_up, _year),
    rail.Door(pgettext_lazy("rail", "Sets of criteria"), _rubrics),
)
