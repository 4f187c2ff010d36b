"""The best assignment, exactly: one goal after the other, each kept while the next is sought. Pure.

1. every limit and rule is kept, wishes are broken as little as possible;
2. the worst-served dossier gets the largest share of the expertise that is to be had for it;
3. the expertise of all dossiers together is the largest;
4. the loads are as even as possible (least sum of squares);
5. among what is equally good the seed decides;
6. pairs of members are spread, without touching what was reached before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from random import Random
from typing import Any

from core.canonical import digest
from evaluations.assigning.formulation import Formulation
from evaluations.assigning.measuring import Measures, measure
from evaluations.assigning.problem import Family, Problem, Rule, Triple
from evaluations.assigning.programme import Answer, Clock, Undecided, solver_name, solver_version
from evaluations.assigning.spreading import least_squares, spread

WISHES = (Family.ORGANISATION, Family.EXPERT)


class Infeasible(ValueError):
    """No assignment keeps all limits. `evaluations.assigning.explaining` says why."""


@dataclass(frozen=True)
class Goal:
    """What one step reached, the bound that nothing can pass, and whether the two meet."""

    name: str
    value: str
    bound: str

    @property
    def is_proven(self) -> bool:
        return self.value == self.bound

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "value": self.value, "bound": self.bound, "proven": self.is_proven}


@dataclass(frozen=True)
class Solution:
    """Who scores what, what it reaches, and by which program it was found."""

    chosen: frozenset[Triple]
    goals: tuple[Goal, ...]
    measures: Measures
    input_digest: str
    solver: str = ""
    solver_version: str = ""
    seed: int = 1

    @property
    def result_digest(self) -> str:
        return digest(sorted(map(list, self.chosen)))

    @property
    def is_proven(self) -> bool:
        """All but the spread of pairs, which is improved and not proven."""
        return all(goal.is_proven for goal in self.goals if goal.name != "pairs")


def solve(problem: Problem, *, clock: Clock | None = None) -> Solution:
    """Raises Infeasible, or Undecided when time and steps ended before an assignment was found."""
    return _Steps(problem, clock or Clock()).run()


def is_feasible(problem: Problem, *, clock: Clock) -> bool:
    """Could everything that must be kept be kept? Raises Undecided."""
    without = {Family.BRIDGE} if problem.settings.bridges is Rule.WISH else set()
    return Formulation(problem, clock=clock, without=without).least({}) is not None


class _Steps:
    def __init__(self, problem: Problem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self.goals: list[Goal] = []
        self.cannot_link = False

    def run(self) -> Solution:
        form, answer = self._begin()
        answer = self._wishes(form, answer)
        answer = self._worst(form, answer)
        answer = self._expertise(form, answer)
        answer = self._loads(form, answer)
        answer = self._lot(form, answer)
        chosen = spread(self.problem, form.chosen(answer), linked=form.links)
        measures = measure(self.problem, chosen)
        is_asked = self.problem.settings.bridges is not Rule.OFF and not self.cannot_link
        self._say("parts", len(measures.parts), 1 if is_asked else len(measures.parts))
        self._say("pairs", measures.pair_squares, self._fewest_meetings(measures))
        return Solution(
            chosen=chosen,
            goals=tuple(self.goals),
            measures=measures,
            input_digest=self.problem.digest,
            solver=solver_name(),
            solver_version=solver_version(),
            seed=self.problem.settings.seed,
        )

    def _begin(self) -> tuple[Formulation, Answer]:
        """A link of all dossiers that is only wished for is left out when it cannot be had in half the time."""
        if self.problem.settings.bridges is Rule.WISH:
            half = Clock(seconds=self.clock.left / 2, nodes=self.clock.nodes)
            try:
                return self._first(frozenset(), half)
            except Infeasible:
                self.cannot_link = True
            except Undecided:
                pass
            return self._first(frozenset({Family.BRIDGE}), self.clock)
        return self._first(frozenset(), self.clock)

    def _first(self, without: frozenset[Family], clock: Clock) -> tuple[Formulation, Answer]:
        form = Formulation(self.problem, clock=clock, without=without)
        dear = 1 + sum(self.problem.best_fit.values())
        answer = form.least(self._fits(form) | {v: dear * n for v, n in form.breaks(WISHES).items()})
        if answer is None:
            raise Infeasible
        form.programme.clock = self.clock
        return form, answer

    def _fits(self, form: Formulation) -> dict[int, int]:
        """Expertise as a negative cost. It also leads the solver where only some solution is asked for: without any
        direction it takes many times as long."""
        return {v: -fit for w in self.problem.work for v, fit in form.fits_of(w.key).items()}

    def _better(
        self, form: Formulation, before: Answer, cost: Mapping[int, int], *, held: int | None = None
    ) -> Answer:
        """The cheapest solution; the one before, which costs `held`, stands when time ended the search too early."""
        if held is None:
            held = sum(price * before.values[variable] for variable, price in cost.items())
        try:
            found = form.least(cost)
        except Undecided:
            nothing = sum(min(0, price) * int(form.programme.upper[variable]) for variable, price in cost.items())
            return Answer(before.values, held, nothing)
        assert found is not None, "what was reached before can be reached again"
        return found if found.value <= held else Answer(before.values, held, found.bound)

    def _say(self, name: str, value: object, bound: object) -> None:
        self.goals.append(Goal(name, str(value), str(bound)))

    def _wishes(self, form: Formulation, answer: Answer) -> Answer:
        cost = form.breaks(WISHES)
        if not cost:
            return answer
        if not any(answer.values[variable] for variable in cost):
            form.programme.row(cost.items(), at_most=0)
            self._say("wishes", 0, 0)
            return answer
        answer = self._better(form, answer, cost)
        form.programme.row(cost.items(), at_most=answer.value)
        broken = sum(answer.values[s.variable] for s in form.slacks if s.family in WISHES)
        self._say("wishes", broken, broken if answer.is_proven else 0)
        return answer

    def _worst(self, form: Formulation, answer: Answer) -> Answer:
        """By halving the list of all shares that a dossier can have."""
        best = {key: most for key, most in self.problem.best_fit.items() if most}
        if not best:
            return answer
        direction = self._fits(form)
        reached = self._worst_share(form, answer)
        steps = sorted({Fraction(n, most) for most in best.values() for n in range(most + 1)})
        low, high = steps.index(reached), len(steps) - 1
        while low < high:
            middle = (low + high + 1) // 2
            self._ask_share(form, best, steps[middle])
            try:
                found = form.least(direction)
            except Undecided:
                break
            if found is None:
                high = middle - 1
            else:
                answer, low = found, steps.index(self._worst_share(form, found))
        self._ask_share(form, best, steps[low])
        self._say("worst", steps[low], steps[high])
        return answer

    def _ask_share(self, form: Formulation, best: Mapping[str, int], share: Fraction) -> None:
        for work, most in best.items():
            form.ask_fit(work, ceil(share * most))

    def _worst_share(self, form: Formulation, answer: Answer) -> Fraction:
        worst = measure(self.problem, form.chosen(answer)).worst
        assert worst is not None
        return worst

    def _expertise(self, form: Formulation, answer: Answer) -> Answer:
        cost = self._fits(form)
        if not cost:
            return answer
        answer = self._better(form, answer, cost)
        form.programme.row(cost.items(), at_most=answer.value)
        self._say("expertise", -answer.value, -answer.bound)
        return answer

    def _loads(self, form: Formulation, answer: Answer) -> Answer:
        """Each further sheet of a member costs more than the one before."""
        if form.everybody:
            return answer
        cost: dict[int, int] = {}
        reached = 0
        for person in self.problem.members:
            sheets = form.sheets_of(person.key)
            load = sum(answer.values[v] for v, _one in sheets)
            steps = [form.programme.variable() for _sheet in sheets]
            form.programme.row([*sheets, *((step, -1) for step in steps)], at_least=0, at_most=0)
            cost |= {step: 2 * (person.held + place) + 1 for place, step in enumerate(steps)}
            reached += (person.held + load) ** 2 - person.held**2
        held = sum(person.held**2 for person in self.problem.members)
        answer = self._better(form, answer, cost, held=reached)
        form.programme.row(cost.items(), at_most=answer.value)
        self._say("loads", answer.value + held, answer.bound + held)
        return answer

    def _lot(self, form: Formulation, answer: Answer) -> Answer:
        """Prices drawn from the seed make one of the equally good solutions the cheapest: which one the solver meets
        first no longer matters."""
        if form.everybody:
            return answer
        random = Random(self.problem.settings.seed)  # noqa: S311 an order among equals, no secret
        variables = list((form.part or form.sheet).values())
        cost = {variable: random.randrange(1_000) for variable in variables}
        answer = self._better(form, answer, cost)
        self._say("lot", answer.value, answer.bound)
        return answer

    def _fewest_meetings(self, measures: Measures) -> int:
        if self.problem.settings.per_criterion == 0:
            return measures.pair_squares
        return least_squares(measures, len(self.problem.members))
