"""A member's place in the session: follows the chair, votes, or waits outside."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refused
from evaluations.models import Seat
from meetings import actions, queries, shown
from meetings.models import Meeting
from meetings.views.common import followed, item_of, own_meeting, own_seat, page
from meetings.views.run import vote_words


@require_safe
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """The meetings of the member's council."""
    seat = own_seat(request)
    season = seat.council.season
    context = {"season": season, "seat": seat, "rows": list(queries.meetings_for_member(season))}
    return page(request, "own.html", context)


@require_safe
@never_cache
def attend(request: HttpRequest, number: int) -> HttpResponse:
    """What is being discussed. A barred member learns only that it is time to wait outside."""
    seat, meeting = own_meeting(request, number)
    return followed(request, "attend.html", "_attend.html", _facts(request, seat, meeting))


def _facts(request: HttpRequest, seat: Seat, meeting: Meeting) -> dict[str, Any]:
    board = shown.board_of(meeting, request.user)
    here = board.room.here.get(seat.pk)
    may_vote = any(voter.seat.pk == seat.pk for voter in board.voters)
    return {
        "season": meeting.season,
        "seat": seat,
        "meeting": meeting,
        "board": board,
        "current": board.current,
        "is_here": here is not None,
        "may_vote": may_vote,
        "vote_words": vote_words(),
    }


@require_POST
def vote(request: HttpRequest, number: int, item: int) -> HttpResponse:
    seat, meeting = own_meeting(request, number)
    try:
        actions.cast_vote(
            item=item_of(meeting, item), choice=request.POST.get("choice", ""), by=request.user, at=timezone.now()
        )
    except Refused as refused:
        return page(request, "attend.html", _facts(request, seat, meeting), refused.reasons)
    messages.success(request, _("Your vote was counted."))
    return redirect("meetings:attend", number=number)
