"""The problem as an integer programme. Pure.

`sheet[member, dossier]` says that the member scores the dossier. Where criteria may go to different members,
`part[member, dossier, kind]` says how many criteria of that kind the member scores: criteria that ask for the same
labels are of one kind, and dealing them out in turn gives each its scorers. A family in `relaxed` may be broken: every
break is a slack that counts how far. That all dossiers are linked by members is asked by cuts: a group of dossiers
found alone is tied to the rest.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from evaluations.assigning.measuring import parts_of
from evaluations.assigning.problem import Family, Problem, Rule, Triple, Work
from evaluations.assigning.programme import Answer, Clock, Programme

Kind = tuple[str, ...]  # criteria of a dossier that ask for the same labels


@dataclass(frozen=True)
class Slack:
    """A variable that says how far a row is broken. `work`, `member`, `name` say which row."""

    family: Family
    variable: int
    work: str = ""
    member: str = ""
    name: str = ""
    criteria: Kind = ()


class Formulation:
    def __init__(
        self,
        problem: Problem,
        *,
        clock: Clock,
        relaxed: Collection[Family] = (),
        without: Collection[Family] = (),
    ) -> None:
        self.problem, self.relaxed, self.without = problem, frozenset(relaxed), frozenset(without)
        self.programme = Programme(clock)
        self.sheet: dict[tuple[str, str], int] = {}
        self.part: dict[tuple[str, str, Kind], int] = {}
        self.slacks: list[Slack] = []
        self.fit_rows: dict[str, int] = {}
        self.tied: set[tuple[str, ...]] = set()
        self.everybody = problem.settings.per_criterion == 0
        self._sheets()
        self._cover()
        self._loads()
        self._organisations()
        self._experts()
        if self.links:
            self._groups()

    # --- the rows -------------------------------------------------------------------------------------
    def _sheets(self) -> None:
        for work in self.problem.work:
            for member in self.problem.free[work.key]:
                self.sheet[member, work.key] = self.programme.variable()

    def _cover(self) -> None:
        """Each criterion of each dossier has its members."""
        for work in self.problem.work:
            free, needed = self.problem.free[work.key], self.problem.needed(work.key)
            sheets = [(self.sheet[m, work.key], 1) for m in free]
            if not self.problem.settings.split or self.everybody:
                self._cover_row(sheets, needed, work.key)
                continue
            for kind in self._kinds(work):
                parts = {m: self.programme.variable(upper=len(kind)) for m in free}
                self.part |= {(m, work.key, kind): v for m, v in parts.items()}
                self._cover_row([(v, 1) for v in parts.values()], needed * len(kind), work.key, kind)
                for member, variable in parts.items():
                    self.programme.row([(self.sheet[member, work.key], len(kind)), (variable, -1)], at_least=0)
            for member in free:
                held = [(self.part[member, work.key, kind], 1) for kind in self._kinds(work)]
                self.programme.row([*held, (self.sheet[member, work.key], -1)], at_least=0)

    def _kinds(self, work: Work) -> list[Kind]:
        found: dict[tuple[str, ...], list[str]] = {}
        for code in work.criteria:
            found.setdefault(tuple(sorted(self.problem.hints.get(code, ()))), []).append(code)
        return [tuple(codes) for codes in found.values()]

    def _cover_row(self, terms: list[tuple[int, int]], needed: int, work: str, kind: Kind = ()) -> None:
        terms = terms + self._slack(Family.COVER, needed, work=work, criteria=kind)
        self.programme.row(terms, at_least=needed, at_most=needed)

    def _loads(self) -> None:
        for person in self.problem.members:
            held = self.sheets_of(person.key)
            room, due = self.problem.room(person.key), self.problem.due(person.key)
            if room is not None:
                over = self._slack(Family.MOST, len(held), -1, member=person.key)
                self.programme.row([*held, *over], at_most=room)
            if due and not self._is_off(Family.LEAST):
                under = self._slack(Family.LEAST, due, member=person.key)
                self.programme.row([*held, *under], at_least=due)

    def _organisations(self) -> None:
        if self._is_off(Family.ORGANISATION):
            return
        for work in self.problem.work:
            for name, crowd in self.problem.crowds(work.key).items():
                over = self._slack(Family.ORGANISATION, len(crowd), -1, work=work.key, name=name)
                self.programme.row([*((self.sheet[m, work.key], 1) for m in crowd), *over], at_most=1)

    def _experts(self) -> None:
        if self._is_off(Family.EXPERT):
            return
        for work in self.problem.work:
            experts = self.problem.experts_of(work.key)
            if experts:
                under = self._slack(Family.EXPERT, 1, work=work.key, name=work.sector)
                self.programme.row([*((self.sheet[m, work.key], 1) for m in experts), *under], at_least=1)

    def _groups(self) -> None:
        """Each sector is tied to the rest from the beginning; and to link everything takes a certain number of sheets.
        The count is implied by the ties, but without it the solver looks for a long time where there is nothing."""
        people, works = len(self.problem.members), len(self.problem.work)
        needed = self.problem.settings.per_criterion
        if needed == 1 or (needed and people > (needed - 1) * works + 1):
            self._count_links(works)
        groups: dict[str, list[str]] = {}
        for work in self.problem.work:
            groups.setdefault(work.sector, []).append(work.key)
        if len(groups) > 1:
            for group in groups.values():
                self.tie(group)

    def _count_links(self, works: int) -> None:
        """Dossiers and members who serve, linked by sheets, need one sheet less than they are."""
        serving = {m.key: self.programme.variable() for m in self.problem.members}
        for (member, _work), sheet in self.sheet.items():
            self.programme.row([(serving[member], 1), (sheet, -1)], at_least=0)
        sheets = [(v, 1) for v in self.sheet.values()]
        self.programme.row([*sheets, *((v, -1) for v in serving.values())], at_least=works - 1)

    def tie(self, group: Iterable[str]) -> None:
        """A member who scores in the group scores outside it as well."""
        inside = tuple(sorted(group))
        outside = tuple(w.key for w in self.problem.work if w.key not in set(inside))
        side = min(inside, outside)
        if not outside or side in self.tied:
            return
        self.tied.add(side)
        bridges = []
        for person in self.problem.members:
            here = [(self.sheet[person.key, w], 1) for w in inside if (person.key, w) in self.sheet]
            there = [(self.sheet[person.key, w], 1) for w in outside if (person.key, w) in self.sheet]
            if here and there:
                bridge = self.programme.variable()
                self.programme.row([*here, (bridge, -1)], at_least=0)
                self.programme.row([*there, (bridge, -1)], at_least=0)
                bridges.append((bridge, 1))
        self.programme.row(bridges, at_least=1)

    # --- slack ----------------------------------------------------------------------------------------
    def _is_off(self, family: Family) -> bool:
        return family in self.without or self.problem.settings.rule_of(family) is Rule.OFF

    def gives_way(self, family: Family) -> bool:
        return family in self.relaxed or self.problem.settings.rule_of(family) is Rule.WISH

    @property
    def links(self) -> bool:
        """Must the dossiers be linked? As a wish this is tried first and left out when it cannot be had. Dossiers that
        may stay without scorers are not asked for links."""
        return (
            len(self.problem.work) > 1
            and not self._is_off(Family.BRIDGE)
            and not (self.relaxed & {Family.BRIDGE, Family.COVER})
        )

    def _slack(
        self,
        family: Family,
        most: int,
        factor: int = 1,
        *,
        work: str = "",
        member: str = "",
        name: str = "",
        criteria: Kind = (),
    ) -> list[tuple[int, int]]:
        if not self.gives_way(family):
            return []
        variable = self.programme.variable(upper=most)
        self.slacks.append(Slack(family, variable, work, member, name, criteria))
        return [(variable, factor)]

    def breaks(self, families: Collection[Family]) -> dict[int, int]:
        """The cost of breaking these families: how far first, dossiers of low priority before others."""
        priority = {w.key: max(0, w.priority) for w in self.problem.work}
        unit = 1 + sum(priority.values()) * max(1, self.problem.settings.per_criterion)
        return {s.variable: unit + priority.get(s.work, 0) for s in self.slacks if s.family in families}

    # --- solving --------------------------------------------------------------------------------------
    def sheets_of(self, member: str) -> list[tuple[int, int]]:
        return [(self.sheet[member, w.key], 1) for w in self.problem.work if (member, w.key) in self.sheet]

    def fits_of(self, work: str) -> dict[int, int]:
        """How much expertise each variable brings to the dossier."""
        if self.part:
            found = {v: self.problem.fit(m, w, kind[0]) for (m, w, kind), v in self.part.items() if w == work}
        else:
            found = {self.sheet[m, work]: self.problem.fit_of_sheet(m, work) for m in self.problem.free[work]}
        return {variable: fit for variable, fit in found.items() if fit}

    def ask_fit(self, work: str, at_least: int) -> None:
        """The dossier gets at least so much expertise."""
        if work not in self.fit_rows:
            self.fit_rows[work] = self.programme.row(self.fits_of(work).items())
        self.programme.at_least[self.fit_rows[work]] = at_least

    def least(self, cost: Mapping[int, int]) -> Answer | None:
        """The cheapest assignment in which all dossiers are linked, if they must be. Raises Undecided."""
        while True:
            answer = self.programme.least(cost)
            if answer is None or not self.links:
                return answer
            people: dict[str, list[str]] = {}
            for (member, work), variable in self.sheet.items():
                if answer.values[variable]:
                    people.setdefault(work, []).append(member)
            parts = parts_of(people, [w.key for w in self.problem.work])
            if len(parts) == 1:
                return answer
            for part in parts:
                self.tie(part)

    def chosen(self, answer: Answer) -> frozenset[Triple]:
        if self.part:
            return frozenset(self._dealt(answer))
        return frozenset(
            (member, work, code)
            for (member, work), variable in self.sheet.items()
            if answer.values[variable]
            for code in self.problem.work_by_key[work].criteria
        )

    def _dealt(self, answer: Answer) -> Iterator[Triple]:
        """The criteria of one kind go round: nobody has more of them than there are, so nobody gets one twice."""
        rounds: dict[tuple[str, Kind], list[tuple[str, int]]] = {}
        for (member, work, kind), variable in sorted(self.part.items()):
            rounds.setdefault((work, kind), []).append((member, answer.values[variable]))
        random = Random(self.problem.settings.seed)  # noqa: S311 an order among equals, no secret
        for (work, kind), people in rounds.items():
            random.shuffle(people)
            place = 0
            for member, many in people:
                for _turn in range(many):
                    yield member, work, kind[place % len(kind)]
                    place += 1
