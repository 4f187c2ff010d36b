"""The days of the check in words and as a bar, the same for everybody who is told them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.workdays import Calendar
from dossiers import queries
from dossiers.clock import DaysLeft, Running, Stretch, stretches
from dossiers.models import Dossier

WIDTH = 600


@dataclass(frozen=True)
class Piece:
    """One stretch of the bar, placed on a drawing `WIDTH` wide."""

    kind: str
    days: int
    x: str
    width: str


@dataclass(frozen=True)
class DaysBar:
    """What a page prints about the Department's time for the check."""

    now: DaysLeft
    words: str
    pieces: Sequence[Piece]
    total: int

    @property
    def description(self) -> str:
        """For whoever does not see the drawing."""
        kinds = {
            "used": _("used: %(n)s"),
            "paused": _("clock stood still: %(n)s"),
            "left": _("left: %(n)s"),
            "late": _("late: %(n)s"),
        }
        return (
            _("Working days of the check")
            + ": "
            + ", ".join(kinds[piece.kind] % {"n": piece.days} for piece in self.pieces)
        )

    @property
    def kinds(self) -> set[str]:
        return {piece.kind for piece in self.pieces}


def days_bar_of(dossier: Dossier, today: date, calendar: Calendar | None = None) -> DaysBar | None:
    """None before the dossier was filed."""
    clock = queries.clock_of(dossier, calendar)
    if clock is None:
        return None
    now, parts = clock.days_left(today), stretches(clock, today)
    total = sum(part.days for part in parts)
    return DaysBar(now=now, words=in_words(now), pieces=_placed(parts, total), total=total)


def _placed(parts: Sequence[Stretch], total: int) -> list[Piece]:
    placed, at = [], 0.0
    for part in parts:
        width = WIDTH * part.days / total
        placed.append(Piece(part.kind, part.days, f"{at:.2f}", f"{width:.2f}"))
        at += width
    return placed


def in_words(now: DaysLeft) -> str:
    """One sentence; the number in it is `DaysLeft.left` for everybody."""
    numbers = {"n": abs(now.left), "days": now.days, "used": now.used}
    if now.state == Running.ENDED:
        return (
            ngettext("The check took %(used)s working day.", "The check took %(used)s working days.", now.used)
            % numbers
        )
    if now.left < 0:
        return ngettext("%(n)s working day late", "%(n)s working days late", abs(now.left)) % numbers
    if now.state == Running.PAUSED:
        return (
            ngettext(
                "The clock stands still; %(n)s of %(days)s working days is left after the answer",
                "The clock stands still; %(n)s of %(days)s working days are left after the answer",
                now.left,
            )
            % numbers
        )
    if now.left == 0:
        return _("Today is the last working day of the check")
    return (
        ngettext("%(n)s of %(days)s working days is left", "%(n)s of %(days)s working days are left", now.left)
        % numbers
    )
