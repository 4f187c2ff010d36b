"""The locked row of a dossier: may it be changed now, and when did it change."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import can, require
from core.errors import Refused
from dossiers.models import Dossier


def editable(dossier: Dossier, by: Any) -> Dossier:
    """The locked row, when this person may edit it now. The applicant hears why not; a stranger nothing."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    require(by, "dossiers.see_own", locked)
    if not can(by, "dossiers.edit", locked):
        if not can(by, "enterprises.fill_in", locked.enterprise):
            raise Refused(_("You may read this dossier but not change it. Ask whoever signs for the enterprise."))
        stage = locked.get_stage_display()
        raise Refused(_("The dossier is at the stage “%(stage)s” and cannot be changed now.") % {"stage": stage})
    return locked


def touch(dossier: Dossier, at: datetime) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(changed_at=at)
    dossier.changed_at = at
