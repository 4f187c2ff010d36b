"""A rubric that is being written: its document, changed step by step. Pure.

Every criterion carries an `_id` that outlives moving and renaming, so that two people can work in one draft and each
problem finds the form it belongs to. The ids leave the document before it is judged, exported or made a rubric.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Node = dict[str, Any]
Path = tuple[str | int, ...]
ID = "_id"
INSIDE = "criteria"
MOVES = ("up", "down", "in", "out")
EMPTY: tuple[Any, ...] = (None, "", [], {})

# What a person can repair in the form; anything else means that the file is no rubric yet.
REPAIRABLE = frozenset(
    {
        *("missing", "both_languages", "too_long", "one_of", "sum", "sum_track", "sum_set", "set_twice"),
        *("set_unreachable", "set_unknown", "track_unknown", "set_outside", "sector_unknown", "code_twice"),
        *("code_shape", "code_reserved", "max_zero", "choice_empty", "children_sum", "children_sum_in", "above_max"),
        *("must_rise", "eliminating_points", "case_free", "case_partly", "case_alone", "justify_crossed"),
        *("condition_unknown", "condition_elsewhere", "condition_points", "condition_zero", "condition_twice"),
        *("no_criterion", "not_in_set", "tie_twice", "vote_last", "between", "above_scale", "bands_rise"),
        *("ballot_needed", "ballot_no_against", "ballot_unused", "number", "number_shape", "number_large"),
    }
)


@dataclass(frozen=True)
class Found:
    node: Node
    siblings: list[Node]
    parent: Node | None
    path: Path
    depth: int


# --- with and without ids -----------------------------------------------------------------------------
def with_ids(document: Document) -> Document:
    """A copy in which every criterion has an id."""
    copy = deepcopy(document)
    for number, found in enumerate(list(walk(copy)), start=1):
        found.node[ID] = f"n{number}"
    return copy


def plain(document: Document) -> Document:
    """A copy as a file would have it: no ids, and in criteria no keys that say nothing."""
    copy = deepcopy(document)
    for found in list(walk(copy)):
        for key in [key for key, value in found.node.items() if key == ID or value in EMPTY]:
            del found.node[key]
    for key in [key for key, value in copy.items() if value in EMPTY and key not in ("criteria", "tie_rules")]:
        del copy[key]
    return copy


def walk(document: Document) -> Iterator[Found]:
    """Every criterion in file order, parents first."""

    def below(nodes: list[Node], parent: Node | None, path: Path, depth: int) -> Iterator[Found]:
        for number, node in enumerate(nodes):
            here = (*path, number)
            yield Found(node, nodes, parent, here, depth)
            yield from below(node.get("children") or [], node, (*here, "children"), depth + 1)

    yield from below(document.get(INSIDE) or [], None, (INSIDE,), 0)


def find(document: Document, node_id: str) -> Found | None:
    return next((found for found in walk(document) if found.node.get(ID) == node_id), None)


def groups_of(document: Document, path: Path, key: str) -> list[str]:
    """The sets or tracks in which the criterion at this path counts: its own words, or those of one above it."""
    found: list[str] = []
    for item in walk(document):
        if path[: len(item.path)] == item.path and item.node.get(key):
            found = [str(group) for group in item.node[key]]
    return found


def owner_of(document: Document, path: Path) -> tuple[str, Path]:
    """The criterion a path leads into and the rest of the path; ("", path) for what belongs to the rubric."""
    best: tuple[str, Path] = ("", path)
    for found in walk(document):
        if path[: len(found.path)] == found.path:
            best = (str(found.node.get(ID, "")), path[len(found.path) :])
    return best


def own(document: Document, target: str) -> dict[str, Any] | None:
    """What a form edits: a criterion without its children, or the rubric without its criteria. None: gone."""
    if not target:
        return {key: value for key, value in document.items() if key != INSIDE}
    found = find(document, target)
    return None if found is None else {k: v for k, v in found.node.items() if k not in (ID, "children")}


# --- changes ------------------------------------------------------------------------------------------
def change(document: Document, target: str, values: dict[str, Any]) -> Document:
    """The values of one criterion, or of the rubric, replaced; empty values leave."""
    copy = deepcopy(document)
    found = find(copy, target) if target else None
    node = found.node if found else copy
    for key, value in values.items():
        if value in EMPTY and key not in ("tie_rules", "pass_rule"):
            node.pop(key, None)
        else:
            node[key] = value
    return copy


def changed_keys(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {key for key in before.keys() | after.keys() if _said(before.get(key)) != _said(after.get(key))}


def _said(value: Any) -> Any:
    return None if value in EMPTY else value


def add(document: Document, *, beside: str = "", inside: str = "") -> tuple[Document, str]:
    """A new criterion after `beside`, as the last child of `inside`, or at the end."""
    copy = deepcopy(document)
    node_id = _next_id(copy)
    node = {ID: node_id, "code": "", "label_vi": "", "label_en": "", "max_points": 1}
    parent = find(copy, inside) if inside else None
    neighbour = find(copy, beside) if beside else None
    if parent is not None:
        parent.node.setdefault("children", []).append(node)
    elif neighbour is not None:
        neighbour.siblings.insert(neighbour.siblings.index(neighbour.node) + 1, node)
    else:
        copy.setdefault(INSIDE, []).append(node)
    return copy, node_id


def _next_id(document: Document) -> str:
    taken = [int(found.node[ID][1:]) for found in walk(document) if str(found.node.get(ID, ""))[1:].isdigit()]
    return f"n{max(taken, default=0) + 1}"


def remove(document: Document, node_id: str) -> Document:
    copy = deepcopy(document)
    found = find(copy, node_id)
    if found is not None:
        found.siblings.remove(found.node)
        if found.parent is not None and not found.parent["children"]:
            del found.parent["children"]
    return copy


def move(document: Document, node_id: str, where: str) -> Document:
    """Up or down among its neighbours, in under the one above it, out behind the criterion above it."""
    copy = deepcopy(document)
    found = find(copy, node_id)
    if found is None:
        return copy
    place = found.siblings.index(found.node)
    if where in ("up", "down"):
        other = place + (1 if where == "down" else -1)
        if 0 <= other < len(found.siblings):
            found.siblings[place], found.siblings[other] = found.siblings[other], found.siblings[place]
    elif where == "in" and place > 0:
        found.siblings.remove(found.node)
        found.siblings[place - 1].setdefault("children", []).append(found.node)
    elif where == "out" and found.parent is not None:
        above = find(copy, str(found.parent[ID]))
        assert above is not None
        found.siblings.remove(found.node)
        if not found.siblings:
            del found.parent["children"]
        above.siblings.insert(above.siblings.index(above.node) + 1, found.node)
    return copy


def blank(code: str) -> Document:
    """What a new rubric begins with."""
    return {
        "format": 2,
        "code": code,
        "title_vi": "",
        "title_en": "",
        "status": "proposal",
        "scale_max": 100,
        "pass_rule": {"type": "all_of", "rules": []},
        "tie_rules": [],
        "cut": "admit",
        "aggregation": {"per_criterion": "mean", "total": "sum", "decimals": 2, "rounding": "half_up"},
        "criteria": [],
    }


def free_code(code: str, taken: Sequence[str]) -> str:
    """`kip-2`, `kip-3`, …: a copy has a name of its own."""
    stem = code.rstrip("0123456789").rstrip("-") if code[-1:].isdigit() and "-" in code else code
    number = 2
    while f"{stem[:36]}-{number}" in taken:
        number += 1
    return f"{stem[:36]}-{number}"
