"""May the council begin, may it close? Each guard returns its reasons, in words."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dossiers import wall
from dossiers.models import Dossier, Stage
from evaluations import queries
from evaluations.models import Assignment, Interest, ResultRun, Seat, StandingSheet, Tally
from programme.actions import rules_of
from programme.models import Season
from programme.rubric_file import NoSet


def scoring_has_begun(season: Season, at: datetime) -> list[str]:
    """The council opens no earlier than the season says; the secretary may move the date, which is recorded."""
    if at >= season.scoring_begins_at:
        return []
    day = date_format(timezone.localtime(season.scoring_begins_at), "SHORT_DATETIME_FORMAT")
    return [
        _("Scoring opens at %(day)s, after registration has closed. Move the dates of the season first.")
        % {"day": day}
    ]


def scoring_has_not_ended(season: Season, at: datetime) -> list[str]:
    """Nothing is saved or signed after the last moment, unless the secretary has moved it."""
    if at < season.scoring_closes_at:
        return []
    day = date_format(timezone.localtime(season.scoring_closes_at), "SHORT_DATETIME_FORMAT")
    return [_("Scoring closed at %(day)s. Ask the council secretary for more time.") % {"day": day}]


def result_is_not_public(season: Season) -> list[str]:
    """What the public has read is decided about: no further dossier is scored and nothing is computed again, but what
    an appeal asks for."""
    public = (Stage.PUBLIC_COMMENT, Stage.RECOGNISED, Stage.NOT_RECOGNISED)
    if Dossier.objects.filter(season=season, stage__in=public).exists():
        return [_("The list of the season is published; its result no longer changes but by an appeal.")]
    return []


def nobody_is_left_behind(season: Season, run: ResultRun) -> list[str]:
    """Each dossier that the council has before it stands in this result."""
    before = Dossier.objects.filter(season=season, stage__in=(Stage.SCORING, Stage.SCORED))
    missing = before.exclude(results__run=run).order_by("number").values_list("number", flat=True)
    if not missing:
        return []
    return [
        ngettext(
            "One dossier is with the council and not in the newest result: %(numbers)s. Close scoring first.",
            "%(n)s dossiers are with the council and not in the newest result: %(numbers)s. Close scoring first.",
            len(missing),
        )
        % {"n": len(missing), "numbers": ", ".join(number or "" for number in missing)}
    ]


def sees_the_whole_season(user: Any, season: Season) -> list[str]:
    """Whoever has a conflict with a dossier of the season does not act on all of it: every refusal, every number of
    such an act would tell of that dossier."""
    if wall.barred_ids(user, season):
        return [_("You have a conflict of interest in this season. A colleague without one does this.")]
    return []


def rubric_is_published(dossier: Dossier, at: datetime) -> list[str]:
    if dossier.season.rubric_id is None:
        return [_("The season has not published its criteria.")]
    return []


def council_is_seated(dossier: Dossier, at: datetime) -> list[str]:
    seats = list(queries.seats_of(dossier.season))
    if not seats:
        return [_("The council has no members yet.")]
    if not any(seat.position == Seat.Position.CHAIR for seat in seats):
        return [_("The council has no chair.")]
    return []


def interests_are_declared(dossier: Dossier, at: datetime) -> list[str]:
    """Each member has spoken; what keeps a member apart from the dossier anyway needs no words."""
    said = set(Interest.objects.filter(dossier=dossier).values_list("seat_id", flat=True))
    said |= {seat for seat, apart in queries.apart(dossier.season) if apart == dossier.pk}
    silent = [str(seat) for seat in queries.serving_seats(dossier.season) if seat.pk not in said]
    if silent:
        who = ", ".join(silent)
        return [_("%(dossier)s: no declaration of interest from %(who)s.") % {"dossier": dossier.number, "who": who}]
    return []


def criteria_are_assigned(dossier: Dossier, at: datetime) -> list[str]:
    if dossier.season.rubric is None:
        return []
    rules = rules_of(dossier.season.rubric)
    try:
        asked = {c.code for c in rules.leaves(queries.set_of(dossier, rules))}
    except NoSet:
        return [_("%(dossier)s: the rubric has no criteria for this kind of product.") % {"dossier": dossier.number}]
    done = set(Assignment.objects.filter(dossier=dossier).values_list("criterion__code", flat=True))
    lacking = sorted(asked - done)
    if lacking:
        codes = ", ".join(lacking)
        return [_("%(dossier)s: nobody scores criterion %(codes)s.") % {"dossier": dossier.number, "codes": codes}]
    return []


def sheets_are_signed(dossier: Dossier, at: datetime) -> list[str]:
    missing = queries.outstanding(dossier)
    if missing:
        who = ", ".join(str(seat) for seat in missing)
        return [
            ngettext(
                "%(dossier)s: one score sheet is not signed (%(who)s).",
                "%(dossier)s: %(n)s score sheets are not signed (%(who)s).",
                len(missing),
            )
            % {"dossier": dossier.number, "n": len(missing), "who": who}
        ]
    return []


def criteria_have_points(dossier: Dossier, at: datetime) -> list[str]:
    """A criterion from which everybody abstained has no mean; the secretary has to find somebody who judges it."""
    tally = Tally.objects.filter(dossier=dossier).first()
    if dossier.season.rubric is None or tally is None or queries.outstanding(dossier):
        return []
    places = rules_of(dossier.season.rubric).leaf_positions
    asked = Assignment.objects.filter(dossier=dossier).values_list("criterion__code", flat=True).distinct()
    empty = sorted((code for code in asked if not tally.counts[places[code]]), key=places.__getitem__)
    if empty:
        codes = ", ".join(empty)
        return [
            _("%(dossier)s: nobody gave points for criterion %(codes)s.") % {"dossier": dossier.number, "codes": codes}
        ]
    return []


def quorum_is_met(season_id: int, numerator: int, denominator: int, seats: int) -> list[str]:
    """Enough of the seated members have signed sheets in this season."""
    signed = StandingSheet.objects.filter(dossier__season_id=season_id).values("seat_id").distinct().count()
    if signed * denominator < numerator * seats:
        return [
            _("Only %(signed)s of %(seats)s members have signed sheets; the quorum is %(num)s/%(den)s.")
            % {"signed": signed, "seats": seats, "num": numerator, "den": denominator}
        ]
    return []
