"""A member's work: which dossiers, how far, until when."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from evaluations import queries
from evaluations.models import Interest
from evaluations.views.common import own_seat, page


@never_cache
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    seat = own_seat(request)
    season = seat.council.season
    mine = queries.tasks(seat)
    unsigned = [task for task in mine if not task.is_signed]
    sectors = {t.dossier.product.sector.code: t.dossier.product.sector for t in mine}
    sector = _sector(request, list(sectors))
    only_unsigned = request.GET.get("show") == "unsigned"
    shown = unsigned if only_unsigned else mine
    context = {
        "seat": seat,
        "season": season,
        "tasks": [t for t in shown if sector is None or t.dossier.product.sector.code == sector],
        "sectors": sorted(sectors.values(), key=lambda s: s.position) if len(sectors) > 1 else [],
        "sector": sector,
        "asked": len(mine),
        "signed": len(mine) - len(unsigned),
        "unsigned": len(unsigned),
        "ready": sum(task.desk.is_ready for task in mine),
        "only_unsigned": only_unsigned,
        "undeclared": queries.undeclared(seat).count(),
        "conflicts": Interest.objects.filter(seat=seat, has_conflict=True).count(),
        "next": next((task for task in mine if task.is_waiting and not task.is_signed), None),
        "late": season.scoring_closes_at < timezone.now(),
        "is_open": any(task.is_waiting for task in mine),
        "secretaries": queries.whom_to_call(),
    }
    return page(request, "queue.html", context)


def _sector(request: HttpRequest, known: list[str]) -> str | None:
    asked = request.GET.get("sector", "")
    return asked if asked in known else None
