"""Where a dossier stands, in the words of its applicant: the tag and the line."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from dossiers.models import Dossier, Stage
from dossiers.supplements import open_request

__all__ = ["StageTag", "day_of", "open_request", "stage_line", "stage_tag", "stage_words"]

STAGE_KINDS = {
    Stage.DRAFT: "grey",
    Stage.SUBMITTED: "grey",
    Stage.CHECKING: "lam",
    Stage.SUPPLEMENT: "ho",
    Stage.ELIGIBLE: "tim",
    Stage.SCORING: "tim",
    Stage.SCORED: "tim",
    Stage.PUBLIC_COMMENT: "tim",
    Stage.RECOGNISED: "ngoc",
    Stage.NOT_RECOGNISED: "son",
    Stage.REFUSED: "son",
    Stage.WITHDRAWN: "grey",
}
# The stretches of the way, and the stages that lie in each.
LINE: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (pgettext_lazy("stage line", "Draft"), (Stage.DRAFT,)),
    (pgettext_lazy("stage line", "Submitted"), (Stage.SUBMITTED,)),
    (pgettext_lazy("stage line", "Check"), (Stage.CHECKING, Stage.SUPPLEMENT)),
    (pgettext_lazy("stage line", "Council"), (Stage.ELIGIBLE, Stage.SCORING, Stage.SCORED)),
    (pgettext_lazy("stage line", "Public comment"), (Stage.PUBLIC_COMMENT,)),
    (pgettext_lazy("stage line", "Decision"), (Stage.RECOGNISED, Stage.NOT_RECOGNISED)),
)
ENDED_EARLY = (Stage.REFUSED, Stage.WITHDRAWN)


def stage_words(stage: str) -> str:
    """As the applicant reads it: while the council works, its inner steps are one stage."""
    return str(Stage(Stage.SCORING if stage == Stage.SCORED else stage).label)


@dataclass(frozen=True)
class StageTag:
    kind: str
    words: str


def stage_tag(dossier: Dossier, today: date) -> StageTag:
    """With the days that are left, when something is asked of the applicant."""
    text = stage_words(dossier.stage)
    asked = open_request(dossier)
    if asked is not None:
        left = asked.days_left(today)
        if left >= 0:
            text += " (" + ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left} + ")"
        else:
            text += " (" + _("overdue") + ")"
    return StageTag(STAGE_KINDS[Stage(dossier.stage)], text)


def stage_line(dossier: Dossier) -> list[tuple[str, str, str]]:
    """Label, state and the day of every stretch of the way."""
    changes = list(dossier.changes.all())
    reached: dict[int, str] = {0: day_of(dossier.created_at)}
    for change in changes:
        place = _place(change.to_stage)
        if place is not None:
            reached.setdefault(place, day_of(change.taken_at))
    ended_early = dossier.stage in ENDED_EARLY
    here = _place(changes[-1].from_stage if ended_early and changes else dossier.stage) or 0
    line = []
    for place, (label, _stages) in enumerate(LINE):
        if place > here and ended_early:
            break
        ended = place < here or (place == len(LINE) - 1 and place == here)
        state = "done" if ended or (ended_early and place == here) else "current" if place == here else "todo"
        line.append((str(label), state, reached.get(place, "")))
    if ended_early:
        last = day_of(changes[-1].taken_at) if changes else ""
        line.append((stage_words(dossier.stage), "current", last))
    return line


def _place(stage: str) -> int | None:
    return next((place for place, (_label, stages) in enumerate(LINE) if stage in stages), None)


def day_of(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")
