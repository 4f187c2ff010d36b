"""The machine notices, a person decides: likely conflicts between members and dossiers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers import wall
from dossiers.models import Ground, LikelyConflict
from evaluations import queries
from evaluations.actions.interests import take_off
from evaluations.likeness import REPRESENTATION, Hit, find
from programme.models import Season

Answer = LikelyConflict.Answer
MAX_REASON = 300


@transaction.atomic
def find_likely(*, season: Season, users: Iterable[Any] | None = None, by: Any, at: datetime) -> int:
    """Compare the members of the season, or these people before they are invited, with its dossiers. What was
    noticed once is not noticed again. Only being an account of the enterprise bars by itself, and is not asked
    about. Returns how many notices are new, of those that `by` may know of."""
    require(by, "evaluations.see_conflicts", season)
    people = list(users) if users is not None else [seat.user for seat in queries.seats_of(season)]
    hits = find(queries.persons(people, season), queries.parties(season))
    rows = [_row(hit, at) for hit in hits if hit.signal != REPRESENTATION]
    open_to_me = LikelyConflict.objects.filter(dossier__season=season).exclude(dossier__in=wall.barred_ids(by, season))
    before = open_to_me.count()
    LikelyConflict.objects.bulk_create(rows, ignore_conflicts=True)
    new = open_to_me.count() - before
    audit.record("likely_conflict.searched", season, by=by, at=at, people=len(people), hits=len(rows), new=new)
    return new


def _row(hit: Hit, at: datetime) -> LikelyConflict:
    return LikelyConflict(
        user_id=hit.person,
        dossier_id=hit.party,
        signal=hit.signal,
        score=hit.score,
        ours=hit.ours[:200],
        theirs=hit.theirs[:200],
        found_at=at,
    )


@transaction.atomic
def answer_likely(
    *, likely: LikelyConflict, is_conflict: bool, reason: str, kind: str = "", by: Any, at: datetime
) -> LikelyConflict:
    """A person's judgement, with its reason. A conflict bars at once; what is ignored stays recorded.

    Raises Refused without a reason, without the ground of a conflict, and when somebody has answered already."""
    locked = LikelyConflict.objects.select_for_update(of=("self",)).select_related("dossier__season", "user")
    row = locked.get(pk=likely.pk)
    require(by, "evaluations.judge_likely", row)
    reason = reason.strip()[:MAX_REASON]
    if row.answer:
        raise Refused(_("%(name)s has answered this already.") % {"name": row.answered_by_name})
    if not reason:
        raise Refused(_("Give the reason for your answer."))
    if is_conflict and kind not in Ground.values:
        raise Refused(_("Choose one of the listed grounds."))
    row.answer = Answer.CONFIRMED if is_conflict else Answer.IGNORED
    row.answer_reason, row.answered_by_name, row.answered_at = reason, str(by)[:200], at
    row.save(update_fields=["answer", "answer_reason", "answered_by_name", "answered_at"])
    facts = {"dossier": row.dossier_id, "person": row.user_id, "signal": row.signal, "answer": row.answer}
    audit.record("likely_conflict.answered", row, by=by, at=at, **facts)
    if is_conflict:
        take_off(user=row.user, dossier=row.dossier, kind=kind, words=reason, by=by, at=at)
    return row
