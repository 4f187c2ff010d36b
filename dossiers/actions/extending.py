"""More time for a supplement: once, with a reason, by an officer."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import can
from core import audit
from core.errors import Refused
from dossiers import post, reminders
from dossiers.models import Dossier, Stage, SupplementRequest


def latest_extension(request: SupplementRequest, today: date) -> date:
    """The last day to which the term can be moved: as many days again as the season gives."""
    return max(request.due_date, today) + timedelta(days=request.dossier.season.supplement_days)


@transaction.atomic
def extend_supplement(
    *, request: SupplementRequest, until: date, reason: str, by: Any, at: datetime
) -> SupplementRequest:
    """Move the due day of an open request, before or after it has passed. Raises Refused with every reason."""
    dossier = Dossier.objects.select_for_update().get(pk=request.dossier_id)
    row = SupplementRequest.objects.select_for_update().select_related("dossier__season").get(pk=request.pk)
    if not can(by, "dossiers.check", dossier):
        raise Refused(_("You may not take this step."))
    today, reason = timezone.localdate(at), " ".join(reason.split())
    reasons = []
    if row.answered_at is not None or dossier.stage != Stage.SUPPLEMENT:
        raise Refused(_("The supplement is no longer awaited."))
    if row.extended_at is not None:
        raise Refused(
            _("%(name)s extended this term already, to %(date)s. It can be extended once.")
            % {"name": row.extended_by_name, "date": date_format(row.due_date, "SHORT_DATE_FORMAT")}
        )
    if until <= max(row.due_date, today - timedelta(days=1)):
        reasons.append(_("The new day must be later than the present term and not in the past."))
    latest = latest_extension(row, today)
    if until > latest:
        reasons.append(
            _("The new day can be %(date)s at the latest.") % {"date": date_format(latest, "SHORT_DATE_FORMAT")}
        )
    if not reason:
        reasons.append(_("Give the reason for the extension; the enterprise reads it."))
    if reasons:
        raise Refused(reasons)
    row.first_due_date, row.due_date = row.due_date, until
    row.extended_at, row.extended_by_name, row.extension_reason = at, str(by)[:200], reason[:600]
    row.save(update_fields=["first_due_date", "due_date", "extended_at", "extended_by_name", "extension_reason"])
    post.tell_enterprise(
        "supplement_extended",
        dossier,
        key=f"supplement_extended:{row.pk}",
        page="dossiers:supplement",
        values=lambda: {"due": post.day(until), "reason": reason},
        calendar=lambda: reminders.calendar_entry(dossier, row),
        by=by,
        at=at,
    )
    audit.record("supplement.extended", row, by=by, at=at, until=until, before=row.first_due_date, reason=reason)
    return row
