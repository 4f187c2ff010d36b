"""A session of the council: who was there, what was taken up, how it was voted, what was written down."""

from meetings.models.papers import (
    MinutesSignature,
    MinutesStatement,
    PaperFacts,
    PaperKind,
    PaperOrder,
    SessionDocument,
)
from meetings.models.session import AgendaItem, Attendance, Ballot, Exit, Meeting, SecretTally, Vote

__all__ = [
    "AgendaItem",
    "Attendance",
    "Ballot",
    "Exit",
    "Meeting",
    "MinutesSignature",
    "MinutesStatement",
    "PaperFacts",
    "PaperKind",
    "PaperOrder",
    "SecretTally",
    "SessionDocument",
    "Vote",
]
