"""An answer or a withdrawal that came to the counter, for a dossier on paper."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from dossiers import actions, supplements
from dossiers.models import Dossier, Stage
from dossiers.transcribe_forms import PaperAnswerForm, PaperWithdrawalForm, now_in_minutes
from dossiers.views.desk import words
from dossiers.views.desk.ground import REFUSED, Way, dossier_of
from dossiers.workflow import STEPS


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer_on_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The enterprise answered at the counter: when it came, and what."""
    dossier, way = dossier_of(request, pk, rule="dossiers.check"), Way.of(request.POST or request.GET)
    asked = supplements.open_request(dossier)
    form = PaperAnswerForm(
        request.POST if request.method == "POST" else None, initial={"received_at": now_in_minutes()}
    )

    def act(facts: dict[str, Any]) -> str:
        actions.answer_on_paper(dossier=dossier, **facts, by=request.user, at=timezone.now())
        return _("The answer is recorded; the clock of the check goes on.")

    more = {
        "asked": asked,
        "items": supplements.items_of(dossier, asked) if asked else [],
        "came": asked is not None and actions.something_came(dossier, asked),
        "is_late": asked is not None and timezone.localdate() > asked.due_date,
    }
    return _answered(request, dossier, way, form, "answer_on_paper", act, more)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw_on_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The enterprise withdrew by letter: its day and its reason."""
    dossier, way = dossier_of(request, pk, rule="dossiers.check"), Way.of(request.POST or request.GET)
    form = PaperWithdrawalForm(request.POST if request.method == "POST" else None)

    def act(facts: dict[str, Any]) -> str:
        actions.withdraw_on_paper(dossier=dossier, **facts, by=request.user, at=timezone.now())
        return _("Dossier %(number)s is withdrawn.") % {"number": dossier.number}

    return _answered(request, dossier, way, form, "withdraw_on_paper", act, {})


def _answered(
    request: HttpRequest,
    dossier: Dossier,
    way: Way,
    form: forms.Form,
    step: str,
    act: Callable[[dict[str, Any]], str],
    more: dict[str, Any],
) -> HttpResponse:
    """The page of one act; where the act makes no sense now, back to the check with the reason."""
    closed = _closed(step, dossier)
    if closed:
        messages.info(request, closed)
        return redirect(way.to("check", dossier.pk))
    if form.is_bound and form.is_valid():
        try:
            done = act(form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, done)
            return redirect(way.to("check", dossier.pk))
    context = {"dossier": dossier, "form": form, "way": way, "back": way.to("check", dossier.pk), "step": step} | more
    status = REFUSED if form.is_bound else 200
    return render(request, f"dossiers/desk/{step}.html", context, status=status)


def _closed(step: str, dossier: Dossier) -> str:
    if not dossier.is_on_paper:
        return _("This dossier was filled in online; its enterprise does this itself.")
    if dossier.stage not in STEPS[step].sources:
        stage = words.STAGES[Stage(dossier.stage)][0]
        return _("This is not possible at the stage “%(stage)s”.") % {"stage": stage}
    return ""
