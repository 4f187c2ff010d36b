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
    "receive_on_paper": (gettext_lazy("The dossier was received on paper"), "lam"),
    "start_check": (gettext_lazy("The check began"), "lam"),
    "request_supplement": (gettext_lazy("A supplement was asked for"), "ho"),
    "answer_supplement": (gettext_lazy("The supplement was sent"), "lam"),
    "answer_on_paper": (gettext_lazy("The supplement was received on paper"), "lam"),
    "admit": (gettext_lazy("The dossier was found eligible"), "ngoc"),
    "check_again": (gettext_lazy("The Department looks at the dossier once more"), "lam"),
    "refuse": (gettext_lazy("The dossier was refused"), "son"),
    "withdraw": (gettext_lazy("The dossier was withdrawn"), "grey"),
    "withdraw_on_paper": (gettext_lazy("The dossier was withdrawn by a letter on paper"), "grey"),
    "open_scoring": (gettext_lazy("The council began its evaluation"), "tim"),
    "publish_for_comment": (gettext_lazy("The result of the season was opened for comment"), "tim"),
    "recognise": (gettext_lazy("The product was recognised"), "ngoc"),
    "do_not_recognise": (gettext_lazy("The product was not recognised"), "son"),
}
# What the enterprise does itself, and the notes it may read.
OWN_STEPS = {"submit", "answer_supplement", "withdraw"}
# Laying a dossier back is the Department's own housekeeping: the enterprise hears neither of it nor of the start of
# the check that it undoes.
UNDONE_BY = {"put_back": "start_check"}
OPEN_NOTES = {"request_supplement", "refuse", "withdraw_on_paper"}
DECISION_STEPS = {"recognise", "do_not_recognise"}


def story_of(dossier: Dossier) -> list[Event]:
    """The way of the dossier, newest first. Steps inside the council are not told."""
    events = [Event(dossier.created_at, _("The draft was begun"), str(dossier.enterprise), "grey")]
    events += [_event(change, dossier) for change in told(list(dossier.changes.all()))]
    return events[::-1]


def told(changes: list[StageChange]) -> list[StageChange]:
    """The steps that the enterprise reads, in their order."""
    kept: list[StageChange] = []
    for change in changes:
        undone = UNDONE_BY.get(change.step)
        if undone is not None and kept and kept[-1].step == undone:
            kept.pop()
        elif change.step in STEP_WORDS:
            kept.append(change)
    return kept


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
