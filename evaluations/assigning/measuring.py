"""What an assignment amounts to, whether computed or made by hand. Exact, and independent of the solver. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from evaluations.assigning.problem import Problem, Triple


@dataclass(frozen=True)
class Measures:
    """`sheets` and `points` count dossiers and criteria per member; `shares` says which part of the expertise that is
    to be had for a dossier it got (dossiers for which nobody is expert are left out); `gaps` are criteria with fewer
    scorers than asked, as (dossier, criterion, how many are missing)."""

    sheets: Mapping[str, int]
    criteria: Mapping[str, int]
    fits: Mapping[str, int]
    shares: Mapping[str, Fraction]
    gaps: tuple[tuple[str, str, int], ...]
    crowded: tuple[tuple[str, str, int], ...]
    unexpert: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    pairs: Mapping[tuple[str, str], int]

    @property
    def worst(self) -> Fraction | None:
        return min(self.shares.values(), default=None)

    @property
    def worst_served(self) -> tuple[str, ...]:
        return tuple(key for key, share in self.shares.items() if share == self.worst)

    @property
    def fit(self) -> int:
        return sum(self.fits.values())

    @property
    def squares(self) -> int:
        """Of the loads: the smaller, the more even."""
        return sum(n * n for n in self.sheets.values())

    @property
    def pair_squares(self) -> int:
        """Of how many dossiers two members share: the smaller, the better spread."""
        return sum(n * n for n in self.pairs.values())


def sheets_of(chosen: Iterable[Triple]) -> dict[str, set[str]]:
    """Who has a sheet for each dossier."""
    found: dict[str, set[str]] = defaultdict(set)
    for member, work, _criterion in chosen:
        found[work].add(member)
    return found


def measure(problem: Problem, chosen: Collection[Triple]) -> Measures:
    people = sheets_of(chosen)
    sheets = {m.key: m.held for m in problem.members}
    for members in people.values():
        for member in members:
            sheets[member] = sheets.get(member, 0) + 1
    scorers = Counter((work, criterion) for _member, work, criterion in chosen)
    fits = {w.key: 0 for w in problem.work}
    for member, work, criterion in chosen:
        fits[work] += problem.fit(member, work, criterion)
    best = problem.best_fit
    return Measures(
        sheets=sheets,
        criteria=Counter(member for member, _work, _criterion in chosen),
        fits=fits,
        shares={key: Fraction(fits[key], best[key]) for key in sorted(fits) if best[key]},
        gaps=tuple(
            (w.key, code, problem.needed(w.key) - scorers[w.key, code])
            for w in problem.work
            for code in w.criteria
            if scorers[w.key, code] < problem.needed(w.key)
        ),
        crowded=tuple(
            (w.key, name, n)
            for w in problem.work
            for name, crowd in problem.crowds(w.key).items()
            if (n := len(people.get(w.key, set()) & set(crowd))) > 1
        ),
        unexpert=tuple(
            w.key
            for w in problem.work
            if problem.experts_of(w.key) and not people.get(w.key, set()) & set(problem.experts_of(w.key))
        ),
        parts=parts_of(people, [w.key for w in problem.work]),
        pairs=pair_counts(people.values()),
    )


def pair_counts(sheets: Iterable[Collection[str]]) -> dict[tuple[str, str], int]:
    """How many dossiers each two members share."""
    return dict(sorted(Counter(pair for who in sheets for pair in combinations(sorted(who), 2)).items()))


def parts_of(people: Mapping[str, Collection[str]], works: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The dossiers in groups that no member links. One group: every dossier can be compared with every other."""
    root = {work: work for work in works}

    def top(work: str) -> str:
        while root[work] != work:
            root[work] = root[root[work]]
            work = root[work]
        return work

    first: dict[str, str] = {}
    for work in sorted(works):
        for member in sorted(people.get(work, ())):
            root[top(work)] = top(first.setdefault(member, work))
    groups: dict[str, list[str]] = defaultdict(list)
    for work in sorted(works):
        groups[top(work)].append(work)
    return tuple(sorted(tuple(group) for group in groups.values()))
