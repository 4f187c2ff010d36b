"""From signed sheets to a ranking. Pure: no Django, no clock, no float. The second, independent way beside
evaluations.result_sql; both must give the same lines to the last digit.

The official score is the mean of each criterion over the members who were assigned to it and gave points, summed over
the criteria (điểm bình quân, domain.md 6.1). Never a sum over members: unequal panels would be punished. A missing
mark is refused, an abstention is left out of the mean; neither is ever counted as zero. Numbers are exact fractions
(a third has no exact Decimal); they are rounded for reading only, after ranking.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

from programme.rubric_file import CriterionRule, RubricRules
from programme.rubric_file.rules import VOTE

METHOD = "mean-sum/2"
SHARED = "shared"
ABSTAINED = -1
HUNDREDTHS = 100


class Incomplete(ValueError):
    """Marks are missing or impossible. `problems` are (dossier, member, criterion, what) tuples."""

    def __init__(self, problems: list[tuple[str, str, str, str]]) -> None:
        self.problems = problems
        super().__init__("; ".join(" ".join(p) for p in problems[:5]))


@dataclass(frozen=True)
class Sheet:
    """One member's points by criterion code, None for an abstention. `member` is any stable name; `eliminated` are
    the criteria at which the member ended the evaluation; `ballot` only where the rubric asks for one."""

    member: str
    marks: Mapping[str, Decimal | None]
    eliminated: frozenset[str] = frozenset()
    ballot: bool | None = None


@dataclass(frozen=True)
class Entry:
    """One dossier: its set of criteria, who was assigned to what, the sheets that count, and the council's recorded
    vote (in favour, against) where there was one."""

    dossier: str
    set_code: str
    assigned: frozenset[tuple[str, str]]
    sheets: tuple[Sheet, ...]
    vote: tuple[int, int] | None = None


@dataclass(frozen=True)
class CriterionScore:
    """`total` are the hundredths of all members together, `scorers` how many gave points."""

    code: str
    total: int
    scorers: int
    lowest: Decimal
    highest: Decimal

    @property
    def average(self) -> Fraction:
        return Fraction(self.total, self.scorers * HUNDREDTHS)


@dataclass(frozen=True)
class Score:
    """`failed` names each pass rule that was missed, as `type` or `type:criterion`. `tie_values` are compared after
    the total, in the order of the rubric's tie rules."""

    dossier: str
    set_code: str
    total: Fraction
    criteria: tuple[CriterionScore, ...]
    scorers: int
    failed: tuple[str, ...] = ()
    tie_values: tuple[Fraction, ...] = ()

    @property
    def passes(self) -> bool:
        return not self.failed

    @property
    def key(self) -> tuple[Fraction, ...]:
        return (self.total, *self.tie_values)


@dataclass(frozen=True)
class Place:
    """`tie_rule` is the rule that parted this dossier from one of equal total; "shared" when none did. `is_referred`:
    it shares the last place, and the rubric leaves the choice to the council."""

    score: Score
    rank: int
    is_top: bool
    is_referred: bool = False
    tie_rule: str = field(default="")


@dataclass(frozen=True)
class Outcome:
    places: tuple[Place, ...]
    input_digest: str
    result_digest: str
    lines: str


# --- numbers ------------------------------------------------------------------------------------------
def rounded(value: Fraction, decimals: int = 2) -> Decimal:
    """For reading: half up, as the rubric states."""
    scaled = value * 10**decimals
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    return Decimal(whole + (2 * rest >= scaled.denominator)).scaleb(-decimals)


def hundredths(points: Decimal) -> int:
    """Points as the whole number of hundredths. Raises ValueError for more than two decimals."""
    value = points * HUNDREDTHS
    if value != value.to_integral_value():
        raise ValueError(f"{points} has more than two decimals")
    return int(value)


def sheet_total(marks: Mapping[str, Decimal | None]) -> Decimal:
    """What one sheet adds up to, for the member's own eyes."""
    return sum((points for points in marks.values() if points is not None), Decimal(0))


