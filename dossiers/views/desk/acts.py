"""Taking a dossier in hand, finding it eligible, taking the check up again, refusing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from dossiers import actions
from dossiers.desk_forms import RefusalForm
from dossiers.views.desk.checking import check_page
from dossiers.views.desk.ground import REFUSED, Way, dossier_of, panel_for, why_not


@require_POST
def start_check(request: HttpRequest, pk: int) -> HttpResponse:
    dossier, way = dossier_of(request, pk, rule="dossiers.check"), Way.of(request.POST)
    try:
        actions.start_check(dossier=dossier, seen=request.POST.get("stamp", ""), by=request.user, at=timezone.now())
    except Refused as refusal:
        return check_page(request, dossier_of(request, pk), way, reasons=refusal.reasons, status=REFUSED)
    messages.success(request, _("Dossier %(number)s is in your hands.") % {"number": dossier.number})
    return redirect(way.to("check", pk))


@require_POST
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier goes to the council; what stands in the way is shown on the check screen."""
    dossier, way = dossier_of(request, pk, rule="dossiers.check"), Way.of(request.POST)
    try:
        actions.admit(dossier=dossier, seen=request.POST.get("stamp", ""), by=request.user, at=timezone.now())
    except Refused as refusal:
        return check_page(request, dossier_of(request, pk), way, reasons=refusal.reasons, status=REFUSED)
    messages.success(
        request, _("Dossier %(number)s is eligible and waits for the council.") % {"number": dossier.number}
    )
    return redirect(way.onward)


@require_POST
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Back from eligible, as long as neither the council nor the enterprise has heard of it."""
    dossier, way = dossier_of(request, pk, rule="dossiers.check"), Way.of(request.POST)
    try:
        actions.check_again(
            dossier=dossier,
            reason=request.POST.get("reason", "")[:500],
            seen=request.POST.get("stamp", ""),
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return check_page(request, dossier_of(request, pk), way, reasons=refusal.reasons, status=REFUSED)
    messages.success(request, _("The check of dossier %(number)s is open again.") % {"number": dossier.number})
    return redirect(way.to("check", pk))


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    dossier, at = dossier_of(request, pk, rule="dossiers.check"), timezone.now()
    way = Way.of(request.POST or request.GET)
    form = RefusalForm(request.POST or None)
    reasons, status = why_not("refuse", dossier), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse(
                dossier=dossier,
                reason=form.cleaned_data["reason"],
                seen=request.POST.get("stamp", ""),
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            dossier, reasons, status = dossier_of(request, pk), refusal.reasons, REFUSED
        else:
            messages.success(request, _("Dossier %(number)s is refused.") % {"number": dossier.number})
            return redirect(way.onward)
    context = {
        "dossier": dossier,
        "panel": panel_for(request, dossier, way, at=at),
        "way": way,
        "form": form,
        "reasons": reasons,
    }
    return render(request, "dossiers/desk/refuse.html", context, status=status)
