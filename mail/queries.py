"""What the pages of the outbox need, and what other rooms may ask: `letters_about`, `words_of`."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.access import can
from core import vietnamese
from core.models import Job
from mail import fences, merge, registry
from mail.kinds import CONFIDENTIAL_ROOMS, LetterKind
from mail.merge import Fault
from mail.models import DemoMessage, Letter, LetterQuerySet, LetterText, about_of
from mail.rendering import LANGUAGES

State = Letter.State
# Name in the address: which states the list holds.
LISTS: dict[str, tuple[str, ...]] = {
    "held": (State.HELD,),
    "waiting": (State.WAITING, State.SENDING),
    "trouble": (State.FAILED, State.UNSURE),
    "sent": (State.SENT,),
    "cancelled": (State.CANCELLED,),
}


def words_of(kind: LetterKind) -> dict[str, tuple[str, str]]:
    """Subject and body in each language: staff's newest words, else the standard ones."""
    words = {language: kind.standard(language) for language in LANGUAGES}
    newest = LetterText.objects.filter(kind=kind.code).order_by("language", "-version").distinct("language")
    for text in newest:
        # A field that the code no longer fills makes old words unusable: the standard ones speak again.
        if not text.is_standard and not merge.faults(text.subject, text.body, kind.field_names, kind.addresses):
            words[text.language] = (text.subject, text.body)
    return words


def words_for_fault(fault: Fault) -> str:
    """Why words were refused, to the person who wrote them."""
    sentences = {
        "unknown": _("The field {%(what)s} does not exist in this letter. Choose one from the list."),
        "target": _("The field {%(what)s} is not an address, so no button can lead there."),
        "braces": _("A brace is open or too many: “%(what)s”. Fields are written {name}."),
        "button": _("The button “%(what)s” is not complete: write [Words](field), without braces."),
        "subject": _("The subject is one line: “%(what)s”."),
    }
    return sentences[fault.code] % {"what": fault.what[:80]}


def visible_to(user: Any) -> LetterQuerySet:
    """Letters of the council's rooms are the secretary's alone; what lies behind a fence is nobody's (mail.fences)."""
    letters = Letter.objects.all()
    hidden = fences.hidden_from(user)
    if hidden is not None:
        letters = letters.exclude(hidden)
    return letters if can(user, "mail.see_confidential") else letters.outside_the_council()


def demo_messages(user: Any) -> models.QuerySet[DemoMessage]:
    """The demonstration's mailbox is everybody's, but for letters behind a fence."""
    hidden = fences.hidden_from(user)
    found = DemoMessage.objects.all()
    if hidden is None:
        return found
    return found.exclude(message_id__in=Letter.objects.filter(hidden).values("message_id"))


def counts(user: Any) -> dict[str, int]:
    found = {row["state"]: row["n"] for row in visible_to(user).order_by().values("state").annotate(n=Count("pk"))}
    return {name: sum(found.get(state, 0) for state in states) for name, states in LISTS.items()}


def is_stuck(letter: Letter) -> bool:
    """The letter is under way but its job has given up: nobody will move it unless a person does."""
    if letter.state not in (State.WAITING, State.SENDING):
        return False
    return Job.objects.filter(kind="mail.send", key=letter.job_key, state=Job.State.FAILED).exists()


def to_decide(user: Any) -> int:
    """Letters that wait for a person: held, failed or unsure."""
    return visible_to(user).filter(state__in=[State.HELD, State.FAILED, State.UNSURE]).count()


def outbox(user: Any, *, which: str = "", search: str = "") -> LetterQuerySet:
    """Newest first; `search` looks in address, name, subject and what the letter is about."""
    letters = visible_to(user).defer("html", "text", "calendar", "secrets")
    if which in LISTS:
        letters = letters.filter(state__in=LISTS[which])
    for word in vietnamese.nfc(search).split()[:6]:
        letters = letters.filter(
            Q(to_email__icontains=word)
            | Q(to_name__icontains=word)
            | Q(subject__icontains=word)
            | Q(about_name__icontains=word)
        )
    return letters


def letters_about(obj: models.Model, user: Any = None) -> list[Letter]:
    """What was written about an object, newest first: what this person may see, without one nothing of the council."""
    model, pk = about_of(obj)
    letters = visible_to(user) if user is not None else Letter.objects.outside_the_council()
    found = letters.filter(about_model=model, about_id=pk).defer("html", "text", "calendar", "secrets")
    return list(found.order_by("-created_at", "-pk"))


@dataclass(frozen=True)
class KindLine:
    """One line of the list of words."""

    kind: LetterKind
    room: str
    changed: dict[str, LetterText]


def kind_lines(user: Any) -> list[KindLine]:
    newest: dict[str, dict[str, LetterText]] = {}
    for text in LetterText.objects.order_by("kind", "language", "-version").distinct("kind", "language"):
        if not text.is_standard:
            newest.setdefault(text.kind, {})[text.language] = text
    return [
        KindLine(kind, registry.room_of(kind.code), newest.get(kind.code, {}))
        for kind in registry.all_kinds()
        if may_see_kind(user, kind)
    ]


def may_see_kind(user: Any, kind: LetterKind) -> bool:
    return registry.room_of(kind.code) not in CONFIDENTIAL_ROOMS or can(user, "mail.see_confidential")


def history(kind: LetterKind, language: str) -> list[LetterText]:
    """Newest version first."""
    return list(LetterText.objects.filter(kind=kind.code, language=language))
