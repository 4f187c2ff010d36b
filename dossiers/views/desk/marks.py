"""Ticks and crosses, stored at once; and the sign of life of an open check screen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from dossiers import actions, check_queries, checklist, phrasebook
from dossiers.desk_forms import MarkForm
from dossiers.models import CheckMark, Dossier, Stage
from dossiers.views.desk import words
from dossiers.views.desk.checking import check_page, here_words, last_answered_request
from dossiers.views.desk.ground import REFUSED, Way, dossier_of, refusal_json, wants_json
from dossiers.views.desk.rows import key_of, proposed, row_of
from dossiers.views.desk.viewer import FILE

# Keeps the sentence in the library as well.
KEEP = "keep"


@require_POST
def check_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper or part. The script gets the fresh line of the checklist, a form without it the page."""
    dossier, way = dossier_of(request, pk, rule="dossiers.check"), Way.of(request.POST)
    form, at = MarkForm(request.POST), timezone.now()
    try:
        if not form.is_valid():
            raise Refused(form.reasons())
        _mark(request, dossier, form)
    except Refused as refusal:
        if wants_json(request):
            return refusal_json(refusal.reasons)
        return check_page(request, dossier_of(request, pk), way, reasons=refusal.reasons, status=REFUSED)
    part = form.cleaned_data["part"]
    if not wants_json(request):
        more = {FILE: request.POST[FILE]} if request.POST.get(FILE, "").isdecimal() else {}
        return redirect(f"{way.to('check', pk, **more)}#item-{part}")
    fresh = dossier_of(request, pk, rule="dossiers.check")
    items = checklist.items_of(fresh, today=timezone.localdate(at))
    item = next(one for one in items if one.code == part)
    row = row_of(fresh, item, way, key=key_of(items, part), library=phrasebook.live(), user=request.user)
    tally = checklist.tally(items)
    context = {"row": row, "dossier": fresh, "way": way, "may_mark": True}
    context["asked_at"] = last_answered_request(fresh)
    return JsonResponse(
        {
            "row": render_to_string("dossiers/desk/_row.html", context, request),
            "was": item.stamp,
            "said": f"{row.name}: {row.state}",
            "fine": tally.fine,
            "defects": tally.defects,
            "open": tally.open,
        }
    )


def _mark(request: HttpRequest, dossier: Dossier, form: MarkForm) -> None:
    """A fresh cross begins with the reason that the facts propose and its usual sentence."""
    data, at = form.cleaned_data, timezone.now()
    verdict, reason, sentence = data["verdict"], data["reason"], data["words"]
    if verdict == CheckMark.Verdict.DEFECT and "words" not in request.POST:
        items = checklist.items_of(dossier, today=timezone.localdate(at))
        item = next((one for one in items if one.code == data["part"]), None)
        if item is not None:
            reason, sentence = proposed(item, phrasebook.live())
    actions.mark(
        dossier=dossier,
        part=data["part"],
        verdict=verdict,
        reason=reason,
        words=sentence,
        seen=data["seen"],
        was=data["was"],
        by=request.user,
        at=at,
    )
    if request.POST.get("act") == KEEP:
        actions.add_phrase(part=data["part"], reason=reason, words=sentence, by=request.user, at=at)
        if not wants_json(request):
            messages.success(request, _("The sentence is in the library now."))


@require_POST
def check_open(request: HttpRequest, pk: int) -> HttpResponse:
    """“I have it open”, every twenty seconds: who else has, and whether the dossier is still as the page shows it."""
    dossier, at = dossier_of(request, pk, rule="dossiers.check"), timezone.now()
    if request.POST.get("act") == "close":
        actions.close(dossier=dossier, by=request.user, at=at)
        return JsonResponse({})
    actions.keep_open(dossier=dossier, by=request.user, at=at)
    others = check_queries.others_here(dossier, user=request.user, at=at)
    stamp = checklist.stamp_of(dossier)
    changed = request.POST.get("stamp", stamp) != stamp
    return JsonResponse(
        {
            "others": here_words(others),
            "changed": _changed(dossier) if changed else "",
        }
    )


def _changed(dossier: Dossier) -> str:
    last = next(iter(reversed(list(dossier.changes.all()))), None)
    stage = words.STAGES[Stage(dossier.stage)][0]
    if last is None or last.taken_at != dossier.changed_at:
        return _("The dossier changed while you had it open. It stands at “%(stage)s” now.") % {"stage": stage}
    return _("%(who)s took a step at %(time)s. The dossier stands at “%(stage)s” now.") % {
        "who": last.taken_by_name,
        "time": timezone.localtime(last.taken_at).strftime("%H:%M"),
        "stage": stage,
    }
