"""Publishing the list for comment, reading what comes in, answering it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require
from core.clock import database_now
from core.errors import Refused
from decisions import actions, queries
from decisions.forms import PublishForm, ReplyForm, ReportForm
from decisions.models import CommentReport
from decisions.views.common import page, season_of
from evaluations.queries import latest_run
from programme.models import Season
from registry.models import Comment, PublishedList

WINDOW_DAYS = 10
PER_PAGE = 25


@never_cache
@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, year: int) -> HttpResponse:
    season = season_of(year)
    require(request.user, "registry.read_comments")
    if request.method == "POST":
        return _publish(request, season)
    published = queries.list_of(season)
    return _show_comments(request, season, published) if published else _show_list(request, season)


def _publish(request: HttpRequest, season: Season) -> HttpResponse:
    require(request.user, "decisions.publish")
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _show_list(request, season, form)
    said = form.cleaned_data
    try:
        published = actions.publish_result(
            season=season,
            opens_at=said["opens_at"],
            closes_at=said["closes_at"],
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _show_list(request, season, form, refusal.reasons)
    until = date_format(timezone.localtime(published.comment_closes_at), "DATETIME_FORMAT")
    messages.success(request, _("The list is published. Comments are open until %(time)s.") % {"time": until})
    return redirect("decisions:comments", year=season.year)


def _show_list(
    request: HttpRequest, season: Season, form: PublishForm | None = None, reasons: list[str] | None = None
) -> HttpResponse:
    """Before publication: what will be published."""
    run = latest_run(season)
    passing, failing = queries.shown_to_publish(run, request.user) if run else ([], 0)
    now = timezone.localtime().replace(second=0, microsecond=0)
    initial = {"opens_at": now, "closes_at": now + timedelta(days=WINDOW_DAYS)}
    context = {
        "run": run,
        "passing": passing,
        "top10": sum(result.is_top10 for result in passing),
        "failing": failing,
        "form": form or PublishForm(initial=initial),
    }
    return page(request, "publish.html", season, context, reasons=reasons)


def _show_comments(
    request: HttpRequest,
    season: Season,
    published: PublishedList,
    refused: tuple[int, ReplyForm] | None = None,
    report: ReportForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    now = timezone.now()
    only_unanswered = request.GET.get("answered") == "no"
    found = queries.comments_on(published, request.user, unanswered=only_unanswered)
    page_obj = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    by_day = queries.comments_by_day(published, request.user, now)
    total = queries.comments_on(published, request.user).count()
    unanswered = queries.count_unanswered(season, request.user)
    context: dict[str, Any] = {
        "published": published,
        "items": published.items.count(),
        "is_open": published.comment_opens_at <= now < published.comment_closes_at,
        "is_over": now >= published.comment_closes_at,
        "total": total,
        "unanswered": unanswered,
        "answered": total - unanswered,
        "only_unanswered": only_unanswered,
        "page_obj": page_obj,
        "rows": [_row(comment, refused) for comment in page_obj],
        "refused_form": refused[1] if refused else report,
        "report": CommentReport.objects.filter(season=season).first(),
        "report_form": report or ReportForm(),
        "days": [date_format(day, "j/n") for day, _n in by_day],
        "counts": [n for _day, n in by_day],
        "by_day": [(date_format(day, "SHORT_DATE_FORMAT"), n) for day, n in by_day],
        "is_long": len(by_day) > queries.DAYS_IN_CHART,
    }
    return page(request, "comments.html", season, context, reasons=reasons)


def _row(comment: Comment, refused: tuple[int, ReplyForm] | None) -> dict[str, Any]:
    is_refused = refused is not None and refused[0] == comment.pk
    form = (
        refused[1] if refused and is_refused else ReplyForm(initial={"text": comment.reply}, prefix=f"c{comment.pk}")
    )
    return {"comment": comment, "form": form, "open": is_refused}


@require_POST
def reply(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    season = season_of(year)
    comment = get_object_or_404(queries.comments_to(request.user, season.year).select_related("list"), pk=pk)
    require(request.user, "registry.reply_to_comments", comment)
    form = ReplyForm(request.POST, prefix=f"c{comment.pk}")
    if not form.is_valid():
        return _show_comments(request, season, comment.list, (comment.pk, form))
    text, at = form.cleaned_data["text"], timezone.now()
    try:
        actions.answer_comment(season=season, comment=comment, text=text, by=request.user, at=at)
    except Refused as refusal:
        return _show_comments(request, season, comment.list, (comment.pk, form), reasons=refusal.reasons)
    messages.success(request, _("The reply to %(name)s is kept.") % {"name": comment.name})
    return redirect("decisions:comments", year=season.year)


@require_POST
def report(request: HttpRequest, year: int) -> HttpResponse:
    """The report that ends the public comment."""
    season = season_of(year)
    require(request.user, "decisions.decide")
    published, form = queries.list_of(season), ReportForm(request.POST)
    if published is None:
        return _show_list(request, season, reasons=[_("The list has not been published for comment.")])
    if not form.is_valid():
        return _show_comments(request, season, published, report=form)
    conclusion = form.cleaned_data["conclusion"]
    try:
        actions.close_comments(season=season, conclusion=conclusion, by=request.user, at=database_now())
    except Refused as refusal:
        return _show_comments(request, season, published, report=form, reasons=refusal.reasons)
    messages.success(request, _("The report on the comments is closed. The decision can be prepared."))
    return redirect("decisions:decision", year=season.year)
