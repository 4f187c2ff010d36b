"""The library of sentences for defects: add, change, take out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import can, require
from core.errors import Refused
from dossiers import actions
from dossiers.desk_forms import PhraseForm
from dossiers.models import Phrase
from dossiers.views.desk.words import part_name

REFUSED = 409


@dataclass(frozen=True)
class Group:
    """The sentences of one paper or part."""

    name: str
    phrases: Sequence[Phrase]


@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: HttpRequest) -> HttpResponse:
    """Everybody at the desk reads the library; officers write in it."""
    require(request.user, "dossiers.work_list" if request.method != "POST" else "accounts.officer")
    form = PhraseForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_phrase(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.reasons)  # type: ignore[arg-type]
            status = REFUSED
        else:
            messages.success(request, _("The sentence is in the library now."))
            return redirect("dossiers:phrases")
    context = {"form": form, "groups": _groups(), "may_write": can(request.user, "accounts.officer")}
    return render(request, "dossiers/desk/phrases.html", context, status=status)


def _groups() -> list[Group]:
    found: dict[str, list[Phrase]] = {}
    for phrase in Phrase.objects.filter(ended_at=None):
        found.setdefault(phrase.part, []).append(phrase)
    everywhere = pgettext("phrase", "Any paper or part")
    return [Group(part_name(part) if part else everywhere, found[part]) for part in sorted(found)]


def _phrase(request: HttpRequest, pk: int) -> Phrase:
    require(request.user, "accounts.officer")
    found = Phrase.objects.filter(pk=pk, ended_at=None).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def phrase(request: HttpRequest, pk: int) -> HttpResponse:
    found = _phrase(request, pk)
    initial = {"part": found.part, "reason": found.reason, "words": found.words}
    form, status = PhraseForm(request.POST or None, initial=initial), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_phrase(phrase=found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.reasons)  # type: ignore[arg-type]
            status = REFUSED
        else:
            messages.success(request, _("The sentence is changed."))
            return redirect("dossiers:phrases")
    return render(request, "dossiers/desk/phrase.html", {"form": form, "phrase": found}, status=status)


@require_POST
def end_phrase(request: HttpRequest, pk: int) -> HttpResponse:
    actions.end_phrase(phrase=_phrase(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The sentence is taken out of the library. Letters that used it keep it."))
    return redirect("dossiers:phrases")
