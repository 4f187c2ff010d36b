"""What the doors of this room share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse

from programme.models import Season

REFUSED = 409


def season_of(year: int) -> Season:
    """The season of an address, or 404."""
    return get_object_or_404(Season.objects.select_related("rubric"), year=year)


def page(
    request: HttpRequest,
    template: str,
    season: Season,
    context: dict[str, Any],
    *,
    reasons: list[str] | None = None,
) -> HttpResponse:
    """A page of one season; with the reasons of a refusal on top it answers 409."""
    shared = {
        "season": season,
        "others": list(Season.objects.exclude(pk=season.pk).order_by("-year").values_list("year", flat=True)[:5]),
        "here": request.resolver_match.url_name if request.resolver_match else "",
        "reasons": reasons or [],
    }
    return render(request, f"decisions/{template}", shared | context, status=REFUSED if reasons else 200)


def typed(request: HttpRequest, name: str, *, at_most: int) -> str:
    """What was typed into a field that stands without a form. The database takes no NUL, and nobody can type one."""
    return request.POST.get(name, "").replace("\x00", "")[:at_most]


def public_url(name: str, *args: Any) -> str:
    """A public page, or nothing where the site has none."""
    try:
        return reverse(f"public:{name}", args=args)
    except NoReverseMatch:
        return ""
