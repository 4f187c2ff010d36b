"""May the council begin, may it close? Each guard returns its reasons, in words."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dossiers.models import Dossier
from evaluations import queries
from evaluations.models import Assignment, Interest, ScoreSheet, Seat
from programme.actions import rules_of


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
    said = set(Interest.objects.filter(dossier=dossier).values_list("seat_id", flat=True))
    silent = [str(seat) for seat in queries.seats_of(dossier.season) if seat.pk not in said]
    if silent:
        who = ", ".join(silent)
        return [_("%(dossier)s: no declaration of interest from %(who)s.") % {"dossier": dossier.number, "who": who}]
    return []


def criteria_are_assigned(dossier: Dossier, at: datetime) -> list[str]:
    if dossier.season.rubric is None:
        return []
    asked = {c.code for c in rules_of(dossier.season.rubric).leaves(dossier.track)}
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


def quorum_is_met(season_id: int, numerator: int, denominator: int, seats: int) -> list[str]:
    """Enough of the seated members have signed sheets in this season."""
    signed = (
        ScoreSheet.objects.filter(dossier__season_id=season_id, signed_at__isnull=False)
        .values("seat_id")
        .distinct()
        .count()
    )
    if signed * denominator < numerator * seats:
        return [
            _("Only %(signed)s of %(seats)s members have signed sheets; the quorum is %(num)s/%(den)s.")
            % {"signed": signed, "seats": seats, "num": numerator, "den": denominator}
        ]
    return []
