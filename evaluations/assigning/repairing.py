"""Who can take what has lost its scorer, without moving anything else. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from evaluations.assigning.measuring import measure, sheets_of
from evaluations.assigning.problem import Problem, Triple


@dataclass(frozen=True)
class Taker:
    """A member who could score the gap. `sheets` is the present load; `new` says that it would be one sheet more;
    `over` that the limit of the load would be passed; `colleagues` how many of the same organisation score already."""

    member: str
    fit: int
    sheets: int
    new: bool
    over: bool
    colleagues: int
    is_alternate: bool


@dataclass(frozen=True)
class Gap:
    """Criteria of one dossier that nobody scores, and who could, best first."""

    work: str
    criteria: tuple[str, ...]
    takers: tuple[Taker, ...]


def gaps(problem: Problem, present: Collection[Triple], *, closed: Collection[tuple[str, str]] = ()) -> list[Gap]:
    """`closed` are (member, dossier) whose sheet is signed: it takes nothing more. Members come before alternates,
    then those within their limit, without colleagues, who score the dossier anyway, by expertise and by load."""
    people = sheets_of(present)
    done = {(work, criterion) for _member, work, criterion in present}
    loads = measure(problem, present).sheets
    found = []
    for work in problem.work:
        lacking = tuple(code for code in work.criteria if (work.key, code) not in done)
        if lacking:
            takers = []
            for person in (*problem.members, *problem.alternates):
                pair = (person.key, work.key)
                if pair in problem.barred or pair in problem.silent or pair in closed:
                    continue
                room, here = problem.room(person.key), people.get(work.key, set())
                sheets = loads.get(person.key, person.held)
                names = [problem.by_key[m].organisation for m in here - {person.key} if m in problem.by_key]
                new = person.key not in here
                takers.append(
                    Taker(
                        member=person.key,
                        fit=sum(problem.fit(person.key, work.key, code) for code in lacking),
                        sheets=sheets,
                        new=new,
                        over=new and room is not None and sheets - person.held >= room,
                        colleagues=names.count(person.organisation) if person.organisation else 0,
                        is_alternate=person in problem.alternates,
                    )
                )
            takers.sort(key=lambda t: (t.is_alternate, t.over, t.colleagues, t.new, -t.fit, t.sheets, t.member))
            found.append(Gap(work.key, lacking, tuple(takers)))
    return found
