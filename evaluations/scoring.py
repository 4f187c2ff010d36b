"""From signed sheets to a ranking. Pure: no Django, no clock, no float.

The official score is the mean of each criterion over the members assigned to it, summed over the criteria
(điểm bình quân, domain.md 6.1). Never a sum over members: unequal panels would be punished. A missing mark is
refused, never counted as zero. Numbers are exact fractions; they are rounded for reading only, after ranking.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import groupby, pairwise

from core.canonical import digest
from programme.rubric_file import CriterionRule, RubricRules

METHOD = "mean-sum/1"


class Incomplete(ValueError):
    """Marks are missing or impossible. `problems` are (dossier, member, criterion, what) tuples."""

    def __init__(self, problems: list[tuple[str, str, str, str]]) -> None:
        self.problems = problems
        super().__init__("; ".join(" ".join(p) for p in problems[:5]))


@dataclass(frozen=True)
class Sheet:
    """One member's marks, by criterion code. `member` is any stable name."""

    member: str
    marks: Mapping[str, Decimal]


@dataclass(frozen=True)
class Entry:
    """One dossier: its track, who was assigned to what, and the signed sheets. `ballots` where a rule asks."""

    dossier: str
    track: str
    assigned: frozenset[tuple[str, str]]
    sheets: tuple[Sheet, ...]
    ballots: tuple[bool, ...] = ()


@dataclass(frozen=True)
class CriterionScore:
    code: str
    average: Fraction
    lowest: Decimal
    highest: Decimal
    scorers: int


@dataclass(frozen=True)
class Score:
    """`failed` names each pass rule that was missed, as `type` or `type:criterion`."""

    dossier: str
    total: Fraction
    criteria: tuple[CriterionScore, ...]
    scorers: int
    failed: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        return not self.failed

    def average(self, code: str) -> Fraction:
        return next((c.average for c in self.criteria if c.code == code), Fraction(0))


@dataclass(frozen=True)
class Place:
    """`tie_rule` is the criterion that parted this dossier from one of equal total; "shared" when none did."""

    score: Score
    rank: int
    is_top: bool
    tie_rule: str = field(default="")


@dataclass(frozen=True)
class Outcome:
    places: tuple[Place, ...]
    input_digest: str
    result_digest: str


