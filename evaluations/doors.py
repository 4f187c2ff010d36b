"""What this app adds to the side rail."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.access import can
from accounts.permissions import is_member
from core import rail
from dossiers.doors import season_of
from evaluations import queries


def _of_season(name: str, rule: str) -> Callable[[HttpRequest], str | None]:
    """The page of the running season, for those who may use it."""

    def url(request: HttpRequest) -> str | None:
        if not can(request.user, "accounts.staff") or not can(request.user, rule):
            return None
        season = season_of(request)
        return reverse(f"evaluations:{name}", args=[season.year]) if season else None

    return url


def _of_member(name: str) -> Callable[[HttpRequest], str | None]:
    def url(request: HttpRequest) -> str | None:
        return reverse(f"evaluations:{name}") if _sits(request) else None

    return url


def _sits(request: HttpRequest) -> bool:
    """Only people with the role are asked whether they have a seat."""
    if not hasattr(request, "_rail_sits"):
        sits = is_member(request.user) and can(request.user, "evaluations.sit")
        request._rail_sits = sits  # type: ignore[attr-defined]
    return bool(request._rail_sits)  # type: ignore[attr-defined]


def _unsigned(request: HttpRequest) -> int | None:
    """How many sheets the member has not signed; nothing when there are none."""
    seat = queries.newest_seat(request.user)
    return queries.unsigned_count(seat) or None if seat else None


def _of_worker(request: HttpRequest) -> str | None:
    """People of the Department and the IT officer; members declare beside their sheets."""
    works = can(request.user, "accounts.staff") or can(request.user, "accounts.it_officer")
    return reverse("evaluations:own_conflicts") if works else None


def _second_person(request: HttpRequest) -> int | None:
    """How many emergencies and withdrawals wait for this person's answer."""
    return len(queries.openings_waiting(request.user)) + len(queries.lifts_waiting(request.user)) or None


def _checks(request: HttpRequest) -> str | None:
    return reverse("evaluations:checks") if can(request.user, "evaluations.see_checks") else None


rail.add(
    "council",
    gettext_lazy("Council"),
    20,
    rail.Door(gettext_lazy("Council members"), _of_season("council", "evaluations.run_session")),
    rail.Door(gettext_lazy("Assignment"), _of_season("assignment", "evaluations.run_session")),
    rail.Door(gettext_lazy("Conflicts of interest"), _of_season("conflicts", "evaluations.see_conflicts")),
    rail.Door(gettext_lazy("Scoring progress"), _of_season("progress", "evaluations.see_progress")),
    rail.Door(gettext_lazy("Ranking"), _of_season("ranking", "evaluations.see_ranking")),
)
rail.add(
    "scoring",
    gettext_lazy("My scoring"),
    5,
    rail.Door(gettext_lazy("Score sheets"), _of_member("queue"), _unsigned),
    rail.Door(gettext_lazy("Conflicts of interest"), _of_member("interests")),
)
rail.add(
    "wall",
    gettext_lazy("Conflicts of interest"),
    60,
    rail.Door(gettext_lazy("Own conflicts of interest"), _of_worker, _second_person),
)
rail.add(
    "system",
    gettext_lazy("System"),
    70,
    rail.Door(gettext_lazy("Recomputation of the results"), _checks),
)