# --- what is missing ----------------------------------------------------------------------------------
def missing_marks(rules: RubricRules, entry: Entry) -> list[tuple[str, str, str, str]]:
    """Everything that keeps this dossier from being scored."""
    problems = []
    known = {sheet.member: sheet for sheet in entry.sheets}
    for criterion in rules.leaves(entry.set_code):
        members = sorted(m for m, code in entry.assigned if code == criterion.code)
        given = 0
        for member in members:
            marks = known[member].marks if member in known else {}
            if criterion.code not in marks:
                problems.append((entry.dossier, member, criterion.code, "missing"))
                continue
            points = marks[criterion.code]
            given += points is not None
            if points is not None and not _allowed(rules, criterion, entry.set_code, marks, points):
                problems.append((entry.dossier, member, criterion.code, "out of bounds"))
        if not members:
            problems.append((entry.dossier, "", criterion.code, "unassigned"))
        elif not given and not any(p[2] == criterion.code for p in problems):
            problems.append((entry.dossier, "", criterion.code, "all abstained"))
    if rules.asks_ballot:
        asked = sorted({member for member, _code in entry.assigned})
        silent = [m for m in asked if m not in known or known[m].ballot is None]
        problems += [(entry.dossier, member, "", "no ballot") for member in silent]
    return problems


def _allowed(
    rules: RubricRules,
    criterion: CriterionRule,
    set_code: str,
    marks: Mapping[str, Decimal | None],
    points: Decimal,
) -> bool:
    if not rules.is_asked(criterion, marks):
        return points == 0
    return criterion.allows(points, set_code)


# --- one dossier --------------------------------------------------------------------------------------
def score(rules: RubricRules, entry: Entry) -> Score:
    """The exact score of one dossier. Raises Incomplete; marks of members who were not assigned do not count."""
    problems = missing_marks(rules, entry)
    if problems:
        raise Incomplete(problems)
    known = {sheet.member: sheet for sheet in entry.sheets}
    criteria = []
    for criterion in rules.leaves(entry.set_code):
        answers = [known[m].marks[criterion.code] for m, code in entry.assigned if code == criterion.code]
        marks = [points for points in answers if points is not None]
        total = sum(map(hundredths, marks))
        criteria.append(CriterionScore(criterion.code, total, len(marks), min(marks), max(marks)))
    asked = {member for member, _ in entry.assigned}
    sheets = [known[member] for member in sorted(asked)]
    ballots = [sheet.ballot for sheet in sheets if sheet.ballot is not None]
    out = {code for sheet in sheets for code in sheet.eliminated if (sheet.member, code) in entry.assigned}
    return judged(rules, entry.dossier, entry.set_code, criteria, len(asked), ballots, out, entry.vote)


def judged(
    rules: RubricRules,
    dossier: str,
    set_code: str,
    criteria: Sequence[CriterionScore],
    scorers: int,
    ballots: Sequence[bool],
    eliminated: Iterable[str],
    vote: tuple[int, int] | None,
) -> Score:
    """A score from the averages of the criteria: total, missed pass rules, values for the tie rules."""
    averages = {c.code: c.average for c in criteria}

    def value(code: str) -> Fraction:
        return sum((averages[leaf.code] for leaf in rules.leaves_under(code, set_code)), Fraction(0))

    total = sum(averages.values(), Fraction(0))
    failed = [*_failed_rules(rules, set_code, total, value, ballots)]
    gone = set(eliminated)
    failed += [f"eliminated:{leaf.code}" for leaf in rules.leaves(set_code) if leaf.code in gone]
    ties = tuple(Fraction(vote[0] if vote else -1) if rule == VOTE else value(rule) for rule in rules.tie_rules)
    return Score(dossier, set_code, total, tuple(criteria), scorers, tuple(failed), ties)


def _failed_rules(
    rules: RubricRules,
    set_code: str,
    total: Fraction,
    value: Callable[[str], Fraction],
    ballots: Sequence[bool],
) -> Iterable[str]:
    """The pass rules that this score misses, compared exactly."""
    for rule in rules.pass_rules:
        if rule.type == "total_at_least" and total < rule.value:
            yield rule.type
        elif rule.type == "each_criterion_at_least_percent":
            for top in rules.top_level(set_code):
                if value(top.code) * 100 < rule.value * Fraction(top.max_points):
                    yield f"{rule.type}:{top.code}"
        elif rule.type == "criterion_at_least":
            named = rules.named(rule.criterion, set_code)
            if named is not None and value(rule.criterion) < rule.value:
                yield f"{rule.type}:{named.code}"
        elif rule.type == "ballot_share_at_least":
            share = Fraction(sum(ballots), len(ballots)) if ballots else Fraction(0)
            if share < rule.value:
                yield rule.type


