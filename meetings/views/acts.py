"""The buttons of a session: one address for each kind of thing, one action for each word in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from dossiers.wall import barred_ids
from evaluations.models import Seat
from meetings import actions, queries
from meetings.meeting_forms import BusinessForm, ConclusionForm
from meetings.models import AgendaItem, Meeting
from meetings.views.common import item_of, meeting_of, number_in
from meetings.views.plan import show_prepare
from meetings.views.run import show_run

ItemAct = Callable[[HttpRequest, AgendaItem, int, datetime], object]


def _up(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.move_item(item=item, up=True, seen=seen, by=request.user, at=at)


def _first(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.move_item(item=item, up=True, all_the_way=True, seen=seen, by=request.user, at=at)


def _down(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.move_item(item=item, up=False, seen=seen, by=request.user, at=at)


def _remove(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.remove_item(item=item, seen=seen, by=request.user, at=at)


def _ask_vote(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.ask_vote(item=item, asks_vote=True, seen=seen, by=request.user, at=at)


def _ask_no_vote(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.ask_vote(item=item, asks_vote=False, seen=seen, by=request.user, at=at)


def _call(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.call_item(item=item, seen=seen, by=request.user, at=at)


def _start(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    leader = _seat_in(item.meeting, number_in(request, "leader"))
    return actions.start_item(item=item, led_by=leader, seen=seen, by=request.user, at=at)


def _out(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    """`seat` names one member; without it all who must leave have left."""
    seat = _seat_in(item.meeting, number_in(request, "seat"))
    return actions.let_out(item=item, seat=seat, by=request.user, at=at)


def _open_vote(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.open_vote(item=item, seen=seen, by=request.user, at=at)


def _enter(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    """`enter` is seat and choice in one, so that one button is one vote."""
    pk, _dash, choice = request.POST.get("enter", "").partition("-")
    seat = _seat_in(item.meeting, int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 10 else None)
    if seat is None:
        raise Refused(_("Choose a member and how the member votes."))
    return actions.enter_vote(item=item, seat=seat, choice=choice, by=request.user, at=at)


def _close_vote(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.close_vote(item=item, seen=seen, by=request.user, at=at)


def _put_off(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.put_off_item(item=item, seen=seen, by=request.user, at=at)


def _end(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.end_item(item=item, conclusion=_conclusion(request), seen=seen, by=request.user, at=at)


def _word(request: HttpRequest, item: AgendaItem, seen: int, at: datetime) -> object:
    return actions.word_conclusion(item=item, conclusion=_conclusion(request), by=request.user, at=at)


def _conclusion(request: HttpRequest) -> str:
    form = ConclusionForm(request.POST)
    if not form.is_valid():
        raise Refused([str(error) for errors in form.errors.values() for error in errors])
    return str(form.cleaned_data["conclusion"])


# Word in the address: the action, and the page to which it leads back.
ON_ITEM: dict[str, tuple[ItemAct, str]] = {
    "up": (_up, "prepare"),
    "down": (_down, "prepare"),
    "first": (_first, "prepare"),
    "remove": (_remove, "prepare"),
    "vote": (_ask_vote, "prepare"),
    "no-vote": (_ask_no_vote, "prepare"),
    "call": (_call, "run"),
    "start": (_start, "run"),
    "out": (_out, "run"),
    "open-vote": (_open_vote, "run"),
    "enter": (_enter, "run"),
    "close-vote": (_close_vote, "run"),
    "put-off": (_put_off, "run"),
    "end": (_end, "run"),
    "word": (_word, "minutes"),
}


def _seat_in(meeting: Meeting, pk: int | None) -> Seat | None:
    return queries.room_of(meeting).seat(pk) if pk is not None else None


@require_POST
def on_item(request: HttpRequest, year: int, number: int, item: int, act: str) -> HttpResponse:
    """An item moves, is called, voted on, ended."""
    meeting = meeting_of(request, year, number, "meetings.run")
    found = ON_ITEM.get(act)
    if found is None:
        raise Http404
    action, back = found
    row = item_of(meeting, item)
    try:
        action(request, row, _seen(request), timezone.now())
    except Refused as refused:
        if back == "prepare":
            return show_prepare(request, meeting, reasons=refused.reasons)
        return show_run(request, meeting, refused.reasons, ConclusionForm(request.POST) if act == "end" else None)
    where = redirect(f"meetings:{back}", year=year, number=number)
    where["Location"] += f"#item-{row.pk}" if back == "prepare" else ""
    return where


def _seen(request: HttpRequest) -> int:
    """The version that the person looked at; without one an act that asks for it is refused."""
    seen = number_in(request, "seen")
    return seen if seen is not None else -1


@require_POST
def on_seat(request: HttpRequest, year: int, number: int, seat: int, act: str) -> HttpResponse:
    """A member came, left, or came back into the room."""
    meeting = meeting_of(request, year, number, "meetings.run")
    found = _seat_in(meeting, seat)
    if found is None or act not in ("came", "left", "in"):
        raise Http404
    try:
        if act == "in":
            actions.let_in(meeting=meeting, seat=found, by=request.user, at=timezone.now())
        else:
            actions.tick_attendance(
                meeting=meeting, seat=found, present=act == "came", by=request.user, at=timezone.now()
            )
    except Refused as refused:
        return show_run(request, meeting, refused.reasons)
    return redirect("meetings:run", year=year, number=number)


@require_POST
def on_agenda(request: HttpRequest, year: int, number: int, act: str) -> HttpResponse:
    """The meeting as a whole: its order, a point of business, opened, closed, all back in."""
    meeting = meeting_of(request, year, number, "meetings.run")
    by, at, seen = request.user, timezone.now(), _seen(request)
    try:
        if act == "propose":
            actions.propose_order(meeting=meeting, seen=seen, by=by, at=at)
        elif act == "business":
            form = BusinessForm(request.POST)
            if not form.is_valid():
                reasons = [str(error) for errors in form.errors.values() for error in errors]
                return show_prepare(request, meeting, business=form, reasons=reasons)
            actions.add_business(meeting=meeting, seen=seen, by=by, at=at, **form.cleaned_data)
        elif act == "dossier":
            _add_dossier(request, meeting, seen, at)
        elif act == "open":
            actions.open_meeting(meeting=meeting, seen=seen, by=by, at=at)
        elif act == "in":
            actions.let_in(meeting=meeting, by=by, at=at)
        elif act == "cancel":
            if request.POST.get("sure") != "on":
                raise Refused(_("Tick that the meeting is to be cancelled."))
            actions.cancel_meeting(meeting=meeting, seen=seen, by=by, at=at)
            messages.success(request, _("The meeting is cancelled."))
            return redirect("meetings:meetings", year=year)
        elif act == "close":
            leaves = request.POST.get("leaves_items") == "on"
            actions.close_meeting(meeting=meeting, seen=seen, leaves_items=leaves, by=by, at=at)
        else:
            raise Http404
    except Refused as refused:
        if act in ("propose", "dossier", "business", "cancel"):
            return show_prepare(request, meeting, reasons=refused.reasons)
        return show_run(request, meeting, refused.reasons)
    back = {"open": "run", "in": "run", "close": "minutes"}.get(act, "prepare")
    return redirect(f"meetings:{back}", year=year, number=number)


def _add_dossier(request: HttpRequest, meeting: Meeting, seen: int, at: datetime) -> Any:
    open_to = queries.agenda_dossiers(meeting.season).exclude(pk__in=barred_ids(request.user, meeting.season))
    dossier = open_to.filter(pk=number_in(request, "dossier") or 0).first()
    if dossier is None:
        raise Refused(_("Choose a dossier that is with the council."))
    return actions.add_dossier(meeting=meeting, dossier=dossier, seen=seen, by=request.user, at=at)
