"""A signed sheet is corrected: why, then the next version on the same page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import Refused
from evaluations import actions
from evaluations.actions.corrections import REASON_LENGTH
from evaluations.views.common import page
from evaluations.views.sheet import own_desk


@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    desk = own_desk(request, pk)
    context = {
        "desk": desk,
        "dossier": desk.dossier,
        "reason": request.POST.get("reason", ""),
        "length": REASON_LENGTH,
    }
    if request.method == "GET":
        if not desk.may_correct:
            return redirect("evaluations:sheet", pk=pk)
        return page(request, "correct.html", context)
    try:
        reason, at = request.POST.get("reason", ""), clock.database_now()
        actions.begin_correction(dossier=desk.dossier, reason=reason, by=request.user, at=at)
    except Refused as refusal:
        return page(request, "correct.html", context, reasons=refusal.reasons)
    messages.info(request, _("Correct the sheet and sign it again. Until then the signed version counts."))
    return redirect("evaluations:sheet", pk=pk)


@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    desk = own_desk(request, pk)
    try:
        actions.give_up_correction(dossier=desk.dossier, by=request.user, at=clock.database_now())
        messages.success(request, _("The correction is given up. The signed sheet counts as before."))
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    return redirect("evaluations:sheet", pk=pk)
