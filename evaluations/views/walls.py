"""Own conflicts of people of the Department, emergency openings, and what waits for a second person."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import can, require
from core.errors import Refused
from dossiers import actions as dossiers
from dossiers.models import BreakGlass, Conflict
from evaluations import actions, queries
from evaluations.views.common import page
from evaluations.wall_forms import OwnConflictForm, ReasonForm

SHOWN = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_conflicts(request: HttpRequest) -> HttpResponse:
    """Declare about oneself, by number; below it what others ask a second person for."""
    require(request.user, "dossiers.declare")
    form = OwnConflictForm(
        request.POST if request.method == "POST" else None, initial={"number": request.GET.get("number", "")[:30]}
    )
    reasons: list[str] = []
    if form.is_bound and form.is_valid():
        said, at = form.cleaned_data, timezone.now()
        dossier = said["number"]
        try:
            actions.declare_own(dossier=dossier, kind=said["kind"], words=said["ground"], by=request.user, at=at)
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("Dossier %(number)s is closed to you now.") % {"number": dossier.number})
            return redirect("evaluations:own_conflicts")
    return page(request, "walls/own.html", _facts(request, form), reasons=reasons)


def _facts(request: HttpRequest, form: OwnConflictForm) -> dict[str, Any]:
    user, at = request.user, timezone.now()
    open_now = {
        glass.dossier_id: glass
        for glass in BreakGlass.objects.filter(asked_by=user.pk, refused_at=None).filter(
            Q(ends_at=None) | Q(ends_at__gt=at)
        )
    }
    return {
        "form": form,
        "rows": [
            {
                "conflict": row,
                "glass": open_now.get(row.dossier_id),
                "may_ask": row.dossier_id not in open_now and can(user, "dossiers.ask_to_open", row),
            }
            for row in queries.own_conflicts(user)
        ],
        "lifts": queries.lifts_waiting(user),
        "openings": queries.openings_waiting(user),
        "log": queries.openings_log(user)[:SHOWN],
        "is_staff_member": can(user, "accounts.staff"),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to be let in for an hour. The page shows the number and nothing else."""
    conflict = get_object_or_404(Conflict.objects.select_related("dossier"), pk=pk)
    require(request.user, "dossiers.ask_to_open", conflict)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    reasons: list[str] = []
    if form.is_bound and form.is_valid():
        try:
            dossiers.ask_to_open(
                conflict=conflict, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("A second person of the Department is asked."))
            return redirect("evaluations:own_conflicts")
    return page(request, "walls/emergency.html", {"conflict": conflict, "form": form}, reasons=reasons)


@require_POST
def answer_opening(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person opens or refuses."""
    glass = get_object_or_404(BreakGlass.objects.select_related("dossier", "asked_by"), pk=pk)
    require(request.user, "dossiers.open_glass", glass)
    opens = request.POST.get("do") == "open"
    act = dossiers.open_for_an_hour if opens else dossiers.refuse_to_open
    facts = {"number": glass.dossier.number, "name": glass.asked_by}
    try:
        act(glass=glass, by=request.user, at=timezone.now())
    except Refused as refusal:
        return page(request, "walls/own.html", _facts(request, OwnConflictForm()), reasons=refusal.reasons)
    if opens:
        messages.success(request, _("Dossier %(number)s is open to %(name)s for sixty minutes.") % facts)
    else:
        messages.info(request, _("Dossier %(number)s stays closed to %(name)s.") % facts)
    return redirect("evaluations:own_conflicts")


@require_POST
def answer_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person confirms that a conflict is none, or does not."""
    conflict = get_object_or_404(Conflict.objects.select_related("dossier", "user"), pk=pk)
    require(request.user, "dossiers.lift", conflict)
    lifts = request.POST.get("do") == "lift"
    act = actions.lift_conflict if lifts else dossiers.decline_to_lift
    facts = {"number": conflict.dossier.number, "name": conflict.user}
    try:
        act(conflict=conflict, by=request.user, at=timezone.now())
    except Refused as refusal:
        return page(request, "walls/own.html", _facts(request, OwnConflictForm()), reasons=refusal.reasons)
    if lifts:
        messages.success(request, _("%(name)s and dossier %(number)s are no longer kept apart.") % facts)
    else:
        messages.info(request, _("The conflict of %(name)s with dossier %(number)s stands.") % facts)
    return redirect("evaluations:own_conflicts")
