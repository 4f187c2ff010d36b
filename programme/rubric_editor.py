"""What the page of a draft shows: its tree, what is wrong with it and where, how far the points are off."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.ui import in_language
from programme import rubric_draft, rubric_file, rubric_words
from programme.criterion_form import CriterionForm
from programme.models import RubricDraft, TrackName
from programme.rubric_draft import Document
from programme.rubric_forms import RubricForm
from programme.rubric_rows import read_figure

EditForm = RubricForm | CriterionForm


@dataclass(frozen=True)
class ProblemLine:
    """One problem: the criterion it belongs to ("" for the rubric) and, where the open form has it, the input."""

    place: str
    words: str
    target: str
    field: str = ""


@dataclass(frozen=True)
class TreeLine:
    target: str
    code: str
    label: str
    points: str
    depth: int
    is_group: bool
    problems: int
    current: bool


@dataclass(frozen=True)
class Sum:
    """What the first level adds up to in one set or on one track (name "" where all count everywhere)."""

    name: str
    total: Decimal
    scale: Decimal

    @property
    def difference(self) -> str:
        off = self.total - self.scale
        if not off:
            return ""
        words = _("%(points)s too many") if off > 0 else _("%(points)s missing")
        return words % {"points": rubric_words.points(abs(off))}


def form_of(document: Document, target: str, data: Mapping[str, Any] | None = None) -> EditForm | None:
    """The form of one criterion, or with "" of the rubric. None when the criterion is gone."""
    if not target:
        return RubricForm(document, data)
    found = rubric_draft.find(document, target)
    return CriterionForm(document, found, data) if found is not None else None


def judged(document: Document, target: str = "", form: EditForm | None = None) -> list[ProblemLine]:
    """Everything that is wrong with a draft, in words. `form` has been asked for its values, or is as stored."""
    try:
        rubric_file.judge(rubric_draft.plain(document))
    except rubric_file.UnsoundRubric as error:
        return [_line(document, problem, target, form) for problem in error.found]
    return []


def _line(document: Document, problem: rubric_file.Problem, target: str, form: EditForm | None) -> ProblemLine:
    owner, rest = rubric_draft.owner_of(document, problem.place.path)
    field = form.field_of(rest) if form is not None and owner == target else ""
    place = rubric_words.problem_place(problem.place)
    return ProblemLine(place[:1].upper() + place[1:], rubric_words.problem_words(problem), owner, field)


def tree(document: Document, problems: list[ProblemLine], target: str) -> list[TreeLine]:
    lines = []
    for found in rubric_draft.walk(document):
        node = found.node
        figure = read_figure(node.get("max_points"))
        node_id = str(node[rubric_draft.ID])
        lines.append(
            TreeLine(
                target=node_id,
                code=str(node.get("code") or "?"),
                label=_label(node) or _("(no name yet)"),
                points=rubric_words.points(figure) if figure is not None else "?",
                depth=found.depth,
                is_group=bool(node.get("children")),
                problems=sum(1 for problem in problems if problem.target == node_id),
                current=node_id == target,
            )
        )
    return lines


class _Words:
    def __init__(self, node: Mapping[str, Any], name: str) -> None:
        for language in ("vi", "en"):
            setattr(self, f"{name}_{language}", node.get(f"{name}_{language}"))


def _label(node: Mapping[str, Any]) -> str:
    return str(in_language(_Words(node, "label"), "label"))


def title_of(draft: RubricDraft) -> str:
    return str(in_language(_Words(draft.content, "title"), "title")) or str(draft.content.get("code") or draft.pk)


def sums(document: Document) -> list[Sum]:
    scale = read_figure(document.get("scale_max")) or Decimal(0)
    tops = list(document.get("criteria") or [])
    sets = document.get("sets") or []
    if sets:
        groups = [(str(s.get("code")), str(in_language(_Words(s, "label"), "label")), "sets") for s in sets]
    else:
        named = sorted({track for node in tops for track in node.get("tracks") or []})
        groups = [(t, str(TrackName(t).label) if t in TrackName.values else t, "tracks") for t in named]
    found = []
    for group, name, key in groups or [("", "", "tracks")]:
        counted = [node for node in tops if not node.get(key) or group in node[key]]
        points = (read_figure(node.get("max_points")) or Decimal(0) for node in counted)
        found.append(Sum(name, sum(points, Decimal(0)), scale))
    return found
