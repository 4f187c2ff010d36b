"""The score sheet of one member for one dossier: fill, save, sign. The address names the dossier, so nobody
can ask for the sheet of somebody else."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import can, require
from core import clock as deadline_clock
from core.errors import Refused
from core.templatetags.ui import in_language
from dossiers import wall
from dossiers.models import Document, Dossier, SelfMark
from evaluations import actions, queries
from evaluations.queries import Desk
from evaluations.sheet_input import SheetInput
from evaluations.sheet_rows import rows_of
from evaluations.views.common import REFUSED, page
from evaluations.views.evidence import claims_of, evidence_of

BAD = 400


def dossier_of(pk: int) -> Dossier:
    """With all that the sheet prints, or 404."""
    documents = Document.objects.filter(removed_at=None).select_related("file").order_by("paper", "position", "pk")
    found = (
        Dossier.objects.select_related(
            "season__rubric", "enterprise__ward", "enterprise__zone", "product__sector", "product__industry"
        )
        .prefetch_related(
            "figures",
            Prefetch("documents", documents),
            Prefetch("self_marks", SelfMark.objects.select_related("criterion")),
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def own_desk(request: HttpRequest, pk: int) -> Desk:
    """404 for whoever has no seat, no assignment, or a conflict."""
    dossier = dossier_of(pk)
    require(request.user, "evaluations.score", dossier)
    seat = queries.seat_of(request.user, dossier.season)
    if seat is None or dossier.season.rubric is None or wall.is_barred(request.user, dossier):
        raise Http404
    return queries.desk_of(seat, dossier)


# --- fill and save ------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    quiet = bool(request.headers.get("X-Autosave"))
    if request.method == "POST":
        gone = _lost(request, pk)
        if gone:
            return JsonResponse({"reasons": [gone]}, status=REFUSED) if quiet else _turned_away(request, gone)
    desk = own_desk(request, pk)
    if request.method == "GET":
        return JsonResponse(_state(desk)) if quiet else show(request, desk, SheetInput(desk))
    typed = SheetInput(desk, request.POST)
    try:
        saved = actions.save_sheet(
            dossier=desk.dossier,
            answers=typed.answers,
            cells=typed.cells,
            bases=typed.bases,
            by=request.user,
            at=deadline_clock.database_now(),
        )
    except Refused as refusal:
        if quiet:
            return JsonResponse({"reasons": refusal.reasons}, status=REFUSED)
        return show(request, own_desk(request, pk), typed, reasons=refusal.reasons)
    if quiet:
        return _said_quietly(saved, typed)
    fresh = own_desk(request, pk)
    typed.tell_conflicts(saved.conflicts, fresh)
    if saved.conflicts:
        messages.warning(request, _("Somebody, perhaps you in another window, has changed this sheet meanwhile. "
                                    "Both versions stand below; save once more what shall count."))  # fmt: skip
        return show(request, fresh, typed, status=REFUSED)
    if typed.errors:
        messages.warning(request, _("Everything else is saved. Please look at the marked criteria."))
        return show(request, fresh, typed, status=BAD)
    return _after_saving(request, pk)


def _lost(request: HttpRequest, pk: int) -> str:
    """For a member whose sheet was open when a conflict was declared: words instead of a bare 404, and none of them
    depends on the dossier."""
    if not can(request.user, "evaluations.sit"):
        return ""
    dossier = Dossier.objects.filter(pk=pk).select_related("season", "enterprise").first()
    if dossier is None or queries.seat_of(request.user, dossier.season) is None:
        return ""
    barred = wall.is_barred(request.user, dossier)
    return _("A conflict of interest with this dossier is declared. Nothing was written.") if barred else ""


def _turned_away(request: HttpRequest, words: str) -> HttpResponse:
    return page(request, "turned_away.html", {}, reasons=[words])


def _state(desk: Desk) -> dict[str, Any]:
    """The stored sheet, for a tab that comes back into sight."""
    found = SheetInput(desk)
    cells: dict[str, Any] = {code: box.values() for code, box in found.boxes.items()}
    cells |= {
        "note": {"text": found.note, "base": found.base["note"]},
        "comment": {"text": found.comment, "base": found.base["comment"]},
        "ballot": {"text": _ballot(found.ballot), "base": found.base["ballot"]},
    }
    return {
        "revision": desk.sheet.revision if desk.sheet else 0,
        "version": desk.sheet.version if desk.sheet else 0,
        "open": desk.is_open,
        "cells": cells,
        "lacking": desk.lacking if desk.is_open else {},
    }


def _ballot(ballot: bool | None) -> str:
    return "" if ballot is None else "yes" if ballot else "no"


def _said_quietly(saved: Any, typed: SheetInput) -> JsonResponse:
    desk: Desk = saved.desk
    typed.tell_conflicts(saved.conflicts, desk)
    state = _state(desk)
    conflicts = {
        cell: {
            "words": typed.boxes[cell].theirs if cell in typed.boxes else typed.theirs[cell],
            "theirs": state["cells"][cell],
        }
        for cell in saved.conflicts
    }
    answered = [answer for answer in desk.answers.values() if answer.is_given]
    return JsonResponse(
        state
        | {
            "saved": clock(saved.sheet.saved_at),
            "total": number_format(desk.total),
            "marked": len(answered),
            "errors": typed.errors,
            "conflicts": conflicts,
        },
        status=BAD if typed.errors else 200,
    )


def _after_saving(request: HttpRequest, pk: int) -> HttpResponse:
    act = request.POST.get("do")
    if act == "sign":
        desk = own_desk(request, pk)
        if not desk.lacking:
            return redirect("evaluations:sign", pk=pk)
        typed = SheetInput(desk)
        typed.errors = {_field(desk, code): words for code, words in desk.lacking.items()}
        for code, words in desk.lacking.items():
            if code in typed.boxes:
                typed.boxes[code].errors = {"why" if _field(desk, code).startswith("why") else "points": words}
        return show(request, desk, typed, status=REFUSED)
    if act == "next":
        return redirect(next_address(request, pk))
    messages.success(request, _("Saved. The sheet is not signed yet."))
    return redirect("evaluations:sheet", pk=pk)


def _field(desk: Desk, cell: str) -> str:
    """The name of the field that the member has to go to."""
    if cell == "ballot":
        return cell
    return f"why-{cell}" if cell in desk.asked.unjustified(desk.answers) else f"points-{cell}"


def next_address(request: HttpRequest, pk: int) -> str:
    """The next sheet of the queue that waits, else the review of all of them."""
    seat = queries.newest_seat(request.user)
    following = queries.next_after(queries.tasks(seat), pk) if seat else None
    return address_of(following)


def address_of(following: Dossier | None) -> str:
    return reverse("evaluations:sheet", args=[following.pk]) if following else reverse("evaluations:own_review")


def show(
    request: HttpRequest,
    desk: Desk,
    typed: SheetInput,
    *,
    reasons: list[str] | None = None,
    status: int | None = None,
) -> HttpResponse:
    tasks = queries.tasks(desk.seat)
    place = next((i for i, t in enumerate(tasks, start=1) if t.dossier.pk == desk.dossier.pk), None)
    signed = sum(t.is_signed for t in tasks)
    following = queries.next_after(tasks, desk.dossier.pk)
    claims = claims_of(desk.dossier, {code: desk.asked.rule(code) for code in desk.asked.held})
    context = {
        "desk": desk,
        "dossier": desk.dossier,
        "season": desk.dossier.season,
        "typed": typed,
        "rows": rows_of(desk, typed, claims, queries.council_means(desk)),
        "marked": sum(answer.is_given for answer in desk.answers.values()),
        "lacking": desk.lacking if desk.is_open else {},
        "saved_at": clock(desk.sheet.saved_at) if desk.sheet else "",
        "place": place,
        "asked": len(tasks),
        "signed": signed,
        "percent": signed * 100 // len(tasks) if tasks else 0,
        "late": desk.dossier.season.scoring_closes_at < timezone.now(),
        "next_url": address_of(following),
        "ballots": ballots_of(desk),
    } | evidence_of(desk.dossier)
    response = page(request, "sheet.html", context, reasons=reasons)
    if status:
        response.status_code = status
    return response


def ballots_of(desk: Desk) -> list[dict[str, str]]:
    """The two answers of the ballot in the words of the rubric; none where it asks for no ballot."""
    rules = desk.asked.rules
    if not rules.asks_ballot:
        return []

    def words(in_favour: bool, otherwise: str) -> str:
        named = [str(in_language(o, "label")) for o in rules.ballot if o.in_favour == in_favour]
        return " / ".join(named) or otherwise

    return [
        {"value": "yes", "words": words(True, _("in favour"))},
        {"value": "no", "words": words(False, _("against"))},
    ]


# --- sign ---------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what will be signed; then seals it."""
    desk = own_desk(request, pk)
    if request.method == "POST":
        try:
            shown = request.POST.get("shown")
            actions.sign_sheet(dossier=desk.dossier, shown=shown, by=request.user, at=deadline_clock.database_now())
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
            return redirect("evaluations:sheet", pk=pk)
        messages.success(request, _("The sheet for %(number)s is signed.") % {"number": desk.dossier.number})
        return redirect(next_address(request, pk))
    if not desk.is_ready:
        if desk.is_open:
            n = len(desk.lacking)
            words = ngettext("%(n)s answer is still missing.", "%(n)s answers are still missing.", n) % {"n": n}
            messages.error(request, words)
        return redirect("evaluations:sheet", pk=pk)
    rows = rows_of(desk, SheetInput(desk))
    context = {"desk": desk, "dossier": desk.dossier, "rows": rows, "ballots": ballots_of(desk)}
    return page(request, "sign.html", context)


def clock(at: datetime) -> str:
    """10:42 today, with the date on another day."""
    local = timezone.localtime(at)
    same_day = local.date() == timezone.localdate()
    return date_format(local, "TIME_FORMAT" if same_day else "SHORT_DATETIME_FORMAT")
