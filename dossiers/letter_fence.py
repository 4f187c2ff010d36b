"""Whoever must not see a dossier does not see what was written about it either (mail.fences)."""

from typing import Any

from django.db.models import Q

from dossiers import wall
from mail import fences
from mail.kinds import CONFIDENTIAL_ROOMS

ABOUT = "dossiers.dossier"


def hidden_from(user: Any) -> Q | None:
    """Letters about a dossier behind the wall. Of the council's letters only those about a dossier that is open to
    the person are left: any other may count or compare what is closed."""
    barred = wall.barred_ids(user)
    if not barred:
        return None
    about_barred = Q(about_model=ABOUT, about_id__in=[str(pk) for pk in sorted(barred)])
    return about_barred | (Q(room__in=CONFIDENTIAL_ROOMS) & ~Q(about_model=ABOUT))


def register() -> None:
    fences.add(hidden_from)
