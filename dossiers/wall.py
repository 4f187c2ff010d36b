"""The wall between a person and the dossiers that he or she must not see, work on or judge.

A standing conflict bars whoever declared it, administrators included; whoever has a role in the Department or the
council is also barred from every dossier of an enterprise that he or she represents or ever represented. An open
break-glass (asked by one person, opened by another, for an hour) suspends a declared conflict.

The wall is about working and judging: as an applicant a person keeps the own dossiers, through the applicant's doors.
Every list, count, search, export, mean and rank of the other doors starts from `Dossier.objects.open_to(user)` or from
`beyond(rows, user)`, every rule asks `is_barred`.
"""

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts.models import roles_of
from dossiers.models import BreakGlass, Conflict, Dossier
from enterprises.permissions import ever_represented

Row = TypeVar("Row", bound=Model)
_CACHE = "_barred_dossiers"


def standing_conflicts() -> QuerySet[Conflict]:
    """Conflicts that bar at this moment: not lifted, and no open break-glass. By the clock of the database."""
    glass = BreakGlass.objects.filter(
        dossier=OuterRef("dossier"), asked_by=OuterRef("user"), opened_at__lte=Now(), ends_at__gt=Now()
    )
    return Conflict.objects.filter(lifted_at=None).exclude(Exists(glass))


def barred_from(user: Any) -> QuerySet[Dossier]:
    """The dossiers themselves, asked from the database each time: for actions that have just locked a row."""
    behind = Q(pk__in=standing_conflicts().filter(user_id=user.pk).values("dossier_id"))
    own = _enterprises_of(user)
    if own:
        behind |= Q(enterprise_id__in=own)
    return Dossier.objects.filter(behind).order_by()


def _enterprises_of(user: Any) -> frozenset[int]:
    """Whose dossiers a person with a role does not judge. Whoever has none is an applicant and nothing else."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    works_here = bool(roles_of(user)) or getattr(user, "is_superuser", False)
    return ever_represented(user) if works_here else frozenset()


def barred_ids(user: Any, season: Any = None) -> frozenset[int]:
    """Dossiers (of a season) that this person must not see in any staff or council door. Asked once per request."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    own = _enterprises_of(user)
    known: dict[int, int]
    asked_for, known = getattr(user, _CACHE, (None, {}))
    if asked_for != own:
        known = dict(barred_from(user).values_list("pk", "season_id"))
        setattr(user, _CACHE, (own, known))
    if season is None:
        return frozenset(known)
    return frozenset(pk for pk, season_id in known.items() if season_id == season.pk)


def is_barred(user: Any, dossier: Any) -> bool:
    """`dossier` may be the object or its id."""
    if getattr(dossier, "pk", dossier) in barred_ids(user):
        return True
    # One that was made since the request began.
    return getattr(dossier, "enterprise_id", None) in _enterprises_of(user)


def has_conflict(user: Any, dossier: Any) -> bool:
    """Declared or by representation, whether or not an emergency has opened the dossier for an hour: whoever has one
    neither judges nor is the second person about it."""
    if dossier.enterprise_id in _enterprises_of(user):
        return True
    return Conflict.objects.filter(user_id=user.pk, dossier_id=dossier.pk, lifted_at=None).exists()


def closed_enterprises(user: Any) -> frozenset[int]:
    """Enterprises whose record the person does not change: the own ones, and those with a dossier behind the wall."""
    barred = barred_ids(user)
    found = Dossier.objects.filter(pk__in=barred).order_by().values_list("enterprise_id", flat=True) if barred else ()
    return ever_represented(user) | frozenset(found)


def is_barred_now(user: Any, dossier: Dossier) -> bool:
    """Past the memory of the request: for an action that holds the lock of the dossier."""
    return getattr(user, "is_authenticated", False) and barred_from(user).filter(pk=dossier.pk).exists()


def forget(user: Any) -> None:
    """After a change, so that the same object answers anew."""
    if hasattr(user, _CACHE):
        delattr(user, _CACHE)


def beyond(rows: "QuerySet[Row]", user: Any, path: str = "dossier") -> "QuerySet[Row]":
    """`rows` of another table without those of barred dossiers; `path` leads from the row to its dossier."""
    barred = barred_ids(user)
    return rows.exclude(**{f"{path}__in": barred}) if barred else rows
