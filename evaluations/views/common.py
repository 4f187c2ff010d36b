"""What the doors of this room share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.access import require
from evaluations import queries
from evaluations.models import Seat
from programme.models import Season

REFUSED = 409


def season_of(year: int) -> Season:
    """The season of an address, or 404."""
    return get_object_or_404(Season.objects.select_related("rubric"), year=year)


def own_seat(request: HttpRequest) -> Seat:
    """The member's seat in the newest season, or 404 for everybody else."""
    require(request.user, "evaluations.sit")
    seat = queries.newest_seat(request.user)
    assert seat is not None
    return seat


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, reasons: list[str] | None = None
) -> HttpResponse:
    """A page; with the reasons of a refusal on top it answers 409."""
    context["reasons"] = reasons or []
    return render(request, f"evaluations/{template}", context, status=REFUSED if reasons else 200)
