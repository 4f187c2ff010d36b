"""The brake. Whoever writes an effect asks `pass_or_wait` in the same transaction: the row is locked for reading, so
pulling the brake waits for what is being written at this moment, and nothing follows it."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core import audit, jobs
from core.errors import Refused
from core.models import Job, StopSwitch


def is_stopped(name: str) -> StopSwitch | None:
    """The pulled brake of this name, or None."""
    return StopSwitch.objects.filter(name=name, stopped_at__isnull=False).first()


def pass_or_wait(name: str) -> None:
    """Call within the transaction of the effect. Raises core.jobs.Postponed while the brake is pulled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_stopswitch (name, stopped_by_name, reason) VALUES (%s, '', '') ON CONFLICT DO NOTHING",
            [name],
        )
        cursor.execute(
            "SELECT stopped_at, stopped_by_name, reason FROM core_stopswitch WHERE name = %s FOR SHARE", [name]
        )
        stopped_at, who, why = cursor.fetchone()
    if stopped_at is not None:
        raise postponed(name, who, why)


def postponed(name: str, who: str, why: str) -> jobs.Postponed:
    """What a job raises that waits for this brake."""
    words = _("Stopped by %(who)s: %(why)s") % {"who": who, "why": why}
    return jobs.Postponed(words, is_over=lambda: _is_released(name))


def _is_released(name: str) -> bool:
    """Waits for whoever is pulling or releasing the brake at this moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT stopped_at FROM core_stopswitch WHERE name = %s FOR SHARE", [name])
        row = cursor.fetchone()
    return row is None or row[0] is None


@transaction.atomic
def stop(*, name: str, reason: str, by: Any, at: datetime) -> StopSwitch:
    """Pull the brake. Raises Refused without a reason, or when it is pulled already."""
    StopSwitch.objects.get_or_create(name=name)
    switch = StopSwitch.objects.select_for_update().get(name=name)
    reasons = []
    if switch.stopped_at is not None:
        reasons.append(_("It is stopped already, by %(who)s.") % {"who": switch.stopped_by_name})
    if not reason.strip():
        reasons.append(_("Say why it is stopped; everybody who waits reads it."))
    if reasons:
        raise Refused(reasons)
    switch.stopped_at, switch.stopped_by_name, switch.reason = at, str(by), reason.strip()
    switch.save()
    audit.record("work.stopped", switch, by=by, at=at, reason=switch.reason)
    return switch


@transaction.atomic
def resume(*, name: str, kinds: list[str], by: Any, at: datetime) -> None:
    """Release the brake; the jobs of these kinds that waited go on at once. Raises Refused when nothing is stopped."""
    switch = StopSwitch.objects.select_for_update().filter(name=name, stopped_at__isnull=False).first()
    if switch is None:
        raise Refused(_("Nothing is stopped."))
    switch.stopped_at, switch.stopped_by_name, switch.reason = None, "", ""
    switch.save()
    waiting = Job.objects.filter(kind__in=kinds, state=Job.State.READY)
    waiting.update(not_before=Now())
    for pk in waiting.values_list("pk", flat=True):
        transaction.on_commit(partial(jobs.ring, pk))
    audit.record("work.resumed", switch, by=by, at=at)
