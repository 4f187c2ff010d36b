"""The meetings of a season, and the agenda of one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import can, require
from core.errors import Refused
from dossiers.models import Dossier
from dossiers.wall import barred_ids
from meetings import actions, queries, shown
from meetings.meeting_forms import BusinessForm, MeetingForm, PlanForm
from meetings.models import Meeting
from meetings.views.common import meeting_of, number_in, page, season_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meetings(request: HttpRequest, year: int) -> HttpResponse:
    """All meetings of the season; the secretary plans the next one here."""
    season = season_of(request, year)
    form, reasons = PlanForm(), []
    if request.method == "POST":
        require(request.user, "meetings.run", season)
        form = PlanForm(request.POST)
        if form.is_valid():
            try:
                made = actions.plan_meeting(season=season, by=request.user, at=timezone.now(), **form.cleaned_data)
            except Refused as refused:
                reasons = refused.reasons
            else:
                messages.success(request, _("The meeting is planned. This is its proposed agenda."))
                return redirect("meetings:prepare", year=year, number=made.number)
        else:
            reasons = [_("The meeting is not planned yet.")]
    hidden = barred_ids(request.user, season)
    rows = []
    for one in queries.meetings_of(season):
        items = one.items.exclude(dossier__in=hidden)
        rows.append({"meeting": one, "items": items.count(), "ended": items.filter(ended_at__isnull=False).count()})
    context = {"season": season, "rows": rows, "form": form, "may_run": can(request.user, "meetings.run", season)}
    return page(request, "meetings.html", context, reasons)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def prepare(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """The facts of the meeting and its order. Other buttons of the page lead to meetings.views.acts."""
    meeting = meeting_of(request, year, number, "meetings.run")
    form, reasons = MeetingForm(meeting=meeting), []
    if request.method == "POST":
        form = MeetingForm(request.POST, meeting=meeting)
        if form.is_valid():
            try:
                actions.change_meeting(
                    meeting=meeting,
                    seen=number_in(request, "seen") or 0,
                    by=request.user,
                    at=timezone.now(),
                    **form.values(meeting),
                )
            except Refused as refused:
                reasons = refused.reasons
            else:
                messages.success(request, _("The facts of the meeting are kept."))
                return redirect("meetings:prepare", year=year, number=number)
        else:
            reasons = [_("The facts of the meeting were not kept.")]
    return show_prepare(request, meeting, form=form, reasons=reasons)


def show_prepare(
    request: HttpRequest,
    meeting: Meeting,
    *,
    form: MeetingForm | None = None,
    business: BusinessForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    meeting = queries.meetings_of(meeting.season).get(pk=meeting.pk)
    board = shown.board_of(meeting, request.user)
    on_agenda = {line.item.dossier_id for line in board.lines}
    hidden = barred_ids(request.user, meeting.season)
    others: list[Dossier] = [
        d for d in queries.agenda_dossiers(meeting.season) if d.pk not in on_agenda and d.pk not in hidden
    ]
    context: dict[str, Any] = {
        "season": meeting.season,
        "meeting": meeting,
        "board": board,
        "form": form or MeetingForm(meeting=meeting),
        "business": business or BusinessForm(),
        "others": others,
        "waiting": sum(line.state == "waiting" for line in board.lines),
    }
    return page(request, "prepare.html", context, reasons)
