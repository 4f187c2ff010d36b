"""A decision that corrects a released one: entered here, confirmed and released like every decision."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import require
from core.clock import database_now
from core.errors import Refused
from decisions import preparing
from decisions.forms import CorrectionForm
from decisions.views.common import page, season_of
from registry import corrections
from registry.models import Decision, Recognition


@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "decisions.decide")
    found = get_object_or_404(
        Recognition.ever.select_related("decision", "product__enterprise"), pk=pk, season_year=season.year
    )
    first = Decision.objects.get(season_year=season.year, corrects=None)
    if closed := corrections.against_any(found):
        return page(request, "correct.html", season, {"recognition": found, "form": None}, reasons=closed)
    form = CorrectionForm(request.POST or None)
    context = {"recognition": found, "form": form, "papers": list(found.certificates.filter(replaced_at=None))}
    if request.method == "POST" and form.is_valid():
        try:
            preparing.prepare_correction(
                corrects=first,
                reason=form.cleaned_data["reason"],
                changes=[form.said(found)],
                by=request.user,
                at=database_now(),
                **form.signed(),
            )
        except Refused as refusal:
            return page(request, "correct.html", season, context, reasons=refusal.reasons)
        messages.success(
            request, _("The correction is prepared. Another person confirms it; until then nothing of it is public.")
        )
        return redirect("decisions:decision", year=season.year)
    return page(request, "correct.html", season, context)
