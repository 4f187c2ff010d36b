"""Who has stated what, who must not judge what, and what a person with a conflict still sees."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from dossiers import wall
from dossiers.models import Conflict, Dossier
from enterprises.models import Representative
from evaluations import scoring
from evaluations.models import Interest, InterestStatement, Result, ResultRun, Seat
from evaluations.queries.council import dossiers_before_council, seat_of, seats_of
from evaluations.queries.results import ranking, scores_of
from programme.actions import rules_of
from programme.models import Season


# --- what was stated ----------------------------------------------------------------------------------
def has_to_declare(user: Any, dossier: Dossier) -> bool:
    """Seated, and has not said yet whether there is a conflict: the sheet opens after that."""
    seat = seat_of(user, dossier.season)
    if seat is None or wall.is_barred(user, dossier):
        return False
    waiting = dossiers_before_council(dossier.season).filter(pk=dossier.pk)
    return waiting.exists() and not Interest.objects.filter(seat=seat, dossier=dossier).exists()


def unstated_before_minutes(seat: Seat, dossiers: Iterable[Dossier]) -> list[Dossier]:
    """Of these dossiers the ones about which the member has not made the second statement. What lies behind the
    member's wall is not asked about: that is known."""
    wanted = list(dossiers)
    said = InterestStatement.objects.filter(
        seat=seat, dossier__in=[d.pk for d in wanted], moment=InterestStatement.Moment.MINUTES
    )
    done = set(said.values_list("dossier_id", flat=True)) | wall.barred_ids(seat.user)
    return [dossier for dossier in wanted if dossier.pk not in done]


def own_conflicts(user: Any) -> QuerySet[Conflict]:
    """The person's standing conflicts. Of the dossier only what the person said it about: its number."""
    rows = Conflict.objects.filter(user_id=user.pk, lifted_at=None).select_related("dossier__season")
    return rows.order_by("-declared_at", "pk")


# --- who must not judge what --------------------------------------------------------------------------
def apart(season: Season) -> set[tuple[int, int]]:
    """(seat, dossier) that must stay apart, whatever the reason: declared, recorded, represented now or ever."""
    seats = {seat.user_id: seat.pk for seat in seats_of(season)}
    declared = Interest.objects.filter(seat__in=seats.values(), has_conflict=True)
    found = set(declared.values_list("seat_id", "dossier_id"))
    standing = Conflict.objects.filter(user_id__in=seats, dossier__season=season, lifted_at=None)
    found |= {(seats[user], dossier) for user, dossier in standing.values_list("user_id", "dossier_id")}
    acted = Representative.objects.filter(user_id__in=seats, enterprise__dossiers__season=season)
    pairs = acted.values_list("user_id", "enterprise__dossiers__pk", "enterprise__dossiers__season_id")
    return found | {(seats[user], dossier) for user, dossier, of in pairs if of == season.pk}


# --- what a person with a conflict sees of a result ---------------------------------------------------
def is_whole(user: Any, season: Season) -> bool:
    """Nothing of the season is closed to the person: only then digests and whole numbers are shown."""
    return not wall.barred_ids(user, season)


def visible_results(run: ResultRun | None, user: Any) -> list[Result]:
    """The results that are open to the person, best first. With a conflict in the season ranks, the top and the
    deciding tie rules are computed anew among them, so that no number depends on what is closed."""
    if run is None:
        return []
    barred = wall.barred_ids(user, run.season)
    every = ranking(run).select_related("dossier__product__enterprise")
    rows = [row for row in every if row.dossier_id not in barred]
    if not barred or run.season.rubric is None:
        return rows
    rules = rules_of(run.season.rubric)
    by_number = {row.dossier.number or "": row for row in rows}
    found = []
    for place in scoring.rank(scores_of(rows, rules), rules, run.places):
        row = by_number[place.score.dossier]
        row.rank, row.is_top10 = place.rank, place.is_top
        row.is_referred, row.tie_rule = place.is_referred, place.tie_rule
        found.append(row)
    return found
