"""A closed season in which members differ, made by real actions."""

from core import jobs
from core.models import Job
from dossiers.models import Conflict, Dossier
from dossiers.wall import forget
from evaluations.models import ResultRun
from tests.remembered import remembered
from tests.story import Story

# by seat: how much stricter than the first; by dossier: the points of the first seat in criterion 2
STRICT = (0, 2, 7)
EXPORT = (29, 27, 24, 20, 16, 12, 10, 8)


@remembered
def closed(story: Story, dossiers: int = 6) -> tuple[ResultRun, list[Dossier]]:
    """`dossiers` judged by three members, the third the strictest; the result and its report computed."""
    found = story.scoring(dossiers)
    for place, dossier in enumerate(found):
        for seat, strict in zip(story.seats(), STRICT, strict=True):
            wobble = (place * (strict + 1)) % 3
            points = {"1": 45 - 3 * place, "2": max(EXPORT[place] - strict - wobble, 0), "3": 18 - place - strict // 2}
            story.score(dossier, seat, points)
    perform(story)
    return ResultRun.objects.get(), found


def perform(story: Story) -> None:
    from evaluations import actions

    job = actions.close_session(season=story.season(), by=story.secretary, at=story.tick())
    assert jobs.perform(job.pk)
    for pk in Job.objects.filter(kind="analysis.compute", state="ready").values_list("pk", flat=True):
        assert jobs.perform(pk)


def bar(user, dossier: Dossier, story: Story) -> None:
    """A standing conflict of this person, come to light after closing."""
    Conflict.objects.create(user=user, dossier=dossier, kind="family", declared_at=story.tick())
    forget(user)
