"""May this step be taken now? Each guard returns its reasons, in words."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dossiers import completeness, queries, supplements, words
from dossiers.models import Dossier, Scan


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


def papers_are_scanned(dossier: Dossier, at: datetime) -> list[str]:
    """Nothing is sent that the virus scanner has not passed; where none is connected, nothing waits for it."""
    held = dossier.documents.filter(removed_at=None)
    reasons = []
    for document in held.filter(scan__in=[Scan.WAITING, Scan.INFECTED]):
        names = {"name": document.name, "paper": words.PAPER_NAMES[document.paper], "found": document.scan_words}
        if document.scan == Scan.INFECTED:
            reasons.append(_("%(paper)s: “%(name)s” is harmful (%(found)s). Replace it.") % names)
        else:
            reasons.append(_("%(paper)s: “%(name)s” is still being scanned. Try again in a minute.") % names)
    return reasons


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


def every_item_is_answered(dossier: Dossier, at: datetime) -> list[str]:
    """Each thing that was asked for differs from what was sent last; a resubmission without change is named."""
    reasons = []
    for item in supplements.unanswered(dossier):
        if item.is_paper:
            reasons.append(_("%(name)s: attach a new file; the one there was sent before.") % {"name": item.name})
        else:
            reasons.append(_("%(name)s: nothing has changed since it was sent.") % {"name": item.name})
    return reasons


def asked_parts_are_complete(dossier: Dossier, at: datetime) -> list[str]:
    """What still lacks in the parts that are open; the enterprise cannot fill in the others now."""
    missing = completeness.missing(queries.facts_of(dossier))
    return [
        words.finding(found)
        for found in missing
        if supplements.opens(dossier, found.part, found.about if found.part == "papers" else "")
    ]


def came_on_paper(dossier: Dossier, at: datetime) -> list[str]:
    return [] if dossier.is_on_paper else [_("This dossier was begun online; its enterprise sends it.")]


def came_after_it_was_asked(dossier: Dossier, at: datetime) -> list[str]:
    """An answer on paper: `at` is the hour at the counter. Late is not too late, the officer weighs that."""
    request = dossier.open_supplement
    if request is None:
        return [_("There is no open request for a supplement.")]
    if at < request.asked_at:
        asked = date_format(timezone.localtime(request.asked_at), "SHORT_DATETIME_FORMAT")
        return [_("The supplement was asked for at %(time)s; its answer cannot have come before.") % {"time": asked}]
    return []


def nothing_was_asked(dossier: Dossier, at: datetime) -> list[str]:
    """Once a supplement was asked for, the dossier cannot look untouched again."""
    if dossier.supplements.exists():
        return [_("A supplement was asked for already; the dossier stays in hand.")]
    return []
