"""In which order a session takes the dossiers so that members with a conflict walk in and out least often. Pure.

Everybody is in the room before the first dossier and after the last one. Between two dossiers the members who are
barred from one of them only walk. Dossiers that bar the same members belong together, so what is ordered are groups;
groups that share no member do not touch each other's count and are ordered apart. Up to `EXACT_GROUPS` groups that
hang together the order is the best there is (dynamic programme over subsets, Held and Karp 1962); beyond, a local
search improves an order until no move of one group and no reversal of a stretch helps, and says its lower bound.

Equal input gives the equal order: nothing is drawn by lot, and the order of rows or members plays no part.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

EXACT_GROUPS = 12

Members = frozenset[Hashable]
NOBODY: Members = frozenset()


@dataclass(frozen=True)
class Case:
    """One dossier: its key, which also is its place in the wished order, and the members it bars."""

    key: str
    barred: Members = NOBODY


@dataclass(frozen=True)
class Plan:
    """`walks` counts exits and entries together; no order can have fewer than `lower_bound`."""

    order: tuple[str, ...]
    walks: int
    lower_bound: int

    @property
    def is_best(self) -> bool:
        return self.walks == self.lower_bound


def walks(barred: Iterable[Members]) -> int:
    """Exits and entries of a session that takes dossiers with these barred members in this order."""
    steps = [NOBODY, *barred, NOBODY]
    return sum(len(one ^ other) for one, other in pairwise(steps))


def plan(cases: Sequence[Case]) -> Plan:
    """The order with the fewest walks. Dossiers that bar nobody come first; inside a group the keys decide."""
    groups: dict[Members, list[str]] = {}
    for case in sorted(cases, key=lambda case: case.key):
        groups.setdefault(case.barred, []).append(case.key)
    order = list(groups.pop(NOBODY, []))
    total = bound = 0
    for part in _parts(list(groups)):
        found, least = _best(part) if len(part) <= EXACT_GROUPS else _searched(part)
        order += [key for one in found for key in groups[one]]
        total += walks(found)
        bound += least
    return Plan(tuple(order), total, bound)


def _parts(groups: Sequence[Members]) -> list[list[Members]]:
    """Groups that hang together by shared members, in the order in which they came."""
    parts: list[list[Members]] = []
    for group in groups:
        touched = [part for part in parts if any(group & other for other in part)]
        joined = [other for part in touched for other in part]
        place = parts.index(touched[0]) if touched else len(parts)
        parts = [part for part in parts if part not in touched]
        parts.insert(place, [*joined, group])
    rank = {group: number for number, group in enumerate(groups)}
    parts = [sorted(part, key=rank.__getitem__) for part in parts]
    return sorted(parts, key=lambda part: rank[part[0]])


# --- exactly ------------------------------------------------------------------------------------------
def _best(groups: Sequence[Members]) -> tuple[list[Members], int]:
    """The first of the best orders, read by the places of the groups. `left[seen][last]`: what is still to walk."""
    n = len(groups)
    apart = [[len(one ^ other) for other in groups] for one in groups]
    everything = (1 << n) - 1
    left = [[0] * n for _ in range(1 << n)]
    for last in range(n):
        left[everything][last] = len(groups[last])
    for seen in range(everything - 1, 0, -1):
        free = [place for place in range(n) if not seen >> place & 1]
        row, later = left[seen], [left[seen | 1 << place][place] for place in free]
        for last in range(n):
            if seen >> last & 1:
                near = apart[last]
                row[last] = min(near[place] + rest for place, rest in zip(free, later, strict=True))
    order, seen, distance = [], 0, [len(group) for group in groups]
    while seen != everything:
        free = [place for place in range(n) if not seen >> place & 1]
        chosen = min(free, key=lambda place: (distance[place] + left[seen | 1 << place][place], place))
        order.append(groups[chosen])
        seen, distance = seen | 1 << chosen, apart[chosen]
    return order, walks(order)


# --- by search ----------------------------------------------------------------------------------------
def _searched(groups: Sequence[Members]) -> tuple[list[Members], int]:
    """A good order and the bound below which none can be."""
    found: list[Members] | None = None
    for first in range(len(groups)):
        tried = _improved(_nearest(groups, first))
        if found is None or walks(tried) < walks(found):
            found = tried
    assert found is not None
    return found, min(walks(found), _bound(groups))


def _nearest(groups: Sequence[Members], first: int) -> list[Members]:
    """Each next group is the one to which the fewest members walk."""
    waiting = [place for place in range(len(groups)) if place != first]
    order = [groups[first]]
    while waiting:
        chosen = min(waiting, key=lambda place: (len(order[-1] ^ groups[place]), place))
        waiting.remove(chosen)
        order.append(groups[chosen])
    return order


def _improved(order: list[Members]) -> list[Members]:
    """Move one group or turn a stretch round while that saves a walk; the first change that helps is taken."""
    best = walks(order)
    while True:
        for tried in _neighbours(order):
            count = walks(tried)
            if count < best:
                order, best = tried, count
                break
        else:
            return order


def _neighbours(order: list[Members]) -> Iterable[list[Members]]:
    n = len(order)
    for here in range(n):
        rest = order[:here] + order[here + 1 :]
        for there in range(n):
            if there != here:
                yield [*rest[:there], order[here], *rest[there:]]
    for start in range(n):
        for end in range(start + 2, n + 1):
            yield [*order[:start], *reversed(order[start:end]), *order[end:]]


def _bound(groups: Sequence[Members]) -> int:
    """Every member with a conflict leaves and comes back at least once; and every order is a tree that joins all
    groups and the full room, so it cannot be shorter than the shortest such tree."""
    members = len(frozenset().union(*groups))
    return max(2 * members, _tree(groups))


def _tree(groups: Sequence[Members]) -> int:
    """The shortest tree over the groups and the full room, closed by the shortest way back into the room.

    The round trip through the room, without one of its two ways at the room, still joins everything: it is as long
    as the tree at least, and the way left out is as long as the smallest group at least.
    """
    waiting = {place: len(group) for place, group in enumerate(groups)}
    total = min(waiting.values())
    while waiting:
        near = min(waiting, key=lambda place: (waiting[place], place))
        total += waiting.pop(near)
        for place in waiting:
            waiting[place] = min(waiting[place], len(groups[near] ^ groups[place]))
    return total
