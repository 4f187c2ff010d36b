"""What this app adds to the side rail: the worklists of the Department, with how many wait in each."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import can
from core import rail
from dossiers import desk_queries, talk
from dossiers.desk_queries import DeskLine
from dossiers.models import Stage
from programme.doors import season_of

__all__ = ["LISTS", "OPEN", "lines_of", "season_of"]


def is_overdue(line: DeskLine, today: date) -> bool:
    """The Department's check is late, or the enterprise's supplement is."""
    if line.stage == Stage.SUPPLEMENT:
        return line.supplement_due is not None and line.supplement_due < today
    return line.clock.is_late(today)


OPEN = (Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT)
# Address name of a worklist: which lines it holds.
LISTS: dict[str, Callable[[DeskLine], bool]] = {
    "desk": lambda line: line.stage in OPEN,
    "desk_new": lambda line: line.stage == Stage.SUBMITTED,
    "desk_supplement": lambda line: line.stage == Stage.SUPPLEMENT,
    "desk_overdue": lambda line: line.stage in OPEN and is_overdue(line, timezone.localdate()),
    "desk_all": lambda line: True,
}


def lines_of(request: HttpRequest) -> list[DeskLine]:
    """The desk lines of the running season, asked once per request: page and rail count the same rows."""
    if not hasattr(request, "_desk_lines"):
        found = desk_queries.desk_lines(season_of(request), for_user=request.user)
        request._desk_lines = found  # type: ignore[attr-defined]
    return request._desk_lines  # type: ignore[attr-defined, no-any-return]


def _url(name: str) -> Callable[[HttpRequest], str | None]:
    return lambda request: reverse(f"dossiers:{name}") if can(request.user, "dossiers.work_list") else None


def _count(name: str) -> Callable[[HttpRequest], int]:
    return lambda request: sum(map(LISTS[name], lines_of(request)))


def _unread(request: HttpRequest) -> int | None:
    """Dossiers with a message that nobody at the desk has read."""
    return talk.waiting_for_department(request.user).count() or None


rail.add(
    "dossiers",
    _("Dossiers"),
    10,
    rail.Door(_("All work"), _url("desk"), _count("desk")),
    rail.Door(_("New"), _url("desk_new"), _count("desk_new")),
    rail.Door(_("Awaiting supplement"), _url("desk_supplement"), _count("desk_supplement")),
    rail.Door(_("Overdue"), _url("desk_overdue"), _count("desk_overdue")),
    rail.Door(_("All dossiers"), _url("desk_all"), _count("desk_all")),
    rail.Door(_("Messages"), _url("desk_inbox"), _unread),
    rail.Door(_("Working days"), _url("special_days")),
)