# --- the ranking --------------------------------------------------------------------------------------
def rank(scores: Sequence[Score], rules: RubricRules, places: int) -> tuple[Place, ...]:
    """Ranks 1-2-2-4 by exact total, ties broken by the tie rules in order.

    The top are the best passing dossiers, at most `places`. Whoever shares the last place is among them too where
    the rubric's cut says `admit`; where it says `refer` they wait for the council's vote. No silent order by name or
    number decides. Scores come back best first, equal ones by dossier number for a stable print.
    """
    ordered = sorted(scores, key=lambda s: s.dossier.encode())
    ordered.sort(key=lambda s: s.key, reverse=True)
    reasons = _tie_reasons(ordered, rules.tie_rules)
    result: list[Place] = []
    passed_before = 0
    for _, group in groupby(ordered, key=lambda s: s.key):
        members = list(group)
        passing = sum(m.passes for m in members)
        reached = passed_before < places
        referred = reached and rules.cut == "refer" and passed_before + passing > places
        first = len(result) + 1
        for member in members:
            in_top = reached and member.passes
            tie_rule = reasons.get(member.dossier, "")
            result.append(Place(member, first, in_top and not referred, in_top and referred, tie_rule))
        passed_before += passing
    return tuple(result)


def _tie_reasons(ordered: Sequence[Score], tie_rules: Sequence[str]) -> dict[str, str]:
    """For each dossier of equal total with a neighbour: the rule that parted them."""
    reasons: dict[str, str] = {}
    for first, second in pairwise(ordered):
        if first.total != second.total:
            continue
        pairs = zip(tie_rules, first.tie_values, second.tie_values, strict=True)
        rule = next((name for name, one, other in pairs if one != other), SHARED)
        for found in (first, second):
            reasons.setdefault(found.dossier, rule)
    return reasons


def outcome(rules: RubricRules, rubric_digest: str, entries: Sequence[Entry], places: int) -> Outcome:
    """The whole season. Raises Incomplete with the problems of all dossiers together."""
    problems = [problem for entry in entries for problem in missing_marks(rules, entry)]
    if problems:
        raise Incomplete(problems)
    found = rank([score(rules, entry) for entry in entries], rules, places)
    lines = "".join(result_line(rules, place) for place in found)
    return Outcome(found, input_digest(rules, rubric_digest, entries, places), sha256(lines), lines)


# --- lines and digests: the same text in PostgreSQL and here ------------------------------------------
def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sheet_line(rules: RubricRules, sheet: Sheet) -> str:
    """`member TAB points TAB eliminated TAB ballot`: hundredths by leaf position, empty where not asked, -1 for an
    abstention."""
    cells = []
    for leaf in rules.all_leaves:
        if leaf.code not in sheet.marks:
            cells.append("")
        else:
            points = sheet.marks[leaf.code]
            cells.append(str(ABSTAINED if points is None else hundredths(points)))
    out = sorted(rules.leaf_positions[code] for code in sheet.eliminated)
    ballot = "" if sheet.ballot is None else "t" if sheet.ballot else "f"
    return f"{sheet.member}\t{','.join(cells)}\t{','.join(map(str, out))}\t{ballot}\n"


def sheets_digest(rules: RubricRules, sheets: Iterable[Sheet]) -> str:
    """What the standing sheets of one dossier are, whatever their order."""
    return sha256("".join(sheet_line(rules, s) for s in sorted(sheets, key=lambda s: s.member.encode())))


def input_digest(rules: RubricRules, rubric_digest: str, entries: Sequence[Entry], places: int) -> str:
    """What went in: method, rubric, places, and a line per dossier in the order of its number."""
    lines = [f"{METHOD}\t{rubric_digest}\t{places}\n"]
    for entry in sorted(entries, key=lambda e: e.dossier.encode()):
        vote = f"{entry.vote[0]}/{entry.vote[1]}" if entry.vote else ""
        lines.append(f"{entry.dossier}\t{entry.set_code}\t{sheets_digest(rules, entry.sheets)}\t{vote}\n")
    return sha256("".join(lines))


def result_line(rules: RubricRules, place: Place) -> str:
    """One dossier of the ranking: rank, number, set, total in lowest terms, passes, top, referred, deciding tie rule,
    missed rules, and hundredths/members by leaf position."""
    found = place.score
    known = {c.code: c for c in found.criteria}
    cells = [f"{known[c.code].total}/{known[c.code].scorers}" if c.code in known else "" for c in rules.all_leaves]
    flags = "".join("1" if flag else "0" for flag in (found.passes, place.is_top, place.is_referred))
    total = f"{found.total.numerator}/{found.total.denominator}"
    facts = (str(place.rank), found.dossier, found.set_code, total, flags, place.tie_rule, ",".join(found.failed))
    return "\t".join((*facts, ",".join(cells))) + "\n"
