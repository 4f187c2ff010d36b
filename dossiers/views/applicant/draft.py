"""Where a draft saves itself and hears of others; last year's answers taken over; the draft on paper."""

import json
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError

from accounts.access import can
from core.errors import Refused
from dossiers import drafts, prefill, words
from dossiers.models import Dossier
from dossiers.views.applicant.part import context_of
from dossiers.views.applicant.send import contents_of
from dossiers.views.applicant.tasks import PART_PAGES
from dossiers.views.applicant.undertakings import undertaking_texts
from dossiers.views.applicant.whose import acts_for, editable_dossier, own_dossier, why_not

MAX_BODY = 256 * 1024
SAVES_A_SECOND = 2
# Whoever asked within this time is still there; the pages ask every ten seconds.
HERE_SECONDS = 25


@require_http_methods(["GET", "HEAD", "POST"])
@own_dossier
def save_part(request: HttpRequest, dossier: Dossier, part: str) -> HttpResponse:
    """POST {"acting_for", "fields": {name: {"base", "value"}}}: saved, conflicts and errors, field by field.
    GET ?since=stamp: what the others wrote, and who is here."""
    if part not in drafts.SHEETS:
        raise Http404
    if request.method != "POST":
        return _news(request, dossier, part)
    if request.content_type != "application/json":  # a form would have been read already
        return JsonResponse({"refused": _("This save cannot be read.")}, status=400)
    if len(request.body) > MAX_BODY:
        return JsonResponse({"refused": _("This is too much text for one save.")}, status=413)
    try:
        said = json.loads(request.body)
        changes = {str(name): (str(pair["base"]), str(pair["value"])) for name, pair in said["fields"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return JsonResponse({"refused": _("This save cannot be read.")}, status=400)
    if len(changes) > drafts.MAX_FIELDS or any("\x00" in text for pair in changes.values() for text in pair):
        return JsonResponse({"refused": _("This save cannot be read.")}, status=400)
    try:
        acts_for(said.get("acting_for"), dossier)
    except Refused as refused:
        return _refused(refused.reasons, kind="other_enterprise")
    if not can(request.user, "dossiers.edit", dossier):
        return _late(request, dossier)
    if not _in_time(dossier):
        answer = JsonResponse({"refused": _("Saved too often at once; it will be tried again.")}, status=429)
        answer["Retry-After"] = "1"
        return answer
    at = timezone.now()
    try:
        outcome = drafts.save(dossier=dossier, part=part, changes=changes, by=request.user, at=at)
    except Refused as refused:
        dossier.refresh_from_db(fields=["stage", "number"])
        return _refused(refused.reasons) if can(request.user, "dossiers.edit", dossier) else _late(request, dossier)
    _be_here(request, dossier, part, said.get("at", ""))
    return JsonResponse(
        {
            "saved_at": time_format(timezone.localtime(at), "TIME_FORMAT"),
            "stamp": outcome.stamp,
            "saved": outcome.saved,
            "marks": outcome.marks,
            "errors": outcome.errors,
            "conflicts": {
                name: {"theirs": c.theirs, "words": c.theirs_in_words, "who": c.who}
                for name, c in outcome.conflicts.items()
            },
        }
    )


def _refused(reasons: list[str], **more: Any) -> JsonResponse:
    return JsonResponse({"refused": " ".join(reasons)} | more, status=409)


def _late(request: HttpRequest, dossier: Dossier) -> JsonResponse:
    """Already sent, or only to be read."""
    if can(request.user, "enterprises.fill_in", dossier.enterprise):
        return _refused([drafts.was_sent(dossier)], kind="sent")
    return _refused([why_not(request.user, dossier)], kind="reads")


def _in_time(dossier: Dossier) -> bool:
    """Two saves a second for each dossier. Without the cache nobody is counted: saving must not fail."""
    key = f"draft-saves:{dossier.pk}:{int(timezone.now().timestamp())}"
    try:
        cache.add(key, 0, 5)
        return cache.incr(key) <= SAVES_A_SECOND
    except (RedisError, ValueError):
        return True


# --- the others ---------------------------------------------------------------------------------------
def _news(request: HttpRequest, dossier: Dossier, part: str) -> JsonResponse:
    if not can(request.user, "dossiers.edit", dossier):
        return _late(request, dossier)
    _be_here(request, dossier, part, request.GET.get("at", ""))
    found = drafts.news(dossier=dossier, part=part, since=request.GET.get("since", ""))
    return JsonResponse(found | {"here": _others(request, dossier, part)})


def _key(dossier: Dossier, user_pk: int | None) -> str:
    return f"draft-here:{dossier.pk}:{user_pk}"


def _be_here(request: HttpRequest, dossier: Dossier, part: str, place: Any) -> None:
    try:
        cache.set(_key(dossier, request.user.pk), [part, str(place)[:60]], HERE_SECONDS)
    except RedisError:
        return


def _others(request: HttpRequest, dossier: Dossier, part: str) -> list[str]:
    """Who else has this draft open now, and on which part."""
    people = (
        dossier.enterprise.representatives.filter(ended_at=None)
        .exclude(user_id=request.user.pk or 0)
        .select_related("user")
    )
    names = {_key(dossier, person.user_id): str(person.user) for person in people[:50]}
    try:
        there = cache.get_many(names)
    except RedisError:
        return []
    return [
        _("%(name)s is on this page now.") % {"name": names[key]}
        if where[0] == part
        else _("%(name)s is at “%(part)s” now.") % {"name": names[key], "part": words.PART_NAMES.get(where[0], "")}
        for key, where in sorted(there.items())
    ]


# --- last year's answers ------------------------------------------------------------------------------
@require_POST
@editable_dossier
def reuse_answers(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """One answer, those of a page, or all; back to the page it was asked from."""
    part = request.POST.get("part", "")
    asked = request.POST.getlist("key")
    taken = prefill.take_over(
        dossier=dossier, keys=None if "all" in asked else asked, by=request.user, at=timezone.now()
    )
    if taken:
        words_of = ngettext(
            "%(n)s answer is taken over. Read it again.", "%(n)s answers are taken over. Read them again.", taken
        )
        messages.success(request, words_of % {"n": taken})
    else:
        messages.info(request, _("There is nothing left to take over: the fields are filled in."))
    return redirect(PART_PAGES.get(part, "dossiers:dossier"), pk=dossier.pk)


# --- on paper -----------------------------------------------------------------------------------------
@require_safe
@own_dossier
def print_draft(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The whole draft as it would be read on paper."""
    context = context_of(dossier) | contents_of(dossier)
    context |= {"printed_at": timezone.now(), "undertakings": undertaking_texts()}
    return render(request, "dossiers/print_draft.html", context)
