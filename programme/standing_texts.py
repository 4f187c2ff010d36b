"""Texts that stand from year to year and may still name the old one: forms, letters, criteria.

The rooms on the right that keep such texts name them here at start-up; the set-up of a season reads them all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from mail.models import LetterText
from mail.registry import all_kinds
from programme import rubric_difference, yearly
from programme.models import Rubric


@dataclass(frozen=True)
class StandingText:
    """`key` stays the same while the words stay: a person may say that this text names the year on purpose."""

    place: str
    words: str
    url: str = ""


@dataclass(frozen=True)
class LeftOver:
    place: str
    words: str
    url: str

    @property
    def key(self) -> str:
        return f"{self.place}: {self.words}"[:300]


Source = Callable[[], Iterable[StandingText]]
_sources: list[Source] = []


def add(source: Source) -> None:
    _sources.append(source)


def left_over(year: int) -> list[LeftOver]:
    """Each place in the standing texts that names `year`."""
    return [found for source in _sources for text in source() for found in _in(text, year)]


def left_over_in(rubric: Rubric, year: int) -> list[LeftOver]:
    """Each place in the criteria that names `year`."""
    found = []
    for place, words in rubric_difference.texts_of(rubric.content):
        found += list(_in(StandingText(_place_in_rubric(place), words), year))
    return found


def _in(text: StandingText, year: int) -> Iterable[LeftOver]:
    return [LeftOver(text.place, words, text.url) for words in yearly.mentions(text.words, year)]


def _place_in_rubric(place: str) -> str:
    if place.startswith("criterion:"):
        return _("Criteria, criterion %(code)s") % {"code": place.partition(":")[2]}
    names = {
        "title_vi": _("Criteria, title"),
        "title_en": _("Criteria, title"),
        "status_note": _("Criteria, status note"),
        "source": _("Criteria, source"),
    }
    return names.get(place, _("Criteria, %(part)s") % {"part": place})


def letters() -> Iterable[StandingText]:
    """Letters whose words staff have changed; the standard words name no year."""
    newest = LetterText.objects.filter(kind=OuterRef("kind"), language=OuterRef("language")).order_by("-version")
    rows = LetterText.objects.filter(pk=Subquery(newest.values("pk")[:1]), is_standard=False)
    titles = {kind.code: kind.title_vi for kind in all_kinds()}
    for row in rows.order_by("kind", "-language"):
        yield StandingText(
            place=_("Letter “%(title)s”") % {"title": titles.get(row.kind, row.kind)},
            words=f"{row.subject}\n{row.body}",
            url=reverse("mail:text", kwargs={"code": row.kind, "language": row.language}),
        )


add(letters)
