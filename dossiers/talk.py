"""What applicant and officer write to each other inside a dossier. Staff notes are another table and never here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.access import can, require
from core import audit, vietnamese
from core.errors import Refused
from dossiers import post
from dossiers.models import Dossier, Message, Stage
from enterprises.permissions import represents

MAX_LETTERS = 4000
# Nobody talks faster; a script does.
MOST_IN_AN_HOUR = 20
# Drafts have no officer to write to; what ended without a council can still be asked about.
SILENT = (Stage.DRAFT,)


@dataclass(frozen=True)
class Line:
    """One message as one of the two sides reads it."""

    text: str
    written_at: datetime
    writer: str
    is_own_side: bool
    is_new: bool
    read_at: datetime | None


def may_write(user: Any, dossier: Dossier) -> bool:
    return dossier.stage not in SILENT and dossier.number is not None and can(user, "dossiers.write_message", dossier)


def conversation(dossier: Dossier, *, for_department: bool) -> list[Line]:
    """The messages, oldest first. The enterprise reads which person of its own wrote; of the Department only that it
    was the Department."""
    return [
        Line(
            text=message.text,
            written_at=message.written_at,
            writer=str(message.written_by)
            if for_department or not message.is_from_department
            else _("Department of Industry and Trade"),
            is_own_side=message.is_from_department == for_department,
            is_new=message.is_from_department != for_department and message.read_at is None,
            read_at=message.read_at,
        )
        for message in dossier.messages.select_related("written_by")
    ]


def unread(*, for_department: bool) -> Q:
    """Messages that this side has not read."""
    return Q(read_at=None, is_from_department=not for_department)


def unread_by_dossier(dossiers: Iterable[Dossier], *, for_department: bool) -> dict[int, int]:
    """How many new messages wait in each. One query."""
    found = Message.objects.filter(unread(for_department=for_department), dossier__in=[d.pk for d in dossiers])
    return {row["dossier"]: row["n"] for row in found.order_by().values("dossier").annotate(n=Count("pk"))}


def waiting_for_department(user: Any) -> QuerySet[Dossier]:
    """Dossiers with a message that nobody at the desk has read, the oldest first; none behind the wall."""
    return (
        Dossier.objects.filed()
        .filter(messages__read_at=None, messages__is_from_department=False)
        .open_to(user)
        .distinct()
    )


@transaction.atomic
def write(*, dossier: Dossier, text: str, by: Any, at: datetime) -> Message:
    """Raises Refused for an empty or too long text and for too many in an hour. The other side gets a letter, one
    until it has read."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    from_department = not represents(by, locked.enterprise)
    require(by, "dossiers.work_list" if from_department else "dossiers.see_own", locked)
    if not may_write(by, locked):
        raise Refused(_("You may read the messages of this dossier but not write."))
    text = vietnamese.nfc_lines(text)
    if not text:
        raise Refused(_("Write your message first."))
    if len(text) > MAX_LETTERS:
        raise Refused(
            _("A message has at most %(n)s characters; this one has %(m)s.") % {"n": MAX_LETTERS, "m": len(text)}
        )
    recent = locked.messages.filter(written_by=by, written_at__gt=at - timedelta(hours=1))
    if (last := recent.last()) is not None and last.text == text and at - last.written_at < timedelta(minutes=1):
        return last  # a second press of the same button
    if recent.count() >= MOST_IN_AN_HOUR:
        raise Refused(_("That were many messages in one hour. Wait a little, or put it all into one."))
    # The letter speaks of all that is unread, so the first unread message gives its key.
    waiting = locked.messages.filter(unread(for_department=not from_department)).first()
    message = Message.objects.create(
        dossier=locked, text=text, written_at=at, written_by=by, is_from_department=from_department
    )
    _tell(locked, waiting or message, from_department=from_department, by=by, at=at)
    audit.record("message.written", message, by=by, at=at, dossier=locked.pk, department=from_department)
    return message


def _tell(dossier: Dossier, first: Message, *, from_department: bool, by: Any, at: datetime) -> None:
    key = f"message_waiting:{first.pk}"
    if from_department:
        post.tell_enterprise(
            "message_waiting",
            dossier,
            key=key,
            page="dossiers:messages",
            values=lambda: {"writer": _("The Department of Industry and Trade")},
            by=by,
            at=at,
        )
        return
    officer = post.officer_of(dossier)
    if officer is not None:
        post.tell(
            "message_waiting",
            dossier,
            officer,
            key=key,
            page="dossiers:desk_messages",
            values=lambda: {"writer": str(dossier.enterprise)},
            by=by,
            at=at,
        )


@transaction.atomic
def mark_read(*, dossier: Dossier, by: Any, at: datetime) -> int:
    """Everything that the other side wrote until now is read. Whoever only watches marks nothing."""
    department = not represents(by, dossier.enterprise)
    require(by, "dossiers.see_own" if not department else "dossiers.work_list", dossier)
    if not can(by, "dossiers.write_message", dossier):
        return 0
    return dossier.messages.filter(unread(for_department=department), written_at__lte=at).update(read_at=at)
