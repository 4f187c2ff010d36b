"""What this app adds to the side rail: comments, decision and certificates of the season they wait for."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.access import can
from accounts.permissions import is_secretary, is_signatory
from core import rail
from decisions import papers, queries
from programme.models import Season


def season_of(request: HttpRequest) -> Season | None:
    """Asked once per request."""
    if not hasattr(request, "_season_at_recognition"):
        request._season_at_recognition = queries.season_at_recognition()  # type: ignore[attr-defined]
    return request._season_at_recognition  # type: ignore[attr-defined, no-any-return]


def _url(name: str, rule: str) -> Callable[[HttpRequest], str | None]:
    def url(request: HttpRequest) -> str | None:
        if not can(request.user, rule):
            return None
        season = season_of(request)
        return reverse(f"decisions:{name}", args=[season.year]) if season else None

    return url


def _unanswered(request: HttpRequest) -> int | None:
    season = season_of(request)
    return (queries.count_unanswered(season, request.user) or None) if season else None


def _reasons_url(request: HttpRequest) -> str | None:
    season = season_of(request) if is_secretary(request.user) else None
    if season is None or season.decided_at is None or not can(request.user, "decisions.see_reasons", season):
        return None
    return reverse("decisions:reasons", args=[season.year])


def _to_sign_url(request: HttpRequest) -> str | None:
    return reverse("decisions:to_sign") if is_signatory(request.user) else None


def _to_sign(request: HttpRequest) -> int | None:
    return (len(queries.to_confirm(request.user)) + len(papers.to_approve())) or None


rail.add(
    "recognition",
    pgettext_lazy("rail", "Recognition"),
    30,
    rail.Door(pgettext_lazy("signatory", "Waiting for me"), _to_sign_url, _to_sign),
    rail.Door(pgettext_lazy("rail", "Comments"), _url("comments", "registry.read_comments"), _unanswered),
    rail.Door(pgettext_lazy("rail", "Decision"), _url("decision", "decisions.see")),
    rail.Door(pgettext_lazy("rail", "Letters of reasons"), _reasons_url),
    rail.Door(pgettext_lazy("rail", "Certificates"), _url("certificates", "certificates.see_book")),
)
