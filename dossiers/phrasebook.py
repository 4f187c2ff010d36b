"""Sentences for defects: the library that officers keep, and the usual sentence when it has none that fits.

Letters go to enterprises: the sentences are Vietnamese whatever language the officer works in. `{tên}` stands for the
name of the paper or part.
"""

from collections.abc import Iterable, Sequence

from django.utils import translation

from dossiers.models import Phrase
from dossiers.views.desk import words

NAME = "{tên}"


def filled(sentence: str, code: str) -> str:
    with translation.override("vi"):
        return sentence.replace(NAME, words.part_name(code))


def live() -> list[Phrase]:
    """The whole library as it stands; one query."""
    return list(Phrase.objects.filter(ended_at=None))


def fitting(library: Iterable[Phrase], code: str, reason: str = "") -> list[tuple[str, str]]:
    """(reason, sentence) for this part: its own sentences first, then those for every part. With a reason only those
    that fit it."""
    found = [
        phrase for phrase in library if phrase.part in ("", code) and (not reason or phrase.reason in ("", reason))
    ]
    found.sort(key=lambda phrase: (phrase.part != code, phrase.reason == ""))
    return list(dict.fromkeys((phrase.reason, filled(phrase.words, code)) for phrase in found))


def usual(library: Sequence[Phrase], code: str, reason: str) -> str:
    """The sentence for this part and reason that is written when the officer writes none."""
    if not reason:
        return ""
    named = [sentence for kind, sentence in fitting(library, code, reason) if kind == reason]
    if named:
        return named[0]
    with translation.override("vi"):
        return words.phrase(reason, code)
