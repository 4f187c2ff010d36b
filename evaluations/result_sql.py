"""The ranking of a season as one statement over the kept tallies, in whole numbers and NUMERIC, never in floats.

Every average is S/n with S in hundredths. With L the least common multiple of all n, the total of a dossier is
(sum of S·(L/n)) / (100·L): one whole number decides, and comparing whole numbers is exact. The text of the statement
is made from the rubric's own numbers; everything that came from a person travels as a parameter.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from typing import Any

from evaluations.scoring import METHOD, SHARED
from programme.rubric_file import CriterionRule, RubricRules
from programme.rubric_file.rules import VOTE

_BIGINT = 2**63 - 1
KEPT = "evaluations_tally"


@dataclass(frozen=True)
class Statement:
    """Text with its parameters in order."""

    text: str
    params: list[Any]


class _Writer:
    """Writes the pieces of the statement. `scale` is 100·L: totals are compared in units of 1/scale points."""

    def __init__(self, rules: RubricRules, most_members: int) -> None:
        self.rules = rules
        self.common = lcm(*range(1, max(most_members, 1) + 1))
        self.scale = 100 * self.common
        biggest = ceil(sum(c.max_points for c in rules.all_leaves)) * self.scale
        self.biggest = biggest * 2
        self.number = "bigint" if self.biggest < _BIGINT else "numeric"
        self.params: list[Any] = []

    def may_scale(self, factor: int) -> bool:
        """Does a total times the factor still fit the whole numbers of the statement?"""
        return self.number == "bigint" and self.biggest * factor < _BIGINT

    def param(self, value: Any) -> str:
        self.params.append(value)
        return "%s"

    def mean(self, leaf: CriterionRule) -> str:
        """The average of one leaf in units; 0 where the dossier's set does not have it. Arrays begin at 1."""
        at = self.rules.leaf_positions[leaf.code] + 1
        if self.number == "bigint":
            return f"coalesce(sums[{at}] * ({self.common}::bigint / nullif(counts[{at}], 0)), 0)"
        return f"coalesce(sums[{at}]::numeric * div({self.common}::numeric, nullif(counts[{at}], 0)::numeric), 0)"

    def name(self, leaf: CriterionRule) -> str:
        """The column that holds the average of a leaf, so that it is computed once."""
        return f"m{self.rules.leaf_positions[leaf.code] + 1}"

    def sum_of(self, leaves: tuple[CriterionRule, ...]) -> str:
        return "(" + " + ".join(map(self.name, leaves)) + ")" if leaves else f"0::{self.number}"

    def by_set(self, code: str) -> str:
        """The value of a criterion, which a set may name with its own prefix."""
        names = [s.code for s in self.rules.sets] or [""]
        if len(names) == 1:
            return self.sum_of(self._under(code, names[0]))
        pieces = []
        for name in names:
            leaves = self._under(code, name)
            if leaves:
                pieces.append(f"WHEN set_code = {self.param(name)} THEN {self.sum_of(leaves)}")
        return f"CASE {' '.join(pieces)} ELSE 0 END" if pieces else f"0::{self.number}"

    def _under(self, code: str, set_code: str) -> tuple[CriterionRule, ...]:
        """Leaves at or below; without sets those of every track, because a leaf without marks adds nothing."""
        if set_code:
            return self.rules.leaves_under(code, set_code)
        inside, found = {code}, []
        for node in self.rules.criteria:
            if node.code in inside or node.parent in inside:
                inside.add(node.code)
                if node.is_leaf:
                    found.append(node)
        return tuple(found)

    def applies(self, criterion: CriterionRule) -> str:
        if not criterion.sets:
            return "true"
        return f"set_code = ANY({self.param(list(criterion.sets))})"

    def at_least(self, value: str, points: Fraction) -> str:
        """`value` reaches so many points: compared with the smallest whole number that does."""
        return f"{value} >= {ceil(points * self.scale)}"

    # --- the missed rules, in the order of evaluations.scoring -------------------------------------------------
    def missed(self) -> str:
        cases: list[str] = []
        for rule in self.rules.pass_rules:
            if rule.type == "total_at_least":
                cases.append(self._case(f"NOT ({self.at_least('num', rule.value)})", rule.type))
            elif rule.type == "each_criterion_at_least_percent":
                for top in (c for c in self.rules.criteria if not c.parent):
                    applies = self.applies(top)
                    need = Fraction(top.max_points) * rule.value / 100
                    reached = self.at_least(self.sum_of(self._under(top.code, "")), need)
                    cases.append(self._case(f"{applies} AND NOT ({reached})", f"{rule.type}:{top.code}"))
            elif rule.type == "criterion_at_least":
                cases += self._criterion_rule(rule.type, rule.criterion, rule.value)
            elif rule.type == "ballot_share_at_least":
                share = f"ballots_for * {rule.value.denominator} >= {rule.value.numerator} * ballots AND ballots > 0"
                if rule.value == 0:
                    share = "true"
                cases.append(self._case(f"NOT ({share})", rule.type))
        for leaf in self.rules.all_leaves:
            if leaf.may_eliminate or any(a.eliminates for levels in leaf.anchors.values() for a in levels):
                at = self.rules.leaf_positions[leaf.code]
                cases.append(self._case(f"{at} = ANY(eliminated)", f"eliminated:{leaf.code}"))
        return f"array_remove(ARRAY[{', '.join(cases)}]::text[], NULL)" if cases else "ARRAY[]::text[]"

    def _criterion_rule(self, kind: str, code: str, value: Fraction) -> list[str]:
        names = [s.code for s in self.rules.sets] or [""]
        cases = []
        for name in names:
            if name:
                named = self.rules.named(code, name)
            else:
                named = self.rules.by_code.get(code)
            if named is None:
                continue
            within = f"set_code = {self.param(name)}" if name else self.applies(named)
            reached = self.at_least(self.sum_of(self._under(named.code, "")), value)
            cases.append(self._case(f"{within} AND NOT ({reached})", f"{kind}:{named.code}"))
        return cases

    def _case(self, condition: str, name: str) -> str:
        return f"CASE WHEN {condition} THEN {self.param(name)} END"

    def set_of(self) -> str:
        """The set of a dossier from its track and sector, as RubricRules.set_of says."""
        if not self.rules.sets:
            return "d.track"
        cases = []
        for one in self.rules.sets:
            conditions = []
            if one.tracks:
                conditions.append(f"d.track = ANY({self.param(list(one.tracks))})")
            if one.sectors:
                conditions.append(f"product.sector_id = ANY({self.param(list(one.sectors))})")
            cases.append(f"WHEN {' AND '.join(conditions) or 'true'} THEN {self.param(one.code)}")
        return f"CASE {' '.join(cases)} END"


