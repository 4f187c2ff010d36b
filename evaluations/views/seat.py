"""One seat: expertise, agency, limit, term, alternate."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import require
from core.errors import Refused
from evaluations import actions, queries
from evaluations.actions.seats import known_labels
from evaluations.assigning_forms import SeatForm
from evaluations.views.assigning import seen_by
from evaluations.views.common import page, season_of


@never_cache
@require_http_methods(["GET", "POST"])
def seat(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "evaluations.run_session")
    found = get_object_or_404(queries.seats_of(season).select_related("council__season__rubric"), pk=pk)
    initial = {
        "position": found.position,
        "unit": found.unit,
        "sectors": list(found.sectors.all()),
        "scorer_labels": found.scorer_labels,
        "max_dossiers": found.max_dossiers,
        "is_alternate": found.is_alternate,
        "term_from": found.term_from,
        "term_until": found.term_until,
    }
    posted = request.POST if request.method == "POST" else None
    form = SeatForm(posted, labels=sorted(known_labels(found)), initial=initial)
    context = {
        "season": season,
        "seat": found,
        "form": form,
        "version": queries.seen_version(found.council, request.user),
    }
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_seat(
                seat=found, seen=seen_by(request), by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            return page(request, "session/seat.html", context, reasons=refusal.reasons)
        messages.success(request, _("The seat of %(name)s is changed.") % {"name": found})
        return redirect("evaluations:council", year=season.year)
    return page(request, "session/seat.html", context)
