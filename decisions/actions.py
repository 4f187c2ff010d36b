"""From the result to the public comment and its report."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import require
from core import audit
from core.errors import Refused
from decisions.models import CommentReport
from decisions.queries import to_publish
from dossiers import workflow
from evaluations import closing, guards, queries, tally
from evaluations.models import Result
from programme.actions import change_season
from programme.models import Season
from registry import actions as registry
from registry.models import Comment, PublishedList


@transaction.atomic
def publish_result(*, season: Season, opens_at: datetime, closes_at: datetime, by: Any, at: datetime) -> PublishedList:
    """Publish the products that pass, by name and without scores, open for comment.

    Raises Refused when there is no result, or the sheets no longer give the stored one.
    """
    require(by, "decisions.publish")
    if closed := guards.sees_the_whole_season(by, season):
        raise Refused(closed)
    run = queries.latest_run(season)
    if run is None:
        raise Refused(_("The result has not been computed yet."))
    # The digest is made of the kept rows; that these still say what was signed is asked of the marks themselves.
    if closing.current_inputs(season) != run.input_digest or tally.drifted(season.pk):
        raise Refused(_("The signed sheets have changed since the result was computed. Compute it again."))
    if missing := [*guards.result_is_not_public(season), *guards.nobody_is_left_behind(season, run)]:
        raise Refused(missing)
    ended = season.scoring_closes_at
    if opens_at < ended < opens_at + timedelta(minutes=1):
        opens_at = ended  # typed to the minute, in the minute in which the session was closed
    if closes_at <= opens_at:
        raise Refused(_("Comments must close after they open."))
    if closes_at <= at:
        raise Refused(_("The time at which comments close lies in the past."))
    passing = to_publish(run)
    if not passing:
        raise Refused(_("No product passes; there is no list to publish."))
    for result in Result.objects.filter(run=run).select_related("dossier__product"):
        workflow.take("publish_for_comment", result.dossier, by=by, at=at)
    change_season(season=season, comment_opens_at=opens_at, comment_closes_at=closes_at, by=by, at=at)
    season.refresh_from_db()
    return registry.publish_list(
        season_year=season.year,
        products=[registry.Recognised(r.dossier.product, r.is_top10) for r in passing],
        opens_at=opens_at,
        closes_at=closes_at,
        is_demo=season.is_demo,
        by=by,
        at=at,
    )


@transaction.atomic
def answer_comment(*, season: Season, comment: Comment, text: str, by: Any, at: datetime) -> Comment:
    """The reply to a comment, or its new wording. Raises Refused once the report is closed: it counts the replies
    that stand, and the decision was prepared on it."""
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    if CommentReport.objects.filter(season=season).exists():
        raise Refused(_("The report on the comments is closed; the replies stay as they are."))
    return registry.reply_to_comment(comment=comment, text=text, by=by, at=at)


@transaction.atomic
def close_comments(*, season: Season, conclusion: str, by: Any, at: datetime) -> CommentReport:
    """The report that ends the public comment: how many were received and answered, and what came of them.

    Raises Refused before the comments are closed, while one has no reply, without a conclusion, or a second time.
    """
    require(by, "decisions.decide")
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    received = Comment.objects.filter(list__season_year=season.year)
    reasons = guards.sees_the_whole_season(by, season)
    if season.comment_closes_at is None:
        reasons.append(_("The list has not been published for comment."))
    elif at < season.comment_closes_at:
        until = date_format(timezone.localtime(season.comment_closes_at), "DATETIME_FORMAT")
        reasons.append(_("Comments are open until %(time)s.") % {"time": until})
    if unanswered := received.filter(replied_at=None).count():
        reasons.append(
            ngettext("%(n)s comment has no reply yet.", "%(n)s comments have no reply yet.", unanswered)
            % {"n": unanswered}
        )
    if not conclusion.strip():
        reasons.append(_("Say what came of the comments."))
    if CommentReport.objects.filter(season=season).exists():
        reasons.append(_("The report on the comments is closed already."))
    if reasons:
        raise Refused(reasons)
    count = received.count()
    report = CommentReport.objects.create(
        season=season,
        comments=count,
        answered=count,
        conclusion=conclusion.strip(),
        closed_at=at,
        closed_by_name=str(by),
    )
    audit.record("comments.reported", report, by=by, at=at, comments=count, conclusion=report.conclusion)
    return report
