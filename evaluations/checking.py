"""Every stored result computed once more, all ways there are: nightly, and by `recompute_results --check`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import Refused
from core.models import AuditEvent
from evaluations import bundle, closing, replay, result_sql, scoring, tally
from evaluations.models import ResultRun
from programme.models import Season

WELL, DIFFERS = "results.checked", "results.differ"
# Nobody looked for so long: the beat or its worker stands still.
LONGEST = timedelta(days=2)


@dataclass
class Checked:
    """What was looked at, and one sentence for everything that is not as it was."""

    seasons: int = 0
    runs: int = 0
    results: int = 0
    faults: list[str] = field(default_factory=list)


def check_all() -> Checked:
    """All runs of all seasons. Nothing is written."""
    found = Checked()
    for season in Season.objects.exclude(result_runs=None).select_related("rubric").order_by("year").distinct():
        runs = list(ResultRun.objects.filter(season=season).select_related("season__rubric").order_by("number"))
        found.seasons += 1
        for run in runs:
            found.runs += 1
            found.results += run.results.count()
            found.faults += [f"Season {season.year}, run {run.number}: {fault}" for fault in _faults_of(season, run)]
        found.faults += [f"Season {season.year}: {fault}" for fault in _faults_now(season, runs[-1])]
    return found


def _faults_of(season: Season, run: ResultRun) -> Iterator[str]:
    """Of a run, however old: the stored rows against its digest, and the replay of its inputs without the database.
    What an earlier method computed is kept as it is."""
    if run.method != scoring.METHOD:
        return
    if scoring.sha256(closing.stored_lines(season, run)) != run.result_digest:
        yield "the stored rows no longer have the digest of the result."
    if run.results.count() > closing.CHECKED_IN_PYTHON:
        return
    try:
        again = replay.read(bundle.of_run(run))
        if not again.as_recorded:
            yield "the same sheets now give another result in Python."
    except Refused as refusal:
        yield " ".join(map(str, refusal.reasons))
    except replay.Unusable as error:
        yield str(error)


def _faults_now(season: Season, newest: ResultRun) -> Iterator[str]:
    """The kept numbers against the sheets and the marks, and both against the newest run."""
    drifted = tally.drifted(season.pk)
    if drifted:
        yield f"kept numbers differ from the signed marks for dossiers {drifted}."
    if newest.method != scoring.METHOD:
        return
    for words, tallies in (("the kept numbers", result_sql.KEPT), ("the sheets counted anew", tally.RECOUNT)):
        with transaction.atomic():
            if tallies == tally.RECOUNT:
                tally.count_season(season)
            now = closing.digests_of(season, tallies)
        if now.inputs != newest.input_digest:
            yield f"{words} are no longer those of run {newest.number}; the result has to be computed again."
        elif now.results != newest.result_digest:
            yield f"{words} give another result than run {newest.number}."


@transaction.atomic
def keep(found: Checked, at: datetime) -> AuditEvent | None:
    """The verdict, in the audit log; nothing while there is no result."""
    newest = ResultRun.objects.order_by("-pk").first()
    if newest is None:
        return None
    facts = {"seasons": found.seasons, "runs": found.runs, "faults": found.faults[:20]}
    return audit.record(DIFFERS if found.faults else WELL, newest, by=None, at=at, **facts)


def last_verdict() -> AuditEvent | None:
    return AuditEvent.objects.filter(act__in=[WELL, DIFFERS]).order_by("-seq").first()


def fault() -> str | None:
    """For `manage.py doctor`: what is wrong with the results or with their nightly check."""
    if not ResultRun.objects.exists():
        return None
    last = last_verdict()
    if last is None:
        since = ResultRun.objects.order_by("computed_at").values_list("computed_at", flat=True)[0]
        late = timezone.now() - since > LONGEST
        return "no result was ever recomputed; is the beat running?" if late else None
    if last.act == DIFFERS:
        return f"{last.detail['faults'][0]} (recompute_results --check says all)"
    return "nobody has recomputed the results for two days" if timezone.now() - last.at > LONGEST else None
