"""Letters of reasons are drafted from the record, edited, and approved by a person."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import require
from core import audit, jobs
from core.errors import Refused
from decisions import reasons, reasons_paper, reasons_queries
from decisions.models import ReasonsLetter
from decisions.reasons_record import facts_of
from dossiers.models import Dossier
from evaluations.models import ResultRun
from evaluations.queries import latest_run
from programme.models import Season
from registry.models import Decision

State = ReasonsLetter.State


def _record(season: Season) -> tuple[ResultRun, Decision]:
    """The result and the decision that letters are about. Raises Refused while one is missing."""
    run, decision = latest_run(season), Decision.objects.filter(season_year=season.year).first()
    if run is None:
        raise Refused(_("The result has not been computed yet."))
    if decision is None or season.decided_at is None:
        raise Refused(_("The decision is not recorded yet. The letters of reasons follow it."))
    return run, decision


def _composed(
    run: ResultRun, decision: Decision, dossiers: Collection[Dossier]
) -> dict[int, tuple[dict[str, Any], str]]:
    """Content and digest of the record, by dossier. Raises Refused where the sheets no longer give the result."""
    found, changed = {}, []
    for pk, facts in facts_of(run, decision, dossiers).items():
        try:
            found[pk] = (reasons.compose(facts).plain(), facts.record_digest())
        except reasons.Disagrees:
            changed.append(
                _("%(dossier)s: the signed sheets are no longer those of the result.") % {"dossier": facts.number}
            )
    if changed:
        raise Refused(changed)
    return found


@transaction.atomic
def draft_letters(*, season: Season, by: Any, at: datetime) -> int:
    """A draft for every dossier that was not recognised, from the newest result; how many were written or renewed.

    Letters of an older result are superseded. A draft whose record has changed is drafted anew and keeps what a person
    wrote; an approved letter of the newest result stays. Raises Refused while there is nothing to draft from.
    """
    require(by, "decisions.write_reasons", season)
    season = Season.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=season.pk)
    run, decision = _record(season)
    dossiers = list(reasons_queries.unsuccessful(season))
    known = {letter.dossier_id: letter for letter in ReasonsLetter.objects.filter(run=run, dossier__in=dossiers)}
    open_ = [d for d in dossiers if d.pk not in known or known[d.pk].is_open]
    new, renewed = [], []
    for pk, (content, digest) in _composed(run, decision, open_).items():
        letter = known.get(pk)
        if letter is None:
            new.append(
                ReasonsLetter(
                    dossier_id=pk,
                    run=run,
                    content=content,
                    record_digest=digest,
                    drafted_at=at,
                    drafted_by_name=str(by)[:200],
                )
            )
        elif letter.record_digest != digest:
            letter.content, letter.record_digest, letter.revision = content, digest, letter.revision + 1
            letter.drafted_at, letter.drafted_by_name = at, str(by)[:200]
            renewed.append(letter)
    ReasonsLetter.objects.bulk_create(new)
    ReasonsLetter.objects.bulk_update(
        renewed, ["content", "record_digest", "revision", "drafted_at", "drafted_by_name"]
    )
    older = ReasonsLetter.objects.filter(dossier__in=dossiers).exclude(run=run).exclude(state=State.SUPERSEDED)
    superseded = older.update(state=State.SUPERSEDED)
    if new or renewed or superseded:
        numbers = {d.pk: d.number for d in dossiers}
        audit.record(
            "reasons.drafted",
            season,
            by=by,
            at=at,
            run=run.number,
            result=run.result_digest,
            dossiers=[numbers[letter.dossier_id] for letter in (*new, *renewed)],
            superseded=superseded,
        )
    return len(new) + len(renewed)


@transaction.atomic
def change_letter(
    *, letter: ReasonsLetter, edits: Mapping[str, str], paragraph: str, seen: int, by: Any, at: datetime
) -> ReasonsLetter:
    """Keep a person's words: `edits` by the key of a sentence, as far as they differ from the draft; an empty text
    leaves a sentence out. Raises Refused once the letter is approved, or when somebody else was faster."""
    require(by, "decisions.write_reasons", letter.dossier.season)
    row = ReasonsLetter.objects.select_for_update(of=("self",)).select_related("dossier", "run").get(pk=letter.pk)
    if not row.is_open:
        raise Refused(_("The letter is no longer a draft."))
    if row.revision != seen:
        raise Refused(_("%(name)s changed this letter meanwhile. Read it again.") % {"name": _changer(row)})
    drafted = {one["key"]: one["vi"] for section in row.content["sections"] for one in section["sentences"]}
    kept = {key: text for key, text in edits.items() if key in drafted and text != drafted[key]}
    if (kept, paragraph) == (row.edits, row.paragraph):
        return row
    touched = sorted(key for key in drafted if kept.get(key) != row.edits.get(key))
    row.edits, row.paragraph, row.revision = kept, paragraph, row.revision + 1
    row.changed_at, row.changed_by_name = at, str(by)[:200]
    row.save(update_fields=["edits", "paragraph", "revision", "changed_at", "changed_by_name"])
    audit.record("reasons.edited", row, by=by, at=at, sentences=touched, revision=row.revision)
    return row


def _changer(letter: ReasonsLetter) -> str:
    return letter.changed_by_name or letter.drafted_by_name


@transaction.atomic
def approve_letters(*, season: Season, seen: Mapping[int, int], by: Any, at: datetime) -> Sequence[ReasonsLetter]:
    """Approve the letters as they were read (`seen`: revision by id), all or none. Each file is made by a job, which
    then releases the letter and tells the enterprise, once.

    Raises Refused where the record is no longer that of the draft: a newer result, changed sheets, words that somebody
    else wrote meanwhile; and for a dossier that met every rule as long as nobody wrote why it was left out.
    """
    require(by, "decisions.write_reasons", season)
    season = Season.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=season.pk)
    run, decision = _record(season)
    rows = ReasonsLetter.objects.select_for_update(of=("self",)).filter(pk__in=seen, dossier__season=season)
    letters = list(
        rows.select_related("dossier__product", "dossier__enterprise", "dossier__season", "run").order_by(
            "dossier__number"
        )
    )
    if not letters:
        raise Refused(_("Choose the letters that you have read."))
    waiting = [letter for letter in letters if letter.state != State.APPROVED]
    refused = [reason for letter in waiting for reason in _stale(letter, run, seen)]
    if refused:
        raise Refused(refused)
    now = _composed(run, decision, [letter.dossier for letter in waiting])
    for letter in waiting:
        name = {"dossier": letter.dossier.number}
        if now.get(letter.dossier_id, ({}, ""))[1] != letter.record_digest:
            refused.append(_("%(dossier)s: the record has changed since the draft. Draft it anew.") % name)
        elif not letter.paragraph and _was_left_out(letter):
            refused.append(_("%(dossier)s met every rule: write why the decision left it out.") % name)
        elif strange := reasons_paper.strange_letters(letter):
            name["letters"] = " ".join(strange)
            refused.append(_("%(dossier)s: the paper cannot print %(letters)s. Write it differently.") % name)
    if refused:
        raise Refused(refused)
    for letter in waiting:
        letter.state, letter.approved_by, letter.approved_by_name, letter.approved_at = State.APPROVED, by, str(by), at
        letter.save(update_fields=["state", "approved_by", "approved_by_name", "approved_at"])
        batch = f"reasons-{season.year}"
        jobs.enqueue(reasons_queries.JOB, key=f"{letter.pk}", payload={"letter": letter.pk}, batch=batch)
        audit.record(
            "reasons.approved",
            letter,
            by=by,
            at=at,
            record=letter.record_digest,
            revision=letter.revision,
            drafted_by=letter.drafted_by_name,
            edited=len(letter.edits),
        )
    return waiting


@transaction.atomic
def make_again(*, season: Season, by: Any, at: datetime) -> int:
    """Files of approved letters that could not be made are made once more. Raises Refused when none has failed."""
    require(by, "decisions.write_reasons", season)
    letters = ReasonsLetter.objects.filter(dossier__season=season, state=State.APPROVED, file=None)
    failed = list(reasons_queries.failed_jobs(letters).select_for_update().order_by("pk"))
    if not failed:
        raise Refused(_("No PDF has failed; nothing is to be made again."))
    for job in failed:
        jobs.retry(job=job)
    errors = {job.key: job.last_error for job in failed}
    audit.record(
        "reasons.retried", season, by=by, at=at, letters=sorted(errors), last_errors=sorted(set(errors.values()))
    )
    return len(failed)


def _stale(letter: ReasonsLetter, run: ResultRun, seen: Mapping[int, int]) -> list[str]:
    name = {"dossier": letter.dossier.number, "name": _changer(letter)}
    if letter.run_id != run.pk or letter.state == State.SUPERSEDED:
        return [_("%(dossier)s: there is a newer result. Draft the letter anew.") % name]
    if letter.revision != seen[letter.pk]:
        return [_("%(dossier)s: %(name)s changed the letter after you opened it. Read it again.") % name]
    return []


def _was_left_out(letter: ReasonsLetter) -> bool:
    return any(one["key"] == "left_out" for section in letter.content["sections"] for one in section["sentences"])


def approved_words(n: int) -> str:
    return ngettext(
        "%(n)s letter is approved. Its PDF is being made; then the enterprise is told.",
        "%(n)s letters are approved. Their PDFs are being made; then the enterprises are told.",
        n,
    ) % {"n": n}
