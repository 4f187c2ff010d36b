"""What this app adds to the side rail."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.access import can
from accounts.permissions import is_member, is_secretary
from core import rail
from programme.doors import season_of


def _reliability(request: HttpRequest) -> str | None:
    """The page of the running season. Whoever has neither role is not asked about seats."""
    if not (is_secretary(request.user) or is_member(request.user)):
        return None
    season = season_of(request)
    if season is None or not can(request.user, "analysis.see", season):
        return None
    return reverse("analysis:reliability", args=[season.year])


def _mine(request: HttpRequest) -> str | None:
    if not is_member(request.user) or not can(request.user, "analysis.see_own"):
        return None
    return reverse("analysis:mine")


rail.add(
    "council",
    gettext_lazy("Council"),
    20,
    rail.Door(pgettext_lazy("rail", "Reliability"), _reliability),
)


def _laboratory(request: HttpRequest) -> str | None:
    return reverse("analysis:laboratory") if can(request.user, "analysis.try_weights") else None


rail.add("season", pgettext_lazy("rail", "Season"), 40, rail.Door(pgettext_lazy("rail", "Laboratory"), _laboratory))
rail.add("scoring", gettext_lazy("My scoring"), 5, rail.Door(gettext_lazy("My level"), _mine))
