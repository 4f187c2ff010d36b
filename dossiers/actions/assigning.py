"""Who checks a dossier."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import can, require
from core import audit
from core.errors import Refused
from dossiers.models import Dossier, Stage

ASSIGNABLE = (Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT)


def obstacles_to_assigning(dossier: Dossier, officer: Any) -> list[str]:
    """Why this person cannot be given the dossier."""
    if dossier.stage not in ASSIGNABLE:
        return [_("The check of this dossier is over.")]
    if officer is not None and not can(officer, "dossiers.check", dossier):
        return [_("%(name)s may not check this dossier.") % {"name": officer}]
    return []


@transaction.atomic
def assign_officer(*, dossier: Dossier, officer: Any, by: Any, at: datetime) -> Dossier:
    """Give the dossier to one officer, who sees it among the own work; None lays it back. Raises Refused."""
    locked = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    require(by, "dossiers.check", locked)
    reasons = obstacles_to_assigning(locked, officer)
    if reasons:
        raise Refused(reasons)
    before = locked.officer
    if before != officer:
        Dossier.objects.filter(pk=locked.pk).update(officer=officer)
        locked.officer = officer
        audit.record("dossier.assigned", locked, by=by, at=at, officer=[str(before or ""), str(officer or "")])
    return locked