def unanswered(rules: RubricRules, *, season_id: int, stages: list[str]) -> Statement:
    """SELECT of (dossier number, codes of criteria for which nobody gave points), only dossiers that have some; a
    dossier without any sheet names all of them."""
    writer = _Writer(rules, 1)
    set_of = writer.set_of()
    writer.params += [season_id, stages]
    cases = []
    for leaf in rules.all_leaves:
        at = rules.leaf_positions[leaf.code] + 1
        cases.append(writer._case(f"{writer.applies(leaf)} AND coalesce(counts[{at}], 0) = 0", leaf.code))
    text = f"""
WITH entry AS (
    SELECT d.number, {set_of} AS set_code, t.counts
    FROM dossiers_dossier d
    LEFT JOIN evaluations_tally t ON t.dossier_id = d.id
    JOIN products_product product ON product.id = d.product_id
    WHERE d.season_id = %s AND d.stage = ANY(%s)
)
SELECT number, codes FROM (
    SELECT number, array_remove(ARRAY[{", ".join(cases)}]::text[], NULL) AS codes FROM entry) x
WHERE cardinality(codes) > 0 ORDER BY number COLLATE "C"
"""
    return Statement(text, writer.params)


def result_lines(rules: RubricRules, table: str) -> str:
    """SELECT of the digest of the ranking that `table` (a constant of ours) holds: the same text as
    evaluations.scoring.result_line, hashed in the order of rank and number."""
    cells = ", ".join(
        f"CASE WHEN counts[{at}] > 0 THEN sums[{at}] || '/' || counts[{at}] ELSE '' END"
        for at in range(1, len(rules.all_leaves) + 1)
    )
    flags = " || ".join(f"CASE WHEN {name} THEN '1' ELSE '0' END" for name in ("passes", "is_top10", "is_referred"))
    facts = (
        "rank::text, number, set_code, trim_scale(numerator) || '/' || trim_scale(denominator), "
        f"{flags}, tie_rule, array_to_string(failed_rules, ',')"
    )
    line = f"concat_ws(E'\\t', {facts}, concat_ws(',', {cells})) || E'\\n'"
    return (
        f"SELECT encode(sha256(convert_to(coalesce(string_agg({line}, '' "
        f"ORDER BY rank, number COLLATE \"C\"), ''), 'UTF8')), 'hex') FROM {table}"
    )


def input_lines(rubric_digest: str, places: int, table: str) -> Statement:
    """SELECT of the digest of what went in, over (number, set_code, digest, in_favour, against) of `table`: the same
    text as evaluations.scoring.input_digest."""
    line = (
        "number || E'\\t' || set_code || E'\\t' || digest || E'\\t' || "
        "coalesce(in_favour || '/' || against, '') || E'\\n'"
    )
    text = (
        f"SELECT encode(sha256(convert_to(%s || coalesce(string_agg({line}, '' "
        f"ORDER BY number COLLATE \"C\"), ''), 'UTF8')), 'hex') FROM {table}"
    )
    return Statement(text, [f"{METHOD}\t{rubric_digest}\t{places}\n"])


