"""May this step be taken now? Each guard returns its reasons, in words."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dossiers import completeness, queries, words
from dossiers.models import Dossier


def registration_is_open(dossier: Dossier, at: datetime) -> list[str]:
    season = dossier.season
    if season.decided_at is None and season.is_open(at):
        return []
    closed = date_format(timezone.localtime(season.registration_closes_at), "DATETIME_FORMAT")
    if at < season.registration_opens_at:
        opens = date_format(timezone.localtime(season.registration_opens_at), "DATETIME_FORMAT")
        return [_("Registration for %(year)s opens at %(time)s.") % {"year": season.year, "time": opens}]
    return [_("Registration for %(year)s closed at %(time)s.") % {"year": season.year, "time": closed}]


def dossier_is_complete(dossier: Dossier, at: datetime) -> list[str]:
    return [words.finding(found) for found in completeness.missing(queries.facts_of(dossier))]


def supplement_is_in_time(dossier: Dossier, at: datetime) -> list[str]:
    request = dossier.open_supplement
    if request is None:
        return [_("There is no open request for a supplement.")]
    if timezone.localdate(at) > request.due_date:
        return [
            _("The supplement was due on %(date)s. Write to the Department about an extension.")
            % {"date": date_format(request.due_date, "SHORT_DATE_FORMAT")}
        ]
    return []


def something_changed(dossier: Dossier, at: datetime) -> list[str]:
    request = dossier.open_supplement
    if request is not None and queries.last_change_at(dossier) <= request.asked_at:
        return [_("Nothing has changed since the request. Mend what the officer listed, then send.")]
    return []


def came_on_paper(dossier: Dossier, at: datetime) -> list[str]:
    return [] if dossier.is_on_paper else [_("This dossier was begun online; its enterprise sends it.")]


def nothing_was_asked(dossier: Dossier, at: datetime) -> list[str]:
    """Once a supplement was asked for, the dossier cannot look untouched again."""
    if dossier.supplements.exists():
        return [_("A supplement was asked for already; the dossier stays in hand.")]
    return []
