"""The record of the own enterprise. It stands here and not with the enterprises, because a corrected record may
answer what the Department asked for in a dossier."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import can, require
from dossiers import actions
from dossiers.models import Dossier
from enterprises.forms import RecordForm
from enterprises.models import Enterprise
from enterprises.views.common import of_enterprise


@require_http_methods(["GET", "HEAD", "POST"])
@of_enterprise("enterprises.represent")
def record(request: HttpRequest, enterprise: Enterprise) -> HttpResponse:
    """The facts of the enterprise; whoever only reads sees them. The tax code stays."""
    dossier = _coming_from(request)
    context = {"enterprise": enterprise, "dossier": dossier, "tab": "record"}
    if request.method == "POST":
        require(request.user, "enterprises.correct", enterprise)
    if not can(request.user, "enterprises.correct", enterprise):
        return render(request, "dossiers/record.html", context)
    form = RecordForm(request.POST if request.method == "POST" else None, initial=RecordForm.facts_of(enterprise))
    if form.is_bound and form.is_valid():
        actions.correct_enterprise(enterprise=enterprise, by=request.user, at=timezone.now(), **form.facts())
        messages.success(request, _("The record of the enterprise is saved."))
        if dossier is not None:
            return redirect("dossiers:enterprise_part", pk=dossier.pk)
        return redirect("dossiers:mine")
    return render(request, "dossiers/record.html", context | {"form": form})


def _coming_from(request: HttpRequest) -> Dossier | None:
    """The dossier from which the record was opened, to go back to."""
    number = request.GET.get("dossier", "")
    if not number.isascii() or not number.isdigit():
        return None
    found = Dossier.objects.filter(pk=int(number[:18])).select_related("enterprise").first()
    return found if found is not None and can(request.user, "dossiers.edit", found) else None
