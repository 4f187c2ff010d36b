"""A conflict of interest is declared by the person, or recorded by another who knows; it is lifted by two others."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers import wall
from dossiers.models import Conflict, Dossier, Ground

MAX_WORDS = 300
MAX_REASON = 500


@transaction.atomic
def declare_conflict(*, dossier: Dossier, kind: str, words: str = "", by: Any, at: datetime) -> Conflict:
    """About oneself. The dossier is gone at once, also from the own hands; said again, the words are kept anew.
    Raises Refused for an unknown ground, and for another ground without words."""
    require(by, "dossiers.declare")
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    return put_apart(user=by, dossier=locked, kind=kind, words=words, by=by, at=at)


def put_apart(*, user: Any, dossier: Dossier, kind: str, words: str, by: Any, at: datetime) -> Conflict:
    """The standing conflict of a person with a dossier whose row the caller has locked."""
    words = words.strip()[:MAX_WORDS]
    if kind not in Ground.values:
        raise Refused(_("Choose one of the listed grounds."))
    if kind == Ground.OTHER and not words:
        raise Refused(_("Say in words what the conflict is."))
    found = Conflict.objects.filter(user=user, dossier=dossier, lifted_at=None).first()
    if found is not None and ((found.kind, found.words) == (kind, words) or by.pk != user.pk):
        return found  # what the person said of the own conflict is nobody else's to change
    if found is not None:
        found.kind, found.words = kind, words
        found.save(update_fields=["kind", "words"])
    else:
        found = Conflict.objects.create(user=user, dossier=dossier, kind=kind, words=words, declared_at=at)
    if dossier.officer_id == user.pk:
        Dossier.objects.filter(pk=dossier.pk).update(officer=None)
        dossier.officer = None
    wall.forget(user)
    # The words stay between the person and the row: the log is read by many.
    audit.record("conflict.declared", found, by=by, at=at, dossier=dossier.pk, person=user.pk, kind=kind)
    return found


@transaction.atomic
def ask_to_lift(*, conflict: Conflict, reason: str, by: Any, at: datetime) -> Conflict:
    """The secretary asks, with a reason; never the person whose conflict it is."""
    locked = _standing(conflict)
    require(by, "dossiers.ask_to_lift", locked)
    reason = reason.strip()[:MAX_REASON]
    if not reason:
        raise Refused(_("Give the reason why this is no conflict."))
    locked.lift_reason, locked.lift_asked_by, locked.lift_asked_at = reason, by, at
    locked.save(update_fields=["lift_reason", "lift_asked_by", "lift_asked_at"])
    audit.record("conflict.lift_asked", locked, by=by, at=at, dossier=locked.dossier_id, reason=reason)
    return locked


@transaction.atomic
def lift(*, conflict: Conflict, by: Any, at: datetime) -> Conflict:
    """The second person confirms. What was read in between stays in the log."""
    locked = _standing(conflict)
    require(by, "dossiers.lift", locked)
    locked.lifted_by, locked.lifted_at = by, at
    locked.save(update_fields=["lifted_by", "lifted_at"])
    wall.forget(conflict.user)
    audit.record("conflict.lifted", locked, by=by, at=at, dossier=locked.dossier_id, asked_by=locked.lift_asked_by_id)
    return locked


@transaction.atomic
def decline_to_lift(*, conflict: Conflict, by: Any, at: datetime) -> Conflict:
    """The second person does not agree: the conflict stands, and nothing is asked any more."""
    locked = _standing(conflict)
    require(by, "dossiers.lift", locked)
    asked_by = locked.lift_asked_by_id
    locked.lift_reason, locked.lift_asked_by, locked.lift_asked_at = "", None, None
    locked.save(update_fields=["lift_reason", "lift_asked_by", "lift_asked_at"])
    audit.record("conflict.lift_declined", locked, by=by, at=at, dossier=locked.dossier_id, asked_by=asked_by)
    return locked


def _standing(conflict: Conflict) -> Conflict:
    locked = Conflict.objects.select_for_update(of=("self",)).select_related("dossier", "user").get(pk=conflict.pk)
    if locked.lifted_at is not None:
        raise Refused(_("This conflict is lifted already."))
    return locked
