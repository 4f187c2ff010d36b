"""The kinds of letters: who writes them declares them, in both languages, with the fields they merge. Pure.

A room lists its letters as `LETTERS` in `<room>/letters.py`. Staff may change the words of a kind on the pages of
this room; the code only says which fields exist, so a template can be checked before it is kept.
"""

from dataclasses import dataclass
from datetime import date, datetime

# Letters of these rooms speak of marks, councils and unpublished results: the secretary alone sees them.
CONFIDENTIAL_ROOMS = ("evaluations", "analysis", "meetings", "decisions")


@dataclass(frozen=True)
class Field:
    """One merge field, written `{name}` in a template. `example` is what the preview prints.

    The value of a secret field (a code, a link that signs in) is never shown at the desk and forgotten once sent.
    """

    name: str
    meaning_vi: str
    meaning_en: str
    example: str
    is_secret: bool = False


@dataclass(frozen=True)
class LetterKind:
    """One kind of letter.

    Subjects and bodies are plain text with `{field}` merge fields and nothing else: no code, no conditions. A
    paragraph is separated by an empty line; a line `[Words](field)` becomes a button to the address in `field`.
    `is_decision`: the letter waits in the outbox until a person sends it. `is_reminder`: it says how to stop more.
    """

    code: str
    title_vi: str
    title_en: str
    fields: tuple[Field, ...]
    subject_vi: str
    body_vi: str
    subject_en: str
    body_en: str
    is_decision: bool = False
    is_reminder: bool = False

    @property
    def field_names(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields)

    @property
    def addresses(self) -> frozenset[str]:
        """The fields that hold an address of this site, so that a button may lead there."""
        bodies = f"{self.body_vi}\n{self.body_en}"
        return frozenset(one.name for one in self.fields if f"]({one.name})" in bodies or "://" in one.example)

    def standard(self, language: str) -> tuple[str, str]:
        """The words as the code has them: subject and body."""
        return (self.subject_en, self.body_en) if language == "en" else (self.subject_vi, self.body_vi)


@dataclass(frozen=True)
class Addressee:
    """Somebody without an account. No language: the letter speaks Vietnamese first, then English."""

    email: str
    name: str = ""
    language: str = ""


@dataclass(frozen=True)
class CalendarEntry:
    """A day or an hour for the reader's calendar. Letters with the same `uid` move the same entry."""

    title: str
    on: date | datetime
    details: str = ""
    uid: str = ""
