"""The way of a dossier, told without what happens inside the council."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.models import Dossier, StageChange


@dataclass(frozen=True)
class Event:
    at: datetime
    title: str
    by: str
    kind: str
    note: str = ""


STEP_WORDS: dict[str, tuple[Any, str]] = {
    "submit": (gettext_lazy("The dossier was submitted"), "lam"),
    "start_check": (gettext_lazy("The check began"), "lam"),
    "request_supplement": (gettext_lazy("A supplement was asked for"), "ho"),
    "answer_supplement": (gettext_lazy("The supplement was sent"), "lam"),
    "admit": (gettext_lazy("The dossier was found eligible"), "ngoc"),
    "refuse": (gettext_lazy("The dossier was refused"), "son"),
    "withdraw": (gettext_lazy("The dossier was withdrawn"), "grey"),
    "open_scoring": (gettext_lazy("The council began its evaluation"), "tim"),
    "publish_for_comment": (gettext_lazy("The result of the season was opened for comment"), "tim"),
    "recognise": (gettext_lazy("The product was recognised"), "ngoc"),
    "do_not_recognise": (gettext_lazy("The product was not recognised"), "son"),
}
# What the enterprise does itself, and the notes it may read.
OWN_STEPS = {"submit", "answer_supplement", "withdraw"}
OPEN_NOTES = {"request_supplement", "refuse"}
DECISION_STEPS = {"recognise", "do_not_recognise"}


def story_of(dossier: Dossier) -> list[Event]:
    """The way of the dossier, newest first. Steps inside the council are not told."""
    events = [Event(dossier.created_at, _("The draft was begun"), str(dossier.enterprise), "grey")]
    events += [_event(change, dossier) for change in dossier.changes.all() if change.step in STEP_WORDS]
    return events[::-1]


def _event(change: StageChange, dossier: Dossier) -> Event:
    title, kind = STEP_WORDS[change.step]
    if change.step in OWN_STEPS:
        by = change.taken_by_name
    elif change.step in DECISION_STEPS:
        by = _("Hanoi People's Committee")
    else:
        by = _("Department of Industry and Trade")
    note = change.note if change.step in OPEN_NOTES else ""
    if change.step in DECISION_STEPS and change.note:
        note = _("Decision %(number)s") % {"number": change.note}
    return Event(change.taken_at, str(title), by, kind, note)
