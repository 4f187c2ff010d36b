"""What the pages of a session begin with, and how a page follows the session."""

from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string

from accounts.access import can, require
from evaluations.models import Seat
from evaluations.queries import newest_seat
from meetings import queries
from meetings.models import AgendaItem, Meeting
from programme.models import Season

REFUSED = 409


def season_of(request: HttpRequest, year: int, rule: str = "meetings.see") -> Season:
    """The season of an address; 404 when it is not there or not for this person."""
    season = get_object_or_404(Season.objects.select_related("rubric"), year=year)
    require(request.user, rule, season)
    return season


def meeting_of(request: HttpRequest, year: int, number: int, rule: str = "meetings.see") -> Meeting:
    found = queries.meeting_numbered(season_of(request, year, rule), number)
    if found is None:
        raise Http404
    return found


def item_of(meeting: Meeting, pk: int) -> AgendaItem:
    found = queries.items_of(meeting).filter(pk=pk).first()
    if found is None:
        raise Http404
    found.meeting = meeting
    return found


def own_seat(request: HttpRequest) -> Seat:
    """The member's seat in the newest season, or 404."""
    seat = newest_seat(request.user) if can(request.user, "evaluations.sit") else None
    if seat is None:
        raise Http404
    return seat


def own_meeting(request: HttpRequest, number: int) -> tuple[Seat, Meeting]:
    seat = own_seat(request)
    found = queries.meeting_numbered(seat.council.season, number)
    if found is None:
        raise Http404
    require(request.user, "meetings.attend", found)
    return seat, found


def number_in(request: HttpRequest, name: str) -> int | None:
    """A whole number that a form sent, or nothing."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def page(
    request: HttpRequest, template: str, context: dict[str, Any], reasons: list[str] | None = None
) -> HttpResponse:
    """A page; with the reasons of a refusal on top it answers 409."""
    context["reasons"] = reasons or []
    return render(request, f"meetings/{template}", context, status=REFUSED if reasons else 200)


def followed(request: HttpRequest, template: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """The page; a script that follows the session asks with `X-Partial` for its moving part, and is told 304 while
    nothing has changed."""
    asked = request.headers.get("X-Partial")
    if not asked:
        return page(request, template, context)
    html = render_to_string(f"meetings/{part}", context, request=request)
    tag = f'"{sha256(html.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers={"ETag": tag})
    return HttpResponse(html, headers={"ETag": tag})
