"""From the result to the city's decision: the only place that joins evaluations with the registry."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from certificates.actions import order_certificates
from core.errors import Refused
from decisions.queries import to_publish
from dossiers import workflow
from dossiers.models import Dossier, Stage
from evaluations import closing, guards, queries, tally
from evaluations.models import Result
from programme.actions import change_season, close_season
from programme.models import Season
from registry import actions as registry
from registry.models import Decision, PublishedList, Recognition


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
def record_decision(
    *,
    season: Season,
    number: str,
    signed_date: date,
    signer_name: str,
    signer_position: str,
    left_out: Collection[int] = (),
    by: Any,
    at: datetime,
) -> list[Recognition]:
    """Enter the signed decision: dossiers that pass are recognised, except those it leaves out; the others
    are not. Recognitions are published, certificates ordered and the season closed in the same transaction.

    Raises Refused while comments are open, or when the decision is dated in the future or before the list.
    """
    require(by, "decisions.decide")
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    if closed := guards.sees_the_whole_season(by, season):
        raise Refused(closed)
    reasons = []
    if signed_date > timezone.localdate(at):
        reasons.append(_("The day of signing lies in the future."))
    if season.comment_opens_at is not None and signed_date < timezone.localdate(season.comment_opens_at):
        reasons.append(_("The day of signing lies before the publication of the list."))
    if Decision.objects.filter(number=number, signed_date=signed_date).exists():
        reasons.append(_("A decision with this number and date is recorded already."))
    dossiers = list(
        Dossier.objects.filter(season=season, stage=Stage.PUBLIC_COMMENT).select_related(
            "season", "product__enterprise__ward"
        )
    )
    if not dossiers:
        reasons.append(_("No dossier awaits a decision."))
    run = queries.latest_run(season)
    if run is not None:
        reasons += guards.nobody_is_left_behind(season, run)
    for dossier in dossiers:
        reasons += workflow.blockers(dossier, "recognise", by=by, at=at)
    if reasons:
        raise Refused(dict.fromkeys(reasons))
    results = {r.dossier_id: r for r in Result.objects.filter(run=run)}
    named = []
    for dossier in sorted(dossiers, key=lambda d: (results[d.pk].rank or 0, d.number or "")):
        result = results[dossier.pk]
        if result.passes and dossier.pk not in left_out:
            workflow.take("recognise", dossier, by=by, at=at, note=number)
            named.append(registry.Recognised(dossier.product, result.is_top10))
        else:
            workflow.take("do_not_recognise", dossier, by=by, at=at, note=number)
    recognitions = registry.publish_decision(
        season_year=season.year,
        number=number,
        signed_date=signed_date,
        signer_name=signer_name,
        signer_position=signer_position,
        products=named,
        validity_months=season.validity_months,
        is_demo=season.is_demo,
        by=by,
        at=at,
    )
    order_certificates(recognitions=recognitions, by=by, at=at)
    close_season(season=season, by=by, at=at)
    return recognitions
