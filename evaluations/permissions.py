"""An assessor sees the own sheets; the secretary sees totals only after closing."""

from typing import Any

from accounts.permissions import is_it_officer, is_secretary, is_staff
from dossiers.models import Dossier, LikelyConflict, Stage
from dossiers.wall import barred_ids, has_conflict, is_barred
from evaluations.models import Appeal, Assignment, Interest, ResultRun, ScoreSheet, Seat
from evaluations.queries.appeals import has_scored
from programme.models import Season

BEFORE_DECISION = (Stage.ELIGIBLE, Stage.SCORING, Stage.SCORED, Stage.PUBLIC_COMMENT)


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
    if not getattr(user, "is_authenticated", False) or is_barred(user, dossier):
        return False
    if dossier.stage in (Stage.DRAFT, Stage.WITHDRAWN):
        return False
    seats = Seat.objects.filter(user=user, vacated_at=None, council__season_id=dossier.season_id)
    free = Interest.objects.filter(seat__in=seats, dossier=dossier, has_conflict=False)
    return free.exists() and Assignment.objects.filter(seat__in=seats, dossier=dossier).exists()


def may_declare(user: Any, dossier: Dossier) -> bool:
    return has_seat(user, dossier.season) and dossier.stage in (Stage.ELIGIBLE, Stage.SCORING)


def may_declare_conflict(user: Any, dossier: Dossier) -> bool:
    """From the day the dossier is eligible until the city decides: a conflict may come to light late."""
    return has_seat(user, dossier.season) and dossier.stage in BEFORE_DECISION


def may_state(user: Any, dossier: Dossier) -> bool:
    """Before the minutes, about what the council has before it."""
    return has_seat(user, dossier.season) and dossier.stage in BEFORE_DECISION


def may_run_session(user: Any, dossier: Dossier | None = None) -> bool:
    """The secretary, who has no vote: nobody both scores and runs the session. Nobody acts on a dossier behind the
    wall."""
    if not is_secretary(user) or has_seat(user, dossier.season if dossier is not None else None):
        return False
    return dossier is None or not is_barred(user, dossier)


def may_see_conflicts(user: Any, season: Season | None = None) -> bool:
    """The secretary, about everybody but himself and nothing behind his own wall."""
    return is_secretary(user) and not has_seat(user, season)


def may_enter_sheet(user: Any, dossier: Dossier) -> bool:
    """The secretary types in the signed paper of an absent member; nobody behind the wall."""
    return may_run_session(user, dossier)


def may_confirm_entry(user: Any, dossier: Dossier) -> bool:
    """A second person of the Department without a seat compares it with the scan."""
    return is_staff(user) and not has_seat(user, dossier.season) and not is_barred(user, dossier)


def may_see_ranking(user: Any, run: ResultRun | None = None) -> bool:
    """Staff, once a run exists; a run exists only after closing."""
    return is_staff(user)


def may_judge_likely(user: Any, likely: LikelyConflict) -> bool:
    """The secretary, never about himself nor about a dossier behind his own wall."""
    if likely.user_id == user.pk or has_conflict(user, likely.dossier):
        return False
    return may_see_conflicts(user, likely.dossier.season)


def may_lodge_appeal(user: Any, dossier: Dossier) -> bool:
    """The secretary, or an officer without a seat, writes down what came in; nobody behind the wall."""
    return is_staff(user) and not has_seat(user, dossier.season) and not is_barred(user, dossier)


def may_handle_appeal(user: Any, appeal: Appeal) -> bool:
    """Try and decide: whoever scored the dossier is recused, a seat that was given up included."""
    return may_lodge_appeal(user, appeal.dossier) and not has_scored(user, appeal.dossier)


def may_take_bundle(user: Any, season: Season | None = None) -> bool:
    """The secretary; the bundle holds every mark, so nobody with a conflict in the season."""
    return is_secretary(user) and (season is None or not barred_ids(user, season))


def may_see_checks(user: Any, obj: Any = None) -> bool:
    """The IT officer and the secretary; a verdict depends on every dossier there is."""
    return (is_it_officer(user) or is_secretary(user)) and not barred_ids(user)


RULES = {
    "judge_likely": may_judge_likely,
    "sit": has_seat,
    "score": may_score,
    "see_sheet": may_see_sheet,
    "declare": may_declare,
    "declare_conflict": may_declare_conflict,
    "state": may_state,
    "see_conflicts": may_see_conflicts,
    "run_session": may_run_session,
    "enter_sheet": may_enter_sheet,
    "confirm_entry": may_confirm_entry,
    "see_progress": is_staff,
    "see_ranking": may_see_ranking,
    "lodge_appeal": may_lodge_appeal,
    "handle_appeal": may_handle_appeal,
    "take_bundle": may_take_bundle,
    "see_checks": may_see_checks,
}
