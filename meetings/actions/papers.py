"""Papers are ordered, interests are stated once more, the minutes are signed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit, jobs
from core.errors import Refused
from dossiers.models import Dossier
from dossiers.wall import barred_ids
from evaluations.actions.session import order_run
from evaluations.guards import sees_the_whole_season
from evaluations.models import CutVote, ResultRun
from evaluations.queries import latest_run
from meetings import minutes, papers_job, queries
from meetings.models import (
    Meeting,
    MinutesSignature,
    MinutesStatement,
    PaperFacts,
    PaperKind,
    PaperOrder,
    SessionDocument,
)
from programme.models import Season

ALL_KINDS = tuple(PaperKind.values)


# --- papers -------------------------------------------------------------------------------------------
@transaction.atomic
def order_papers(
    *,
    season: Season,
    run: ResultRun,
    reason: str,
    kinds: Sequence[str] = ALL_KINDS,
    meeting: Meeting | None = None,
    by: Any,
    at: datetime,
) -> str:
    """Have papers made from one result. `by` is None when the result itself orders them. Returns the batch."""
    if by is not None:
        require(by, "meetings.run", season)
    Season.objects.select_for_update().get(pk=season.pk)
    meeting = meeting or queries.newest_meeting(season)
    batch = f"papers-{season.year}-{PaperOrder.objects.filter(season=season).count() + 1}"
    for kind in kinds:
        order = PaperOrder.objects.create(
            season=season,
            meeting=meeting,
            run=run,
            kind=kind,
            batch=batch,
            reason=reason,
            ordered_by=by,
            ordered_at=at,
        )
        jobs.enqueue(papers_job.JOB, key=str(order.pk), payload={"order": order.pk}, batch=batch)
    audit.record("paper.ordered", season, by=by, at=at, kinds=list(kinds), run=run.number, reason=reason)
    return batch


def order_by_button(*, season: Season, by: Any, at: datetime) -> str:
    """All papers once more, from the newest result. Raises Refused while there is none."""
    require(by, "meetings.run", season)
    if closed := sees_the_whole_season(by, season):
        raise Refused(closed)
    run = latest_run(season)
    if run is None:
        raise Refused(_("There is no result yet. Papers are made when scoring is closed and the result is computed."))
    return order_papers(season=season, run=run, reason="button", by=by, at=at)


def order_after_meeting(meeting: Meeting, *, by: Any, at: datetime) -> None:
    """When a meeting ends: votes that decide the cut are computed into a new result, which orders the papers itself;
    else they are made from the result there is."""
    run = latest_run(meeting.season)
    if run is None:
        return
    if CutVote.objects.filter(dossier__agenda_items__meeting=meeting).exists():
        try:
            order_run(season=meeting.season, reason=_("The council voted on the last place."), by=by, at=at)
        except Refused:  # nothing to compute anew: the papers come from the result there is
            pass
        else:
            return
    order_papers(season=meeting.season, run=run, reason="meeting", meeting=meeting, by=by, at=at)


@transaction.atomic
def change_facts(*, season: Season, values: Mapping[str, str], seen: int, by: Any, at: datetime) -> PaperFacts:
    """Numbers, days, signers and legal bases that only a person knows. Papers already made keep theirs."""
    require(by, "meetings.run", season)
    Season.objects.select_for_update().get(pk=season.pk)
    facts, _new = PaperFacts.objects.get_or_create(season=season)
    if seen != facts.version:
        raise Refused(
            _("%(name)s changed these fields meanwhile. Look at them first.") % {"name": facts.changed_by_name}
        )
    facts.values = {name: text for name, text in values.items() if text}
    facts.version, facts.changed_by_name, facts.changed_at = facts.version + 1, str(by)[:200], at
    facts.save()
    audit.record("paper.facts_changed", season, by=by, at=at, version=facts.version, fields=sorted(facts.values))
    return facts


# --- minutes ------------------------------------------------------------------------------------------
@transaction.atomic
def state_before_signing(
    *,
    meeting: Meeting,
    has_conflict: bool,
    dossiers: Sequence[Dossier] = (),
    words: str = "",
    by: Any,
    at: datetime,
) -> MinutesStatement:
    """The dated statement of whoever signs: no conflict with anything decided, or with what. Made once.

    With the last statement the minutes are made anew, because the statements stand in them.
    """
    require(by, "meetings.sign_minutes", meeting)
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("season").get(pk=meeting.pk)
    if meeting.closed_at is None:
        raise Refused(_("The meeting is still open; the statement comes before signing the minutes."))
    if MinutesStatement.objects.filter(meeting=meeting, person=by).exists():
        raise Refused(_("You have made your statement already."))
    if has_conflict and (not dossiers or not words.strip()):
        raise Refused(_("Say with which dossier there is a conflict, and what it is."))
    taken_up = set(meeting.items.exclude(dossier=None).values_list("dossier_id", flat=True))
    if any(dossier.pk not in taken_up for dossier in dossiers):
        raise Refused(_("This dossier was not on the agenda of the meeting."))
    if not has_conflict and minutes.decided_despite(meeting, by):
        raise Refused(_("A conflict of yours with something on the agenda is on record; state it."))
    run = latest_run(meeting.season)
    made = MinutesStatement.objects.create(
        meeting=meeting,
        person=by,
        person_name=str(by)[:200],
        has_conflict=has_conflict,
        dossiers=sorted(dossier.pk for dossier in dossiers) if has_conflict else [],
        words=words.strip() if has_conflict else "",
        run_number=run.number if run is not None else 0,
        stated_at=at,
    )
    minutes.record_statements(made, dossiers, at=at)
    audit.record("minutes.stated", made, by=by, at=at, conflict=has_conflict, dossiers=made.dossiers)
    if run is not None and not minutes.silent(meeting):
        order_papers(
            season=meeting.season, run=run, reason="statements", kinds=[PaperKind.MINUTES], meeting=meeting, by=None,
            at=at,
        )  # fmt: skip
    return made


@transaction.atomic
def sign_minutes(*, meeting: Meeting, document: SessionDocument, by: Any, at: datetime) -> MinutesSignature:
    """Sign the newest minutes. Raises Refused with every reason: a statement that is missing, newer minutes, a newer
    result, a conflict that was stated and not yet computed into the result. Signing twice changes nothing."""
    require(by, "meetings.sign_minutes", meeting)
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("season").get(pk=meeting.pk)
    known = MinutesSignature.objects.filter(document=document, person=by).first()
    if known is not None:
        return known
    reasons = minutes.why_not_signed(meeting, document)
    if reasons:
        raise Refused(reasons)
    covers_all = not barred_ids(by, meeting.season) & set(document.dossiers)
    signature = MinutesSignature.objects.create(
        document=document,
        person=by,
        person_name=str(by)[:200],
        covers_all=covers_all,
        digest=document.pdf_id if covers_all else minutes.digest_seen_by(by, document),
        signed_at=at,
    )
    audit.record(
        "minutes.signed",
        document,
        by=by,
        at=at,
        digest=signature.digest,
        covers_all=covers_all,
        version=document.version,
    )
    return signature
