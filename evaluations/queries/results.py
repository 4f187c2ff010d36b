"""What is scored, and what was computed from it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import QuerySet

from core.models import Job
from dossiers.models import Dossier
from evaluations import scoring
from evaluations.models import Assignment, CutVote, Mark, Result, ResultRun, StandingSheet
from evaluations.queries.council import JUDGED
from evaluations.queries.sheets import trim
from programme.actions import rules_of
from programme.models import Season
from programme.rubric_file import RubricRules


def set_of(dossier: Dossier, rules: RubricRules) -> str:
    """The set of criteria for the dossier's product. Raises NoSet."""
    return rules.set_of(dossier.track, dossier.product.sector.code)


def entries(season: Season, dossier_ids: list[int] | None = None) -> list[scoring.Entry]:
    """The sheets that count as scoring reads them, from the signed marks themselves, in five queries. Members are
    named by alias, dossiers by number."""
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    dossiers = Dossier.objects.filter(season=season).select_related("product__sector")
    dossiers = dossiers.filter(pk__in=dossier_ids) if dossier_ids is not None else dossiers.filter(stage__in=JUDGED)
    by_id = {dossier.pk: dossier for dossier in dossiers}
    assigned: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for dossier_id, alias, code in Assignment.objects.filter(dossier_id__in=by_id).values_list(
        "dossier_id", "seat__alias", "criterion__code"
    ):
        assigned[dossier_id].add((alias, code))
    sheets: dict[int, dict[str, tuple[bool | None, dict[str, Decimal | None], set[str]]]] = defaultdict(dict)
    standing = StandingSheet.objects.filter(dossier_id__in=by_id)
    for dossier_id, alias, ballot in standing.values_list("dossier_id", "seat__alias", "sheet__ballot"):
        sheets[dossier_id][alias] = (ballot, {}, set())
    marks = Mark.objects.filter(sheet__standing__dossier_id__in=by_id)
    for dossier_id, alias, code, points, eliminates in marks.values_list(
        "sheet__dossier_id", "sheet__seat__alias", "criterion__code", "points", "eliminates"
    ):
        if (alias, code) in assigned[dossier_id]:
            _ballot, given, out = sheets[dossier_id][alias]
            given[code] = points
            if eliminates:
                out.add(code)
    votes = {v.dossier_id: (v.in_favour, v.against) for v in CutVote.objects.filter(dossier_id__in=by_id)}
    return [
        scoring.Entry(
            dossier=dossier.number or "",
            set_code=set_of(dossier, rules),
            assigned=frozenset(assigned[pk]),
            sheets=tuple(
                scoring.Sheet(alias, given, frozenset(out), ballot)
                for alias, (ballot, given, out) in sorted(sheets[pk].items())
            ),
            vote=votes.get(pk),
        )
        for pk, dossier in sorted(by_id.items())
    ]


def scores_of(results: Iterable[Result], rules: RubricRules) -> list[scoring.Score]:
    """Stored results as scores, for ranking the ones that a person may see among themselves. Missed rules stay."""
    found = []
    for result in results:
        cells = zip(rules.all_leaves, result.sums, result.counts, result.lowest, result.highest, strict=True)
        criteria = [
            scoring.CriterionScore(leaf.code, total, n, Decimal(low).scaleb(-2), Decimal(high).scaleb(-2))
            for leaf, total, n, low, high in cells
            if n and low is not None and high is not None
        ]
        ballots = [True] * result.ballots_for + [False] * (result.ballots - result.ballots_for)
        out = [rule.partition(":")[2] for rule in result.failed_rules if rule.startswith("eliminated:")]
        vote = getattr(result.dossier, "cut_vote", None)
        found.append(
            scoring.judged(
                rules,
                result.dossier.number or "",
                result.set_code,
                criteria,
                result.scorers,
                ballots,
                out,
                (vote.in_favour, vote.against) if vote else None,
            )
        )
    return found


def latest_run(season: Season | None) -> ResultRun | None:
    return ResultRun.objects.filter(season=season).order_by("-number").first() if season else None


def ranking(run: ResultRun | None) -> QuerySet[Result]:
    """The results of a run, best first, with all that the ranking prints."""
    return (
        Result.objects.filter(run=run)
        .select_related("dossier__product__sector", "dossier__enterprise", "dossier__season", "dossier__cut_vote")
        .order_by("rank", "dossier__number")
    )


def closing_job(season: Season) -> Job | None:
    """The newest computation of the season's result, whatever its state."""
    # the kind is evaluations.closing.JOB; that module imports this one
    return Job.objects.filter(kind="result.compute", payload__season_id=season.pk).order_by("-id").first()


def member_totals(season: Season, found: Sequence[scoring.Entry]) -> dict[str, tuple[Decimal, Decimal]]:
    """Lowest and highest total of one sheet, by dossier number; only where every member scored every criterion:
    totals of unequal parts cannot be compared."""
    if season.rubric is None:
        return {}
    rules = rules_of(season.rubric)
    spans = {}
    for entry in found:
        leaves = {c.code for c in rules.leaves(entry.set_code)}
        if entry.sheets and all(set(sheet.marks) == leaves for sheet in entry.sheets):
            totals = [scoring.sheet_total(sheet.marks) for sheet in entry.sheets]
            spans[entry.dossier] = (trim(min(totals)), trim(max(totals)))
    return spans
