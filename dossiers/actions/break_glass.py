"""A person with a conflict is let in all the same: one asks with a reason, another opens, for an hour."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers import wall
from dossiers.models import BreakGlass, Conflict
from registry.actions import count_in_public
from registry.models import ProcessCount

OPEN_FOR = timedelta(minutes=60)
MAX_REASON = 500


@transaction.atomic
def ask_to_open(*, conflict: Conflict, reason: str, by: Any, at: datetime) -> BreakGlass:
    """Only about an own declared conflict; what one represents stays closed. Asked twice is asked once."""
    locked = Conflict.objects.select_for_update().get(pk=conflict.pk)
    require(by, "dossiers.ask_to_open", locked)
    reason = reason.strip()[:MAX_REASON]
    if not reason:
        raise Refused(_("Say what the emergency is; the second person reads it."))
    asked = BreakGlass.objects.filter(dossier=locked.dossier_id, asked_by=by, opened_at=None, refused_at=None)
    waiting = asked.first()
    if waiting is not None:
        return waiting
    row = BreakGlass.objects.create(dossier_id=locked.dossier_id, asked_by=by, reason=reason, asked_at=at)
    audit.record("break_glass.asked", row, by=by, at=at, dossier=row.dossier_id, reason=reason)
    return row


@transaction.atomic
def open_for_an_hour(*, glass: BreakGlass, by: Any, at: datetime) -> BreakGlass:
    """The second person. The public count rises in the same transaction."""
    row = _waiting(glass)
    require(by, "dossiers.open_glass", row)
    row.opened_by, row.opened_at, row.ends_at = by, at, at + OPEN_FOR
    row.save(update_fields=["opened_by", "opened_at", "ends_at"])
    count = count_in_public(season_year=row.dossier.season.year, kind=ProcessCount.Kind.BREAK_GLASS, at=at)
    wall.forget(glass.asked_by)
    audit.record("break_glass.opened", row, by=by, at=at, dossier=row.dossier_id, until=row.ends_at, count=count)
    return row


@transaction.atomic
def refuse_to_open(*, glass: BreakGlass, by: Any, at: datetime) -> BreakGlass:
    row = _waiting(glass)
    require(by, "dossiers.open_glass", row)
    row.refused_by, row.refused_at = by, at
    row.save(update_fields=["refused_by", "refused_at"])
    audit.record("break_glass.refused", row, by=by, at=at, dossier=row.dossier_id)
    return row


def _waiting(glass: BreakGlass) -> BreakGlass:
    rows = BreakGlass.objects.select_for_update(of=("self",)).select_related("dossier__season", "asked_by")
    row = rows.get(pk=glass.pk)
    if row.opened_at is not None or row.refused_at is not None:
        raise Refused(_("Somebody has answered this already."))
    return row
