"""Which season a page means."""

from datetime import datetime

from django.db.models import QuerySet

from programme.models import Criterion, Rubric, Season


def running_season() -> Season | None:
    """The newest season that no decision has closed, else the newest of all."""
    undecided = Season.objects.filter(decided_at=None).order_by("-year").select_related("rubric").first()
    return undecided or Season.objects.order_by("-year").select_related("rubric").first()


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
