"""A member's work: which dossiers, how far, until when."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from evaluations import queries
from evaluations.models import Interest
from evaluations.views.common import own_seat, page


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    seat = own_seat(request)
    season = seat.council.season
    mine = queries.tasks(seat)
    unsigned = [task for task in mine if not task.is_signed]
    only_unsigned = request.GET.get("show") == "unsigned"
    context = {
        "seat": seat,
        "season": season,
        "tasks": unsigned if only_unsigned else mine,
        "asked": len(mine),
        "signed": len(mine) - len(unsigned),
        "unsigned": len(unsigned),
        "only_unsigned": only_unsigned,
        "undeclared": queries.undeclared(seat).count(),
        "conflicts": Interest.objects.filter(seat=seat, has_conflict=True).count(),
        "next": next((task for task in mine if not task.is_signed and task.dossier.stage == "scoring"), None),
        "late": season.scoring_closes_at < timezone.now(),
    }
    return page(request, "queue.html", context)
