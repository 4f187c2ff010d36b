"""Why there is no assignment, and what would help. Pure.

Kinds of limits are allowed to give way, one alone, then two together and so on: the first set with which an assignment
exists is the smallest. Within it the rows that are broken least are the reasons, each with its dossier or member.
Conflicts of interest never give way.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from evaluations.assigning.formulation import Formulation
from evaluations.assigning.measuring import measure
from evaluations.assigning.problem import Family, Member, Problem, Rule, Triple
from evaluations.assigning.programme import Answer, Clock, Undecided
from evaluations.assigning.solving import is_feasible

MOST_NEWCOMERS = 8
NEWCOMER = "+"  # before the number of a person who is not there yet


@dataclass(frozen=True)
class Reason:
    """One broken row. `kind` says which sentence fits:

    few_free: `have` of `of` members are free for the dossier, `need` are asked (`silent` have not declared yet);
    lacks: the dossier would get `have` members of `need`, because the others are full;
    capacity: all members together can take `have` sheets, `need` are asked;
    most / least: the member would have `need` / `have` sheets against the limit `have` / `need`;
    organisation: `need` members of the organisation `name` would have to share the dossier;
    expert: no expert of the sector `name` is left for the dossier;
    bridge: the dossiers fall into `need` groups that no member links.
    """

    family: Family
    kind: str
    work: str = ""
    member: str = ""
    name: str = ""
    have: int = 0
    need: int = 0
    of: int = 0
    silent: int = 0


@dataclass(frozen=True)
class Ways:
    """What would make it possible: the most members per criterion, the smallest limit of sheets, where neither alone
    helps `both` of them, the fewest alternates, or so many `newcomers` without conflict, needed for the dossiers `at`.
    None where it does not help."""

    largest: int | None = None
    most: int | None = None
    both: tuple[int, int] | None = None
    alternates: tuple[str, ...] | None = None
    newcomers: int | None = None
    at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """`families` is the smallest set that must give way; `is_smallest` is false when time ended the search."""

    families: tuple[Family, ...]
    reasons: tuple[Reason, ...]
    ways: Ways
    is_smallest: bool = True


def explain(problem: Problem, *, clock: Clock | None = None) -> Explanation:
    """For a problem that `solve` found infeasible."""
    clock = clock or Clock(seconds=30)
    families, answer, form, is_smallest = _smallest(problem, clock)
    return Explanation(
        families=families,
        reasons=tuple(_reasons(problem, families, form, answer)),
        ways=_ways(problem, clock),
        is_smallest=is_smallest,
    )


# --- the smallest set ---------------------------------------------------------------------------------
def hard_families(problem: Problem) -> list[Family]:
    """What is asked without exception, and asked at all."""
    settings = problem.settings
    people = problem.members
    is_asked = {
        Family.BRIDGE: settings.bridges is Rule.MUST and len(problem.work) > 1,
        Family.ORGANISATION: settings.organisations is Rule.MUST,
        Family.EXPERT: settings.experts is Rule.MUST,
        Family.LEAST: any(problem.due(m.key) for m in people),
        Family.MOST: any(problem.room(m.key) is not None for m in people),
        Family.COVER: True,
    }
    return [family for family in Family if is_asked[family]]


def _smallest(problem: Problem, clock: Clock) -> tuple[tuple[Family, ...], Answer, Formulation, bool]:
    hard = hard_families(problem)
    without = {Family.BRIDGE} if problem.settings.bridges is Rule.WISH else set()
    forced = {Family.COVER} if any(len(free) < problem.needed(key) for key, free in problem.free.items()) else set()
    is_smallest = True
    for size in range(1, len(hard) + 1):
        for families in combinations(hard, size):
            if not forced <= set(families):
                continue
            form = Formulation(problem, clock=clock, relaxed=families, without=without)
            try:
                answer = form.least(form.breaks(families))
            except Undecided:
                is_smallest = False
                continue
            if answer is not None:
                return families, answer, form, is_smallest
    raise Undecided("nothing could be relaxed in time")


# --- the reasons --------------------------------------------------------------------------------------
def _reasons(problem: Problem, families: tuple[Family, ...], form: Formulation, answer: Answer) -> Iterator[Reason]:
    if {Family.COVER, Family.MOST} & set(families):
        yield from _capacity(problem)
    lacking: dict[str, int] = defaultdict(int)
    for slack in form.slacks:
        broken = answer.values[slack.variable]
        if not broken or slack.family not in families:
            continue
        if slack.family is Family.COVER:
            many = max(1, len(slack.criteria))
            lacking[slack.work] = max(lacking[slack.work], -(-broken // many))
        elif slack.family is Family.MOST:
            limit = problem.room(slack.member) or 0
            held = problem.by_key[slack.member].held
            yield Reason(Family.MOST, "most", member=slack.member, have=limit + held, need=limit + held + broken)
        elif slack.family is Family.LEAST:
            due = problem.settings.least
            yield Reason(Family.LEAST, "least", member=slack.member, have=due - broken, need=due)
        elif slack.family is Family.ORGANISATION:
            yield Reason(Family.ORGANISATION, "organisation", work=slack.work, name=slack.name, need=broken + 1)
        else:
            yield Reason(Family.EXPERT, "expert", work=slack.work, name=slack.name)
    for work, lack in sorted(lacking.items()):
        yield _lack(problem, work, lack)
    if Family.BRIDGE in families:
        parts = measure(problem, form.chosen(answer)).parts
        yield Reason(Family.BRIDGE, "bridge", need=len(parts))


def _lack(problem: Problem, work: str, lack: int) -> Reason:
    free, need, people = len(problem.free[work]), problem.needed(work), len(problem.members)
    if free < need:
        silent = sum((m.key, work) in problem.silent for m in problem.members)
        return Reason(Family.COVER, "few_free", work=work, have=free, need=need, of=people, silent=silent)
    return Reason(Family.COVER, "lacks", work=work, have=need - lack, need=need, of=people)


def _capacity(problem: Problem) -> Iterator[Reason]:
    """Counting alone shows it: more sheets than all members may take together."""
    asked = sum(problem.needed(w.key) for w in problem.work)
    rooms = [problem.room(m.key) for m in problem.members]
    if all(room is not None for room in rooms):
        total = sum(room for room in rooms if room is not None)
        if total < asked:
            yield Reason(Family.MOST, "capacity", have=total, need=asked)


# --- the ways out -------------------------------------------------------------------------------------
def _ways(problem: Problem, clock: Clock) -> Ways:
    newcomers, at = _newcomers(problem, clock)
    largest, most = _largest(problem, clock), _limit(problem, clock)
    return Ways(
        largest=largest,
        most=most,
        both=None if largest or most else _both(problem, clock),
        alternates=_alternates(problem, clock),
        newcomers=newcomers,
        at=at,
    )


def _could(problem: Problem, clock: Clock) -> bool:
    try:
        return is_feasible(problem, clock=clock)
    except Undecided:
        return False


def _largest(problem: Problem, clock: Clock) -> int | None:
    """The most members per criterion that is possible."""
    asked = problem.settings.per_criterion or len(problem.members)
    return next((k for k in range(asked - 1, 0, -1) if _could(problem.with_settings(per_criterion=k), clock)), None)


def _limit(problem: Problem, clock: Clock) -> int | None:
    """The smallest limit of sheets with which it is possible; limits of single members stay."""
    low = problem.settings.most
    high = _no_limit(problem)
    if low is None or not _could(problem.with_settings(most=high), clock):
        return None
    while low + 1 < high:
        middle = (low + high) // 2
        if _could(problem.with_settings(most=middle), clock):
            high = middle
        else:
            low = middle
    return high


def _both(problem: Problem, clock: Clock) -> tuple[int, int] | None:
    """Fewer members per criterion and a higher limit together: as many members as possible, then the lowest limit."""
    if problem.settings.most is None:
        return None
    lifted = problem.with_settings(most=_no_limit(problem))
    largest = _largest(lifted, clock)
    most = _limit(problem.with_settings(per_criterion=largest), clock) if largest else None
    return (largest, most) if largest and most else None


def _no_limit(problem: Problem) -> int:
    """So many sheets nobody can have."""
    return len(problem.work) + max((m.held for m in problem.members), default=0)


def _alternates(problem: Problem, clock: Clock) -> tuple[str, ...] | None:
    """The fewest alternates with whom it is possible."""
    if not problem.alternates:
        return None
    form, called = _with(problem, problem.alternates, clock)
    try:
        answer = form.least(dict.fromkeys(called.values(), 1))
    except Undecided:
        return None
    return tuple(key for key, variable in called.items() if answer.values[variable]) if answer else None


def _newcomers(problem: Problem, clock: Clock) -> tuple[int | None, tuple[str, ...]]:
    """How many people without conflict, expert for everything, would have to be found, and for which dossiers: as few
    people as possible, then as few sheets."""
    sectors = frozenset(w.sector for w in problem.work if w.sector)
    for many in range(1, MOST_NEWCOMERS + 1):
        people = [Member(f"{NEWCOMER}{n}", sectors=sectors) for n in range(many)]
        form, _called = _with(problem, people, clock)
        sheets = {v: 1 for (member, _work), v in form.sheet.items() if member.startswith(NEWCOMER)}
        try:
            answer = form.least(sheets)
        except Undecided:
            break
        if answer is not None:
            chosen: frozenset[Triple] = form.chosen(answer)
            return many, tuple(sorted({work for member, work, _code in chosen if member.startswith(NEWCOMER)}))
    return None, ()


def _with(
    problem: Problem, people: tuple[Member, ...] | list[Member], clock: Clock
) -> tuple[Formulation, dict[str, int]]:
    """The problem with more people, and a variable for each of them that says whether the person is called."""
    if problem.settings.per_criterion == 0:
        # everybody scores everything: only dossiers that nobody may score need somebody
        alone = [w for w in problem.work if not problem.free[w.key]]
        problem = replace(problem, work=tuple(alone)).with_settings(per_criterion=1, least=0, bridges=Rule.OFF)
    whole = replace(problem, members=tuple(sorted([*problem.members, *people], key=lambda m: m.key)), alternates=())
    without = {Family.LEAST} | ({Family.BRIDGE} if problem.settings.bridges is Rule.WISH else set())
    form = Formulation(whole, clock=clock, without=without)
    called = {}
    for person in people:
        sheets = form.sheets_of(person.key)
        called[person.key] = form.programme.variable()
        form.programme.row([*sheets, (called[person.key], -len(whole.work))], at_most=0)
    return form, called
