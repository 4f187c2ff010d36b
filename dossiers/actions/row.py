"""The locked row of a dossier: may it be changed now, and when did it change."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import can, require
from core.errors import Refused
from dossiers import supplements
from dossiers.models import Dossier

# For acts that ask `supplements.require_open` themselves, because they touch several parts.
ASKED_BY_CALLER = "*"


def editable(dossier: Dossier, by: Any, part: str = "", paper: str = "") -> Dossier:
    """The locked row, when this person may edit it now. The applicant hears why not; a stranger nothing.

    While a supplement is awaited, only the `part` (or the `paper` of the part "papers") that was asked for is open;
    an act that names no part is closed then.
    """
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    require(by, "dossiers.see_own", locked)
    if not can(by, "dossiers.edit", locked):
        if not can(by, "enterprises.fill_in", locked.enterprise):
            raise Refused(_("You may read this dossier but not change it. Ask whoever signs for the enterprise."))
        stage = locked.get_stage_display()
        raise Refused(_("The dossier is at the stage “%(stage)s” and cannot be changed now.") % {"stage": stage})
    if part != ASKED_BY_CALLER:
        supplements.require_open(locked, part, paper)
    return locked


def touch(dossier: Dossier, at: datetime) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(changed_at=at)
    dossier.changed_at = at
