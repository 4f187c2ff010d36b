"""Next year's weights tried on the frozen result of a past season: who would gain, who would lose. Pure.

Nothing of it is kept. A criterion's mean is rescaled to its new maximum; the rules then run as they do for the
official result, in exact fractions, so that the old weights give the old result.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from evaluations import scoring
from evaluations.scoring import CriterionScore, Place, Score
from programme.rubric_file import CriterionRule, PassRule, RubricRules


@dataclass(frozen=True)
class Rescaled(CriterionScore):
    """A mean as it would be with another maximum."""

    factor: Fraction = Fraction(1)

    @property
    def average(self) -> Fraction:
        return super().average * self.factor


@dataclass(frozen=True)
class Trial:
    """What is tried: points by leaf (0 leaves a criterion out), pass rules, tie rules, the cut, places of the top."""

    maxima: Mapping[str, Decimal]
    pass_rules: tuple[PassRule, ...]
    tie_rules: tuple[str, ...]
    cut: str
    places: int


@dataclass(frozen=True)
class Move:
    """One dossier before and after, ranked among those that are shown."""

    dossier: str
    before: Place
    after: Place

    @property
    def ranks(self) -> int:
        """Above 0: it rises."""
        return self.before.rank - self.after.rank

    @property
    def points(self) -> Fraction:
        return self.after.score.total - self.before.score.total

    @property
    def passing(self) -> int:
        return int(self.after.score.passes) - int(self.before.score.passes)

    @property
    def top(self) -> int:
        return int(self.after.is_top) - int(self.before.is_top)

    @property
    def is_moved(self) -> bool:
        return bool(self.ranks or self.passing or self.top)


@dataclass(frozen=True)
class Group:
    """What a trial does to the dossiers of one sector or size. `rank_change` is the mean, above 0: they rise."""

    name: str
    dossiers: int
    rank_change: Fraction
    point_change: Fraction
    rise: int
    fall: int
    pass_gained: int
    pass_lost: int
    top_gained: int
    top_lost: int


def old_trial(rules: RubricRules, places: int) -> Trial:
    """The trial that changes nothing."""
    maxima = {leaf.code: leaf.max_points for leaf in rules.all_leaves}
    return Trial(maxima, rules.pass_rules, rules.tie_rules, rules.cut, places)


def off_by(rules: RubricRules, trial: Trial, set_codes: Iterable[str]) -> dict[str, Decimal]:
    """By how much the tried points miss the scale, for each set or track where they do."""
    found = {}
    for code in set_codes:
        total = sum((trial.maxima[leaf.code] for leaf in rules.leaves(code)), Decimal(0))
        if total != rules.scale_max:
            found[code] = total - rules.scale_max
    return found


def tried_rules(rules: RubricRules, trial: Trial, set_code: str) -> RubricRules:
    """The rules with the tried points, as one set sees them: a group has what its leaves add up to."""
    most = {leaf.code: trial.maxima[leaf.code] for leaf in rules.leaves(set_code)}

    def points(node: CriterionRule) -> Decimal:
        if node.is_leaf:
            return most.get(node.code, node.max_points)
        return sum((most[leaf.code] for leaf in rules.leaves_under(node.code, set_code)), Decimal(0))

    return replace(
        rules,
        criteria=tuple(replace(node, max_points=points(node)) for node in rules.criteria),
        pass_rules=trial.pass_rules,
        tie_rules=trial.tie_rules,
        cut=trial.cut,
    )


def tried(rules: RubricRules, trial: Trial, scores: Sequence[Score], facts: Mapping[str, "Facts"]) -> list[Place]:
    """The scores under the tried rules, ranked."""
    by_set = {code: tried_rules(rules, trial, code) for code in {score.set_code for score in scores}}
    found = []
    for score in scores:
        criteria = [
            Rescaled(c.code, c.total, c.scorers, c.lowest, c.highest, _factor(rules, trial, c.code))
            for c in score.criteria
        ]
        known = facts[score.dossier]
        out = [rule.partition(":")[2] for rule in score.failed if rule.startswith("eliminated:")]
        found.append(
            scoring.judged(
                by_set[score.set_code],
                score.dossier,
                score.set_code,
                criteria,
                score.scorers,
                known.ballots,
                out,
                known.vote,
            )
        )
    whole = replace(rules, tie_rules=trial.tie_rules, cut=trial.cut)
    return list(scoring.rank(found, whole, trial.places))


def _factor(rules: RubricRules, trial: Trial, code: str) -> Fraction:
    return Fraction(trial.maxima[code]) / Fraction(rules.by_code[code].max_points)


@dataclass(frozen=True)
class Facts:
    """What the scores of a dossier do not carry."""

    ballots: tuple[bool, ...] = ()
    vote: tuple[int, int] | None = None


def moves(before: Sequence[Place], after: Sequence[Place]) -> list[Move]:
    """Every dossier in the order of the trial."""
    known = {place.score.dossier: place for place in before}
    return [Move(place.score.dossier, known[place.score.dossier], place) for place in after]


def grouped(found: Sequence[Move], group_of: Mapping[str, str], order: Sequence[str]) -> list[Group]:
    """The moves by sector or size, in the given order; groups without a dossier are left out."""
    groups = []
    for name in order:
        own = [move for move in found if group_of[move.dossier] == name]
        if own:
            groups.append(
                Group(
                    name=name,
                    dossiers=len(own),
                    rank_change=Fraction(sum(m.ranks for m in own), len(own)),
                    point_change=sum((m.points for m in own), Fraction(0)) / len(own),
                    rise=sum(m.ranks > 0 for m in own),
                    fall=sum(m.ranks < 0 for m in own),
                    pass_gained=sum(m.passing > 0 for m in own),
                    pass_lost=sum(m.passing < 0 for m in own),
                    top_gained=sum(m.top > 0 for m in own),
                    top_lost=sum(m.top < 0 for m in own),
                )
            )
    return groups


def turned_pairs(found: Sequence[Move]) -> tuple[int, int]:
    """How many pairs of dossiers change their order, of how many that stood apart before."""
    turned = apart = 0
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            was, now = one.before.rank - other.before.rank, one.after.rank - other.after.rank
            apart += was != 0
            turned += was * now < 0
    return turned, apart


def taken_from(rules: RubricRules, other: RubricRules, places: int) -> Trial:
    """The points and rules of other criteria on the results of these. Raises Unknown for what nobody scored."""
    unknown = [leaf.code for leaf in other.all_leaves if leaf.code not in rules.leaf_positions]
    ties = [code for code in other.tie_rules if code != "vote" and not _is_known(rules, code)]
    named = [rule.criterion for rule in other.pass_rules if rule.criterion and not _is_known(rules, rule.criterion)]
    if unknown or ties or named:
        raise Unknown([*unknown, *ties, *named])
    points = {leaf.code: leaf.max_points for leaf in other.all_leaves}
    maxima = {leaf.code: points.get(leaf.code, Decimal(0)) for leaf in rules.all_leaves}
    return Trial(maxima, other.pass_rules, other.tie_rules, other.cut, places)


def _is_known(rules: RubricRules, code: str) -> bool:
    return code in rules.by_code or any(rules.named(code, one.code) for one in rules.sets)


class Unknown(LookupError):
    """Criteria that the past season did not score."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(dict.fromkeys(codes))
        super().__init__(", ".join(self.codes))
