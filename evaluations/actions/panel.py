"""Two secretaries at one panel: whoever works on an older state is told what has changed; nothing is overwritten."""

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import Refused
from core.models import AuditEvent
from evaluations import queries
from evaluations.models import Council
from programme.models import Season

MOST_TOLD = 5


def lock_panel(season: Season, *, seen: int | None, by: Any) -> Council:
    """The council under its lock, until the end of the transaction. `seen` is the version that the person worked on.

    Raises Refused with what somebody else has changed since, and where there is no council yet.
    """
    council = Council.objects.select_for_update(of=("self",)).select_related("season").filter(season=season).first()
    if council is None:
        raise Refused(_("The council is not set up yet."))
    if seen is not None and seen != queries.seen_version(council, by):
        told = [_told(event) for event in queries.changes(council, by, after=seen).order_by("-seq")[:MOST_TOLD]]
        raise Refused(
            [_("Somebody else has changed the panel since you opened this page. Nothing was written."), *told]
        )
    return council


def advance(council: Council) -> int:
    """The next version of the panel; goes into the audit event of the act as `panel`."""
    Council.objects.filter(pk=council.pk).update(panel_version=F("panel_version") + 1)
    council.refresh_from_db(fields=["panel_version"])
    return council.panel_version


def _told(event: AuditEvent) -> str:
    when = date_format(timezone.localtime(event.at), "SHORT_DATETIME_FORMAT")
    names = {
        "when": when,
        "who": event.actor_name,
        "name": event.object_name,
        "dossier": event.detail.get("dossier", ""),
        "criteria": ", ".join(event.detail.get("criteria", [])) or "–",
    }
    sentences = {
        "council.assigned": _("%(when)s, %(who)s: shared out all dossiers anew."),
        "assignment.changed": _("%(when)s, %(who)s: %(name)s now scores of %(dossier)s: %(criteria)s."),
        "assignment.imported": _("%(when)s, %(who)s: took over an assignment from Excel."),
        "seat.taken": _("%(when)s, %(who)s: %(name)s took a seat."),
        "seat.changed": _("%(when)s, %(who)s: changed the seat of %(name)s."),
        "seat.vacated": _("%(when)s, %(who)s: the seat of %(name)s was vacated."),
    }
    return sentences[event.act] % names