def entries(writer: _Writer, season_id: int, stages: list[str], tallies: str) -> str:
    """SELECT of the judged dossiers with what `tallies` (a table of ours) says of them; adds its parameters to the
    writer."""
    set_of = writer.set_of()
    writer.params += [season_id, stages]
    return f"""
    SELECT d.id AS dossier_id, d.number COLLATE "C" AS number, {set_of} AS set_code, t.sums, t.counts, t.eliminated,
           t.ballots_for, t.ballots, t.digest, v.in_favour, v.against
    FROM dossiers_dossier d
    JOIN {tallies} t ON t.dossier_id = d.id
    JOIN products_product product ON product.id = d.product_id
    LEFT JOIN evaluations_cutvote v ON v.dossier_id = d.id
    WHERE d.season_id = %s AND d.stage = ANY(%s)"""


def inputs(rules: RubricRules, *, season_id: int, stages: list[str], rubric_digest: str, places: int) -> Statement:
    """SELECT of the digest of what would go into a run now."""
    writer = _Writer(rules, 1)
    now = entries(writer, season_id, stages, KEPT)
    lines = input_lines(rubric_digest, places, f"({now}) now")
    return Statement(lines.text, lines.params + writer.params)


def ranking(
    rules: RubricRules, *, season_id: int, stages: list[str], places: int, most_members: int, tallies: str = KEPT
) -> Statement:
    """SELECT of the ranking with the columns of `Result`, without `run_id`, best first. `tallies` is a table of ours:
    the kept one, or one that was counted anew."""
    writer = _Writer(rules, most_members)
    number = writer.number
    # Parameters stand in the order in which the pieces appear in the text.
    entry = entries(writer, season_id, stages, tallies)
    means = ", ".join(f"{writer.mean(leaf)} AS {writer.name(leaf)}" for leaf in rules.all_leaves)
    total = writer.sum_of(rules.all_leaves)
    ties = [f"coalesce(in_favour, -1)::{number}" if rule == VOTE else writer.by_set(rule) for rule in rules.tie_rules]
    keys = ", ".join(("num", *(f"tie{place}" for place in range(1, len(ties) + 1))))
    tie_columns = "".join(f", {tie} AS tie{place}" for place, tie in enumerate(ties, start=1))
    missed = writer.missed()

    def parted(neighbour: str) -> str:
        """Which rule parts a dossier from its neighbour of equal total; NULL without such a neighbour."""
        cases = "".join(
            f" WHEN {neighbour}[{place}] <> keys[{place}] THEN {writer.param(rule)}"
            for place, rule in enumerate(rules.tie_rules, start=2)
        )
        which = f"CASE{cases} ELSE '{SHARED}' END" if cases else f"'{SHARED}'"
        return f"CASE WHEN {neighbour}[1] = keys[1] THEN {which} END"

    def whole(value: str) -> str:
        """Without the common divisor of the total."""
        divisor = f"gcd(num, {writer.scale}::{number})"
        return f"{value} / {divisor}" if number == "bigint" else f"div({value}, {divisor})"

    before, after = parted("before"), parted("after")
    reached = f"passes AND passed_before < {int(places)}"
    referred = f"passed_before + passed_here > {int(places)}" if rules.cut == "refer" else "false"
    wide = number if writer.may_scale(20_000) else "numeric"
    text = f"""
WITH entry AS ({entry}
), meant AS MATERIALIZED (
    SELECT dossier_id, number, set_code, eliminated, ballots_for, ballots, digest, in_favour, against, {means}
    FROM entry
), valued AS (
    SELECT *, {total} AS num{tie_columns} FROM meant
), judged AS MATERIALIZED (
    SELECT dossier_id, number, set_code, digest, in_favour, against, num, ARRAY[{keys}] AS keys,
           {missed} AS failed_rules
    FROM valued
), counted AS (
    SELECT *, cardinality(failed_rules) = 0 AS passes, rank() OVER best AS rank,
           count(*) FILTER (WHERE cardinality(failed_rules) = 0)
               OVER (best GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS passed_before,
           count(*) FILTER (WHERE cardinality(failed_rules) = 0)
               OVER (best GROUPS BETWEEN CURRENT ROW AND CURRENT ROW) AS passed_here,
           lag(keys) OVER listed AS before, lead(keys) OVER listed AS after
    FROM judged WINDOW best AS (ORDER BY keys DESC), listed AS (ORDER BY keys DESC, number)
)
SELECT dossier_id, number, set_code, t.sums, t.counts, t.lowest, t.highest, t.sheets AS scorers, t.ballots_for,
       t.ballots, {whole("num")} AS numerator, {whole(f"{writer.scale}::{number}")} AS denominator,
       div((num::{wide} * 20000 + {writer.scale})::numeric, {2 * writer.scale}) / 10000 AS total, rank, passes,
       failed_rules, {reached} AND NOT ({referred}) AS is_top10, {reached} AND ({referred}) AS is_referred,
       coalesce({before}, {after}, '') AS tie_rule, c.digest, in_favour, against
FROM counted c JOIN {tallies} t USING (dossier_id)
"""
    return Statement(text, writer.params)
