"""Letters of reasons of a decided season: all drafted, the first ones read and approved."""

from datetime import datetime, timedelta
from functools import partial

from decisions.models import ReasonsLetter
from decisions.reasons_actions import approve_letters, change_letter, draft_letters
from decisions.reasons_paper import tell
from demo.cases import World
from programme.models import Season

APPROVED = 3
ADDED = (
    "Sở Công Thương ghi nhận nỗ lực của doanh nghiệp và mong doanh nghiệp hoàn thiện các minh chứng nêu trong thông "
    "báo để tham gia kỳ xét chọn sau (nội dung minh họa)."
)


def note_letters(world: World, year: int, *, after: datetime) -> None:
    world.diary.note(after + timedelta(days=2), partial(_draft, world, year))
    world.diary.note(after + timedelta(days=5, hours=5), partial(_approve, world, year))


def _draft(world: World, year: int, at: datetime) -> None:
    draft_letters(season=Season.objects.get(year=year), by=world.secretary, at=at)


def _approve(world: World, year: int, at: datetime) -> None:
    """One with a person's words; the others wait. The worker makes the files like those of the certificates, but
    nobody is told today what happened years ago."""
    season = Season.objects.get(year=year)
    letters = list(ReasonsLetter.objects.filter(run__season=season).order_by("pk")[:APPROVED])
    first = letters[0]
    change_letter(letter=first, edits={}, paragraph=ADDED, seen=first.revision, by=world.secretary, at=at)
    rows = ReasonsLetter.objects.filter(pk__in=[letter.pk for letter in letters])
    seen = dict(rows.values_list("pk", "revision"))
    for letter in approve_letters(season=season, seen=seen, by=world.secretary, at=at):
        tell(letter, at=at)
