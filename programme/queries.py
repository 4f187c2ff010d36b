"""Which season a page means."""

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Now

from programme.models import Criterion, Rubric, Season


def running_season() -> Season | None:
    """The newest undecided season that has begun; before any has, the next to begin; else the newest of all.

    A season prepared in autumn for next year does not take the desk over while this year's runs.
    """
    seasons = Season.objects.select_related("rubric")
    undecided = seasons.filter(decided_at=None)
    begun = undecided.filter(registration_opens_at__lte=Now()).order_by("-year").first()
    return begun or undecided.order_by("registration_opens_at").first() or seasons.order_by("-year").first()


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
