"""One season as its page tells it: what is planned, what runs, what was decided, what others reported."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programme.models import Season
from registry import queries
from registry.models import SourceNote


@dataclass(frozen=True)
class Standing:
    """The phase of a season in a word, with the day that matters next."""

    phase: Season.Phase
    kind: str
    icon: str
    sentence: str
    open_now: bool

    @classmethod
    def of(cls, season: Season, at: datetime) -> "Standing":
        phase = season.phase(at)
        kind, icon = _LOOKS[phase]
        return cls(phase, kind, icon, _sentence(season, phase, at), phase == Season.Phase.REGISTRATION)


_LOOKS = {
    Season.Phase.PLANNED: ("grey", "calendar"),
    Season.Phase.REGISTRATION: ("lam", "dot"),
    Season.Phase.EVALUATION: ("tim", "dot"),
    Season.Phase.COMMENT: ("tim", "chat"),
    Season.Phase.DECISION: ("tim", "clock"),
    Season.Phase.CLOSED: ("ngoc", "check"),
}


def moment(at: datetime | None) -> str:
    """17:00 30/09/2026, in the time of Hanoi."""
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def _sentence(season: Season, phase: Season.Phase, at: datetime) -> str:
    if phase == Season.Phase.PLANNED:
        return _("Registration opens at %(moment)s.") % {"moment": moment(season.registration_opens_at)}
    if phase == Season.Phase.REGISTRATION:
        days = (season.registration_closes_at - at).days
        left = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days} if days else _("last day")
        closes = moment(season.registration_closes_at)
        return _("Dossiers are received until %(moment)s – %(left)s.") % {"moment": closes, "left": left}
    if phase == Season.Phase.EVALUATION:
        return _("Registration is over; the dossiers are being checked and evaluated.")
    if phase == Season.Phase.COMMENT:
        return _("The proposed list is open for comment until %(moment)s.") % {
            "moment": moment(season.comment_closes_at)
        }
    if phase == Season.Phase.DECISION:
        return _("Comments are closed; the city has yet to decide.")
    return _("The city has decided; the recognised products are published.")


def steps(season: Season, at: datetime) -> list[tuple[str, str, str]]:
    """For the stage line: registration, evaluation, comment, decision."""
    order = [
        (Season.Phase.REGISTRATION, _("Registration"), season.registration_closes_at),
        (Season.Phase.EVALUATION, _("Check and evaluation"), season.scoring_closes_at),
        (Season.Phase.COMMENT, _("Public comment"), season.comment_closes_at),
        (Season.Phase.DECISION, _("Decision of the city"), season.decided_at),
    ]
    phases = [phase for phase, _words, _day in order]
    now = season.phase(at)
    position = {Season.Phase.PLANNED: -1, Season.Phase.CLOSED: len(order)}.get(now)
    if position is None:
        position = phases.index(now)
    found = []
    for index, (phase, words, day) in enumerate(order):
        state = "done" if index < position else "current" if index == position else "todo"
        found.append((words, state, _day_of(phase, day)))
    return found


def _day_of(phase: Season.Phase, at: datetime | None) -> str:
    if at is None:
        return ""
    day = date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")
    return day if phase == Season.Phase.DECISION else _("until %(day)s") % {"day": day}


# --- notes on sources ----------------------------------------------------------------------------------
def notes_about(year: int) -> list[SourceNote]:
    """The contradictions between sources that touch this season."""
    return [note for note in SourceNote.objects.all() if _covers(note.years, year)]


def _covers(years: str, year: int) -> bool:
    numbers = [int(number) for number in re.findall(r"\d{4}", years)]
    return bool(numbers) and min(numbers) <= year <= max(numbers)


# --- the list of seasons -------------------------------------------------------------------------------
@dataclass(frozen=True)
class SeasonRow:
    """A season in the list of seasons; what this registry holds and what others reported stay apart."""

    year: int
    standing: Standing | None
    is_demo: bool
    recognised: int | None
    reported: int | None


def season_rows(at: datetime) -> list[SeasonRow]:
    seasons = {season.year: season for season in Season.objects.public(at)}
    reported = {figure.year: figure.recognised_products for figure in queries.told_seasons()}
    own = {row["season_year"]: row for row in queries.decided_seasons()}
    demos = {decision.season_year: decision.is_demo for decision in queries.decisions()}
    return [
        SeasonRow(
            year=year,
            standing=Standing.of(seasons[year], at) if year in seasons else None,
            is_demo=seasons[year].is_demo if year in seasons else demos.get(year, False),
            recognised=own[year]["products"] if year in own else None,
            reported=reported.get(year),
        )
        for year in sorted(set(seasons) | set(reported) | set(own), reverse=True)
    ]
