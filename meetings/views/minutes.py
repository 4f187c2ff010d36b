"""The minutes: what they say to this viewer, who has stated and signed, and the own statement and signature."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import can
from core.errors import Refused
from dossiers.wall import barred_ids
from meetings import actions, minutes, queries, shown
from meetings.meeting_forms import ConclusionForm, StatementForm
from meetings.models import Meeting, MinutesSignature, MinutesStatement, SessionDocument
from meetings.views.common import meeting_of, number_in, own_meeting, page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def desk(request: HttpRequest, year: int, number: int) -> HttpResponse:
    meeting = meeting_of(request, year, number)
    return _minutes(request, meeting, redirect("meetings:minutes", year=year, number=number), is_desk=True)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own(request: HttpRequest, number: int) -> HttpResponse:
    _seat, meeting = own_meeting(request, number)
    return _minutes(request, meeting, redirect("meetings:own_minutes", number=number), is_desk=False)


def _minutes(request: HttpRequest, meeting: Meeting, back: HttpResponse, *, is_desk: bool) -> HttpResponse:
    hidden = barred_ids(request.user, meeting.season)
    form = StatementForm(meeting=meeting, hidden=hidden)
    reasons: list[str] = []
    if request.method == "POST":
        try:
            if request.POST.get("do") == "sign":
                _sign(request, meeting)
                messages.success(request, _("The minutes are signed."))
                return back
            form = StatementForm(request.POST, meeting=meeting, hidden=hidden)
            if form.is_valid():
                _state(request, meeting, form)
                messages.success(request, _("Your statement is recorded."))
                return back
            reasons = [_("Your statement was not recorded.")]
        except Refused as refused:
            reasons = refused.reasons
    return page(request, "minutes.html", _facts(request, meeting, form, is_desk), reasons)


def _state(request: HttpRequest, meeting: Meeting, form: StatementForm) -> None:
    said = form.cleaned_data
    actions.state_before_signing(
        meeting=meeting,
        has_conflict=said["answer"] == StatementForm.SOME,
        dossiers=list(said["dossiers"]),
        words=said["words"],
        by=request.user,
        at=timezone.now(),
    )


def _sign(request: HttpRequest, meeting: Meeting) -> None:
    """The version that was shown is the one that is signed."""
    document = SessionDocument.objects.filter(pk=number_in(request, "document") or 0, meeting=meeting).first()
    if document is None:
        raise Refused(_("There are no minutes to sign yet."))
    actions.sign_minutes(meeting=meeting, document=document, by=request.user, at=timezone.now())


def _facts(request: HttpRequest, meeting: Meeting, form: StatementForm, is_desk: bool) -> dict[str, Any]:
    document = minutes.newest(meeting)
    said = {one.person_id: one for one in MinutesStatement.objects.filter(meeting=meeting)}
    signed: dict[int, MinutesSignature] = {}
    if document is not None:
        signed = {one.person_id: one for one in document.signatures.all()}
    people = [
        {"person": person, "seat": seat, "statement": said.get(person.pk), "signature": signed.get(person.pk)}
        for person, seat in queries.signers_of(meeting)
    ]
    board = shown.board_of(meeting, request.user)
    may_run = is_desk and can(request.user, "meetings.run", meeting.season)
    is_signer = can(request.user, "meetings.sign_minutes", meeting)
    return {
        "season": meeting.season,
        "meeting": meeting,
        "is_desk": is_desk,
        "document": document,
        "values": minutes.readable(minutes.seen_by(request.user, document)) if document is not None else None,
        "is_cut": document is not None and not can(request.user, "meetings.read_paper", document),
        "people": people,
        "form": form,
        "own_statement": said.get(request.user.pk or 0),
        "own_signature": signed.get(request.user.pk or 0),
        "is_signer": is_signer,
        "obstacles": minutes.why_not_signed(meeting, document) if document is not None else [],
        "over": [line for line in board.lines if line.state == "over"] if may_run and not signed else [],
        "conclusion": ConclusionForm(),
    }
