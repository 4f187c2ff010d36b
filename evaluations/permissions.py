"""An assessor sees the own sheets; the secretary sees totals only after closing."""

from typing import Any

from accounts.permissions import is_secretary, is_staff
from dossiers.models import Dossier, Stage
from evaluations.models import Assignment, Interest, ResultRun, ScoreSheet, Seat
from programme.models import Season


def has_seat(user: Any, season: Season | None = None) -> bool:
    if not getattr(user, "is_authenticated", False):
        return False
    seats = Seat.objects.filter(user=user, vacated_at=None)
    return (seats.filter(council__season=season) if season else seats).exists()


def may_see_sheet(user: Any, sheet: ScoreSheet) -> bool:
    """The member alone, until the session is closed and beyond: others read results, not sheets."""
    return sheet.seat.user_id == getattr(user, "pk", None) and may_score(user, sheet.dossier)


def may_score(user: Any, dossier: Dossier) -> bool:
    """Assigned, seated, declared without conflict, and the dossier has come to the council."""
    if not getattr(user, "is_authenticated", False) or dossier.stage in (Stage.DRAFT, Stage.WITHDRAWN):
        return False
    seats = Seat.objects.filter(user=user, vacated_at=None, council__season_id=dossier.season_id)
    free = Interest.objects.filter(seat__in=seats, dossier=dossier, has_conflict=False)
    return free.exists() and Assignment.objects.filter(seat__in=seats, dossier=dossier).exists()


def may_declare(user: Any, dossier: Dossier) -> bool:
    return has_seat(user, dossier.season) and dossier.stage in (Stage.ELIGIBLE, Stage.SCORING)


def has_conflict(user: Any, dossier: Dossier) -> bool:
    return Interest.objects.filter(seat__user=user, dossier=dossier, has_conflict=True).exists()


def may_run_session(user: Any, dossier: Dossier | None = None) -> bool:
    """The secretary, who has no vote: nobody both scores and runs the session."""
    return is_secretary(user) and not has_seat(user, dossier.season if dossier is not None else None)


def may_see_ranking(user: Any, run: ResultRun | None = None) -> bool:
    """Staff, once a run exists; a run exists only after closing."""
    return is_staff(user)


RULES = {
    "sit": has_seat,
    "score": may_score,
    "see_sheet": may_see_sheet,
    "declare": may_declare,
    "run_session": may_run_session,
    "see_progress": is_staff,
    "see_ranking": may_see_ranking,
}
