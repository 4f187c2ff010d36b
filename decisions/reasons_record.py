"""The record that letters of reasons are drafted from: the result, the sheets that count, the rubric, the dossier as
it was sent. A fixed number of queries, whatever the number of letters."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from decisions.reasons import CriterionFacts, Facts, Field, Lacking, MarkSaid
from decisions.reasons_evidence import lacking, papers_asked
from decisions.reasons_words import LANGUAGES
from dossiers.models import Dossier, DossierVersion, SelfMark
from dossiers.words import PAPER_NAMES
from evaluations.models import Assignment, Mark, Result, ResultRun, Seat
from evaluations.scoring import HUNDREDTHS
from programme.actions import rules_of
from programme.rubric_file import RubricRules
from registry.models import Decision


@dataclass
class _Sheets:
    """What members gave one dossier, by criterion."""

    marks: dict[str, list[MarkSaid]] = field(default_factory=lambda: defaultdict(list))
    digests: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def facts_of(run: ResultRun, decision: Decision, dossiers: Collection[Dossier]) -> dict[int, Facts]:
    """By dossier. These carry product and enterprise; those without a result in the run are left out."""
    season = run.season
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    results = {result.dossier_id: result for result in Result.objects.filter(run=run)}
    means = _means(results.values(), rules)
    totals = Field.of(result.total_exact for result in results.values())
    sheets, versions = _sheets(dossiers), _versions(dossiers)
    says, names = _says_where(dossiers), _paper_names()
    members, others = _members(season.pk), _other_names(run, dossiers)
    found = {}
    for dossier in dossiers:
        result = results.get(dossier.pk)
        if result is None:
            continue
        version = versions.get(dossier.pk)
        own = sheets[dossier.pk]
        criteria = []
        for leaf in rules.leaves(result.set_code):
            place = rules.leaf_positions[leaf.code]
            gaps: tuple[Lacking, ...] = ()
            if version is not None and dossier.submitted_at is not None:
                asked = papers_asked(leaf, result.set_code, dossier.track)
                day = timezone.localdate(dossier.submitted_at)
                gaps = lacking(asked, version.content.get("documents", {}), names, day)
            criteria.append(
                CriterionFacts(
                    code=leaf.code,
                    total=result.sums[place],
                    scorers=result.counts[place],
                    marks=tuple(sorted(own.marks[leaf.code], key=_order)),
                    others=means[leaf.code],
                    sheets=tuple(sorted(own.digests[leaf.code])),
                    lacking=gaps,
                    says_where=dossier.pk not in says or leaf.code in says[dossier.pk],
                )
            )
        found[dossier.pk] = Facts(
            number=dossier.number or "",
            product={"vi": dossier.product.name_vi, "en": dossier.product.name_en or dossier.product.name_vi},
            enterprise={
                "vi": dossier.enterprise.name_vi,
                "en": dossier.enterprise.name_en or dossier.enterprise.name_vi,
            },
            year=season.year,
            run=run.number,
            decision=decision.number,
            decided_on=decision.signed_date,
            rules=rules,
            set_code=result.set_code,
            total=result.total_exact,
            totals=totals,
            criteria=tuple(criteria),
            failed=tuple(result.failed_rules),
            ballots_for=result.ballots_for,
            ballots=result.ballots,
            result_digest=run.result_digest,
            rubric_digest=run.rubric_digest,
            version_digest=version.digest if version is not None else "",
            hidden=(
                *members,
                *(word for pk, words in others.items() if pk != dossier.enterprise_id for word in words),
            ),
        )
    return found


def _order(mark: MarkSaid) -> tuple[Any, ...]:
    """By what was given: the order says nothing of who gave it."""
    return (mark.points is None, mark.points or Decimal(0), mark.option or 0, mark.why, mark.eliminates)


def _means(results: Iterable[Result], rules: RubricRules) -> dict[str, Field]:
    values: dict[str, list[Fraction]] = {leaf.code: [] for leaf in rules.all_leaves}
    for result in results:
        for leaf, total, n in zip(rules.all_leaves, result.sums, result.counts, strict=True):
            if n:
                values[leaf.code].append(Fraction(total, n * HUNDREDTHS))
    return {code: Field.of(found) for code, found in values.items()}


def _sheets(dossiers: Collection[Dossier]) -> dict[int, _Sheets]:
    """Of the sheets that count, the criteria that their members were assigned to."""
    assigned = set(
        Assignment.objects.filter(dossier__in=dossiers).values_list("dossier_id", "seat_id", "criterion__code")
    )
    found: dict[int, _Sheets] = defaultdict(_Sheets)
    marks = Mark.objects.filter(sheet__standing__dossier__in=dossiers).values_list(
        "sheet__dossier_id", "sheet__seat_id", "criterion__code", "sheet__digest", "points", "justification", "option",
        "eliminates",
    )  # fmt: skip
    for dossier, seat, code, digest, points, why, option, eliminates in marks:
        if (dossier, seat, code) in assigned:
            found[dossier].marks[code].append(MarkSaid(points, why, option, eliminates))
            found[dossier].digests[code].add(digest)
    return found


def _versions(dossiers: Collection[Dossier]) -> dict[int, DossierVersion]:
    newest = (
        DossierVersion.objects.filter(dossier__in=dossiers).order_by("dossier_id", "-number").distinct("dossier_id")
    )
    return {version.dossier_id: version for version in newest}


def _says_where(dossiers: Collection[Dossier]) -> dict[int, set[str]]:
    """The criteria for which the own scoring names evidence; only dossiers that have one."""
    found: dict[int, set[str]] = defaultdict(set)
    for dossier, code, words in SelfMark.objects.filter(dossier__in=dossiers).values_list(
        "dossier_id", "criterion__code", "evidence"
    ):
        found[dossier] |= {code} if words.strip() else set()
    return found


def _paper_names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {code: {} for code in PAPER_NAMES}
    for language in LANGUAGES:
        with override(language):
            for code, words in PAPER_NAMES.items():
                names[code][language] = str(words)
    return names


def _members(season_id: int) -> tuple[str, ...]:
    """How a member of the council could be named."""
    seats = Seat.objects.filter(council__season_id=season_id)
    rows = seats.values_list("user__full_name", "user__email", "alias")
    return tuple(sorted({word for row in rows for word in row if word}))


def _other_names(run: ResultRun, dossiers: Collection[Dossier]) -> dict[int, set[str]]:
    """By enterprise, how it and its dossiers in the season could be named."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Dossier.objects.filter(season=run.season, number__isnull=False).values_list(
        "enterprise_id", "number", "enterprise__name_vi", "enterprise__name_en", "enterprise__tax_code"
    )
    for pk, *words in rows:
        found[pk] |= {word for word in words if word}
    return found
