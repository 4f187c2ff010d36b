"""Two members should not sit over the same dossiers all the time: sheets are exchanged while this spreads the pairs
and costs nothing else. Pure.

The best spread is a hard combinatorial question, so this step proves nothing; the result says how near to the
arithmetical bound it came. Each exchange keeps every load, the expertise of the whole and of the worst-served dossier,
and all rules.
"""

from collections.abc import Collection
from fractions import Fraction
from random import Random

from evaluations.assigning.measuring import Measures, measure, pair_counts, parts_of
from evaluations.assigning.problem import Family, Problem, Rule, Triple

ROUNDS = 12


def spread(problem: Problem, chosen: Collection[Triple], *, linked: bool) -> frozenset[Triple]:
    """`linked` says that the dossiers are linked and must stay so."""
    if problem.settings.per_criterion == 0 or len(problem.work) < 2:
        return frozenset(chosen)
    return _Exchange(problem, chosen, linked=linked).run()


def least_squares(measures: Measures, members: int) -> int:
    """No spread of so many meetings over so many pairs has a smaller sum of squares."""
    pairs = members * (members - 1) // 2
    meetings = sum(measures.pairs.values())
    if not pairs:
        return 0
    each, more = divmod(meetings, pairs)
    return (pairs - more) * each * each + more * (each + 1) * (each + 1)


class _Exchange:
    def __init__(self, problem: Problem, chosen: Collection[Triple], *, linked: bool) -> None:
        self.problem, self.linked = problem, linked
        self.parts: dict[str, dict[str, frozenset[str]]] = {w.key: {} for w in problem.work}
        for member, work, criterion in chosen:
            self.parts[work][member] = self.parts[work].get(member, frozenset()) | {criterion}
        self.free = {key: frozenset(people) for key, people in problem.free.items()}
        before = measure(problem, chosen)
        self.fits, self.floor = dict(before.fits), before.worst
        self.pairs: dict[tuple[str, str], int] = dict(pair_counts(self.parts.values()))
        self.random = Random(problem.settings.seed)  # noqa: S311 an order to look in, no secret

    def run(self) -> frozenset[Triple]:
        works = [w.key for w in self.problem.work]
        couples = [(a, b) for place, a in enumerate(works) for b in works[place + 1 :]]
        for _round in range(ROUNDS):
            self.random.shuffle(couples)
            if not sum(self._better(one, two) for one, two in couples):
                break
        return frozenset(
            (member, work, criterion)
            for work, people in self.parts.items()
            for member, criteria in people.items()
            for criterion in criteria
        )

    def _better(self, one: str, two: str) -> bool:
        for leaving in sorted(self.parts[one].keys() - self.parts[two].keys()):
            for coming in sorted(self.parts[two].keys() - self.parts[one].keys()):
                may = leaving in self.free[two] and coming in self.free[one]
                if may and self._gain(one, two, leaving, coming) > 0 and self._swap(one, two, leaving, coming):
                    return True
        return False

    def _count(self, a: str, b: str) -> int:
        return self.pairs.get((a, b) if a < b else (b, a), 0)

    def _gain(self, one: str, two: str, leaving: str, coming: str) -> int:
        """By how much the sum of squares falls."""
        change: dict[tuple[str, str], int] = {}
        for work, out, into in ((one, leaving, coming), (two, coming, leaving)):
            for other in self.parts[work]:
                if other != out:
                    for person, step in ((out, -1), (into, 1)):
                        pair = (person, other) if person < other else (other, person)
                        change[pair] = change.get(pair, 0) + step
        return -sum(step * (2 * self._count(*pair) + step) for pair, step in change.items())

    def _swap(self, one: str, two: str, leaving: str, coming: str) -> bool:
        """Exchange, unless something else would be worse."""
        changed = {one: dict(self.parts[one]), two: dict(self.parts[two])}
        changed[one][coming] = changed[one].pop(leaving)
        changed[two][leaving] = changed[two].pop(coming)
        fits = {work: self._fit(work, people) for work, people in changed.items()}
        if sum(fits.values()) < self.fits[one] + self.fits[two] or any(self._falls(w, f) for w, f in fits.items()):
            return False
        if any(self._breaks(work, self.parts[work], people) for work, people in changed.items()):
            return False
        if self.linked and len(parts_of(self.parts | changed, list(self.parts))) > 1:
            return False
        self.parts |= changed
        self.fits |= fits
        self.pairs = dict(pair_counts(self.parts.values()))
        return True

    def _fit(self, work: str, people: dict[str, frozenset[str]]) -> int:
        return sum(self.problem.fit(m, work, c) for m, criteria in people.items() for c in criteria)

    def _falls(self, work: str, fit: int) -> bool:
        """Would the dossier be served worse than the worst-served one is now?"""
        best = self.problem.best_fit[work]
        return bool(best) and self.floor is not None and Fraction(fit, best) < self.floor

    def _breaks(self, work: str, before: Collection[str], after: Collection[str]) -> bool:
        rule, problem = self.problem.settings.rule_of, self.problem
        if rule(Family.ORGANISATION) is not Rule.OFF:
            for crowd in problem.crowds(work).values():
                if len(set(crowd) & set(after)) > max(1, len(set(crowd) & set(before))):
                    return True
        experts = set(problem.experts_of(work))
        return rule(Family.EXPERT) is not Rule.OFF and bool(experts & set(before)) and not experts & set(after)
