"""Which season a page means."""

from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Now

from programme.models import Criterion, Rubric, Season


def running_season() -> Season | None:
    """The oldest undecided season that has begun; before any has, the next to begin; else the newest of all.

    A season prepared in autumn for next year, or open for registration already, does not take the desk over while
    this year's is with the council.
    """
    seasons = Season.objects.select_related("rubric")
    begun = seasons.filter(decided_at=None, registration_opens_at__lte=Now()).order_by("year").first()
    if begun is not None:
        return begun
    undecided = Q(decided_at=None)
    first_undecided = Case(When(undecided, then=Value(0)), default=Value(1))
    next_or_last = Case(When(undecided, then=F("year")), default=-F("year"), output_field=IntegerField())
    return seasons.order_by(first_undecided, next_or_last).first()


def public_season(at: datetime) -> Season | None:
    """The running season as the public may know it: never one whose plan is not out."""
    running = running_season()
    if running is None or running.is_public(at):
        return running
    return Season.objects.public(at).select_related("rubric").order_by("-year").first()


def open_season(at: datetime) -> Season | None:
    """The season whose registration window holds this moment."""
    return (
        Season.objects.filter(registration_opens_at__lte=at, registration_closes_at__gt=at, decided_at=None)
        .select_related("rubric")
        .order_by("-year")
        .first()
    )


def leaves(rubric: Rubric) -> QuerySet[Criterion]:
    """The criteria that receive marks, in the order of the rubric."""
    return Criterion.objects.filter(rubric=rubric, is_leaf=True).order_by("position")
