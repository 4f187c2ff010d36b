"""Writing criteria: drafts, kept version by version, and the rubric made of one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from programme import rubric_draft
from programme.actions import load_rubric
from programme.models import Rubric, RubricDraft, RubricDraftVersion
from programme.rubric_draft import Document

KEPT_VERSIONS = 50


class DraftChanged(Refused):
    """Somebody else changed the same thing meanwhile. `theirs` is what stands now, `keys` what both changed."""

    def __init__(self, name: str, theirs: dict[str, Any], keys: set[str], version: int) -> None:
        self.name, self.theirs, self.keys, self.version = name, theirs, keys, version
        super().__init__(_("%(name)s changed the same meanwhile. Nothing is saved yet.") % {"name": name})


@dataclass(frozen=True)
class Saved:
    """`others` changed the same form since it was opened, in other fields: (name, their keys), merged."""

    draft: RubricDraft
    target: str
    others: tuple[str, frozenset[str]] | None = None


@transaction.atomic
def start_draft(*, content: Document, based_on: Rubric | None, by: Any, at: datetime) -> RubricDraft:
    """A draft from a document, which is copied."""
    draft = RubricDraft.objects.create(
        content=rubric_draft.with_ids(content),
        based_on=based_on,
        created_at=at,
        changed_at=at,
        changed_by_name=_name(by),
    )
    _keep_version(draft, by, at)
    audit.record("rubric.draft_started", draft, by=by, at=at, based_on=based_on.digest if based_on else "")
    return draft


@transaction.atomic
def change_draft(
    *, draft: RubricDraft, base: int, target: str, values: dict[str, Any], by: Any, at: datetime
) -> Saved:
    """The form of one criterion (or, with target "", of the rubric) is saved. `base` is the version it was opened at.

    What somebody else changed since stays, field by field. Raises DraftChanged when both changed the same field, and
    Refused when the criterion is gone.
    """
    draft = _locked(draft)
    now = rubric_draft.own(draft.content, target)
    if now is None:
        raise _gone(draft)
    before = _own_at(draft, base, target) if base != draft.version else now
    mine = rubric_draft.changed_keys(before, {**before, **values})
    theirs = rubric_draft.changed_keys(before, now)
    both = {key for key in mine & theirs if rubric_draft.changed_keys({key: values.get(key)}, {key: now.get(key)})}
    if both:
        raise DraftChanged(draft.changed_by_name, now, both, draft.version)
    content = rubric_draft.change(draft.content, target, {key: values.get(key) for key in mine})
    others = (draft.changed_by_name, frozenset(theirs)) if theirs else None
    _save(draft, content, by, at)
    return Saved(draft, target, others)


@transaction.atomic
def restructure_draft(*, draft: RubricDraft, verb: str, target: str, by: Any, at: datetime) -> Saved:
    """Add a criterion beside or inside another, move it or remove it. Raises Refused when it is gone."""
    draft = _locked(draft)
    if target and rubric_draft.find(draft.content, target) is None:
        raise _gone(draft)
    if verb in rubric_draft.MOVES:
        content = rubric_draft.move(draft.content, target, verb)
    elif verb == "remove":
        content, target = rubric_draft.remove(draft.content, target), ""
    elif verb == "inside":
        content, target = rubric_draft.add(draft.content, inside=target)
    elif verb == "beside":
        content, target = rubric_draft.add(draft.content, beside=target)
    else:
        raise Refused(_("There is no such step."))
    if content != draft.content:
        _save(draft, content, by, at)
    return Saved(draft, target)


@transaction.atomic
def make_rubric(*, draft: RubricDraft, base: int, by: Any, at: datetime) -> tuple[Rubric, bool]:
    """A sound draft, as it was looked at, becomes a rubric that a season can publish. Raises UnsoundRubric, and
    Refused when somebody changed the draft since."""
    draft = _as_seen(draft, base)
    rubric, new = load_rubric(document=rubric_draft.plain(draft.content), by=by, at=at)
    draft.made = rubric
    draft.save(update_fields=["made"])
    return rubric, new


@transaction.atomic
def discard_draft(*, draft: RubricDraft, base: int, by: Any, at: datetime) -> None:
    """Raises Refused when somebody changed the draft since it was looked at."""
    draft = _as_seen(draft, base)
    audit.record("rubric.draft_discarded", draft, by=by, at=at, title=str(draft))
    draft.delete()


def _locked(draft: RubricDraft) -> RubricDraft:
    found = RubricDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None:
        raise Refused(_("This draft was discarded meanwhile."))
    return found


def _as_seen(draft: RubricDraft, base: int) -> RubricDraft:
    draft = _locked(draft)
    if draft.version != base:
        words = _("%(name)s changed the draft meanwhile. Look at it first.")
        raise Refused(words % {"name": draft.changed_by_name})
    return draft


def _gone(draft: RubricDraft) -> Refused:
    return Refused(_("%(name)s removed this criterion meanwhile.") % {"name": draft.changed_by_name})


def _own_at(draft: RubricDraft, number: int, target: str) -> dict[str, Any]:
    """What the form was opened with. A version that is no longer kept counts as empty: everything is compared."""
    version = draft.versions.filter(number=number).first()
    return (rubric_draft.own(version.content, target) or {}) if version else {}


def _save(draft: RubricDraft, content: Document, by: Any, at: datetime) -> None:
    draft.content = content
    draft.version += 1
    draft.changed_at, draft.changed_by_name = at, _name(by)
    draft.save()
    _keep_version(draft, by, at)
    draft.versions.filter(number__lte=draft.version - KEPT_VERSIONS).delete()


def _keep_version(draft: RubricDraft, by: Any, at: datetime) -> None:
    RubricDraftVersion.objects.create(
        draft=draft, number=draft.version, content=draft.content, saved_at=at, saved_by_name=_name(by)
    )


def _name(by: Any) -> str:
    return str(getattr(by, "full_name", "") or by or "")[:200]
