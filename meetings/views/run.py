"""The session as the secretary leads it, and what the room sees on the wall."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import can
from meetings import queries, shown
from meetings.actions.room import quorum_words
from meetings.meeting_forms import ConclusionForm
from meetings.models import Meeting
from meetings.views.common import followed, meeting_of, page


@require_safe
@never_cache
def run(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The secretary's view: the item that is up, who must leave now, the quorum, the votes."""
    meeting = meeting_of(request, year, number)
    return followed(request, "run.html", "_room.html", facts_for(request, meeting))


def facts_for(request: HttpRequest, meeting: Meeting, conclusion: ConclusionForm | None = None) -> dict[str, Any]:
    board = shown.board_of(meeting, request.user)
    current = board.current
    may_run = can(request.user, "meetings.run", meeting.season)
    return {
        "season": meeting.season,
        "meeting": meeting,
        "board": board,
        "current": current,
        "item": current.item if current is not None and not current.is_hidden else None,
        "quorum_refusal": quorum_words(board.quorum) if board.quorum is not None and not board.quorum.holds else "",
        "may_run": may_run,
        "may_act": may_run and meeting.closed_at is None,
        "conclusion": conclusion or ConclusionForm(),
        "vote_words": vote_words(),
    }


def vote_words() -> list[tuple[str, str]]:
    return [("for", _("For")), ("against", _("Against")), ("abstain", _("Abstain"))]


def show_run(
    request: HttpRequest, meeting: Meeting, reasons: list[str], conclusion: ConclusionForm | None = None
) -> HttpResponse:
    """The page again, with the reasons why an act was refused."""
    meeting = queries.meetings_of(meeting.season).get(pk=meeting.pk)
    return page(request, "run.html", facts_for(request, meeting, conclusion), reasons)


@require_safe
@never_cache
def screen(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """For the projector: the item that is up in large letters, no names on marks, no rank, no navigation."""
    meeting = meeting_of(request, year, number)
    context = {"season": meeting.season, "meeting": meeting, "board": shown.board_of(meeting, request.user)}
    return followed(request, "screen.html", "_screen.html", context)
