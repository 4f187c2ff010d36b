"""Where the dossier stands after it was sent, and its withdrawal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import can
from dossiers import actions
from dossiers.models import Dossier, Stage
from dossiers.views.applicant.mine import recognitions_of
from dossiers.views.applicant.next_step import next_step
from dossiers.views.applicant.papers import slots_of
from dossiers.views.applicant.stages import stage_line, stage_tag
from dossiers.views.applicant.story import story_of
from dossiers.views.applicant.tasks import hub_of, name_of_part
from dossiers.views.applicant.whose import own_dossier


@require_safe
@own_dossier
def follow(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Where the dossier stands, what happened, what comes next."""
    at = timezone.now()
    hub = hub_of(dossier) if dossier.stage in (Stage.DRAFT, Stage.SUPPLEMENT) else None
    context = {
        "dossier": dossier,
        "tag": stage_tag(dossier, timezone.localdate(at)),
        "line": stage_line(dossier),
        "step": next_step(dossier, at, hub),
        "events": story_of(dossier),
        "slots": [slot for slot in slots_of(dossier) if slot.files],
        "recognition": recognitions_of([dossier]).get(dossier.pk),
        "past_requests": [
            (asked, [(name_of_part(d.part), d) for d in asked.defects.all()])
            for asked in dossier.supplements.all()
            if asked.answered_at is not None
        ],
        "may_withdraw": can(request.user, "dossiers.withdraw", dossier),
    }
    return render(request, "dossiers/follow.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_dossier
def withdraw(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Ask once, then withdraw."""
    if not can(request.user, "dossiers.withdraw", dossier):
        return redirect("dossiers:follow", pk=dossier.pk)
    if request.method == "POST":
        actions.withdraw(dossier=dossier, by=request.user, at=timezone.now())
        messages.success(request, _("The dossier is withdrawn."))
        return redirect("dossiers:mine")
    return render(request, "dossiers/withdraw.html", {"dossier": dossier})
