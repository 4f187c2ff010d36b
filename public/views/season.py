from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.canonical import canonical
from core.errors import Refused
from programme.models import Season
from programme.rubric_page import criteria_of
from public.client import within_limit
from public.forms import CommentForm
from public.seasons import Standing, notes_about, season_rows, steps
from registry import queries
from registry.actions import leave_comment
from registry.models import ProcessCount, PublishedList

COMMENTS_AN_HOUR = 5
HOUR = 3600


@login_not_required
@require_safe
def seasons(request: HttpRequest) -> HttpResponse:
    """Every season that this registry or a source knows."""
    return render(request, "public/seasons.html", {"rows": season_rows(timezone.now())})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def season(request: HttpRequest, year: int) -> HttpResponse:
    """Dates, criteria, the list open for comment, the result; and what others reported, kept apart."""
    now = clock.database_now()
    published = queries.published_list(year)
    may_comment = published is not None and published.comment_opens_at <= now < published.comment_closes_at
    form, status = None, 200
    if published is not None and (may_comment or request.method == "POST"):
        form = CommentForm(request.POST if request.method == "POST" else None, published=published)
        if request.method == "POST":
            if form.is_from_a_program:
                return redirect("public:season_thanks", year=year)
            if form.is_valid() and _left(request, form, published):
                return redirect("public:season_thanks", year=year)
            status = 409 if form.has_error("__all__", "refused") else 400
    items = published.items.select_related("sector") if published else []
    context = _page(year) | {"published": published, "items": items, "form": form}
    return render(request, "public/season.html", context, status=status)


def _left(request: HttpRequest, form: CommentForm, published: PublishedList) -> bool:
    """Keep the comment; a refusal becomes an error of the form, with nothing lost that was typed."""
    facts = {name: form.cleaned_data[name] for name in ("item", "name", "contact", "text")}
    if not within_limit(request, "comment", limit=COMMENTS_AN_HOUR, seconds=HOUR):
        form.add_error(None, _("Many comments came from your connection. Please send this one again in an hour."))
        return False
    try:
        leave_comment(published=published, at=clock.database_now(), **facts)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, ValidationError(reason, code="refused"))
        return False
    return True


def _page(year: int) -> dict[str, Any]:
    """What the page shows of this year. Raises Http404 when nobody knows it."""
    now, today = timezone.now(), timezone.localdate()
    planned = Season.objects.public(now).filter(year=year).select_related("rubric").first()
    figure = next((f for f in queries.told_seasons() if f.year == year), None)
    decision = queries.decision_of(year)
    reported = list(queries.reported_in(year))
    if not (planned or figure or decision or reported or queries.published_list(year)):
        raise Http404
    recognised = [(r, r.status(today)) for r in queries.recognised_in(year)]
    return {
        "year": year,
        "season": planned,
        "standing": Standing.of(planned, now) if planned else None,
        "steps": steps(planned, now) if planned else [],
        "criteria": criteria_of(planned),
        "decision": decision,
        "recognised": recognised,
        "top10": sum(1 for r, _status in recognised if r.is_top10),
        "figure": figure,
        "reported": reported,
        "notes": notes_about(year) if figure or reported else [],
        "emergencies": queries.count_of(ProcessCount.Kind.BREAK_GLASS, year) if planned else 0,
    }


@login_not_required
@require_safe
def rubric_file(request: HttpRequest, year: int) -> HttpResponse:
    """The criteria as the bytes that were digested: whoever hashes the file gets the published digest."""
    season = Season.objects.public(timezone.now()).filter(year=year).select_related("rubric").first()
    if season is None or season.rubric is None or season.rubric.published_at is None:
        raise Http404
    response = HttpResponse(canonical(season.rubric.content), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{season.rubric.code}-{season.rubric.digest[:12]}.json"'
    response["ETag"] = f'"{season.rubric.digest}"'
    return response


@login_not_required
@require_safe
def thanks(request: HttpRequest, year: int) -> HttpResponse:
    """The comment has arrived. The page can be bookmarked and says nothing about its content."""
    published = queries.published_list(year)
    if published is None:
        raise Http404
    return render(request, "public/season_thanks.html", {"year": year, "published": published})
