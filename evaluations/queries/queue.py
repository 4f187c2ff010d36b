"""The member's queue: which dossiers, how far each sheet is."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Role, User
from dossiers import wall
from dossiers.models import Dossier, Stage
from evaluations.models import Assignment, Interest, Seat, StandingSheet
from evaluations.queries.council import JUDGED
from evaluations.queries.desks import Desk, desks_of


@dataclass(frozen=True)
class Task:
    """One dossier in a member's queue: how many criteria are asked, how many are answered."""

    desk: Desk

    @property
    def dossier(self) -> Dossier:
        return self.desk.dossier

    @property
    def asked(self) -> int:
        return len(self.desk.asked.held)

    @property
    def marked(self) -> int:
        return self.desk.marked

    @property
    def total(self) -> Decimal | None:
        return self.desk.total if self.desk.answers else None

    @property
    def is_signed(self) -> bool:
        """Something counts, also while a correction of it is in hand."""
        return self.desk.standing is not None

    @property
    def signed_at(self) -> datetime | None:
        return self.desk.standing.signed_at if self.desk.standing else None

    @property
    def is_waiting(self) -> bool:
        """Does the member still have to do something here?"""
        return self.desk.is_open


def my_dossiers(seat: Seat) -> QuerySet[Dossier]:
    """The dossiers this member has to score, those with the council only, none of them behind the wall."""
    mine = Assignment.objects.filter(seat=seat, dossier=OuterRef("pk"))
    declared = Interest.objects.filter(seat=seat, dossier=OuterRef("pk"), has_conflict=True)
    return (
        Dossier.objects.filter(Exists(mine), season=seat.council.season)
        .exclude(Exists(declared))
        .exclude(pk__in=wall.barred_ids(seat.user))
        .filter(stage__in=[Stage.SCORING, *JUDGED])
        .select_related("season__rubric", "enterprise", "product__sector")
        .order_by("number")
    )


def tasks(seat: Seat) -> list[Task]:
    """The member's queue in four queries. Its order differs from member to member and never changes, so that
    no dossier is the first of everybody."""
    found = [Task(desk) for desk in desks_of(seat, list(my_dossiers(seat)))]
    return sorted(found, key=lambda task: sha256(f"{seat.pk}-{task.dossier.pk}".encode()).digest())


def next_after(queue: list[Task], pk: int) -> Dossier | None:
    """The next dossier that waits for the member, after this one and round to the beginning; unfinished ones first."""
    at = next((i for i, task in enumerate(queue) if task.dossier.pk == pk), -1)
    waiting = [t for t in queue[at + 1 :] + queue[: max(at, 0)] if t.is_waiting]
    unfinished = [t for t in waiting if t.desk.lacking]
    return (unfinished or waiting)[0].dossier if waiting else None


def unsigned_count(seat: Seat) -> int:
    """How many dossiers with the council still wait for this member's signature."""
    counts = StandingSheet.objects.filter(seat=seat, dossier=OuterRef("pk"))
    return my_dossiers(seat).filter(stage=Stage.SCORING).exclude(Exists(counts)).count()


def whom_to_call() -> list[User]:
    """The secretaries of the council, for a member whose queue is empty."""
    return list(
        User.objects.filter(is_active=True, grants__role=Role.SECRETARY, grants__withdrawn_at=None)
        .distinct()
        .order_by("full_name")
    )
