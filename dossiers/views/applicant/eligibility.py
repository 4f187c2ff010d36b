"""The answers to the questions before the start, to be read and changed while the dossier is a draft."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dossiers import actions
from dossiers import eligibility as questions
from dossiers.models import Dossier, Stage
from dossiers.start_forms import EligibilityForm, kept, obstacles_of
from dossiers.views.applicant.part import context_of, data_of
from dossiers.views.applicant.whose import editable_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def eligibility(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """A no is kept, says why it stands in the way and what can be done."""
    if dossier.stage != Stage.DRAFT and request.method != "POST":
        return redirect("dossiers:follow", pk=dossier.pk)
    answers = questions.answers_of(dossier.eligibility)
    form = EligibilityForm(data_of(request), chosen_track=dossier.track, initial=answers)
    if form.is_bound and form.is_valid():
        at = timezone.now()
        actions.answer_eligibility(
            dossier=dossier, eligibility=kept(form.answers, by=request.user, at=at), by=request.user, at=at
        )
        if not questions.obstacles(dossier.track, form.answers):
            messages.success(request, _("The answers are kept."))
            return redirect("dossiers:dossier", pk=dossier.pk)
        return redirect("dossiers:eligibility", pk=dossier.pk)
    context = context_of(dossier, "eligibility") | {
        "form": form,
        "obstacles": obstacles_of(dossier.track, answers),
        "answered_by": dossier.eligibility.get("by", ""),
        "answered_at": parse_datetime(str(dossier.eligibility.get("at", ""))) if answers else None,
    }
    return render(request, "dossiers/eligibility.html", context)
