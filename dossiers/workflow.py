"""THE TABLE: which steps move a dossier, who may take them, and what must be true.

Read top to bottom it is the programme's procedure. `take` is the only writer of `Dossier.stage`. Guards are
dotted paths, because some live to the right of this app; a system check refuses to start when one does not
resolve (dossiers.checks). A guard returns the reasons that block the step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.access import can
from core import audit
from core.errors import Refused
from dossiers.models import Dossier, Stage, StageChange

Guard = Callable[[Dossier, datetime], list[str]]


@dataclass(frozen=True)
class Step:
    name: str
    sources: tuple[Stage, ...]
    target: Stage
    rule: str
    guards: tuple[str, ...] = ()


TABLE = (
    Step(
        "submit",
        (Stage.DRAFT,),
        Stage.SUBMITTED,
        "dossiers.submit",
        (
            "dossiers.guards.registration_is_open",
            "dossiers.guards.dossier_is_complete",
            "dossiers.guards.papers_are_scanned",
        ),
    ),
    # The Department files for an enterprise that came to the counter; what is missing it asks for afterwards.
    Step(
        "receive_on_paper",
        (Stage.DRAFT,),
        Stage.SUBMITTED,
        "dossiers.check",
        ("dossiers.guards.came_on_paper", "dossiers.guards.registration_is_open"),
    ),
    Step("start_check", (Stage.SUBMITTED,), Stage.CHECKING, "dossiers.check"),
    # Undoing: the officer lays the dossier back, or takes up the check again before the council has begun.
    Step("put_back", (Stage.CHECKING,), Stage.SUBMITTED, "dossiers.check", ("dossiers.guards.nothing_was_asked",)),
    Step("check_again", (Stage.ELIGIBLE,), Stage.CHECKING, "dossiers.check"),
    Step("request_supplement", (Stage.CHECKING,), Stage.SUPPLEMENT, "dossiers.check"),
    Step(
        "answer_supplement",
        (Stage.SUPPLEMENT,),
        Stage.CHECKING,
        "dossiers.submit",
        (
            "dossiers.guards.supplement_is_in_time",
            "dossiers.guards.every_item_is_answered",
            "dossiers.guards.asked_parts_are_complete",
            "dossiers.guards.papers_are_scanned",
        ),
    ),
    # The enterprise brought its answer to the counter; it counts from the hour it came, not the hour it was typed.
    Step(
        "answer_on_paper",
        (Stage.SUPPLEMENT,),
        Stage.CHECKING,
        "dossiers.check",
        ("dossiers.guards.came_on_paper", "dossiers.guards.came_after_it_was_asked"),
    ),
    Step("admit", (Stage.CHECKING,), Stage.ELIGIBLE, "dossiers.check", ("dossiers.guards.dossier_is_complete",)),
    Step("refuse", (Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT), Stage.REFUSED, "dossiers.check"),
    Step(
        "withdraw",
        (Stage.DRAFT, Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT, Stage.ELIGIBLE),
        Stage.WITHDRAWN,
        "dossiers.withdraw",
    ),
    Step(
        "withdraw_on_paper",
        (Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT, Stage.ELIGIBLE),
        Stage.WITHDRAWN,
        "dossiers.check",
        ("dossiers.guards.came_on_paper",),
    ),
    Step(
        "open_scoring",
        (Stage.ELIGIBLE,),
        Stage.SCORING,
        "evaluations.run_session",
        (
            "evaluations.guards.rubric_is_published",
            "evaluations.guards.council_is_seated",
            "evaluations.guards.interests_are_declared",
            "evaluations.guards.criteria_are_assigned",
        ),
    ),
    Step(
        "close_scoring",
        (Stage.SCORING,),
        Stage.SCORED,
        "evaluations.run_session",
        (
            "evaluations.guards.criteria_are_assigned",
            "evaluations.guards.sheets_are_signed",
            "evaluations.guards.criteria_have_points",
        ),
    ),
    Step(
        "publish_for_comment",
        (Stage.SCORED,),
        Stage.PUBLIC_COMMENT,
        "decisions.publish",
        ("decisions.guards.result_is_current",),
    ),
    Step(
        "recognise",
        (Stage.PUBLIC_COMMENT,),
        Stage.RECOGNISED,
        "decisions.decide",
        ("decisions.guards.comments_are_closed",),
    ),
    Step(
        "do_not_recognise",
        (Stage.PUBLIC_COMMENT,),
        Stage.NOT_RECOGNISED,
        "decisions.decide",
        ("decisions.guards.comments_are_closed",),
    ),
)
STEPS = {step.name: step for step in TABLE}


def blockers(dossier: Dossier, step_name: str, *, by: Any, at: datetime) -> list[str]:
    """Why this person cannot take the step now; empty when nothing stands in the way."""
    step = STEPS[step_name]
    if not can(by, step.rule, dossier):
        return [_("You may not take this step.")]
    if dossier.stage not in step.sources:
        return [_overtaken(dossier, by) or _not_from_here(dossier)]
    return [reason for path in step.guards for reason in import_string(path)(dossier, at)]


def _not_from_here(dossier: Dossier) -> str:
    return _("This step is not possible at the stage “%(stage)s”.") % {"stage": dossier.get_stage_display()}


def _overtaken(dossier: Dossier, by: Any) -> str:
    """For whoever works at the desk: a colleague was faster, who and when."""
    last = dossier.changes.order_by("-taken_at", "-id").first()
    if last is None or last.taken_by_id == by.pk or not can(by, "dossiers.work_list"):
        return ""
    return _("%(name)s was faster (%(time)s): the dossier is now at the stage “%(stage)s”.") % {
        "name": last.taken_by_name,
        "time": date_format(timezone.localtime(last.taken_at), "SHORT_DATETIME_FORMAT"),
        "stage": dossier.get_stage_display(),
    }


def steps_for(dossier: Dossier, *, by: Any) -> list[Step]:
    """The steps this person could take from here, whatever still blocks them: these are the buttons."""
    return [step for step in TABLE if dossier.stage in step.sources and can(by, step.rule, dossier)]


@transaction.atomic
def take(step_name: str, dossier: Dossier, *, by: Any, at: datetime, note: str = "") -> StageChange:
    """Lock the row, ask for blockers, move, write history. Raises Refused with every reason."""
    step = STEPS[step_name]
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    reasons = blockers(locked, step_name, by=by, at=at)
    if reasons:
        raise Refused(reasons)
    before = locked.stage
    Dossier.objects.filter(pk=locked.pk).update(stage=step.target, changed_at=at)
    dossier.stage, dossier.changed_at = step.target, at
    change = StageChange.objects.create(
        dossier=dossier,
        step=step.name,
        from_stage=before,
        to_stage=step.target,
        taken_at=at,
        taken_by_id=by.pk,
        taken_by_name=str(by),
        note=note,
    )
    audit.record(f"dossier.{step.name}", dossier, by=by, at=at, stage=[before, step.target], note=note)
    return change
