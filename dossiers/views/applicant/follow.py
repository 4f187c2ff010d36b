"""Where the dossier stands after it was sent, and its withdrawal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import can
from core.errors import Refused
from dossiers import actions, enclosures, talk
from dossiers.days import days_bar_of
from dossiers.models import Dossier, Stage
from dossiers.views.applicant.mine import recognitions_of
from dossiers.views.applicant.next_step import next_step
from dossiers.views.applicant.papers import slots_of
from dossiers.views.applicant.stages import stage_line, stage_tag
from dossiers.views.applicant.story import story_of
from dossiers.views.applicant.tasks import hub_of, name_of_part
from dossiers.views.applicant.whose import own_dossier
from reference.queries import holidays

LAST_MESSAGES = 2


@require_safe
@own_dossier
def follow(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Where the dossier stands, what happened, what comes next."""
    at = timezone.now()
    today, calendar = timezone.localdate(at), holidays()
    hub = hub_of(dossier) if dossier.stage in (Stage.DRAFT, Stage.SUPPLEMENT) else None
    said = talk.conversation(dossier, for_department=False)
    context = {
        "dossier": dossier,
        "tag": stage_tag(dossier, today),
        "line": stage_line(dossier),
        "days": days_bar_of(dossier, today, calendar),
        "step": next_step(dossier, at, hub, calendar),
        "events": story_of(dossier),
        "slots": [slot for slot in slots_of(dossier) if slot.files],
        "recognition": recognitions_of([dossier]).get(dossier.pk),
        "past_requests": [
            (asked, [(name_of_part(d.part), d) for d in asked.defects.all()])
            for asked in dossier.supplements.all()
            if asked.answered_at is not None
        ],
        "enclosures": enclosures.of(request.user, dossier),
        "said": said[-LAST_MESSAGES:],
        "said_count": len(said),
        "unread": sum(line.is_new for line in said),
        "may_talk": bool(said) or talk.may_write(request.user, dossier),
        "may_withdraw": can(request.user, "dossiers.withdraw", dossier),
    }
    return render(request, "dossiers/follow.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_dossier
def withdraw(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Say what it means, ask once, then withdraw."""
    if not can(request.user, "dossiers.withdraw", dossier):
        return redirect("dossiers:follow", pk=dossier.pk)
    reasons: list[str] = []
    if request.method == "POST":
        try:
            actions.withdraw(dossier=dossier, by=request.user, at=timezone.now())
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The dossier is withdrawn."))
            return redirect("dossiers:mine")
    context = {"dossier": dossier, "reasons": reasons}
    return render(request, "dossiers/withdraw.html", context, status=409 if reasons else 200)