def rounded(value: Fraction, decimals: int = 2) -> Decimal:
    """For reading: half up, as the rubric states."""
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(value.numerator * 10 ** (decimals + 6) // value.denominator).scaleb(-(decimals + 6))
    return exact.quantize(step, ROUND_HALF_UP)


def sheet_total(marks: Mapping[str, Decimal]) -> Decimal:
    """What one sheet adds up to, for the member's own eyes."""
    return sum(marks.values(), Decimal(0))


def missing_marks(rules: RubricRules, entry: Entry) -> list[tuple[str, str, str, str]]:
    """Everything that keeps this dossier from being scored."""
    problems = []
    known = {sheet.member: sheet.marks for sheet in entry.sheets}
    for criterion in rules.leaves(entry.track):
        members = sorted(m for m, code in entry.assigned if code == criterion.code)
        if not members:
            problems.append((entry.dossier, "", criterion.code, "unassigned"))
        for member in members:
            mark = known.get(member, {}).get(criterion.code)
            if mark is None:
                problems.append((entry.dossier, member, criterion.code, "missing"))
            elif not _allowed(criterion, entry.track, mark):
                problems.append((entry.dossier, member, criterion.code, "out of bounds"))
    return problems


def _allowed(criterion: CriterionRule, track: str, mark: Decimal) -> bool:
    if not 0 <= mark <= criterion.max_points:
        return False
    return criterion.free or mark in {anchor.points for anchor in criterion.anchors_for(track)}


def score(rules: RubricRules, entry: Entry) -> Score:
    """The exact score of one dossier. Raises Incomplete; marks of members who were not assigned do not count."""
    problems = missing_marks(rules, entry)
    if problems:
        raise Incomplete(problems)
    known = {sheet.member: sheet.marks for sheet in entry.sheets}
    criteria = []
    for criterion in rules.leaves(entry.track):
        marks = [known[m][criterion.code] for m, code in entry.assigned if code == criterion.code]
        average = sum(map(Fraction, marks), Fraction(0)) / len(marks)
        criteria.append(CriterionScore(criterion.code, average, min(marks), max(marks), len(marks)))
    total = sum((c.average for c in criteria), Fraction(0))
    scorers = len({member for member, _ in entry.assigned})
    found = Score(entry.dossier, total, tuple(criteria), scorers)
    return Score(entry.dossier, total, tuple(criteria), scorers, tuple(failed_rules(rules, entry, found)))


def failed_rules(rules: RubricRules, entry: Entry, found: Score) -> Iterable[str]:
    """The pass rules that this score misses, compared exactly."""
    most = {c.code: c.max_points for c in rules.criteria}
    for rule in rules.pass_rules:
        if rule.type == "total_at_least" and found.total < rule.value:
            yield rule.type
        elif rule.type == "each_criterion_at_least_percent":
            for criterion in found.criteria:
                if criterion.average * 100 < rule.value * Fraction(most[criterion.code]):
                    yield f"{rule.type}:{criterion.code}"
        elif rule.type == "criterion_at_least" and found.average(rule.criterion) < rule.value:
            yield f"{rule.type}:{rule.criterion}"
        elif rule.type == "ballot_share_at_least":
            share = Fraction(sum(entry.ballots), len(entry.ballots)) if entry.ballots else Fraction(0)
            if share < rule.value:
                yield rule.type
    for criterion_rule in rules.leaves(entry.track):
        out = {a.points for a in criterion_rule.anchors_for(entry.track) if a.eliminates}
        marks = {sheet.marks.get(criterion_rule.code) for sheet in entry.sheets}
        if out & marks:
            yield f"eliminated:{criterion_rule.code}"


def rank(scores: Sequence[Score], tie_rules: Sequence[str], places: int) -> tuple[Place, ...]:
    """Ranks 1-2-2-4 by exact total, ties broken by the criteria of `tie_rules` in order.

    The top are the best passing dossiers, at most `places`; whoever shares the last place with one of them is
    among them too, so that no silent order by name or number decides. Scores come back best first, equal ones
    by dossier name for a stable print.
    """

    def key(found: Score) -> tuple[Fraction, ...]:
        return (found.total, *(found.average(code) for code in tie_rules))

    ordered = sorted(scores, key=lambda s: s.dossier)
    ordered.sort(key=key, reverse=True)
    reasons = _tie_reasons(ordered, tie_rules)
    result, passed_before, taken = [], 0, 0
    for _, group in groupby(ordered, key=key):
        members = list(group)
        passing = [m for m in members if m.passes]
        in_top = passed_before < places
        for member in members:
            place = Place(member, taken + 1, in_top and member.passes, reasons.get(member.dossier, ""))
            result.append(place)
        passed_before += len(passing)
        taken += len(members)
    return tuple(result)


def _tie_reasons(ordered: Sequence[Score], tie_rules: Sequence[str]) -> dict[str, str]:
    """For each dossier of a group with equal totals: the rule that parted it from its neighbour."""
    reasons: dict[str, str] = {}
    for first, second in pairwise(ordered):
        if first.total != second.total:
            continue
        rule = next((c for c in tie_rules if first.average(c) != second.average(c)), "shared")
        for found in (first, second):
            reasons.setdefault(found.dossier, rule)
    return reasons


def outcome(rules: RubricRules, entries: Sequence[Entry], places: int) -> Outcome:
    """The whole season. Raises Incomplete with the problems of all dossiers together."""
    problems = [problem for entry in entries for problem in missing_marks(rules, entry)]
    if problems:
        raise Incomplete(problems)
    found = rank([score(rules, entry) for entry in entries], rules.tie_rules, places)
    return Outcome(found, digest(_input_facts(rules, entries, places)), digest(_result_facts(found)))


def _input_facts(rules: RubricRules, entries: Sequence[Entry], places: int) -> dict[str, object]:
    return {
        "method": METHOD,
        "rubric": rules.code,
        "places": places,
        "entries": [
            {
                "dossier": entry.dossier,
                "track": entry.track,
                "assigned": sorted(map(list, entry.assigned)),
                "ballots": [bool(b) for b in entry.ballots],
                "sheets": {
                    sheet.member: {code: str(mark.normalize()) for code, mark in sheet.marks.items()}
                    for sheet in entry.sheets
                },
            }
            for entry in sorted(entries, key=lambda e: e.dossier)
        ],
    }


def _result_facts(places: Sequence[Place]) -> list[dict[str, object]]:
    return [
        {
            "dossier": place.score.dossier,
            "total": str(place.score.total),
            "rank": place.rank,
            "top": place.is_top,
            "failed": list(place.score.failed),
            "averages": {c.code: str(c.average) for c in place.score.criteria},
        }
        for place in places
    ]
