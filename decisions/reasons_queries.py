"""Who gets a letter of reasons, and how far the letters are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from core.models import Job
from decisions.models import ReasonsLetter
from dossiers.models import Dossier, Stage
from evaluations.models import Result, ResultRun
from evaluations.queries import latest_run
from programme.models import Season
from registry.models import Decision

JOB = "reasons.paper"


def unsuccessful(season: Season) -> QuerySet[Dossier]:
    """Dossiers that the decision does not recognise, in the order of their numbers."""
    found = Dossier.objects.filter(season=season, stage=Stage.NOT_RECOGNISED)
    return found.select_related("product", "enterprise").order_by("number")


@dataclass(frozen=True)
class Line:
    """One dossier of the list, with its result and its letter of the newest run. `failed` as scoring names it."""

    dossier: Dossier
    result: Result | None
    letter: ReasonsLetter | None
    is_stuck: bool = False


@dataclass(frozen=True)
class Desk:
    """The whole list. `older` counts letters of an earlier result that nothing has superseded yet."""

    run: ResultRun | None
    decision: Decision | None
    lines: tuple[Line, ...]
    older: int = 0

    def count(self, state: str) -> int:
        return sum(line.letter is not None and line.letter.state == state for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(line.letter is None and line.result is not None for line in self.lines)

    @property
    def drafted(self) -> int:
        return self.count(ReasonsLetter.State.DRAFTED)

    @property
    def approved(self) -> int:
        return self.count(ReasonsLetter.State.APPROVED)

    @property
    def stuck(self) -> int:
        return sum(line.is_stuck for line in self.lines)

    @property
    def released(self) -> int:
        return sum(line.letter is not None and line.letter.released_at is not None for line in self.lines)


def desk_of(season: Season) -> Desk:
    """In six queries, whatever the number of letters."""
    run, decision = latest_run(season), Decision.objects.filter(season_year=season.year).first()
    if run is None or decision is None:
        return Desk(run, decision, ())
    dossiers = list(unsuccessful(season))
    results = {r.dossier_id: r for r in Result.objects.filter(run=run, dossier__in=dossiers)}
    letters = list(ReasonsLetter.objects.filter(dossier__in=dossiers).defer("content").select_related("run"))
    current = {letter.dossier_id: letter for letter in letters if letter.run_id == run.pk}
    stuck = set(failed_jobs(current.values()).values_list("key", flat=True))
    older = sum(letter.run_id != run.pk and letter.state != ReasonsLetter.State.SUPERSEDED for letter in letters)
    lines = (
        Line(d, results.get(d.pk), current.get(d.pk), d.pk in current and str(current[d.pk].pk) in stuck)
        for d in dossiers
    )
    return Desk(run, decision, tuple(lines), older)


def failed_jobs(letters: Iterable[ReasonsLetter]) -> QuerySet[Job]:
    """The files that could not be made."""
    keys = [str(letter.pk) for letter in letters if letter.is_making]
    return Job.objects.filter(kind=JOB, key__in=keys, state=Job.State.FAILED)


def letter_of(season: Season, pk: int) -> QuerySet[ReasonsLetter]:
    return ReasonsLetter.objects.filter(pk=pk, dossier__season=season).select_related(
        "dossier__product", "dossier__enterprise", "dossier__season", "run", "file"
    )


def is_outrun(letter: ReasonsLetter) -> bool:
    """Is there a newer result than the letter's?"""
    newer = ResultRun.objects.filter(season=letter.dossier.season, number__gt=letter.run.number)
    return letter.state == ReasonsLetter.State.SUPERSEDED or newer.exists()


def released_to(dossier: Dossier) -> ReasonsLetter | None:
    """What the enterprise may read: the newest letter whose file is there. One of an older result stays readable until
    the next is released."""
    found = ReasonsLetter.objects.filter(dossier=dossier, released_at__isnull=False).select_related("file")
    return found.order_by("-run__number").first()
