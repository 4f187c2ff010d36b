"""Appeals and their days."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.workdays import Calendar
from dossiers import wall
from evaluations.models import Appeal, ScoreSheet
from programme.models import Season

# The city's own rule was not found. The national rural-industry vote, whose criteria the programme follows, gives 15
# working days from the result to complain and 10 to answer (codified Circular 26/2014/TT-BCT).
LODGE_DAYS = 15
ANSWER_DAYS = 10


def made_known_on(season: Season, computed_at: datetime) -> date:
    """The day from which an enterprise may know its result: the list is published for comment, else the decision,
    else the computation."""
    known = season.comment_opens_at or season.decided_at or computed_at
    return timezone.localtime(known).date()


def lodge_until(season: Season, computed_at: datetime, calendar: Calendar) -> date:
    return calendar.add(made_known_on(season, computed_at), LODGE_DAYS)


def answer_until(received_on: date, calendar: Calendar) -> date:
    return calendar.add(received_on, ANSWER_DAYS)


def appeals_of(season: Season, user: Any) -> QuerySet[Appeal]:
    """Those of dossiers that the person may see, the newest first."""
    rows = Appeal.objects.filter(dossier__season=season).select_related(
        "dossier__product", "dossier__enterprise", "run", "tried_on"
    )
    return wall.beyond(rows, user)


def has_scored(user: Any, dossier: Any) -> bool:
    """Did this person ever write a sheet for the dossier, from whatever seat?"""
    return ScoreSheet.objects.filter(seat__user_id=user.pk, dossier=dossier).exists()
