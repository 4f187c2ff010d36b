"""May the result be published, may the decision be recorded? Reasons in words."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dossiers.models import Dossier
from evaluations.models import Result
from evaluations.queries import latest_run


def result_is_current(dossier: Dossier, at: datetime) -> list[str]:
    run = latest_run(dossier.season)
    if run is None or not Result.objects.filter(run=run, dossier=dossier).exists():
        return [_("%(dossier)s has no computed result yet.") % {"dossier": dossier.number}]
    return []


def comments_are_closed(dossier: Dossier, at: datetime) -> list[str]:
    closes = dossier.season.comment_closes_at
    if closes is None:
        return [_("The list has not been published for comment.")]
    if at < closes:
        until = date_format(timezone.localtime(closes), "DATETIME_FORMAT")
        return [_("Comments are open until %(time)s.") % {"time": until}]
    return []
